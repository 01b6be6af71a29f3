"""A school's own days without school, and the reminders that go around them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from schools import actions as schools_actions
from schools.models import Holiday, School
from schools.roles import Member
from workgroups import queries
from workgroups.actions import rules


@transaction.atomic
def add_days_off(*, name: str, first_day: dt.date, last_day: dt.date | None, by: Member, now: dt.datetime) -> Holiday:
    """Write days without school down (schools.actions.add_days_off); the reminders that wait get their new time.

    Meetings stay where they are. Raises what add_days_off raises.
    """
    added = schools_actions.add_days_off(name=name, first_day=first_day, last_day=last_day, by=by, now=now)
    _lay_out_anew(by.school, now=now)
    return added


@transaction.atomic
def remove_days_off(*, holiday_id: int, by: Member, now: dt.datetime) -> None:
    """There is school on these days after all (schools.actions.remove_days_off); reminders follow as above."""
    schools_actions.remove_days_off(holiday_id=holiday_id, by=by, now=now)
    _lay_out_anew(by.school, now=now)


def _lay_out_anew(school: School, *, now: dt.datetime) -> None:
    rules.lay_out_anew(rules.locked(queries.working_groups(school)), now=now)
