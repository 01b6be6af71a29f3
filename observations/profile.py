"""The dialogue profile: what coaches and the group itself heard, per aspect over time. Pure; no total, rank or person.

Values are half degrees: 2 is degree 1 ("not heard"), 8 is degree 4 ("throughout"). None is a gap: not observed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """The three words in which a leader reads a value."""

    SELDOM = "seldom"
    SOMETIMES = "sometimes"
    OFTEN = "often"


_SELDOM_UP_TO = 3  # degree 1.5
_OFTEN_FROM = 6  # degree 3


def halves_of(degrees: Iterable[int | None]) -> int | None:
    """The mean of the degrees (1-4) in half degrees, .25 and .75 upwards; None where nothing was observed."""
    heard = [degree for degree in degrees if degree is not None]
    return (4 * sum(heard) + len(heard)) // (2 * len(heard)) if heard else None


def word_for(halves: int | None) -> Word | None:
    """Seldom up to 1.5, sometimes 2 and 2.5, often from 3; no word for a gap."""
    if halves is None:
        return None
    if halves <= _SELDOM_UP_TO:
        return Word.SELDOM
    return Word.OFTEN if halves >= _OFTEN_FROM else Word.SOMETIMES


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
        return tuple(Point(days[point.visit_id], point.text, point.said, point.became) for point in mine)

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


@dataclass(frozen=True)
class Column:
    """One day in the two mirrors: the place among the visits, or among the group's own rounds, or both."""

    day: dt.date
    visit: int | None
    scan: int | None


@dataclass(frozen=True)
class TwoLines:
    """One aspect in both mirrors."""

    coach: AspectLine
    own: AspectLine

    @property
    def own_latest(self) -> int | None:
        """What the group heard when it last looked at this aspect; a round about another card says nothing here."""
        return next((halves for halves in reversed(self.own.values) if halves is not None), None)

    @property
    def apart(self) -> int:
        """How many half degrees the mirrors lie apart now; 0 where one of them says nothing."""
        own, coach = self.own_latest, self.coach.latest
        return 0 if own is None or coach is None else abs(own - coach)


_APART = 2  # a whole degree


@dataclass(frozen=True)
class Mirrors:
    """What coaches heard beside what the group itself heard: never averaged, never one from the other."""

    coach: DialogueProfile
    rounds: tuple[dt.date, ...]
    lines: tuple[TwoLines, ...]

    @property
    def columns(self) -> list[Column]:
        """The days in their order; a visit and a round of the same day share one."""
        visits = [Column(look.day, place, None) for place, look in enumerate(self.coach.looks)]
        days = {column.day: column for column in reversed(visits)}
        alone = []
        for place, day in enumerate(self.rounds):
            if day in days:
                visits[visits.index(days.pop(day))] = Column(day, self._visit_on(day), place)
            else:
                alone.append(Column(day, None, place))
        return sorted([*visits, *alone], key=lambda column: column.day)

    def _visit_on(self, day: dt.date) -> int:
        return next(place for place, look in enumerate(self.coach.looks) if look.day == day)

    @property
    def difference(self) -> TwoLines | None:
        """Where the mirrors lie furthest apart, if that is a whole degree: a question, not a mistake."""
        widest = max(self.lines, key=lambda line: line.apart, default=None)
        return widest if widest and widest.apart >= _APART else None


def side_by_side(coach: DialogueProfile, *, rounds: Sequence[dt.date], own: Sequence[AspectLine]) -> Mirrors:
    """Both mirrors on the same aspects, in the order of the deck."""
    mine = {line.key: line for line in own}
    blank = (None,) * len(rounds)
    lines = tuple(
        TwoLines(line, mine.get(line.key, AspectLine(line.number, line.key, line.name, line.short_name, blank)))
        for line in coach.aspects
    )
    return Mirrors(coach, tuple(rounds), lines)
