"""Time zones as calendars want them: rules that go on for ever, made from the zone's own line in the tz database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import icalendar
from dateutil import rrule

_SINCE = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # a wall clock's own time
_NEW_YEAR = dt.date(2028, 1, 1)
_DAY = dt.timedelta(days=1)
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST = 5
_NAME, _HOURS = r"(?:[A-Za-z]+|<[^>]+>)", r"[+-]?\d+(?::\d+){0,2}"
_TURN = rf"M\d+\.\d\.\d(?:/{_HOURS})?"
_LINE = re.compile(
    rf"(?P<winter>{_NAME})(?P<west>{_HOURS})"
    rf"(?:(?P<summer>{_NAME})(?P<summer_west>{_HOURS})?,(?P<begins>{_TURN}),(?P<ends>{_TURN}))?"
)


class UnwrittenZoneError(ValueError):
    """The zone's rule cannot be put as a calendar's rule; none of the tz database is like that (tested)."""


@dataclass(frozen=True)
class _Time:
    """What clocks show for a part of the year: its name, and how far ahead of UTC."""

    name: str
    ahead: dt.timedelta


@lru_cache(maxsize=64)
def time_zone(key: str) -> icalendar.Timezone:
    """The VTIMEZONE of a zone such as Europe/Amsterdam, right from today's rules on; shared, not to be changed.

    Turns of the clock are RRULEs: Outlook shifts meetings by an hour where they are single dates. Raises
    UnwrittenZoneError for a rule that calendars have no words for.
    """
    zone = icalendar.Timezone()
    zone.add("tzid", key)
    found = _LINE.fullmatch(_line(key))
    if found is None:
        raise UnwrittenZoneError(key)
    winter = _Time(found["winter"].strip("<>"), -_hours(found["west"]))
    if not found["summer"]:
        zone.add_component(_observance(winter, before=winter, turn=None))
        return zone
    ahead = -_hours(found["summer_west"]) if found["summer_west"] else winter.ahead + dt.timedelta(hours=1)
    summer = _Time(found["summer"].strip("<>"), ahead)
    zone.add_component(_observance(winter, before=summer, turn=found["ends"]))
    zone.add_component(_observance(summer, before=winter, turn=found["begins"]))
    return zone


def _line(key: str) -> str:
    """The rule that holds from now on, the last line of the zone's file: CET-1CEST,M3.5.0,M10.5.0/3."""
    file = resources.files("tzdata").joinpath("zoneinfo", *key.split("/"))
    return file.read_bytes().rsplit(b"\n", 2)[-2].decode("ascii")


def _observance(
    time: _Time, *, before: _Time, turn: str | None
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    """When clocks turn to this time, and from which; Ireland's winter counts as its standard time, as elsewhere."""
    part = icalendar.TimezoneDaylight() if time.ahead > before.ahead else icalendar.TimezoneStandard()
    rule, start = _rule(turn) if turn else (None, _SINCE)
    part.add("dtstart", start)
    part.add("tzname", time.name)
    part.add("tzoffsetfrom", before.ahead)
    part.add("tzoffsetto", time.ahead)
    if rule:
        part.add("rrule", icalendar.vRecur.from_ical(rule))
    return part


def _rule(turn: str) -> tuple[str, dt.datetime]:
    """Each year's turn of the clock as an RRULE, and its first time since 1970: M10.5.0/3 is October's last Sunday."""
    day, _slash, clock = turn.partition("/")
    month, week, weekday = (int(number) for number in day[1:].split("."))
    later, time = divmod(_hours(clock or "2"), _DAY)
    if later:
        rule = _some_days_later(month, week, weekday, later)
    else:
        rule = f"FREQ=YEARLY;BYMONTH={month};BYDAY={week if week < _LAST else -1}{_WEEKDAYS[weekday]}"
    first = next(iter(rrule.rrulestr(rule, dtstart=_SINCE + time)))
    return rule, first


def _some_days_later(month: int, week: int, weekday: int, later: int) -> str:
    """The rule where clocks turn so many days after (or before) a weekday: on one of seven days of the month.

    Egypt's last Thursday of October, at 24 hours, can be November's first day: that needs days of the year.
    """
    first = (week - 1) * 7 + 1 if week < _LAST else -7
    days = [first + step + later for step in range(7)]
    when = f"BYMONTH={month};BYMONTHDAY={','.join(map(str, days))}"
    if 0 in days:
        to_the_end = (_NEW_YEAR - dt.date(_NEW_YEAR.year - 1, month + 1, 1)).days
        when = f"BYYEARDAY={','.join(str(day - to_the_end) for day in days)}"
    return f"FREQ=YEARLY;{when};BYDAY={_WEEKDAYS[(weekday + later) % 7]}"


def _hours(text: str) -> dt.timedelta:
    """How long "-3:30" is."""
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    return sign * dt.timedelta(seconds=sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False)))
