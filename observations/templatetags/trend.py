"""One aspect over time as a picture: both mirrors on one line of time, the school years marked.

Every picture of a page has the same scale of degrees and the same line of time; a gap stays open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django import template
from django.utils.translation import gettext as _

from observations import drawing
from observations.mirrors import Mirrors, TwoLines
from observations.templatetags import profile
from schools import holidays

register = template.Library()

_LOWEST, _HIGHEST = 2, 8  # in half degrees
_WORD = 108.0  # how wide "no occasion" gets
_LETTER = 6.8  # how wide one of its letters is
_START, _EDGE = 24.0, 304.0
_LEFT, _RIGHT, _TOP, _BOTTOM, _BASE = 44.0, 286.0, 18.0, 92.0, 121.0
_DAY_WIDE = 46.0
_NAME_WIDE = 74.0  # how wide "2026-2027" gets
_MANY = 9  # from so many days on the signs are small


@dataclass(frozen=True)
class Signs:
    """How large dots and squares are, and how far apart days stand at least."""

    dot: float
    box: float
    apart: float


_LARGE, _SMALL = Signs(6.0, 17.0, 19.0), Signs(4.0, 11.0, 12.0)


@register.inclusion_tag("observations/parts/trend.html")
def trend(line: TwoLines, mirrors: Mirrors) -> dict[str, Any]:
    """One aspect over the days of both mirrors."""
    columns = mirrors.columns
    days = [column.day for column in columns]
    signs = _SMALL if len(days) >= _MANY else _LARGE
    xs = drawing.in_time(days, start=_LEFT, end=_RIGHT, apart=signs.apart)
    coached = [(x, line.coach.values[one.visit]) for x, one in zip(xs, columns, strict=True) if one.visit is not None]
    scanned = [(x, line.own.values[one.scan]) for x, one in zip(xs, columns, strict=True) if one.scan is not None]
    spots, dots = _heights(coached), _heights(scanned)
    word = _word(_gaps_in(coached), signs.box)
    return {
        "key": line.coach.key,
        "name": line.coach.name,
        "told": _told(line, mirrors),
        "signs": {"dot": drawing.number(signs.dot), "box": drawing.number(signs.box)},
        "grid": [drawing.spot(4, _height(2 * number) + 4.5, word=str(number)) for number in (1, 2, 3, 4)],
        "rules": [_across(_height(2 * number)) for number in (1, 2, 3, 4)],
        "base": _base(word),
        "own_lines": drawing.runs(dots),
        "dots": [drawing.spot(*spot) for spot in dots if spot],
        "lines": drawing.runs(spots),
        "boxes": [drawing.box(spot, signs.box) for spot in spots if spot],
        "gaps": [drawing.box((x, _BASE), signs.box) for x, value in coached if value is None],
        "word": word,
        "days": _days(xs, days),
        "years": _years(xs, days),
    }


def _heights(points: Sequence[tuple[float, int | None]]) -> list[drawing.Place | None]:
    return [None if value is None else (x, _height(value)) for x, value in points]


def _height(halves: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (halves - _LOWEST) / (_HIGHEST - _LOWEST)


def _across(y: float) -> str:
    return f"M{drawing.number(_START)} {drawing.number(y)}H{drawing.number(_EDGE)}"


def _gaps_in(points: Sequence[tuple[float, int | None]]) -> list[tuple[float, float]]:
    return drawing.gap_runs([x for x, _value in points], [value for _x, value in points])


def _word(gaps: Sequence[tuple[float, float]], box: float) -> drawing.Spot | None:
    """The word for gaps, once: beside the first run of them where it covers no other, else above the last."""
    away = box / 2 + 6
    for first, last in gaps:
        for start, end, x, anchor in (
            (last + away, last + away + _WORD, last + away, "start"),
            (first - away - _WORD, first - away, first - away, "end"),
        ):
            covers = any(left - box / 2 < end and start < right + box / 2 for left, right in gaps)
            if not covers and start >= _START and end <= _EDGE:
                return drawing.spot(x, _BASE + 4.5, word=_("no occasion"), anchor=anchor)
    if not gaps:
        return None
    middle = min(max((gaps[-1][0] + gaps[-1][1]) / 2, _START + _WORD / 2), _EDGE - _WORD / 2)
    return drawing.spot(middle, _BASE - 13, word=_("no occasion"))


def _base(word: drawing.Spot | None) -> str:
    """The line on which gaps stand, open where their word lies on it: paper knows no halo around letters."""
    if word is None or word.anchor == "middle":
        return _across(_BASE)
    wide = len(word.word) * _LETTER
    start = float(word.x) - (wide if word.anchor == "end" else 0)
    left, right = drawing.number(start - 3), drawing.number(start + wide + 3)
    y = drawing.number(_BASE)
    return f"M{drawing.number(_START)} {y}H{left}M{right} {y}H{drawing.number(_EDGE)}"


def _days(xs: Sequence[float], days: Sequence[dt.date]) -> list[tuple[drawing.Spot, dt.date]]:
    """The days under a trend, as many as fit; the last one always."""
    last = len(days) - 1
    places = drawing.thinned(xs, apart=_DAY_WIDE)
    return [(drawing.spot(xs[place], 153, is_last=place == last), days[place]) for place in places]


@dataclass(frozen=True)
class YearMark:
    """Where a school year begins on the line of time ("" for the first one), and its name where that has room."""

    line: str
    name: drawing.Spot | None


def _years(xs: Sequence[float], days: Sequence[dt.date]) -> list[YearMark]:
    """The school years that the days lie in; nothing where that is one."""
    if not days:
        return []
    first, last = (holidays.school_year(day) for day in (days[0], days[-1]))
    begins = [drawing.between(holidays.first_day(year), days, xs) for year in range(first + 1, last + 1)]
    edges = [_START, *(x for x in begins if x is not None), _EDGE]
    whole = min(end - start for start, end in pairwise(edges)) >= _NAME_WIDE
    marks = [
        _mark(year, *ends, whole=whole) for year, ends in zip(range(first, last + 1), pairwise(edges), strict=True)
    ]
    return marks if begins else []


def _mark(year: int, start: float, end: float, *, whole: bool) -> YearMark:
    """The line is not drawn where the picture begins; the name is short (26-27) where some year has little room."""
    line = "" if start == _START else f"M{drawing.number(start)} -8V{drawing.number(_BASE + 9)}"
    name = holidays.year_name(year) if whole else f"{year % 100:02}-{(year + 1) % 100:02}"
    has_room = end - start >= _DAY_WIDE
    return YearMark(line, drawing.spot(start + 5, 2, word=name, anchor="start") if has_room else None)


def _told(line: TwoLines, mirrors: Mirrors) -> str:
    """The picture in a sentence, for who hears the page: from where to where, in each mirror."""
    own = _from_to([one.day for one in mirrors.rounds], line.own.values)
    coach = _from_to([look.day for look in mirrors.coach.looks], line.coach.values)
    told = [_("You yourselves: %(way)s.") % {"way": own}] if own else []
    return " ".join([*told, *([_("The coach: %(way)s.") % {"way": coach}] if coach else [])])


def _from_to(days: Sequence[dt.date], values: Sequence[int | None]) -> str:
    heard = [(day, value) for day, value in zip(days, values, strict=True) if value is not None]
    if not heard:
        return ""
    ends = [heard[0], heard[-1]] if len(heard) > 1 else heard
    return ", ".join(_("%(degree)s on %(day)s") % _figure(*end) for end in ends)


def _figure(day: dt.date, value: int) -> dict[str, str]:
    return {"degree": profile.degree(value), "day": profile.short_day(day)}
