"""What a leader reads as a picture with three steps, and as rows of a table; the words stand beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext

from observations import drawing, outlook
from observations.profile import Word
from observations.templatetags import profile

register = template.Library()

_HEIGHTS = {Word.OFTEN: 20, Word.SOMETIMES: 52, Word.SELDOM: 84}
_BASE, _DAYS = 112, 140  # where gaps stand, and under them the days
_LEFT, _RIGHT = 92.0, 292.0
_BOX = 17.0
_DAYS_AT_MOST = 4
DRAWN_AT_MOST = 12  # so that no two squares lie on each other; the table has them all


@dataclass(frozen=True)
class Row:
    """One moment in the table: a word per aspect, in their order."""

    moment: outlook.Moment
    words: tuple[Word | None, ...]


@register.filter
def rows(view: outlook.LeaderView) -> list[Row]:
    """The table: the oldest moment first."""
    return [Row(one, tuple(line.at(one) for line in view.aspects)) for one in view.moments]


@register.filter
def is_long(view: outlook.LeaderView) -> bool:
    """Whether there are more moments than a picture has room for."""
    return len(view.moments) > DRAWN_AT_MOST


@register.filter
def by_aspect(row: Row, view: outlook.LeaderView) -> list[tuple[outlook.LeaderAspect, Word | None]]:
    """The cells of a row, each with its aspect."""
    return list(zip(view.aspects, row.words, strict=True))


def _short(moment: outlook.Moment) -> str:
    """A moment where there is little room: 10 nov of a visit, nov of an own round."""
    if moment.day:
        return profile.short_day(moment.day)
    return date_format(moment.month, pgettext("short month", "M"))


@dataclass(frozen=True)
class Last:
    """The last word of a mirror and the one before it (None: there was none), with the moment of the last."""

    moment: outlook.Moment
    word: Word
    before: Word | None


@register.simple_tag
def last_word(line: outlook.LeaderAspect, view: outlook.LeaderView, whose: str) -> Last | None:
    """What a mirror ("own" or "coach") said last of an aspect; nothing where it never said a word."""
    told = [(one, found) for one in view.moments if one.is_own is (whose == "own") and (found := line.at(one))]
    if not told:
        return None
    moment, found = told[-1]
    return Last(moment, found, told[-2][1] if len(told) > 1 else None)


@register.inclusion_tag("observations/parts/word_trend.html")
def word_trend(line: outlook.LeaderAspect, view: outlook.LeaderView) -> dict[str, Any]:
    """One aspect on three steps, at the last twelve moments: dots are the group's own, squares the coach's."""
    moments = view.moments[-DRAWN_AT_MOST:]
    xs = _spread(len(moments))
    said = [(x, one, line.at(one)) for x, one in zip(xs, moments, strict=True)]
    own = [_at(x, found) for x, one, found in said if one.is_own]
    coached = [_at(x, found) for x, one, found in said if not one.is_own]
    return {
        "steps": [(word, str(height), str(height + 4.5)) for word, height in _HEIGHTS.items()],
        "own_lines": drawing.runs(own),
        "dots": [drawing.spot(*spot) for spot in own if spot],
        "lines": drawing.runs(coached),
        "boxes": [drawing.box(spot, _BOX) for spot in coached if spot],
        "gaps": [drawing.box((x, _BASE), _BOX) for x, one, found in said if found is None and not one.is_own],
        "days": _days(xs, moments),
    }


def _at(x: float, word: Word | None) -> drawing.Place | None:
    return (x, _HEIGHTS[word]) if word else None


def _spread(count: int) -> list[float]:
    if count == 1:
        return [(_LEFT + _RIGHT) / 2]
    return [_LEFT + (_RIGHT - _LEFT) * place / (count - 1) for place in range(count)]


def _days(xs: Sequence[float], moments: Sequence[outlook.Moment]) -> list[drawing.Spot]:
    """The days under the picture, as many as fit; the last one always."""
    every = max(math.ceil(len(moments) / _DAYS_AT_MOST), 1)
    last = len(moments) - 1
    places = [place for place in range(len(moments)) if (last - place) % every == 0]
    return [drawing.spot(xs[place], _DAYS, word=_short(moments[place])) for place in places]
