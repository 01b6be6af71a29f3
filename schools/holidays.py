"""The days without school, for one school: its region's holidays and its own, which win."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from schools.models import Holiday, School

DAY = dt.timedelta(days=1)
_SHIFTED_AT_MOST = 45 * DAY


def days_off(school: School, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The holidays of this school between two days, both included, weekends not added. One query.

    Where the school has a holiday of its own, the region's holiday of that name around that time, or on those days,
    does not count.
    """
    near = Holiday.objects.filter(first_day__lte=last + _SHIFTED_AT_MOST, last_day__gte=first - _SHIFTED_AT_MOST)
    rows = list(near.filter(Q(school=school) | Q(school__isnull=True, region=school.region)))
    own = [row for row in rows if row.school_id is not None]
    held = own + [row for row in rows if row.school_id is None and not any(_replaces(one, row) for one in own)]
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
