"""Roles at a school, given and ended by day, and the end of somebody's time there. Nobody is deleted."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import events, permissions, refusals
from schools.actions import following
from schools.models import Invitation, Membership, School, User
from schools.roles import Role, Steward

AHEAD_AT_MOST = dt.timedelta(days=366)


class RoleHeldError(refusals.Refused):
    """One role is held once."""

    message = _("This person has this role already.")
    field = "role"
    code = "role_held"


class RoleOverError(refusals.Refused):
    """It ended in the meantime."""

    message = _("This role has ended already.")
    code = "role_over"


class OddLastDayError(refusals.Refused):
    """A role ends today, or on a day within a year."""

    message = _("Choose today or a day within a year from now.")
    field = "last_day"
    code = "odd_last_day"


class LastAdminError(refusals.Refused):
    """Who ends the last admin of a school should know it."""

    message = _("After this the school has no administrator. Tick below that this is what you want.")
    field = "sure"
    code = "last_admin"


@transaction.atomic
def give_role(*, user: User, role: Role, by: Steward, now: dt.datetime) -> Membership:
    """Give somebody of the school one more role, from today on. Raises RoleHeldError; PermissionDenied unless admin."""
    _demand(permissions.may_keep_people(by))
    today = by.school.today(now)
    User.objects.select_for_update().get(pk=user.pk)
    if Membership.objects.filter(school=by.school, user=user, role=role).not_over(today).exists():
        raise RoleHeldError
    row: Membership = Membership.objects.create(school=by.school, user=user, role=role, from_date=today)
    events.record(what=events.What.ROLE_GIVEN, by=by.user, on=row, now=now)
    return row


@transaction.atomic
def end_role(
    *, membership: Membership, last_day: dt.date | None = None, sure: bool = False, by: Steward, now: dt.datetime
) -> None:
    """End a role after its last day; without one it ends at once. With the last role ends the time at the school.

    Raises OddLastDayError, RoleOverError, LastAdminError unless ``sure``; PermissionDenied unless admin.
    """
    _demand(permissions.may_keep_people(by))
    last = _last_day(last_day, school=by.school, now=now)
    _held(by.school)
    here = Membership.objects.filter(school=by.school).not_over(by.school.today(now))
    row = here.filter(pk=membership.pk).select_related("user").first()
    if row is None:
        raise RoleOverError
    others = here.filter(user=row.user).exclude(pk=row.pk).not_over(last + dt.timedelta(days=1))
    if row.role == Role.ADMIN:
        _not_the_last_admin(by.school, row.user, last=last, sure=sure)
    _end([row], last, by=by.user, now=now)
    if not others.exists():
        _leaves(by.school, row.user, last, now=now)


@transaction.atomic
def stay_in_role(*, membership: Membership, by: Steward, now: dt.datetime) -> None:
    """Take the last day of a role back, while it has not passed; seats that ended stay ended.

    Raises RoleOverError, RoleHeldError; PermissionDenied unless admin.
    """
    _demand(permissions.may_keep_people(by))
    _held(by.school)
    here = Membership.objects.filter(school=by.school, user=membership.user_id, role=membership.role)
    if here.filter(until_date__isnull=True).exists():
        raise RoleHeldError
    if not here.not_over(by.school.today(now)).filter(pk=membership.pk).update(until_date=None):
        raise RoleOverError
    events.record(what=events.What.ROLE_GIVEN, by=by.user, on=membership, now=now)


@transaction.atomic
def end_time(*, user: User, last_day: dt.date | None = None, sure: bool = False, by: Steward, now: dt.datetime) -> None:
    """End all that somebody is at the school after a last day, or at once: roles, seats, invitations by this address.

    Raises OddLastDayError, RoleOverError, LastAdminError unless ``sure``; PermissionDenied unless admin.
    """
    _demand(permissions.may_keep_people(by))
    last = _last_day(last_day, school=by.school, now=now)
    _held(by.school)
    rows = list(Membership.objects.filter(school=by.school, user=user).not_over(by.school.today(now)))
    if not rows:
        raise RoleOverError
    if any(row.role == Role.ADMIN for row in rows):
        _not_the_last_admin(by.school, user, last=last, sure=sure)
    _end(rows, last, by=by.user, now=now)
    _leaves(by.school, user, last, now=now)


def _end(rows: list[Membership], last: dt.date, *, by: User, now: dt.datetime) -> None:
    """Ended before it began, a role is as if it never was."""
    for row in rows:
        events.record(what=events.What.ROLE_ENDED, by=by, on=row, now=now)
        if row.from_date > last:
            row.delete()
        else:
            Membership.objects.filter(pk=row.pk).update(until_date=last)


def _leaves(school: School, user: User, last: dt.date, *, now: dt.datetime) -> None:
    if user.email:
        Invitation.objects.open().filter(school=school, email=user.email).update(revoked_at=now)
    for follower in following.followers:
        follower.leaves(school=school, user=user, last_day=last, now=now)


def _not_the_last_admin(school: School, user: User, *, last: dt.date, sure: bool) -> None:
    """Whoever asked to be erased is not somebody who stays."""
    stays = Membership.objects.filter(school=school, role=Role.ADMIN, user__is_active=True, user__erase_at__isnull=True)
    if not sure and not stays.exclude(user=user).live(last + dt.timedelta(days=1)).exists():
        raise LastAdminError


def _last_day(chosen: dt.date | None, *, school: School, now: dt.datetime) -> dt.date:
    """At once means: yesterday was the last day."""
    today = school.today(now)
    if chosen is None:
        return today - dt.timedelta(days=1)
    if not today <= chosen <= today + AHEAD_AT_MOST:
        raise OddLastDayError
    return chosen


def _held(school: School) -> None:
    """Two admins who end each other at the same moment are one after the other."""
    School.objects.select_for_update(no_key=True).only("pk").get(pk=school.pk)


def _demand(allowed: bool) -> None:  # noqa: FBT001
    if not allowed:
        raise PermissionDenied
