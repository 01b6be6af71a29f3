"""When a group hears its agreements again: wall-clock arithmetic on meeting, rule and school days; pure functions.

Times of day are the school's wall clock; instants are UTC. Letters leave between 07:00 and 20:00 on school days, as
far as that can be had within three days earlier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
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


def due_at(*, day: dt.date, days_before: int, at: dt.time, zone: ZoneInfo, days_off: Container[dt.date]) -> dt.datetime:
    """When the reminder of a meeting on ``day`` is due, as an instant (UTC); always before the meeting's day.

    The rule says "so many days before, at this time". In quiet hours it becomes the early evening before them; on a
    day without school it moves to the nearest school day before, by at most three days. Across a longer break it
    stays where the rule put it.
    """
    wanted = day - days_before * DAY
    if at < MORNING:
        wanted, at = wanted - DAY, LAST_CALL
    elif at >= EVENING:
        at = LAST_CALL
    nearest = (wanted - back * DAY for back in range(EARLIER_AT_MOST + 1))
    leaves_on = next((one for one in nearest if is_school_day(one, days_off)), wanted)
    return dt.datetime.combine(leaves_on, at, tzinfo=zone).astimezone(dt.UTC)
