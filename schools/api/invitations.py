"""Invitations to a school over REST. A code on paper is made, and shown once, at the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, addresses, bodies, forms, paging, permissions, queries, refusals, tenancy
from schools.api.stewards import StewardView
from schools.models import Invitation
from schools.roles import Role

STATES = (
    ("waiting", "its letter leaves within a minute, or once the school may invite"),
    ("undelivered", "its letter could not be delivered so far"),
    ("open", "it can be accepted"),
    ("expired", "it worked until `expires_at`: send it again"),
    ("no_code", "without an address, and no code on paper was made"),
    ("withdrawn", "it opens nothing any more"),
)
_EXAMPLE = {"role": "teacher", "people": [{"email": "bram@school.example", "name": "Bram de Vries"}]}


class SchoolInvitation(serializers.Serializer[Any]):
    """A place at the school that waits for somebody. Its key is in the letter alone and can be read nowhere."""

    id = serializers.IntegerField(min_value=1)
    role = serializers.ChoiceField(choices=Role.choices)
    email = serializers.EmailField(allow_null=True, help_text="null for a code on paper.")
    name = serializers.CharField(allow_blank=True, help_text="As far as who invited knew it.")
    state = serializers.ChoiceField(choices=STATES)
    invited_by = serializers.CharField(allow_null=True, help_text="Full name; null when that account is gone.")
    made_at = serializers.DateTimeField(help_text="In UTC.")
    sent_at = serializers.DateTimeField(allow_null=True, help_text="In UTC, the latest time; null: not yet.")
    expires_at = serializers.DateTimeField(allow_null=True, help_text="In UTC; null as long as it has no key.")


class Whom(bodies.Sent):
    """Somebody to invite."""

    email = bodies.Text(max_length=addresses.LONGEST, help_text="The e-mail address.")
    name = bodies.Text(
        required=False, default="", allow_blank=True, max_length=160, help_text="The full name, if it is known."
    )

    def validate_email(self, said: str) -> str:
        """The address as we write addresses."""
        try:
            return addresses.clean(said)
        except refusals.Refused as refused:
            raise serializers.ValidationError(str(refused.sentence)) from refused

    def validate_name(self, said: str) -> dict[str, str]:
        """The parts of the name."""
        try:
            return actions.split_name(said) if said.strip() else {}
        except refusals.Refused as refused:
            raise serializers.ValidationError(str(refused.sentence)) from refused


class Whoever(bodies.Sent):
    """Whom to invite, and as what."""

    role = serializers.ChoiceField(choices=Role.choices, help_text="A leader invites teachers and coaches.")
    people = bodies.Many(child=Whom(), min_length=1, max_length=forms.MOST_AT_ONCE, help_text="Each once.")


class Inviting(serializers.Serializer[Any]):
    """What became of inviting. It never says whether an address is known elsewhere."""

    left = serializers.IntegerField(min_value=0, help_text="Letters that are on their way.")
    waiting = serializers.IntegerField(
        min_value=0, help_text="That leave within minutes, or once the school may invite (`start/`)."
    )
    known = serializers.IntegerField(
        min_value=0,
        allow_null=True,
        help_text="Addresses that work here as that or are invited already; null for a leader, who reads no addresses.",
    )


class InvitationFilter(bodies.Asked):
    """Which invitations."""

    role = serializers.ChoiceField(choices=Role.choices, required=False, help_text="Only to this role.")


class InvitationsView(StewardView):
    """The open invitations of a school."""

    pagination_class = paging.Pages
    ordering = ("-made_at", "-id")
    may_write = staticmethod(permissions.may_start_school)

    @extend_schema(
        operation_id="list_invitations",
        tags=["invitations"],
        parameters=[InvitationFilter],
        responses=SchoolInvitation(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """What waits for an answer, the newest first, for admins of the school and its board; 403 for its leaders."""
        rows = queries.open_invitations(self.school).filter(**self.asked(InvitationFilter))
        return self.page_of(rows, lambda page: [_invitation(row, self.now) for row in page])

    @extend_schema(
        operation_id="invite_people",
        tags=["invitations"],
        request=Whoever,
        responses=Inviting,
        examples=[OpenApiExample("One teacher", _EXAMPLE, request_only=True)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Invite one person or several; letters leave at once, or wait until the school may invite.

        Who holds the role here, or has such an invitation, gets no second one: sending this twice invites once. 403 for
        a leader who invites to a role that is not a leader's to give.
        """
        self.must_be_proved()
        said = self.sent(Whoever)
        people = invitees(said["people"], as_=Role(said["role"]))
        done = actions.invite(people=people, by=self.steward, now=self.now)
        if permissions.may_keep_people(self.steward):
            return Response(done._asdict())
        return Response({**done.told(may_leave=self.school.may_invite)._asdict(), "known": None})


class InvitationView(StewardView):
    """One open invitation."""

    @extend_schema(operation_id="read_invitation", tags=["invitations"], responses=SchoolInvitation)
    def get(self, request: Request, slug: str, invitation_id: int) -> Response:
        """An invitation that waits for an answer; 404 once it was accepted or withdrawn."""
        row = tenancy.fetch(queries.open_invitations(self.school), pk=invitation_id)
        return Response(_invitation(row, self.now))


class InvitationSendView(StewardView):
    """An invitation that leaves once more."""

    @extend_schema(operation_id="send_invitation", tags=["invitations"], request=None, responses=SchoolInvitation)
    def post(self, request: Request, slug: str, invitation_id: int) -> Response:
        """Send it again with a new key; the link in the earlier letter no longer works.

        409 `no_consent` before the school may invite, `just_sent` within ten minutes or after ten letters.
        """
        self.must_be_proved()
        actions.invite_again(invitation_id=invitation_id, by=self.steward, now=self.now)
        row = tenancy.fetch(queries.open_invitations(self.school), pk=invitation_id)
        return Response(_invitation(row, self.now))


class InvitationWithdrawView(StewardView):
    """The end of an invitation."""

    @extend_schema(operation_id="withdraw_invitation", tags=["invitations"], request=None, responses=SchoolInvitation)
    def post(self, request: Request, slug: str, invitation_id: int) -> Response:
        """Withdraw it: its key opens nothing any more, and it is no longer listed."""
        self.must_be_proved()
        row = tenancy.fetch(queries.open_invitations(self.school), pk=invitation_id)
        actions.withdraw_invitation(invitation_id=invitation_id, by=self.steward, now=self.now)
        return Response({**_invitation(row, self.now), "state": "withdrawn"})


def invitees(sent: list[dict[str, Any]], *, as_: Role) -> list[actions.Invitee]:
    """Whom ``Whom`` named, each address once: by its first name."""
    names: dict[str, dict[str, str]] = {}
    for one in sent:
        names.setdefault(one["email"], one["name"])
    return [actions.Invitee(email, as_, **name) for email, name in names.items()]


def _invitation(row: Invitation, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": row.pk,
        "role": row.role,
        "email": row.email,
        "name": row.name,
        "state": _state(row, now),
        "invited_by": row.invited_by and row.invited_by.name,
        "made_at": row.made_at,
        "sent_at": row.sent_at,
        "expires_at": row.expires_at,
    }


def _state(row: Invitation, now: dt.datetime) -> str:
    """As the page tells it."""
    if row.expires_at is not None:
        return "open" if now < row.expires_at else "expired"
    if row.email is None:
        return "no_code"
    return "undelivered" if row.sent_at else "waiting"
