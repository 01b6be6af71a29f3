"""Starting a group, and what it is called and works on."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from schools import events, refusals
from schools.models import User
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.actions import seats, standing, words
from workgroups.models import GroupKind, ReminderRule, Seat, WorkGroup


class NameTaken(refusals.Refused):
    """One active group per name in a school."""

    message = _("There already is a group with this name. Choose another name.")
    field = "name"
    code = "name_taken"


@transaction.atomic
def start_group(
    *,
    name: str,
    theme: str,
    kind: str,
    present_practice: str,
    desired_practice: str,
    chair: User,
    by: Member,
    now: dt.datetime,
) -> WorkGroup:
    """Start a group around one theme (P1, P2), with its chair and the school's rule for reminders.

    Raises EmptyText, NameTaken, NotInSchool; PermissionDenied unless the member leads or runs the school.
    """
    permissions.demand(permissions.may_start_group(by))
    today = by.school.today(now)
    seats.must_work_here(chair, by.school, today=today, field="chair")
    group = WorkGroup(school=by.school)
    _describe(group, name, theme, kind, present_practice, desired_practice)
    standing.school_locked(by.school.pk)
    told = queries.school_rule(by.school)
    ReminderRule.objects.create(
        school=by.school, group=group, days_before=told.days_before, at=told.at, hours_before=told.hours_before
    )
    Seat.objects.create(school=by.school, group=group, user=chair, is_chair=True, from_date=today)
    events.record(what=events.What.GROUP_MADE, by=by.user, on=group, person=chair, school=by.school, now=now)
    return group


@transaction.atomic
def describe_group(
    *,
    group: WorkGroup,
    name: str,
    theme: str,
    kind: str,
    present_practice: str | None = None,
    desired_practice: str | None = None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> WorkGroup:
    """Change the group's name, theme and kind, and its why (P1); a practice that is None stays as it is.

    Raises EmptyText, NameTaken, GroupEnded; PermissionDenied unless chair, leader or admin, for the why unless chair.
    """
    permissions.demand(permissions.may_describe_group(by, group))
    touches_why = present_practice is not None or desired_practice is not None
    permissions.demand(not touches_why or permissions.may_write_why(by, group))
    group = standing.locked(group.pk)
    present = group.present_practice if present_practice is None else present_practice
    desired = group.desired_practice if desired_practice is None else desired_practice
    _describe(group, name, theme, kind, present, desired)
    return group


def _describe(group: WorkGroup, name: str, theme: str, kind: str, present_practice: str, desired_practice: str) -> None:
    group.name = words.one_line(name, limit=80, field="name")
    group.theme = words.one_line(theme, limit=160, field="theme")
    group.kind = words.chosen(kind, GroupKind.values, field="kind")
    group.present_practice = words.lines(present_practice, limit=400, field="present_practice")
    group.desired_practice = words.lines(desired_practice, limit=400, field="desired_practice")
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise NameTaken from None
