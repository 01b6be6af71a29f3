"""The dialogue profile: what coaches and the group itself heard, per aspect over time. Pure; no total, rank or person.

Values are half degrees: 2 is degree 1 ("not heard"), 8 is degree 4 ("throughout"). None is a gap: not observed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Word(StrEnum):
    """The three words in which a leader reads a value."""

    SELDOM = "seldom"
    SOMETIMES = "sometimes"
    OFTEN = "often"


SELDOM_UP_TO = 3  # degree 1.5
OFTEN_FROM = 6  # degree 3


def halves_of(degrees: Iterable[int | None]) -> int | None:
    """The mean of the degrees (1-4) in half degrees, .25 and .75 upwards; None where nothing was observed."""
    heard = [degree for degree in degrees if degree is not None]
    return (4 * sum(heard) + len(heard)) // (2 * len(heard)) if heard else None


def word_for(halves: int | None) -> Word | None:
    """Seldom up to 1.5, sometimes 2 and 2.5, often from 3; no word for a gap."""
    if halves is None:
        return None
    if halves <= SELDOM_UP_TO:
        return Word.SELDOM
    return Word.OFTEN if halves >= OFTEN_FROM else Word.SOMETIMES


@dataclass(frozen=True)
class SetRight:
    """What the visitor set right in the points of a visit, and on which day."""

    added_on: dt.date
    text: str


@dataclass(frozen=True)
class Look:
    """One visit as the profile knows it: the day of the meeting and for how many minutes somebody listened.

    ``corrections`` are what the visitor set right since in the points of that visit.
    """

    visit_id: int
    day: dt.date
    minutes: int
    corrections: tuple[SetRight, ...] = ()


@dataclass(frozen=True)
class Point:
    """A strong point or improvement point in the coach's words, with the day of the meeting.

    ``said`` is the key of the group's own answer, and ``became`` the goal or agreement that it made of it; both "".
    """

    day: dt.date
    text: str
    said: str = ""
    became: str = ""
    visit_id: int = 0


@dataclass(frozen=True)
class AspectLine:
    """One aspect over the visits: a value per look (None = gap), and the points that the coach bound to it."""

    number: int
    key: str
    name: str
    short_name: str
    values: tuple[int | None, ...]
    strong: tuple[Point, ...] = ()
    improvement: tuple[Point, ...] = ()

    @property
    def latest(self) -> int | None:
        """What the last visit gave: a value in half degrees, or a gap."""
        return self.values[-1] if self.values else None

    @property
    def last_day(self) -> dt.date | None:
        """The day of the last point that was bound to this aspect."""
        return max((point.day for point in (*self.strong, *self.improvement)), default=None)

    @property
    def words(self) -> tuple[Word | None, ...]:
        """The same over time as a leader reads it."""
        return tuple(word_for(halves) for halves in self.values)

    def only(self, places: Sequence[int], days: Collection[dt.date]) -> AspectLine:
        """The line at these places alone, with the points of these days."""
        return replace(
            self,
            values=tuple(self.values[place] for place in places),
            strong=tuple(point for point in self.strong if point.day in days),
            improvement=tuple(point for point in self.improvement if point.day in days),
        )


@dataclass(frozen=True)
class DialogueProfile:
    """Six aspects over the visits of which feedback was shared, oldest first."""

    looks: tuple[Look, ...] = ()
    aspects: tuple[AspectLine, ...] = ()

    @property
    def last_day(self) -> dt.date | None:
        """The day of the last visit."""
        return self.looks[-1].day if self.looks else None

    @property
    def is_empty(self) -> bool:
        """Whether no feedback was shared yet."""
        return not self.looks

    def between(self, first: dt.date, last: dt.date) -> DialogueProfile:
        """What of it falls on these days, both counted in."""
        places = [place for place, look in enumerate(self.looks) if first <= look.day <= last]
        looks = tuple(self.looks[place] for place in places)
        days = {look.day for look in looks}
        return DialogueProfile(looks, tuple(line.only(places, days) for line in self.aspects))


@dataclass(frozen=True)
class AspectName:
    """What the profile needs to know of an aspect."""

    number: int
    key: str
    name: str
    short_name: str


@dataclass(frozen=True)
class Given:
    """A point as it was given: its visit, its aspect, which kind it is, and what the group made of it."""

    visit_id: int
    number: int
    text: str
    is_strong: bool
    said: str = ""
    became: str = ""


def build(
    *,
    aspects: Sequence[AspectName],
    looks: Sequence[Look],
    readings: Iterable[tuple[int, int, int | None]],
    points: Iterable[Given],
) -> DialogueProfile:
    """Lay readings (visit id, aspect number, half degrees) and points under the looks; what is not there is a gap."""
    heard = {(visit_id, number): halves for visit_id, number, halves in readings}
    days = {look.visit_id: look.day for look in looks}
    given = [point for point in points if point.visit_id in days]

    def points_of(number: int, *, strong: bool) -> tuple[Point, ...]:
        mine = [point for point in given if point.number == number and point.is_strong is strong]
        return tuple(
            Point(days[point.visit_id], point.text, point.said, point.became, point.visit_id) for point in mine
        )

    return DialogueProfile(
        looks=tuple(looks),
        aspects=tuple(
            AspectLine(
                number=aspect.number,
                key=aspect.key,
                name=aspect.name,
                short_name=aspect.short_name,
                values=tuple(heard.get((look.visit_id, aspect.number)) for look in looks),
                strong=points_of(aspect.number, strong=True),
                improvement=points_of(aspect.number, strong=False),
            )
            for aspect in aspects
        ),
    )
