"""The dialogue profile as pictures of our own, and its figures; the templates draw, here is where things stand.

Everything is in the ink; the coach is a dotted line with open squares, the group's own mirror a solid one with dots.
What was not observed breaks the line: a dashed empty square on the axis, never a value.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _, ngettext, pgettext

from observations import drawing, profile as profiles, sheets
from observations.mirrors import Mirrors, Moment, Round, TwoLines
from workgroups.queries import AgreementKept

register = template.Library()

_CENTRE = (250.0, 222.0)
_RADIUS = 150.0
_GAP_AT = 0.84  # where on its axis a gap stands, between the third ring and the edge
_BOX = 17.0
_ROW = 17.0


@register.filter
def degree(halves: int | None) -> str:
    """Half degrees as a figure in the reader's language (3,0), or the word for a gap."""
    return _("no occasion") if halves is None else str(number_format(halves / 2, decimal_pos=1))


@register.filter
def short_day(day: dt.date) -> str:
    """A day where there is little room: 10 nov."""
    return date_format(day, pgettext("short date", "j M"))


@register.filter
def in_words(word: profiles.Word | None) -> str:
    """The word that a leader reads."""
    return sheets.in_words(word) if word else _("no occasion")


@register.filter
def voices(one: Round) -> str:
    """How many answered a round, as far as that may be told: of a round with one voice, that it was together."""
    if one.respondents is None:
        return _("together")
    return ngettext("%(number)s answer", "%(number)s answers", one.respondents) % {"number": one.respondents}


@register.filter
def minutes(look: profiles.Look) -> str:
    """For how long somebody listened."""
    return ngettext("%(number)s minute", "%(number)s minutes", look.minutes) % {"number": look.minutes}


@register.filter
def under(moment: Moment, mirrors: Mirrors) -> list[tuple[TwoLines, int | None]]:
    """A row of time with its value under each aspect."""
    return list(zip(mirrors.lines, moment.values, strict=True))


@register.filter
def day_by_day(line: TwoLines, mirrors: Mirrors) -> list[tuple[Moment, int | None]]:
    """One aspect down the rows of time."""
    place = mirrors.lines.index(line)
    return [(moment, moment.values[place]) for moment in mirrors.moments]


@register.filter
def tally(kept: AgreementKept) -> str:
    """How often each answer was given, in a sentence: for who hears the picture."""
    told = [f"{outcome.label} {len(outcome.days)}×" for outcome in kept.outcomes if outcome.days]
    return ", ".join(told)


@dataclass(frozen=True)
class Name:
    """An aspect at the end of its axis: where its shape and the lines of its name stand."""

    number: int
    shape: drawing.Spot
    lines: tuple[drawing.Spot, ...]
    gap: tuple[drawing.Spot, ...]


@register.inclusion_tag("observations/parts/radar.html")
def radar(mirrors: Mirrors) -> dict[str, Any]:
    """The shape of the talk now: six axes, a square of the coach's on each, and a dot of the group's own."""
    is_coached = not mirrors.coach.is_empty
    values = [line.coach.latest for line in mirrors.lines]
    spots = [_on_axis(place, value / 2) if value else None for place, value in enumerate(values)]
    own = [line.own_latest for line in mirrors.lines]
    dots = [_on_axis(place, value / 2) if value else None for place, value in enumerate(own)]
    return {
        "own_lines": drawing.runs(dots, closed=True) if any(dots) else [],
        "own_fill": f"{drawing.path([spot for spot in dots if spot])}Z" if dots and all(dots) else "",
        "dots": [drawing.spot(*spot) for spot in dots if spot],
        "rings": [_ring(number) for number in (1, 2, 3, 4)],
        "spokes": [drawing.path([_CENTRE, _on_axis(place, 4)]) for place in range(len(values))],
        "numbers": [drawing.spot(*_between(number), word=str(number)) for number in (1, 2, 3, 4)],
        "lines": drawing.runs(spots, closed=True) if any(spots) else [],
        "boxes": _boxes(spot for spot in spots if spot),
        "gaps": _boxes(
            _on_axis(place, 4 * _GAP_AT) for place, value in enumerate(values) if value is None and is_coached
        ),
        "names": [_name(place, line.coach, is_coached=is_coached) for place, line in enumerate(mirrors.lines)],
    }


@register.inclusion_tag("observations/parts/dial.html")
def dial(minutes: int, target: int, seconds: int, left: int = 0) -> dict[str, Any]:
    """The listening clock: one line per minute of the target, ``left`` seconds to go; it takes no input."""
    return {
        "minutes": minutes,
        "target": target,
        "seconds": seconds,
        "left": left,
        "ticks": [(_tick(place, target), _tense(place, minutes)) for place in range(target)],
    }


def _tense(place: int, minutes: int) -> str:
    return "past" if place < minutes else "now" if place == minutes else "todo"


def _tick(place: int, target: int) -> str:
    turn = math.tau * (place + 0.5) / target - math.pi / 2
    inner, outer = ((150 + r * math.cos(turn), 150 + r * math.sin(turn)) for r in (118, 140))
    return drawing.path([inner, outer])


def _angle(place: float) -> float:
    return math.tau * place / 6 - math.pi / 2


def _on_axis(place: float, value: float) -> drawing.Place:
    reach = _RADIUS * value / 4
    return _CENTRE[0] + reach * math.cos(_angle(place)), _CENTRE[1] + reach * math.sin(_angle(place))


def _between(number: int) -> drawing.Place:
    """Where the number of a ring stands: between two axes, where no square can cover it."""
    x, y = _on_axis(0.5, number * math.cos(math.pi / 6))
    return x, y + 4.5


def _ring(number: int) -> str:
    return drawing.path([_on_axis(place, number) for place in range(6)]) + "Z"


def _boxes(centres: Iterable[drawing.Place]) -> list[drawing.Spot]:
    return [drawing.box(centre, _BOX) for centre in centres]


def _name(place: int, line: profiles.AspectLine, *, is_coached: bool) -> Name:
    """The name on one or two lines beside its shape, outside the picture; "no occasion" goes with it for a gap."""
    x, y = _on_axis(place, 5)
    side = 0 if place in (0, 3) else 1 if place < 3 else -1  # noqa: PLR2004  # clockwise from the top
    words = _two_lines(line.short_name)
    gap = _two_lines(_("no occasion")) if line.latest is None and is_coached else []
    rows = len(words) + len(gap)
    top = {0: y - 3 - _ROW * rows, 3: y + 30}.get(place, y + 5 - _ROW * (len(words) - 1) / 2)
    spots = _stacked([*words, *gap], x + 22 * side, top, side)
    return Name(line.number, drawing.spot(x - 12, y - 12), tuple(spots[: len(words)]), tuple(spots[len(words) :]))


def _stacked(words: Sequence[str], x: float, top: float, side: int) -> list[drawing.Spot]:
    anchor = ("end", "middle", "start")[side + 1]
    return [drawing.spot(x, top + _ROW * row, word=word, anchor=anchor) for row, word in enumerate(words)]


def _two_lines(name: str) -> list[str]:
    """A longer name broken at the space nearest to its middle."""
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    if len(name) < 13 or not spaces:  # noqa: PLR2004  # what fits beside the picture
        return [name]
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]
