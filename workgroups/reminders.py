"""When a group hears its agreements again: wall-clock arithmetic on meeting, rule and school days; pure functions.

Times of day are the school's wall clock; instants are UTC. Letters leave between 07:00 and 20:00 on school days, as
far as that can be had within three days earlier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
MORNING = dt.time(7, 0)
EVENING = dt.time(20, 0)
LAST_CALL = dt.time(19, 0)
EARLIER_AT_MOST = 3
LOOKS_BACK = 12 * DAY  # a week's rule, an evening and three days earlier all lie within
_SATURDAY = 5


class NoSuchTimeError(ValueError):
    """The clock skips this time: summer time begins."""


def instant(*, day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The instant (UTC) at which the wall clock shows this; of two, the first. Raises NoSuchTimeError if none does."""
    wall = dt.datetime.combine(day, time, tzinfo=zone)
    found = wall.astimezone(dt.UTC)
    if found.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchTimeError
    return found


def is_school_day(day: dt.date, days_off: Container[dt.date]) -> bool:
    """Whether people are at school: no weekend, no holiday."""
    return day.weekday() < _SATURDAY and day not in days_off


@dataclass(frozen=True)
class Rule:
    """So many days before the meeting's day at a time of day, or so many hours before it starts: one of the two."""

    days_before: int | None = 1
    at: dt.time | None = dt.time(16, 0)
    hours_before: int | None = None


def due_at(rule: Rule, *, day: dt.date, time: dt.time, zone: ZoneInfo, days_off: Container[dt.date]) -> dt.datetime:
    """When the reminder of the meeting that starts then is due, as an instant (UTC); always before its start.

    Days before are counted on the wall clock, hours before on the stream of time. In quiet hours it becomes the early
    evening before them; on a day without school it moves to the nearest school day before, by at most three days,
    at the same hour. Across a longer break it stays where the rule put it. The meeting's own day is a day on which
    people are there, whatever the calendar says.
    """
    asked = _asked(rule, day=day, time=time, zone=zone)
    wall = asked.astimezone(zone)
    wanted, at = _awake(wall.date(), wall.time())
    nearest = (wanted - back * DAY for back in range(EARLIER_AT_MOST + 1))
    leaves_on = next((one for one in nearest if one == day or is_school_day(one, days_off)), wanted)
    if (leaves_on, at) == (wall.date(), wall.time()):
        return asked
    return dt.datetime.combine(leaves_on, at, tzinfo=zone).astimezone(dt.UTC)


def _asked(rule: Rule, *, day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """What the rule says, before anybody looks at the hour and the day."""
    if rule.hours_before is not None:
        starts_at = dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
        return starts_at - dt.timedelta(hours=rule.hours_before)
    before = day - (rule.days_before or 1) * DAY
    return dt.datetime.combine(before, rule.at or MORNING, tzinfo=zone).astimezone(dt.UTC)


def _awake(day: dt.date, at: dt.time) -> tuple[dt.date, dt.time]:
    """The same moment, or the early evening before the quiet hours that it lies in."""
    if at < MORNING:
        return day - DAY, LAST_CALL
    return day, min(at, LAST_CALL) if at >= EVENING else at
