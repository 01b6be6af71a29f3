"""Seats that wait over REST: whom the chair invited to the own table. A code or link is never to be read here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions as people, addresses, bodies, paging, refusals, tenancy
from schools.models import User
from schools.roles import Role
from workgroups import actions, models, permissions, queries, rest
from workgroups.models import WorkGroup

MOST_AT_ONCE = 50


def _long(field: str) -> int | None:
    return getattr(User._meta.get_field(field), "max_length", None)


class GroupInvitation(serializers.Serializer[Any]):
    """A seat that waits for somebody who was invited and has not come yet."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    email = serializers.CharField(allow_null=True, help_text="The address; null: a code on paper.")
    name = serializers.CharField(allow_blank=True, help_text="As far as it was told.")


class Invited(serializers.Serializer[Any]):
    """What inviting came down to. Whether an address is known already is not told."""

    left = serializers.IntegerField(min_value=0, help_text="How many letters are on their way.")
    waiting = serializers.IntegerField(min_value=0, help_text="How many wait until the school may invite.")


class Guest(bodies.Sent):
    """Somebody to invite."""

    email = bodies.Text(max_length=addresses.LONGEST)
    given_name = bodies.Text(required=False, allow_blank=True, max_length=_long("given_name"))
    infix = bodies.Text(required=False, allow_blank=True, max_length=_long("infix"), help_text="Such as `van der`.")
    family_name = bodies.Text(required=False, allow_blank=True, max_length=_long("family_name"))


class NewGroupInvitations(bodies.Sent):
    """Whom to invite."""

    people = Guest(  # type: ignore[call-arg]  # how many is the list's to know
        many=True, allow_empty=False, max_length=MOST_AT_ONCE, help_text="At most fifty at once."
    )


class WaitingFilter(bodies.Asked):
    """Which of the seats that wait."""

    group = bodies.AskedNumber(help_text="Only of this group.")


class GroupInvitationsView(rest.GroupView):
    """The seats that wait in the groups that the caller chairs."""

    pagination_class = paging.Pages

    @extend_schema(
        operation_id="list_group_invitations",
        tags=["invitations"],
        parameters=[WaitingFilter],
        responses=GroupInvitation(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Who was invited to the groups that the caller chairs and has not come yet, the oldest first."""
        group_id = self.asked(WaitingFilter).get("group")
        rows = queries.waiting_seats_for(self.member)
        return self.page_of(rows.filter(group=group_id) if group_id else rows, lambda page: [*map(_told, page)])


class GroupInviteView(rest.GroupView):
    """Inviting to one group."""

    @extend_schema(
        operation_id="invite_to_group",
        tags=["invitations"],
        request=NewGroupInvitations,
        responses={201: Invited},
        examples=[OpenApiExample("One colleague", {"people": [{"email": "bram@school.example"}]}, request_only=True)],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Invite people to the group, as its chair: whoever says yes is a teacher of the school with a seat here.

        Each gets a letter with a link that works once; 403 for members. A session needs a proof of a moment ago (401).
        """
        rows = WorkGroup.objects.sat_in_by(self.member)
        group = self.find(rows, group_id, may=permissions.may_invite_to_group)
        self.must_be_proved()
        asked = _invitees(self.sent(NewGroupInvitations)["people"])
        done = actions.invite_to_group(group=group, emails=asked, by=self.member, now=self.now)
        may_leave = self.member.school.may_invite
        left, waiting = (done.known, 0) if may_leave else (0, done.known)  # known ones count as the others do
        return Response({"left": done.left + left, "waiting": done.waiting + waiting}, status=201)


class GroupInvitationView(rest.GroupView):
    """One seat that waits."""

    @extend_schema(operation_id="withdraw_group_invitation", tags=["invitations"], request=None, responses={204: None})
    def delete(self, request: Request, slug: str, waiting_id: int) -> Response:
        """Take back that a seat waits, as chair of the group; the link in the letter gives no seat here any more."""
        row = tenancy.fetch(queries.waiting_seats_for(self.member), pk=waiting_id)
        actions.withdraw_group_invitation(group_invitation=row, by=self.member, now=self.now)
        return Response(status=204)


def _invitees(sent: list[dict[str, str]]) -> list[people.Invitee]:
    """Each address once, as we write addresses; raises ValidationError (400) beside the first that is none."""
    found: dict[str, people.Invitee] = {}
    for place, one in enumerate(sent):
        try:
            email = addresses.clean(one.pop("email"))
        except refusals.Refused as wrong:
            errors = [*({} for _before in range(place)), {"email": [str(wrong.sentence)]}]
            raise exceptions.ValidationError({"people": errors}) from None
        found.setdefault(email, people.Invitee(email, Role.TEACHER, **one))
    return list(found.values())


def _told(row: models.GroupInvitation) -> dict[str, Any]:
    invitation = row.invitation
    return {"id": row.pk, "group": row.group_id, "email": invitation.email, "name": invitation.name}
