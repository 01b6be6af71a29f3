"""The days without school: read from a file per region, and asked for one school, whose own days win.

The file that comes with the product, calendar/nl-holidays.csv, holds what the Dutch government publishes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q, QuerySet

from schools.models import Holiday, School
from schools.models.place import Region

DAY = dt.timedelta(days=1)
PUBLISHED = Path(__file__).parent / "calendar" / "nl-holidays.csv"
COLUMNS = ["region", "name", "first_day", "last_day"]
_SHIFTED_AT_MOST = 45 * DAY
_LONGEST_NAME = 60
_LOOKS_AHEAD = 731 * DAY


class NotACalendarError(Exception):
    """Why this file holds no holidays: one sentence that names the line."""


@dataclass(frozen=True)
class Listed:
    """A holiday of one region: its name, its first and its last day."""

    region: Region
    name: str
    first_day: dt.date
    last_day: dt.date


def read(data: bytes) -> list[Listed]:
    """The holidays in a UTF-8 file of region;name;first_day;last_day; the region may be all.

    Raises NotACalendarError.
    """
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))
    except (UnicodeDecodeError, csv.Error) as broken:
        raise NotACalendarError("The file is not a CSV file in UTF-8.") from broken
    if b"\0" in data:
        raise NotACalendarError("The file is not a CSV file in UTF-8.")
    if not lines or lines[0] != COLUMNS:
        raise NotACalendarError(f"Line 1 must be {';'.join(COLUMNS)}.")
    found: dict[tuple[Region, dt.date], Listed] = {}
    named: set[tuple[Region, str, int]] = set()
    for number, cells in enumerate(lines[1:], start=2):
        for one in _read_line(cells, number):
            if (one.region, one.first_day) in found:
                raise NotACalendarError(f"Line {number} repeats a holiday that starts on {one.first_day}.")
            if (name := (one.region, one.name, school_year(one.first_day))) in named:
                raise NotACalendarError(f"Line {number} names a second holiday {one.name} in the same school year.")
            named.add(name)
            found[one.region, one.first_day] = one
    return list(found.values())


def school_year(day: dt.date) -> int:
    """The year in which the school year of this day began, in August."""
    return day.year - (day.month < 8)  # noqa: PLR2004  # August


def year_name(starts: int) -> str:
    """The school year that begins in August of that year as people write it: 2026-2027."""
    return f"{starts}-{starts + 1}"


def first_day(starts: int) -> dt.date:
    """The first day of the school year that begins in August of that year."""
    return dt.date(starts, 8, 1)


def last_day(starts: int) -> dt.date:
    """The last day of the same school year."""
    return dt.date(starts + 1, 7, 31)


def _read_line(cells: list[str], number: int) -> list[Listed]:
    try:
        region, name, first, last = (cell.strip() for cell in cells)
        regions = list(Region) if region == "all" else [Region(region)]
        first_day, last_day = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError as wrong:
        raise NotACalendarError(f"Line {number} must hold a region, a name and two days like 2026-10-17.") from wrong
    if not name or len(name) > _LONGEST_NAME:
        raise NotACalendarError(f"Line {number} needs a name of {_LONGEST_NAME} characters at most.")
    if last_day < first_day:
        raise NotACalendarError(f"Line {number} ends before it starts.")
    return [Listed(one, name, first_day, last_day) for one in regions]


def days_off(school: School, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The holidays of this school between two days, both included, weekends not added. One query.

    Where the school has a holiday of its own, the region's holiday of that name around that time, or on those days,
    does not count.
    """
    return days_off_by_school([school], first, last)[school.pk]


def named_days_off(school: School, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """The same with what each day is called. One query."""
    rows = list(_near([school], first, last))
    own = [row for row in rows if row.school_id is not None]
    held = _held(own, [row for row in rows if row.school_id is None])
    return {day: row.name for row in held for day in sorted(_days([row], first, last))}


def days_off_by_school(schools: Collection[School], first: dt.date, last: dt.date) -> dict[int, frozenset[dt.date]]:
    """The same of several schools, by id. One query."""
    own: dict[int, list[Holiday]] = {one.pk: [] for one in schools}
    regional: dict[str, list[Holiday]] = {one.region: [] for one in schools}
    for row in _near(schools, first, last):
        (regional[row.region] if row.school_id is None else own[row.school_id]).append(row)
    known: dict[str, frozenset[dt.date]] = {}
    found: dict[int, frozenset[dt.date]] = {}
    for one in schools:
        if own[one.pk]:
            found[one.pk] = _days(_held(own[one.pk], regional[one.region]), first, last)
        else:
            if one.region not in known:
                known[one.region] = _days(regional[one.region], first, last)
            found[one.pk] = known[one.region]
    return found


def ahead(school: School, *, today: dt.date) -> list[Holiday]:
    """The holidays of this school that are not over, the first first: its own, and its region's that count. One query.

    Those of the region have no ``school_id``.
    """
    rows = list(_near([school], today, today + _LOOKS_AHEAD))
    own = [row for row in rows if row.school_id is not None]
    held = _held(own, [row for row in rows if row.school_id is None])
    return sorted((row for row in held if row.last_day >= today), key=lambda row: (row.first_day, row.pk))


def _near(schools: Collection[School], first: dt.date, last: dt.date) -> QuerySet[Holiday]:
    near = Holiday.objects.filter(first_day__lte=last + _SHIFTED_AT_MOST, last_day__gte=first - _SHIFTED_AT_MOST)
    return near.filter(Q(school__in=schools) | Q(school__isnull=True, region__in={one.region for one in schools}))


def _held(own: list[Holiday], regional: list[Holiday]) -> list[Holiday]:
    """The holidays of a school: its own, and those of its region that none of its own replaces."""
    return [*own, *(row for row in regional if not any(_replaces(mine, row) for mine in own))]


def _days(held: Iterable[Holiday], first: dt.date, last: dt.date) -> frozenset[dt.date]:
    return frozenset(
        row.first_day + step * DAY
        for row in held
        for step in range((row.last_day - row.first_day).days + 1)
        if first <= row.first_day + step * DAY <= last
    )


def _replaces(own: Holiday, regional: Holiday) -> bool:
    overlaps = own.first_day <= regional.last_day and regional.first_day <= own.last_day
    same_name = own.name.casefold() == regional.name.casefold()
    return overlaps or (same_name and abs(own.first_day - regional.first_day) <= _SHIFTED_AT_MOST)
