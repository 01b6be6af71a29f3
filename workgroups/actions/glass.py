"""An operator's look inside: one school, or one group as its guest, with a reason, for some hours, and never unseen.

It lets read what an admin of the school reads, or what a guest of the group reads, and nothing be changed.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import events, post, queries as places, refusals, tenancy
from schools.models import BoardMembership, BreakGlass, Membership, School, User
from schools.roles import Role
from workgroups.actions import words
from workgroups.models import Seat, WorkGroup

GLASS_BROKEN = "glass_broken"
HOURS = (1, 2, 4)
REASON = 300
_NEWS_FOR = dt.timedelta(days=14)


class NoSuchSchool(refusals.Refused):
    """The school does not exist, or has closed."""

    message = _("There is no such school.")
    field = "place"
    code = "no_such_school"


class NoSuchGroup(refusals.Refused):
    """The school has no group with this number."""

    message = _("This school has no group with this number.")
    field = "group_number"
    code = "no_such_group"


class OddHours(refusals.Refused):
    """It closes by itself within four hours."""

    message = _("Choose 1, 2 or 4 hours.")
    field = "hours"
    code = "odd_hours"


class AtHome(refusals.Refused):
    """Who has a role at the school uses that."""

    message = _("You have a role at this school yourself. Go in with that one.")
    field = "place"
    code = "at_home"


class OpenAlready(refusals.Refused):
    """Twice is once."""

    message = _("You can look in there already.")
    code = "open_already"


class ClosedAlready(refusals.Refused):
    """It ended by itself, or was closed before."""

    message = _("This is closed already.")
    code = "closed_already"


@transaction.atomic
def break_glass(
    *, place: str, group_number: int | None = None, reason: str, hours: int, by: User, now: dt.datetime
) -> BreakGlass:
    """Let an operator read at the school named by slug or location code, or in one group of it, for 1, 2 or 4 hours.

    Its leaders and admins, and whoever sits in the group, get a letter at once; where a school has no leader or admin,
    those of its board. Call it inside ``acting_for_system``: the operator is nobody at the school.
    Raises NoSuchSchool, NoSuchGroup, EmptyText, TextTooLong, OddHours, AtHome, OpenAlready; PermissionDenied for all
    but operators.
    """
    _must_keep_the_site(by, now)
    reason = words.one_line(reason, limit=REASON, field="reason")
    if hours not in HOURS:
        raise OddHours
    school = _school(place)
    today = school.today(now)
    if Membership.objects.live(today).filter(school=school, user=by).exists():
        raise AtHome
    group = _group(school, group_number)
    glass: BreakGlass = _opened(school, group, reason, hours, by=by, now=now)
    events.record(what=events.What.GLASS_BROKEN, by=by, on=glass, school=school, now=now)
    post.write_down(
        kind=GLASS_BROKEN,
        subject_id=glass.pk,
        version=1,
        school_id=school.pk,
        user_ids=_concerned(school, group, today=today),
        due_at=now,
        expires_at=now + _NEWS_FOR,
        now=now,
    )
    return glass


@transaction.atomic
def close_glass(*, glass_id: int, by: User, now: dt.datetime) -> None:
    """Close an own look before its time; inside ``acting_for_system``. Raises ClosedAlready; 404 for anybody else's."""
    glass = tenancy.fetch(BreakGlass.objects.filter(user=by), pk=glass_id)
    if not BreakGlass.objects.open_at(now).filter(pk=glass.pk).update(ends_at=now):
        raise ClosedAlready
    events.record(what=events.What.GLASS_CLOSED, by=by, on=glass, school=glass.school_id, now=now)


def _must_keep_the_site(by: User, now: dt.datetime) -> None:
    if not places.is_operator(user=by, today=timezone.localdate(now)):
        raise PermissionDenied


def _school(place: str) -> School:
    named = Q(slug=place.strip().lower()) | Q(location_code=place.strip().upper())
    school = School.objects.filter(named, closed_on__isnull=True).first()
    if school is None:
        raise NoSuchSchool
    return school


def _group(school: School, number: int | None) -> WorkGroup | None:
    if number is None:
        return None
    group: WorkGroup | None = WorkGroup.objects.filter(school=school, pk=number).first()
    if group is None:
        raise NoSuchGroup
    return group


def _opened(
    school: School, group: WorkGroup | None, reason: str, hours: int, *, by: User, now: dt.datetime
) -> BreakGlass:
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two at once would both find it closed
    about = {"school": school, "user": by, "group_id": group.pk if group else None}
    if BreakGlass.objects.open_at(now).filter(**about).exists():
        raise OpenAlready
    ends_at = now + dt.timedelta(hours=hours)
    group_name = group.name if group else ""
    return BreakGlass.objects.create(**about, group_name=group_name, reason=reason, opened_at=now, ends_at=ends_at)


def _concerned(school: School, group: WorkGroup | None, *, today: dt.date) -> set[int]:
    """Who must hear of it: those in office, and whoever sits in the group."""
    office = Membership.objects.live(today).filter(school=school, role__in=[Role.LEADER, Role.ADMIN])
    heard = set(office.values_list("user_id", flat=True))
    if not heard:
        heard = set(BoardMembership.objects.live(today).filter(board=school.board_id).values_list("user_id", flat=True))
    if group is not None:
        heard |= set(Seat.objects.live(today).filter(group=group).values_list("user_id", flat=True))
    return heard
