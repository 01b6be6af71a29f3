"""The published holidays into our own rows, and the days that a school adds to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import events, holidays, permissions, refusals, tenancy
from schools.models import Holiday, School
from schools.roles import Member

_LONGEST = 100  # days
_FARTHEST = dt.timedelta(days=731)


class EndsTooEarlyError(refusals.Refused):
    """A break has one day at least."""

    message = _("The last day lies before the first. Choose another.")
    field = "last_day"
    code = "ends_too_early"


class DaysOverError(refusals.Refused):
    """Days that are over change nothing any more."""

    message = _("These days are over. Choose days that lie ahead.")
    field = "first_day"
    code = "days_over"


class OddBreakError(refusals.Refused):
    """A slip of the pen in the year."""

    message = _("This lasts longer than a hundred days, or begins more than two years ahead. Check the year.")
    field = "last_day"
    code = "odd_break"


class DaysKnownError(refusals.Refused):
    """Two breaks of one school never share a day."""

    message = _("Your school already wrote down one of these days.")
    field = "first_day"
    code = "days_known"


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


@transaction.atomic
def add_days_off(
    *, name: str, first_day: dt.date, last_day: dt.date | None = None, by: Member, now: dt.datetime
) -> Holiday:
    """Write down days on which there is no school at the member's school; without ``last_day`` it is one day.

    They win over the region's holiday of that name or on those days. The floor above lets reminders follow.
    Raises EndsTooEarlyError, DaysOverError, OddBreakError, DaysKnownError; PermissionDenied unless leader or admin.
    """
    if not permissions.may_set_days_off(by):
        raise PermissionDenied
    school, last = by.school, last_day or first_day
    _must_be_a_break(first_day, last, today=school.today(now))
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two at once would both find the days free
    if Holiday.objects.filter(school=school, first_day__lte=last, last_day__gte=first_day).exists():
        raise DaysKnownError
    events.record(what=events.What.SETTINGS_CHANGED, by=by.user, on=school, school=school, now=now)
    return Holiday.objects.create(school=school, name=name, first_day=first_day, last_day=last)


@transaction.atomic
def remove_days_off(*, holiday_id: int, by: Member, now: dt.datetime) -> None:
    """There is school on these days after all; 404 for what is not the school's own. PermissionDenied as above."""
    found = tenancy.fetch(Holiday.objects.filter(school=by.school), pk=holiday_id)
    if not permissions.may_set_days_off(by):
        raise PermissionDenied
    found.delete()
    events.record(what=events.What.SETTINGS_CHANGED, by=by.user, on=by.school, school=by.school, now=now)


def _must_be_a_break(first: dt.date, last: dt.date, *, today: dt.date) -> None:
    if last < first:
        raise EndsTooEarlyError
    if last < today:
        raise DaysOverError
    if (last - first).days > _LONGEST or first > today + _FARTHEST:
        raise OddBreakError
