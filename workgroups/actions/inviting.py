"""A chair invites people to the own table; and what happens at the tables when somebody comes to a school or leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from schools import actions as people, events
from schools.models import Invitation, School, User
from schools.roles import Member, Role
from workgroups import permissions, queries
from workgroups.actions import notices, standing
from workgroups.models import CalendarFeed, GroupInvitation, Seat, WorkGroup
from workgroups.models.group import GroupState


@transaction.atomic
def invite_to_group(
    *, group: WorkGroup, emails: Sequence[people.Invitee], by: Member, now: dt.datetime
) -> people.Invited:
    """Invite people to the group by address: whoever accepts is a teacher of the school and has a seat.

    A colleague who works here already gets the same letter, so that nothing tells which address is whose. Raises
    GroupEnded, TooManyInvitationsError; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_invite_to_group(by, group))
    group = standing.locked(group.pk)
    asked = [one._replace(role=Role.TEACHER) for one in emails]
    new = people.write_down(school=by.school, people=asked, by=by.user, now=now, also_here=True)
    rows = Invitation.objects.open().filter(school=by.school, role=Role.TEACHER, email__in=[one.email for one in asked])
    GroupInvitation.objects.bulk_create(
        [GroupInvitation(school=by.school, group=group, invitation=row) for row in rows], ignore_conflicts=True
    )
    left = people.send_at_once(new, school=by.school, now=now)
    return people.Invited(left, len(new) - left, len(asked) - len(new))


@transaction.atomic
def withdraw_group_invitation(*, group_invitation: GroupInvitation, by: Member, now: dt.datetime) -> None:
    """Take back that a seat waits; the invitation to the school goes too, if it came from this table alone.

    PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_invite_to_group(by, group_invitation))
    invitation = group_invitation.invitation
    group_invitation.delete()
    from_here = invitation.invited_by_id == by.user.pk and not invitation.seats.exists()
    if from_here and Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=now):
        events.record(
            what=events.What.INVITATION_REVOKED, by=by.user, on=invitation, school=invitation.school_id, now=now
        )


def follow_people() -> None:
    """Tell the floor below that the tables follow who comes and who leaves."""
    people.register_follower(AtTheTables())


class AtTheTables:
    """What this floor does when somebody comes to a school, or leaves it (schools.actions.following)."""

    def named(self, invitation: Invitation) -> list[str]:
        """The groups in which a seat waits."""
        rows = GroupInvitation.objects.filter(invitation=invitation, group__state=GroupState.ACTIVE)
        return list(rows.order_by("group__name").values_list("group__name", flat=True))

    def came_in(self, *, invitation: Invitation, user: User, now: dt.datetime) -> None:
        """Give the seats that waited, in groups that still work."""
        school = invitation.school
        for row in GroupInvitation.objects.filter(invitation=invitation).order_by("group_id"):
            group = standing.held(row.group_id)
            seated = Seat.objects.filter(group=group, user=user).not_over(school.today(now))
            if group.state == GroupState.ACTIVE and not seated.exists():
                seat = Seat.objects.create(school=school, group=group, user=user, from_date=school.today(now))
                notices.of_seat(seat, school=school, now=now)
                by = invitation.invited_by
                events.record(what=events.What.SEAT_GIVEN, by=by, on=group, person=user, school=school, now=now)

    def leaves(self, *, school: School, user: User, last_day: dt.date, now: dt.datetime) -> None:
        """End the seats after that day; a chair goes to whoever is next in turn at once.

        A table at which nobody else sits has no chair then, until an admin or leader gives a seat and hands it over.
        """
        today = school.today(now)
        held = Seat.objects.filter(school=school, user=user, group__state=GroupState.ACTIVE).not_over(today)
        for seat in held.order_by("group_id"):
            standing.held(seat.group_id)
            if seat.is_chair:
                _pass_on(seat, today=today, now=now)
            _end(seat, last_day=last_day, now=now)

    def shut_out(self, *, user: User) -> None:
        """Calendars fetch nothing more at the addresses that were known."""
        CalendarFeed.objects.filter(user=user).delete()


def _pass_on(seat: Seat, *, today: dt.date, now: dt.datetime) -> None:
    """Hand the chair of somebody who leaves to the next in turn, where somebody else stays."""
    to = queries.next_in_turn(queries.seats_of(seat.group, today=today))
    if to is None:
        return
    Seat.objects.filter(pk=seat.pk).update(is_chair=False)
    Seat.objects.filter(pk=to.pk).update(is_chair=True)
    WorkGroup.objects.filter(pk=seat.group_id).update(chair_settled_at=now)
    what = events.What.CHAIR_HANDED
    events.record(what=what, by=None, on=seat.group, person=to.user_id, school=seat.school_id, now=now)


def _end(seat: Seat, *, last_day: dt.date, now: dt.datetime) -> None:
    notices.of_leaving(seat, last_day=last_day, now=now)
    if seat.from_date > last_day:
        Seat.objects.filter(pk=seat.pk).delete()
    else:
        Seat.objects.filter(pk=seat.pk).not_over(last_day).update(until_date=last_day)
    events.record(
        what=events.What.SEAT_ENDED,
        by=None,
        on=WorkGroup(pk=seat.group_id),
        person=seat.user_id,
        school=seat.school_id,
        now=now,
    )
