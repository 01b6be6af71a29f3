"""What a group shares of its talk, at a glance: per aspect the word of now and before, and a small picture over time.

All of it is worked out here, so that a page with forty groups has nothing left to do but to write it down. The
pictures keep to those of the profile: the coach is an open square, the group itself a dot, a gap a dashed square at the
foot, off the three lines; what was not asked is no gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from observations import sheets
from observations.outlook import LeaderAspect, LeaderView, Moment
from observations.profile import Word

LATEST = 6
_LINE = {Word.OFTEN: 7, Word.SOMETIMES: 21, Word.SELDOM: 35}
_FOOT = 49
_FIRST, _STEP, _HALF = 10, 20, 5

Words = Sequence[Word | None]
Names = Mapping[Word | None, str]
Spot = tuple[int, Word | None]


@dataclass(frozen=True)
class Picture:
    """The path of each kind of sign and line; empty where there is none."""

    own: str
    dots: str
    coach: str
    boxes: str
    gaps: str


@dataclass(frozen=True)
class Glance:
    """One aspect: what the coach heard and what the group itself did, each in a sentence ("": nothing to tell)."""

    number: int
    name: str
    coach: str
    own: str
    picture: Picture | None


def glances(shown: LeaderView) -> list[Glance]:
    """The six aspects of a group that shares; a picture only where there is something to see over time."""
    latest, names = shown.moments[-LATEST:], _names()
    return [
        Glance(
            number=aspect.number,
            name=aspect.short_name,
            coach=_sentence(aspect.coach, names),
            own=_sentence([word for word in aspect.own if word], names),
            picture=_picture(aspect, latest) if len(latest) > 1 else None,
        )
        for aspect in shown.aspects
    ]


def _names() -> Names:
    """The three words, and the one for a gap, in the reader's language."""
    return {None: sheets.gap(is_own=False), **{word: sheets.in_words(word) for word in Word}}


def _sentence(words: Words, names: Names) -> str:
    """The last word, and the one before it."""
    if not words:
        return ""
    now, before = words[-1], next((word for word in reversed(words[:-1]) if word), None)
    if before is None:
        return names[now]
    sentence = _("%(now)s, as before") if now == before else _("%(now)s, before that %(before)s")
    return sentence % {"now": names[now], "before": names[before]}


def _picture(aspect: LeaderAspect, latest: Sequence[Moment]) -> Picture:
    own = [(_x(nth), aspect.at(one)) for nth, one in enumerate(latest) if one.is_own]
    coach = [(_x(nth), aspect.at(one)) for nth, one in enumerate(latest) if not one.is_own]
    return Picture(
        own=_line([spot for spot in own if spot[1]]),
        dots="".join(_dot(x, _LINE[word]) for x, word in own if word),
        coach=_line(coach),
        boxes="".join(_box(x, _LINE[word]) for x, word in coach if word),
        gaps="".join(_box(x, _FOOT) for x, word in coach if not word),
    )


def _x(nth: int) -> int:
    return _FIRST + _STEP * nth


def _line(spots: Sequence[Spot]) -> str:
    """From word to word; a gap breaks it."""
    path, pen = "", "M"
    for x, word in spots:
        path += f"{pen}{x} {_LINE[word]}" if word else ""
        pen = "L" if word else "M"
    return path if "L" in path else ""


def _dot(x: int, y: int) -> str:
    return f"M{x - _HALF} {y}a{_HALF} {_HALF} 0 0 1 {2 * _HALF} 0a{_HALF} {_HALF} 0 0 1-{2 * _HALF} 0"


def _box(x: int, y: int) -> str:
    return f"M{x - _HALF} {y - _HALF}h{2 * _HALF}v{2 * _HALF}h-{2 * _HALF}z"
