"""Seats over REST: who comes and goes by date, who holds the chair, and what colleagues may ask whom."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, tenancy
from schools.models import User
from workgroups import actions, models, permissions, queries, rest
from workgroups.api import groups
from workgroups.models import WorkGroup


class TableSeat(groups.Seat):
    """A place at a group's table, also one that is still to come."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    user = serializers.IntegerField(min_value=1, help_text="The person's id.")
    until = serializers.DateField(allow_null=True, help_text="Last day; null: no end in sight.")
    ask_me_about = serializers.CharField(
        allow_null=True,
        allow_blank=True,
        help_text="What colleagues may come and ask (P8); null for who has no seat in the group.",
    )


class Candidate(serializers.Serializer[Any]):
    """Somebody of the school."""

    user = serializers.IntegerField(min_value=1, help_text="The person's id.")
    name = serializers.CharField(help_text="Full name.")


class NewSeat(bodies.Sent):
    """Somebody of the school who gets a seat."""

    user = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="The person's id.")
    from_date = bodies.Day(
        required=False, default=None, allow_null=True, help_text="First day, within a year; null: today."
    )


class LastDay(bodies.Sent):
    """When somebody leaves."""

    last_day = bodies.Day(help_text="Today or a day within a year; until then everything stays as it is.")


class OwnLine(bodies.Sent):
    """What colleagues may come and ask one about (P8)."""

    text = bodies.Text(allow_blank=True, max_length=120, help_text="Only the group reads it; empty: nothing.")


class Rotation(bodies.Sent):
    """Whether the chair goes round."""

    rotates = bodies.YesNo(help_text="true: the chair is asked after each meeting to pass it on.")


class SeatFilter(bodies.Asked):
    """Which seats."""

    group = bodies.AskedNumber(help_text="Only of this group.")


class SeatsView(rest.GroupView):
    """The seats that the caller may know of."""

    pagination_class = paging.Pages

    @extend_schema(operation_id="list_seats", tags=["seats"], parameters=[SeatFilter], responses=TableSeat(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Who sits in a group today or will, the oldest first: of the caller's groups, of all for leader and admin."""
        rows = queries.seats_for(self.member, today=self.today)
        group_id = self.asked(SeatFilter).get("group")
        return self.page_of(rows.filter(group=group_id) if group_id else rows, lambda page: [*map(self._told, page)])

    def _told(self, seat: models.Seat) -> dict[str, Any]:
        return _seat(seat, self)


class GroupSeatsView(rest.GroupView):
    """The seats of one group."""

    @extend_schema(operation_id="give_seat", tags=["seats"], request=NewSeat, responses={201: TableSeat})
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Give somebody of the school a seat, as chair, leader or admin; 403 for others who may know the seats."""
        group = self.find(WorkGroup.objects.seats_open_to(self.member), group_id, may=permissions.may_seat)
        sent = self.sent(NewSeat)
        user = self.person(queries.may_be_seated(group, today=self.today), sent["user"], at="user")
        made = actions.seat(group=group, user=user, from_date=sent["from_date"], by=self.member, now=self.now)
        return self.created(_seat(made, self), "seat", seat_id=made.pk)


class CandidatesView(rest.GroupView):
    """Who can be given a seat in one group."""

    pagination_class = paging.Pages
    ordering = ("given_name", "family_name", "id")

    @extend_schema(operation_id="list_seat_candidates", tags=["seats"], responses=Candidate(many=True))
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """The people of the school without a seat in the group, by name. For who gives seats; 403 for others inside."""
        self.asked(bodies.Asked)
        group = self.find(WorkGroup.objects.seats_open_to(self.member), group_id, may=permissions.may_seat)
        return self.page_of(queries.may_be_seated(group, today=self.today), lambda page: [*map(_person, page)])


class _OneSeat(rest.GroupView):
    """What is about one seat."""

    def held(self, seat_id: int) -> models.Seat:
        """The seat, for who ends seats; 403 for others who may know of it."""
        return self.find(queries.seats_for(self.member, today=self.today), seat_id, may=permissions.may_end_seat)

    def told(self, seat_id: int) -> Response:
        """The seat as it is now."""
        return Response(_seat(tenancy.fetch(queries.seats_for(self.member, today=self.today), pk=seat_id), self))


class SeatView(_OneSeat):
    """One seat."""

    @extend_schema(operation_id="read_seat", tags=["seats"], responses=TableSeat)
    def get(self, request: Request, slug: str, seat_id: int) -> Response:
        """A seat, for the group, its guest, the leader and the admin."""
        return self.told(seat_id)

    @extend_schema(operation_id="end_seat", tags=["seats"], request=None, responses={204: None})
    def delete(self, request: Request, slug: str, seat_id: int) -> Response:
        """End a seat at once: the group is closed to this person from today on. For chair and admin."""
        actions.leave(seat=self.held(seat_id), by=self.member, now=self.now)
        return Response(status=204)


class SeatLeaveView(_OneSeat):
    """The last day of one seat."""

    @extend_schema(operation_id="leave_seat", tags=["seats"], request=LastDay, responses=TableSeat)
    def post(self, request: Request, slug: str, seat_id: int) -> Response:
        """End a seat after a last day. For chair and admin; the chair's own seat only after the chair went on."""
        actions.leave(seat=self.held(seat_id), **self.sent(LastDay), by=self.member, now=self.now)
        return self.told(seat_id)


class SeatStayView(_OneSeat):
    """A seat without a last day."""

    @extend_schema(operation_id="keep_seat", tags=["seats"], request=None, responses=TableSeat)
    def post(self, request: Request, slug: str, seat_id: int) -> Response:
        """Take the last day of a seat back, while it has not passed. For chair and admin."""
        actions.stay(seat=self.held(seat_id), by=self.member, now=self.now)
        return self.told(seat_id)


class SeatChairView(_OneSeat):
    """The chair on one seat."""

    @extend_schema(operation_id="hand_over_chair", tags=["seats"], request=None, responses=TableSeat)
    def post(self, request: Request, slug: str, seat_id: int) -> Response:
        """Hand the chair to somebody who sits there now and stays. For chair and admin."""
        seat = self.held(seat_id)
        actions.hand_over_chair(group=seat.group, to=seat, by=self.member, now=self.now)
        return self.told(seat_id)


class SeatLineView(_OneSeat):
    """The line of one seat."""

    @extend_schema(operation_id="change_seat_line", tags=["seats"], request=OwnLine, responses=TableSeat)
    def put(self, request: Request, slug: str, seat_id: int) -> Response:
        """Write down what colleagues may come and ask (P8), at the own seat; 403 at others that one may know of."""
        rows = queries.seats_for(self.member, today=self.today)
        seat = self.find(rows, seat_id, may=permissions.may_write_line)
        actions.say_line(seat=seat, **self.sent(OwnLine), by=self.member, now=self.now)
        return self.told(seat_id)


class _Chair(rest.GroupView):
    """What the chair says about the chair: 403 for others inside, 404 for everybody else."""

    def chaired(self, group_id: int) -> models.WorkGroup:
        """The group, for its chair."""
        return self.find(WorkGroup.objects.entered_by(self.member), group_id, may=permissions.may_rotate_chair)

    def told(self, group_id: int) -> Response:
        """The group as it is now."""
        group = tenancy.fetch(WorkGroup.objects.entered_by(self.member), pk=group_id)
        return self.versioned(groups.told(group, self), group.version)


class ChairRotateView(_Chair):
    """The chair in turns."""

    @extend_schema(operation_id="rotate_chair", tags=["groups"], request=Rotation, responses=groups.OpenGroup)
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Let the chair go round from the next meeting on, or no longer. For the chair."""
        group = self.chaired(group_id)
        actions.rotate_chair(group=group, **self.sent(Rotation), by=self.member, now=self.now)
        return self.told(group_id)


class ChairKeepView(_Chair):
    """The chair for one meeting more."""

    @extend_schema(operation_id="keep_chair", tags=["groups"], request=None, responses=groups.OpenGroup)
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Hold the chair for one more meeting although it goes round. For the chair."""
        actions.keep_chair(group=self.chaired(group_id), by=self.member, now=self.now)
        return self.told(group_id)


def _seat(seat: models.Seat, door: rest.GroupView) -> dict[str, Any]:
    return {
        **groups.seat_told(seat),
        "group": seat.group_id,
        "user": seat.user_id,
        "until": seat.until_date,
        "ask_me_about": seat.ask_me_about if door.member.sits_in(seat.group_id) else None,
    }


def _person(user: User) -> dict[str, Any]:
    return {"user": user.pk, "name": user.name}
