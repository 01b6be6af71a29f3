"""The dialogue profile as pictures of our own, and its figures; the templates draw, here is where things stand.

Everything is in the ink; the coach is a dotted line with open squares, the group's own mirror a solid one with dots.
What was not observed breaks the line: a dashed empty square on the axis, never a value.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _, pgettext

from observations import profile as profiles

register = template.Library()

_LOWEST, _HIGHEST = 2, 8  # in half degrees
_CENTRE = (250.0, 222.0)
_RADIUS = 150.0
_GAP_AT = 0.84  # where on its axis a gap stands, between the third ring and the edge
_BOX = 17.0
_ROW = 17.0
_WORD = 108.0  # how wide "no occasion" gets
_START, _EDGE = 24.0, 304.0
_LEFT, _RIGHT, _TOP, _BOTTOM, _BASE = 44.0, 280.0, 18.0, 92.0, 121.0


@dataclass(frozen=True)
class Spot:
    """A place in a picture, written so that no language puts a comma in it."""

    x: str
    y: str
    word: str = ""
    anchor: str = "middle"
    number: int = 0
    is_last: bool = False


@dataclass(frozen=True)
class Name:
    """An aspect at the end of its axis: where its shape and the lines of its name stand."""

    number: int
    shape: Spot
    lines: tuple[Spot, ...]
    gap: tuple[Spot, ...]


@register.filter
def degree(halves: int | None) -> str:
    """Half degrees as a figure in the reader's language (3,0), or the word for a gap."""
    return _("no occasion") if halves is None else str(number_format(halves / 2, decimal_pos=1))


@dataclass(frozen=True)
class Cell:
    """One aspect at one visit, for the tables."""

    day: dt.date
    halves: int | None
    word: profiles.Word | None


@register.filter
def cells(line: profiles.AspectLine, looks: Sequence[profiles.Look]) -> list[Cell]:
    """The row of an aspect, visit by visit."""
    return [Cell(*found) for found in zip([look.day for look in looks], line.values, line.words, strict=True)]


@register.filter
def short_day(day: dt.date) -> str:
    """A day where there is little room: 10 nov."""
    return date_format(day, pgettext("short date", "j M"))


@register.filter
def in_words(word: profiles.Word | None) -> str:
    """The word that a leader reads."""
    words = {
        profiles.Word.SELDOM: _("seldom"),
        profiles.Word.SOMETIMES: _("sometimes"),
        profiles.Word.OFTEN: _("often"),
    }
    return words[word] if word else _("no occasion")


@register.inclusion_tag("observations/parts/radar.html")
def radar(profile: profiles.DialogueProfile, mirrors: profiles.Mirrors | None = None) -> dict[str, Any]:
    """The shape of the talk now: six axes, a square of the coach's on each, and a dot of the group's own."""
    is_coached = not profile.is_empty
    values = [line.latest for line in profile.aspects]
    spots = [_on_axis(place, value / 2) if value else None for place, value in enumerate(values)]
    own = [line.own_latest for line in mirrors.lines] if mirrors else []
    dots = [_on_axis(place, value / 2) if value else None for place, value in enumerate(own)]
    return {
        "own_lines": _runs(dots, closed=True) if any(dots) else [],
        "own_fill": f"{_path([spot for spot in dots if spot])}Z" if dots and all(dots) else "",
        "dots": [_spot(*spot) for spot in dots if spot],
        "rings": [_ring(number) for number in (1, 2, 3, 4)],
        "spokes": [_path([_CENTRE, _on_axis(place, 4)]) for place in range(len(values))],
        "numbers": [_spot(*_between(number), word=str(number)) for number in (1, 2, 3, 4)],
        "lines": _runs(spots, closed=True) if any(spots) else [],
        "boxes": [_box(spot) for spot in spots if spot],
        "gaps": [
            _box(_on_axis(place, 4 * _GAP_AT)) for place, value in enumerate(values) if value is None and is_coached
        ],
        "names": [_name(place, line, is_coached=is_coached) for place, line in enumerate(profile.aspects)],
        "profile": profile,
    }


@register.inclusion_tag("observations/parts/trend.html")
def trend(
    line: profiles.AspectLine, looks: Sequence[profiles.Look], mirrors: profiles.Mirrors | None = None
) -> dict[str, Any]:
    """One aspect over time, on the same scale as every other; with the group's own mirror where that is given."""
    if mirrors:
        days = mirrors.columns
        own = next(two.own for two in mirrors.lines if two.coach.key == line.key)
    else:
        days, own = [profiles.Column(look.day, place, None) for place, look in enumerate(looks)], None
    xs = _spread(len(days))
    coached = [(x, line.values[day.visit]) for x, day in zip(xs, days, strict=True) if day.visit is not None]
    scanned = [(x, own.values[day.scan]) for x, day in zip(xs, days, strict=True) if own and day.scan is not None]
    spots = [(x, _height(value)) if value else None for x, value in coached]
    dots = [(x, _height(value)) if value else None for x, value in scanned]
    return {
        "grid": [_spot(4, _height(2 * number) + 4.5, word=str(number)) for number in (1, 2, 3, 4)],
        "rules": [f"M{_number(_START)} {_number(_height(2 * number))}H{_number(_EDGE)}" for number in (1, 2, 3, 4)],
        "base": f"M{_number(_START)} {_number(_BASE)}H{_number(_EDGE)}",
        "own_lines": _runs(dots),
        "dots": [_spot(*spot) for spot in dots if spot],
        "lines": _runs(spots),
        "boxes": [_box(spot) for spot in spots if spot],
        "gaps": [_box((x, _BASE)) for x, value in coached if value is None],
        "words": [_beside(*run) for run in _gap_runs([x for x, _value in coached], [value for _x, value in coached])],
        "days": _days(xs, [day.day for day in days]),
    }


def _days(xs: Sequence[float], days: Sequence[dt.date]) -> list[tuple[Spot, dt.date]]:
    """The days under a trend, as many as fit; the last one always."""
    every = max(math.ceil(len(days) / 4), 1)
    last = len(days) - 1
    places = [place for place in range(len(days)) if (last - place) % every == 0]
    return [(_spot(xs[place], 153, is_last=place == last), days[place]) for place in places]


@dataclass(frozen=True)
class Head:
    """A column of the table: a day, and whose mirror it was."""

    day: dt.date
    is_own: bool
    place: int


@register.filter
def heads(mirrors: profiles.Mirrors) -> list[Head]:
    """The columns of the table: for each day the group's own round, then the visit."""
    found = []
    for column in mirrors.columns:
        found += [Head(column.day, is_own=True, place=column.scan)] if column.scan is not None else []
        found += [Head(column.day, is_own=False, place=column.visit)] if column.visit is not None else []
    return found


@register.filter
def under(line: profiles.TwoLines, mirrors: profiles.Mirrors) -> list[tuple[Head, int | None]]:
    """The row of an aspect, column by column."""
    return [(head, (line.own if head.is_own else line.coach).values[head.place]) for head in heads(mirrors)]


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
    return _path([inner, outer])


def _angle(place: float) -> float:
    return math.tau * place / 6 - math.pi / 2


def _on_axis(place: float, value: float) -> tuple[float, float]:
    reach = _RADIUS * value / 4
    return _CENTRE[0] + reach * math.cos(_angle(place)), _CENTRE[1] + reach * math.sin(_angle(place))


def _between(number: int) -> tuple[float, float]:
    """Where the number of a ring stands: between two axes, where no square can cover it."""
    x, y = _on_axis(0.5, number * math.cos(math.pi / 6))
    return x, y + 4.5


def _ring(number: int) -> str:
    return _path([_on_axis(place, number) for place in range(6)]) + "Z"


def _height(halves: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (halves - _LOWEST) / (_HIGHEST - _LOWEST)


def _spread(count: int) -> list[float]:
    if count == 1:
        return [(_LEFT + _RIGHT) / 2]
    return [_LEFT + (_RIGHT - _LEFT) * place / (count - 1) for place in range(count)]


def _runs(spots: Sequence[tuple[float, float] | None], *, closed: bool = False) -> list[str]:
    """The line as pieces between gaps; a closed one goes on from its end to its start."""
    if closed and all(spots):
        return [_path([spot for spot in spots if spot]) + "Z"]
    turned = list(spots)
    if closed:
        first_gap = spots.index(None)
        turned = [*spots[first_gap:], *spots[:first_gap]]
    runs: list[list[tuple[float, float]]] = [[]]
    for spot in turned:
        if spot is None:
            runs.append([])
        else:
            runs[-1].append(spot)
    return [_path(run) for run in runs if len(run) > 1]


def _name(place: int, line: profiles.AspectLine, *, is_coached: bool) -> Name:
    """The name on one or two lines beside its shape, outside the picture; "no occasion" goes with it for a gap."""
    x, y = _on_axis(place, 5)
    side = 0 if place in (0, 3) else 1 if place < 3 else -1  # noqa: PLR2004  # clockwise from the top
    anchor = ("end", "middle", "start")[side + 1]
    words = _two_lines(line.short_name)
    gap = _two_lines(_("no occasion")) if line.latest is None and is_coached else []
    rows = len(words) + len(gap)
    top = {0: y - 3 - _ROW * rows, 3: y + 30}.get(place, y + 5 - _ROW * (len(words) - 1) / 2)
    spots = [
        _spot(x + 22 * side, top + _ROW * row, word=word, anchor=anchor) for row, word in enumerate([*words, *gap])
    ]
    return Name(line.number, _spot(x - 12, y - 12), tuple(spots[: len(words)]), tuple(spots[len(words) :]))


def _two_lines(name: str) -> list[str]:
    """A longer name broken at the space nearest to its middle."""
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    if len(name) < 13 or not spaces:  # noqa: PLR2004  # what fits beside the picture
        return [name]
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def _beside(first: float, last: float) -> Spot:
    """The word for a run of gaps: after its squares where there is room, else before them, else above."""
    word, away = _("no occasion"), _BOX / 2 + 6
    if last + away + _WORD <= _EDGE:
        return _spot(last + away, _BASE + 4.5, word=word, anchor="start")
    if first - away - _WORD >= _START:
        return _spot(first - away, _BASE + 4.5, word=word, anchor="end")
    return _spot((first + last) / 2, _BASE - 13, word=word)


def _gap_runs(xs: Sequence[float], values: Sequence[int | None]) -> list[tuple[float, float]]:
    """Where each run of gaps starts and ends."""
    runs = []
    for is_gap, places in groupby(range(len(xs)), key=lambda place: values[place] is None):
        run = list(places)
        if is_gap:
            runs.append((xs[run[0]], xs[run[-1]]))
    return runs


def _box(centre: tuple[float, float]) -> Spot:
    return _spot(centre[0] - _BOX / 2, centre[1] - _BOX / 2)


def _spot(x: float, y: float, *, word: str = "", anchor: str = "middle", is_last: bool = False) -> Spot:
    return Spot(_number(x), _number(y), word=word, anchor=anchor, is_last=is_last)


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.1f}"
