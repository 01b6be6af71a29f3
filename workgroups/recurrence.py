"""A series of meetings spread out over a school's calendar: pure functions on days and wall-clock times.

Days come from dateutil's rrule; what a holiday or the clock does to them is decided here.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil import relativedelta, rrule

from workgroups import reminders
from workgroups.models.series import DaysOff, Every

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
FARTHEST = 18  # months
LONG_BREAK = 21  # days
_SUMMER = range(6, 10)
_SATURDAY = 5
_FIFTH = 5
_LOOKS_ON = 6 * WEEK  # the turn after the last one lies within


class Because(enum.StrEnum):
    """Why a turn of the rule brings no new meeting."""

    DAY_OFF = "day_off"
    CLOCK = "clock"  # summer time begins: the clock skips this time
    TAKEN = "taken"  # the group already meets then


@dataclass(frozen=True)
class Rule:
    """How often, from which day, and until when or how many times; ``count`` counts meetings, not turns.

    ``believes`` is the answer to whether school is really closed in a long break outside summer; None: not asked yet.
    """

    first: dt.date
    every: Every
    on_days_off: DaysOff = DaysOff.SKIP
    until: dt.date | None = None
    count: int | None = None
    believes: bool | None = None


@dataclass(frozen=True)
class Sitting:
    """What all meetings of a series share: the time on the wall clock, how many minutes, where, and about what."""

    time: dt.time
    minutes: int
    place: str = ""
    title: str = ""


@dataclass(frozen=True)
class Turn:
    """One turn of the rule: its own day, the day on which the group meets for it (None: it does not), and why not.

    ``holiday`` names what its own day falls into, where that is known.
    """

    own: dt.date
    day: dt.date | None
    because: Because | None = None
    holiday: str = ""

    @property
    def is_shifted(self) -> bool:
        """Whether the group meets later than the rule says."""
        return self.day is not None and self.day != self.own


@dataclass(frozen=True)
class Break:
    """Days without school on end, weekends between them counted in; the first and the last day."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def is_doubtful(self) -> bool:
        """Whether more than three weeks of it lie outside June to September: perhaps a slip in the calendar."""
        days = (self.first + step * DAY for step in range((self.last - self.first).days + 1))
        return sum(day.month not in _SUMMER for day in days) > LONG_BREAK


def horizon(today: dt.date) -> dt.date:
    """The last day on which a meeting of a series can lie."""
    last: dt.date = today + relativedelta.relativedelta(months=FARTHEST)
    return last


def meant(day: dt.date, every: Every) -> Every:
    """The rhythm that starts on this day: only few months have a fifth weekday, so that means the last."""
    return Every.LAST if every == Every.MONTH and _nth(day) == _FIFTH else every


def is_last(day: dt.date) -> bool:
    """Whether no other such weekday follows in the month."""
    return (day + WEEK).month != day.month


def spread(
    rule: Rule,
    *,
    time: dt.time,
    zone: ZoneInfo,
    days_off: Collection[dt.date],
    taken: Collection[dt.datetime] = (),
    last: dt.date,
) -> list[Turn]:
    """The turns of the rule until its end or ``last``, in order; no two bring a meeting on one day.

    ``taken`` are instants at which the group already meets: such a turn counts, and brings no second meeting.
    """
    end = min(rule.until or last, last)
    found: list[Turn] = []
    for own, following in pairwise(_days(rule, end + _LOOKS_ON)):
        if own > end or (rule.count is not None and rule.count <= counted(found)):
            break
        day = own
        if own in days_off and (moved := _later(own, before=min(following, end + DAY), rule=rule, off=days_off)):
            day = moved
        found.append(_turn(own, day, time=time, zone=zone, days_off=days_off, taken=taken))
    return found


def breaks(days_off: Collection[dt.date]) -> list[Break]:
    """The days off as breaks, in order: a weekend between two days off joins them."""
    found: list[Break] = []
    for day in sorted(days_off):
        if found and _only_weekend(found[-1].last, day):
            found[-1] = Break(found[-1].first, day)
        else:
            found.append(Break(day, day))
    return found


def _turn(
    own: dt.date,
    day: dt.date,
    *,
    time: dt.time,
    zone: ZoneInfo,
    days_off: Collection[dt.date],
    taken: Collection[dt.datetime],
) -> Turn:
    if day in days_off:
        return Turn(own, None, Because.DAY_OFF)
    try:
        starts_at = reminders.instant(day=day, time=time, zone=zone)
    except reminders.NoSuchTimeError:
        return Turn(own, None, Because.CLOCK)
    return Turn(own, None, Because.TAKEN) if starts_at in taken else Turn(own, day)


def counted(turns: Iterable[Turn]) -> int:
    """How many of the meetings that were asked for these turns bring, those already planned included."""
    return sum(turn.day is not None or turn.because == Because.TAKEN for turn in turns)


def _later(own: dt.date, *, before: dt.date, rule: Rule, off: Collection[dt.date]) -> dt.date | None:
    """The same weekday in the first week with school, if that comes before the next turn."""
    if rule.on_days_off != DaysOff.SHIFT:
        return None
    weeks = range(1, (before - own).days // 7 + 1)
    later = (own + number * WEEK for number in weeks)
    return next((day for day in later if day < before and day not in off), None)


def _days(rule: Rule, last: dt.date) -> Iterator[dt.date]:
    start = dt.datetime.combine(rule.first, dt.time())
    stop = dt.datetime.combine(last, dt.time())
    every = meant(rule.first, rule.every)
    if every in {Every.WEEK, Every.FORTNIGHT}:
        turns = rrule.rrule(rrule.WEEKLY, interval=1 + (every == Every.FORTNIGHT), dtstart=start, until=stop)
    else:
        nth = -1 if every == Every.LAST else _nth(rule.first)
        weekday = rrule.weekdays[rule.first.weekday()](nth)
        turns = rrule.rrule(rrule.MONTHLY, byweekday=weekday, dtstart=start, until=stop)
    return (turn.date() for turn in turns)


def _nth(day: dt.date) -> int:
    """Which of its weekday in the month it is, from 1 to 5."""
    return (day.day - 1) // 7 + 1


def _only_weekend(one: dt.date, other: dt.date) -> bool:
    between = (one + step * DAY for step in range(1, (other - one).days))
    return all(day.weekday() >= _SATURDAY for day in between)
