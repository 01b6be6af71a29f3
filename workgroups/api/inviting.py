"""Seats that wait over REST: whom the chair invited to the own table. A code or link is never to be read here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, forms, paging, scopes, tenancy
from schools.api import invitations
from schools.roles import Role
from workgroups import actions, models, permissions, queries, rest
from workgroups.models import WorkGroup


class GroupInvitation(serializers.Serializer[Any]):
    """A seat that waits for somebody who was invited and has not come yet."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    email = serializers.CharField(allow_null=True, help_text="The address; null: a code on paper.")
    name = serializers.CharField(allow_blank=True, help_text="For whom a code on paper is; empty beside an address.")


class NewGroupInvitations(bodies.Sent):
    """Whom to invite."""

    people = bodies.Many(child=invitations.Whom(), min_length=1, max_length=forms.MOST_AT_ONCE, help_text="Each once.")


class WaitingFilter(bodies.Asked):
    """Which of the seats that wait."""

    group = bodies.AskedNumber(help_text="Only of this group.")


class GroupInvitationsView(rest.GroupView):
    """The seats that wait in the groups that the caller chairs."""

    area = scopes.Area.PEOPLE  # addresses, and a way into the school
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

    area = scopes.Area.PEOPLE  # addresses, and a way into the school

    @extend_schema(
        operation_id="invite_to_group",
        tags=["invitations"],
        request=NewGroupInvitations,
        responses=invitations.Inviting,
        examples=[
            OpenApiExample(
                "One colleague",
                {"people": [{"email": "bram@school.example", "name": "Bram de Vries"}]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Invite people to the group, as its chair: whoever says yes is a teacher of the school with a seat here.

        Each gets a letter with a link that works once; 403 for members. A session needs a proof of a moment ago (401).
        """
        rows = WorkGroup.objects.sat_in_by(self.member)
        group = self.find(rows, group_id, may=permissions.may_invite_to_group)
        self.must_be_proved()
        asked = invitations.invitees(self.sent(NewGroupInvitations)["people"], as_=Role.TEACHER)
        done = actions.invite_to_group(group=group, emails=asked, by=self.member, now=self.now)
        told = done.told(may_leave=self.member.school.may_invite)  # it never says which addresses were known
        return Response({**told._asdict(), "known": None})


class GroupInvitationView(rest.GroupView):
    """One seat that waits."""

    area = scopes.Area.PEOPLE  # addresses, and a way into the school

    @extend_schema(operation_id="withdraw_group_invitation", tags=["invitations"], request=None, responses={204: None})
    def delete(self, request: Request, slug: str, waiting_id: int) -> Response:
        """Take back that a seat waits, as chair of the group; the link in the letter gives no seat here any more."""
        row = tenancy.fetch(queries.waiting_seats_for(self.member), pk=waiting_id)
        actions.withdraw_group_invitation(group_invitation=row, by=self.member, now=self.now)
        return Response(status=204)


def _told(row: models.GroupInvitation) -> dict[str, Any]:
    """As on the page: the name that stands there already would tell that an address was invited before."""
    invitation = row.invitation
    name = "" if invitation.email else invitation.name
    return {"id": row.pk, "group": row.group_id, "email": invitation.email, "name": name}
