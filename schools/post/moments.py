"""When letters leave to people who want those of a day together: wall-clock arithmetic, pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from zoneinfo import ZoneInfo

from schools.post.kinds import Digest

DAY = dt.timedelta(days=1)
EARLIER_AT_MOST = 3
LOOKS_BACK = (EARLIER_AT_MOST + 2) * DAY
# A letter that waits for the others must still be of use when it comes.
OF_USE = dt.timedelta(hours=1)
_SATURDAY = 5


def next_moment(due_at: dt.datetime, *, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first moment (UTC) at or after ``due_at`` at which the clocks of the zone show this time of day."""
    day = due_at.astimezone(zone).date()
    found = _moment(day, at, zone)
    return found if found >= due_at else _moment(day + DAY, at, zone)


def last_moment(due_at: dt.datetime, *, at: dt.time, zone: ZoneInfo, days_off: Container[dt.date]) -> dt.datetime:
    """The last such moment at or before ``due_at``, on a school day where one lies within three days before."""
    day = due_at.astimezone(zone).date()
    latest = day if _moment(day, at, zone) <= due_at else day - DAY
    nearest = (latest - back * DAY for back in range(EARLIER_AT_MOST + 1))
    return _moment(next((one for one in nearest if _is_school_day(one, days_off)), latest), at, zone)


def together(
    digest: Digest,
    *,
    due_at: dt.datetime,
    expires_at: dt.datetime,
    at: dt.time,
    zone: ZoneInfo,
    days_off: Container[dt.date],
    now: dt.datetime,
) -> dt.datetime | None:
    """When a letter that is due then leaves with the others; None where it leaves by itself at its own time."""
    if digest == "later":
        found = next_moment(due_at, at=at, zone=zone)
        return found if found <= expires_at - OF_USE else None
    found = last_moment(due_at, at=at, zone=zone, days_off=days_off)
    return found if found > now else None


def _moment(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, at, tzinfo=zone).astimezone(dt.UTC)


def _is_school_day(day: dt.date, days_off: Container[dt.date]) -> bool:
    return day.weekday() < _SATURDAY and day not in days_off
