"""The published holidays into our own rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from schools import holidays
from schools.models import Holiday


@transaction.atomic
def load_holidays(*, listed: Sequence[holidays.Listed]) -> tuple[int, int]:
    """Write the regions' holidays down; returns how many are new and how many changed. A second run changes nothing.

    A holiday of the same region, name and school year (August to July) follows the list. What the list does not
    name stays, and so do the schools' own days. Three queries at most.
    """
    known = {
        (row.region, row.name, holidays.school_year(row.first_day)): row
        for row in Holiday.objects.filter(school__isnull=True).order_by("pk")
    }
    new, changed = [], []
    for one in listed:
        row = known.get((one.region, one.name, holidays.school_year(one.first_day)))
        if row is None:
            new.append(Holiday(region=one.region, name=one.name, first_day=one.first_day, last_day=one.last_day))
        elif (row.first_day, row.last_day) != (one.first_day, one.last_day):
            row.first_day, row.last_day = one.first_day, one.last_day
            changed.append(row)
    Holiday.objects.bulk_update(changed, ["first_day", "last_day"])
    Holiday.objects.bulk_create(new)
    return len(new), len(changed)
