"""What a group that shares shows outside: its talk in three words over time, as its school leader reads it. Pure.

Never a behaviour, a figure, how many answered or how alike, whether together or each alone, nor the day of an own
round: its month is enough. What is not in these rows cannot be shown, sent or downloaded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from observations import profile
from observations.profile import Word


@dataclass(frozen=True)
class LeaderPoint:
    """A strong point or a chance in the coach's words, with the day of the meeting."""

    day: dt.date
    text: str


@dataclass(frozen=True)
class LeaderVisit:
    """A visit: the day of the meeting, and what the coach set right since in its points."""

    day: dt.date
    corrections: tuple[profile.SetRight, ...] = ()


@dataclass(frozen=True)
class Moment:
    """A place in time: of a visit with its day, or of an own round with nothing nearer than its month."""

    month: dt.date
    day: dt.date | None
    place: int

    @property
    def is_own(self) -> bool:
        """Whether the group itself looked then."""
        return self.day is None


@dataclass(frozen=True)
class LeaderAspect:
    """One aspect: a word per visit and one per month of ``LeaderView``; None is a gap (not observed, not asked)."""

    number: int
    key: str
    name: str
    short_name: str
    coach: tuple[Word | None, ...]
    own: tuple[Word | None, ...]
    strong: tuple[LeaderPoint, ...] = ()
    chances: tuple[LeaderPoint, ...] = ()

    def at(self, moment: Moment) -> Word | None:
        """What it says of one moment of the view."""
        return (self.own if moment.is_own else self.coach)[moment.place]


@dataclass(frozen=True)
class LeaderView:
    """Six aspects over the coach's ``visits`` and over ``months`` (first days) of shared own rounds, oldest first."""

    group_id: int
    visits: tuple[LeaderVisit, ...] = ()
    months: tuple[dt.date, ...] = ()
    aspects: tuple[LeaderAspect, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read yet."""
        return not self.visits and not self.months

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Visits and own rounds in one row of time; within a month the own ones stand first, whatever their day."""
        own = [Moment(month, None, place) for place, month in enumerate(self.months)]
        coached = [Moment(_month_of(visit.day), visit.day, place) for place, visit in enumerate(self.visits)]
        return tuple(sorted([*own, *coached], key=lambda moment: (moment.month, moment.day or dt.date.min)))


def outlook_on(
    group_id: int,
    coach: profile.DialogueProfile,
    *,
    days: Sequence[dt.date] = (),
    own: Sequence[profile.AspectLine] = (),
) -> LeaderView:
    """Put a profile, and the own rounds of ``days`` that are shown with it, into words.

    The lines of ``own`` have a value per day. A round in which nothing could be said leaves no month.
    """
    mine = {line.key: line.words for line in own}
    told = [place for place, _day in enumerate(days) if any(words[place] for words in mine.values())]
    return LeaderView(
        group_id=group_id,
        visits=tuple(LeaderVisit(look.day, look.corrections) for look in coach.looks),
        months=tuple(_month_of(days[place]) for place in told),
        aspects=tuple(_aspect(line, mine.get(line.key), told) for line in coach.aspects),
    )


def _aspect(line: profile.AspectLine, own: Sequence[Word | None] | None, told: Sequence[int]) -> LeaderAspect:
    return LeaderAspect(
        number=line.number,
        key=line.key,
        name=line.name,
        short_name=line.short_name,
        coach=line.words,
        own=tuple(own[place] if own else None for place in told),
        strong=_points(line.strong),
        chances=_points(line.improvement),
    )


def _points(given: Sequence[profile.Point]) -> tuple[LeaderPoint, ...]:
    """The coach's points, without what the group answered to them."""
    return tuple(LeaderPoint(point.day, point.text) for point in given)


def _month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)
