"""Starting a group and filling its table."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import Membership, School, User
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import notices, standing, words
from workgroups.models import GroupKind, ReminderRule, Seat, WorkGroup


class NameTaken(refusals.Refused):
    """One active group per name in a school."""

    message = _("There already is a group with this name. Choose another name.")
    field = "name"
    code = "name_taken"


class NotInSchool(refusals.Refused):
    """A seat is for people of the group's own school."""

    message = _("This person does not work at this school.")
    field = "user"
    code = "not_in_school"


class AlreadySeated(refusals.Refused):
    """One seat per person."""

    message = _("This person already sits in the group.")
    field = "user"
    code = "already_seated"


class SeatEnded(refusals.Refused):
    """The seat was given up in the meantime."""

    message = _("This person no longer sits in the group.")
    code = "seat_ended"


class ChairStays(refusals.Refused):
    """A group is never without a chair."""

    message = _("Hand the chair over to somebody else first.")
    code = "chair_stays"


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
    """Start a group around one theme (P1, P2), with its chair and the usual reminder.

    Raises EmptyText, NameTaken, NotInSchool; PermissionDenied unless the member leads or runs the school.
    """
    permissions.demand(permissions.may_start_group(by))
    today = by.school.today(now)
    _must_work_here(chair, by.school, today=today, field="chair")
    group = WorkGroup(school=by.school)
    _describe(group, name, theme, kind, present_practice, desired_practice)
    ReminderRule.objects.create(school=by.school, group=group)
    Seat.objects.create(school=by.school, group=group, user=chair, is_chair=True, from_date=today)
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


@transaction.atomic
def seat(*, group: WorkGroup, user: User, by: Member, now: dt.datetime) -> Seat:
    """Give somebody of the school a seat from today on; the coming meetings' letters reach the new member too.

    Raises AlreadySeated, NotInSchool, GroupEnded; PermissionDenied unless chair, leader or admin.
    """
    permissions.demand(permissions.may_seat(by, group))
    group = standing.locked(group.pk)
    today = by.school.today(now)
    _must_work_here(user, by.school, today=today, field="user")
    try:
        with transaction.atomic():
            row: Seat = Seat.objects.create(school=by.school, group=group, user=user, from_date=today)
    except IntegrityError:
        raise AlreadySeated from None
    notices.of_seat(row, school=by.school, now=now)
    return row


@transaction.atomic
def leave(*, seat: Seat, by: Member, now: dt.datetime) -> None:
    """End a seat as of today; yesterday was its last day, so that the group closes at once.

    Raises ChairStays, SeatEnded; PermissionDenied unless chair or admin.
    """
    permissions.demand(permissions.may_end_seat(by, seat))
    standing.locked(seat.group_id)
    today = by.school.today(now)
    open_seat = Seat.objects.filter(pk=seat.pk, until_date__isnull=True)
    if open_seat.filter(is_chair=True).exists():
        raise ChairStays
    gone, _rows = open_seat.filter(from_date__gte=today).delete()
    if not gone and not open_seat.update(until_date=today - dt.timedelta(days=1)):
        raise SeatEnded


@transaction.atomic
def hand_over_chair(*, group: WorkGroup, to: Seat, by: Member, now: dt.datetime) -> None:
    """Let another member of the group hold the chair.

    Raises SeatEnded, GroupEnded; PermissionDenied unless chair or admin.
    """
    permissions.demand(permissions.may_hand_over_chair(by, group))
    standing.locked(group.pk)
    seats = Seat.objects.live(by.school.today(now)).filter(group=group, until_date__isnull=True)
    seats.filter(is_chair=True).update(is_chair=False)
    if not seats.filter(pk=to.pk).update(is_chair=True):
        raise SeatEnded


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


def _must_work_here(user: User, school: School, *, today: dt.date, field: str) -> None:
    if not Membership.objects.live(today).filter(user=user, school=school).exists():
        raise NotInSchool(field=field)
