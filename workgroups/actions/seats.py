"""The seats at a group's table: who comes and goes by date, who holds the chair, and what colleagues may ask whom."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import events, refusals
from schools.models import Membership, School, User
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import notices, standing, words
from workgroups.models import Seat, WorkGroup

AHEAD_AT_MOST = dt.timedelta(days=366)
DAY = dt.timedelta(days=1)


class NotInSchool(refusals.Refused):
    """A seat is for people of the group's own school."""

    message = _("This person does not work at this school.")
    field = "user"
    code = "not_in_school"


class AlreadySeated(refusals.Refused):
    """One seat per person at a time."""

    message = _("This person already sits in the group.")
    field = "user"
    code = "already_seated"


class SeatEnded(refusals.Refused):
    """The seat was given up in the meantime."""

    message = _("This person no longer sits in the group.")
    code = "seat_ended"


class SeatNotOpen(refusals.Refused):
    """The chair is for somebody who sits at the table now and stays."""

    message = _("This seat has not begun yet, or its end is near. Choose somebody who stays.")
    code = "seat_not_open"


class ChairStays(refusals.Refused):
    """A group is never without a chair."""

    message = _("Hand the chair over to somebody else first.")
    code = "chair_stays"


class OddDay(refusals.Refused):
    """A seat begins and ends on a day that lies ahead, within a year."""

    message = _("Choose today, or a day within a year from now.")
    code = "odd_day"


@transaction.atomic
def seat(*, group: WorkGroup, user: User, from_date: dt.date | None = None, by: Member, now: dt.datetime) -> Seat:
    """Give somebody of the school a seat from this day on, today if None; the letters of meetings from then on follow.

    Raises AlreadySeated, NotInSchool, OddDay, GroupEnded; PermissionDenied unless chair, leader or admin.
    """
    permissions.demand(permissions.may_seat(by, group))
    group = standing.locked(group.pk)
    today = by.school.today(now)
    first = _near(from_date or today, today=today, field="from_date")
    must_work_here(user, by.school, today=today, field="user")
    if Seat.objects.filter(_not_over(first), group=group, user=user).exists():
        raise AlreadySeated
    row: Seat = Seat.objects.create(school=by.school, group=group, user=user, from_date=first)
    notices.of_seat(row, school=by.school, now=now)
    _note(events.What.SEAT_GIVEN, row, by=by, now=now)
    return row


@transaction.atomic
def leave(*, seat: Seat, last_day: dt.date | None = None, by: Member, now: dt.datetime) -> None:
    """End a seat after its last day; where that is None, yesterday was it, so that the group closes at once.

    What waits for the person about meetings after it is taken back.
    Raises ChairStays, SeatEnded, OddDay, GroupEnded, and AlreadySeated where a later seat waits; PermissionDenied
    unless chair or admin.
    """
    permissions.demand(permissions.may_end_seat(by, seat))
    standing.locked(seat.group_id)
    today = by.school.today(now)
    held = Seat.objects.filter(_not_over(today), pk=seat.pk)
    if held.filter(is_chair=True).exists():
        raise ChairStays
    if last_day is not None:
        last_day = _near(last_day, today=max(today, seat.from_date), field="last_day")
        _must_be_the_last(seat)
    notices.of_leaving(seat, last_day=last_day or today - DAY, now=now)
    _note(events.What.SEAT_ENDED, seat, by=by, now=now)
    if last_day is None and held.filter(from_date__gte=today).delete()[0]:
        return
    if not held.update(until_date=last_day or today - DAY):
        raise SeatEnded
    if last_day and seat.until_date:  # it may be later than it was
        seat.until_date = last_day
        notices.of_seat(seat, school=by.school, now=now)


@transaction.atomic
def stay(*, seat: Seat, by: Member, now: dt.datetime) -> None:
    """Take the last day of a seat back, while it has not passed; the letters of meetings after it follow.

    Raises SeatEnded, AlreadySeated, GroupEnded; PermissionDenied unless chair or admin.
    """
    permissions.demand(permissions.may_end_seat(by, seat))
    standing.locked(seat.group_id)
    held = Seat.objects.filter(_not_over(by.school.today(now)), pk=seat.pk)
    _must_be_the_last(seat)
    if not held.update(until_date=None):
        raise SeatEnded
    seat.until_date = None
    notices.of_seat(seat, school=by.school, now=now)
    _note(events.What.SEAT_GIVEN, seat, by=by, now=now)


@transaction.atomic
def hand_over_chair(*, group: WorkGroup, to: Seat, by: Member, now: dt.datetime) -> None:
    """Let another member of the group hold the chair; where it rotates, that settles it until the next meeting.

    Raises SeatEnded, SeatNotOpen, GroupEnded; PermissionDenied unless chair or admin.
    """
    permissions.demand(permissions.may_hand_over_chair(by, group))
    standing.locked(group.pk)
    today = by.school.today(now)
    seats = Seat.objects.filter(group=group)
    if seats.filter(Q(from_date__gt=today) | Q(until_date__gte=today), pk=to.pk).exists():
        raise SeatNotOpen
    seats = seats.filter(until_date__isnull=True, from_date__lte=today)
    seats.filter(is_chair=True).update(is_chair=False)
    if not seats.filter(pk=to.pk).update(is_chair=True):
        raise SeatEnded
    WorkGroup.objects.filter(pk=group.pk).update(chair_settled_at=now)
    _note(events.What.CHAIR_HANDED, to, by=by, now=now)


@transaction.atomic
def rotate_chair(*, group: WorkGroup, rotates: bool, by: Member, now: dt.datetime) -> None:
    """Let the chair go round from the next meeting on, or no longer.

    Raises GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_rotate_chair(by, group))
    standing.locked(group.pk)
    WorkGroup.objects.filter(pk=group.pk).update(chair_rotates=rotates, chair_settled_at=now)


@transaction.atomic
def keep_chair(*, group: WorkGroup, by: Member, now: dt.datetime) -> None:
    """Hold the chair for one more meeting although it rotates.

    Raises GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_rotate_chair(by, group))
    standing.locked(group.pk)
    WorkGroup.objects.filter(pk=group.pk).update(chair_settled_at=now)


@transaction.atomic
def say_line(
    *,
    seat: Seat,
    text: str,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> None:
    """Write down what colleagues may come and ask one about (P8); it may be empty, and it stays in the group.

    Raises TextTooLong, GroupEnded; PermissionDenied unless it is the member's own seat.
    """
    permissions.demand(permissions.may_write_line(by, seat))
    standing.locked(seat.group_id)
    line = words.one_line(text, limit=120, field="text", may_be_empty=True)
    Seat.objects.filter(pk=seat.pk).update(ask_me_about=line)


def must_work_here(user: User, school: School, *, today: dt.date, field: str) -> None:
    """A seat is for people of the school; raises NotInSchool beside the field."""
    if not Membership.objects.live(today).filter(user=user, school=school).exists():
        raise NotInSchool(field=field)


def _note(what: events.What, seat: Seat, *, by: Member, now: dt.datetime) -> None:
    """The event is the group's: the seat's own row may go at once."""
    group = WorkGroup(pk=seat.group_id)
    events.record(what=what, by=by.user, on=group, person=seat.user_id, school=seat.school_id, now=now)


def _must_be_the_last(seat: Seat) -> None:
    """Whoever has a later seat already would sit there twice."""
    if Seat.objects.filter(group_id=seat.group_id, user_id=seat.user_id, from_date__gt=seat.from_date).exists():
        raise AlreadySeated


def _not_over(day: dt.date) -> Q:
    return Q(until_date__isnull=True) | Q(until_date__gte=day)


def _near(day: dt.date, *, today: dt.date, field: str) -> dt.date:
    if not today <= day <= today + AHEAD_AT_MOST:
        raise OddDay(field=field)
    return day
