"""The people of a school over REST, as its admins keep them: addresses, dated roles, and the end of a time there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, bodies, paging, queries, tenancy
from schools.api.stewards import StewardView
from schools.models import Membership, User
from schools.roles import Role

STATES = (("here", "is somebody there today"), ("later", "comes later"))
_END = {"last_day": "2027-07-16", "sure": False}


class HeldRole(serializers.Serializer[Any]):
    """A role that somebody holds now or later."""

    id = serializers.IntegerField(min_value=1, help_text="Of this role of this person: `role_id` in addresses.")
    role = serializers.ChoiceField(choices=Role.choices)
    from_date = serializers.DateField(help_text="First day, at school.")
    until_date = serializers.DateField(allow_null=True, help_text="Last day, at school; null: no end is known.")


class SchoolMember(serializers.Serializer[Any]):
    """Somebody of the school, for who keeps its people."""

    id = serializers.IntegerField(min_value=1, help_text="The person's id.")
    name = serializers.CharField(help_text="The full name.")
    email = serializers.EmailField(allow_null=True, help_text="null for somebody without one.")
    roles = HeldRole(many=True, help_text="Held now or later; none once the time there has ended.")
    last_day = serializers.DateField(
        allow_null=True, help_text="Last day at the school; null as long as a role has no end, and without roles."
    )


class MemberFilter(bodies.Asked):
    """Which people."""

    role = serializers.ChoiceField(choices=Role.choices, required=False, help_text="Only who holds it now or later.")
    state = serializers.ChoiceField(choices=STATES, required=False, help_text="Only these; both without it.")


class NewRole(bodies.Sent):
    """One more role, from today on."""

    role = serializers.ChoiceField(choices=Role.choices)


class EndOfTime(bodies.Sent):
    """When it ends."""

    last_day = bodies.Day(
        allow_null=True, help_text="Today or a day within a year; null: at once, so that nothing holds any more today."
    )
    sure = bodies.YesNo(
        required=False, default=False, help_text="Also where the school then has no admin (409 `last_admin`)."
    )


class MembersView(StewardView):
    """The people of a school."""

    pagination_class = paging.Pages
    ordering = ("given_name", "family_name", "id")

    @extend_schema(
        operation_id="list_members", tags=["members"], parameters=[MemberFilter], responses=SchoolMember(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Who works at the school or will, by first name, with addresses and roles.

        For admins of the school and of its board; 403 for its leaders. `colleagues/` is there for everybody at school.
        """
        asked = self.asked(MemberFilter)
        here = {"here": True, "later": False}.get(asked.get("state", ""))
        rows = queries.people_of(self.school, today=self.today, role=asked.get("role"), here=here)

        def shape(page: list[User]) -> list[dict[str, Any]]:
            held = queries.held_by(page, school=self.school, today=self.today)
            return [_member(user, held.get(user.pk, [])) for user in page]

        return self.page_of(rows, shape)


class _PersonView(StewardView):
    """Somebody of the school."""

    def enter(self, **kwargs: Any) -> None:
        """Find the person among those of the school; 404 for anybody else."""
        super().enter(**kwargs)
        self.person = tenancy.fetch(queries.people_of(self.school, today=self.today), pk=kwargs["user_id"])
        self.held = queries.roles_at(self.school, self.person, today=self.today)

    def as_now(self) -> dict[str, Any]:
        """The person as the change left it."""
        return _member(self.person, queries.roles_at(self.school, self.person, today=self.today))


class _RoleView(_PersonView):
    """A role that somebody of the school holds."""

    def enter(self, **kwargs: Any) -> None:
        """Find the role among the person's; 404 for another."""
        super().enter(**kwargs)
        found = next((row for row in self.held if row.pk == kwargs["membership_id"]), None)
        if found is None:
            raise Http404
        self.membership = found


class MemberView(_PersonView):
    """One person of a school."""

    @extend_schema(operation_id="read_member", tags=["members"], responses=SchoolMember)
    def get(self, request: Request, slug: str, user_id: int) -> Response:
        """Somebody who works at the school or will."""
        return Response(_member(self.person, self.held))


class MemberRolesView(_PersonView):
    """The roles of one person."""

    @extend_schema(operation_id="give_role", tags=["members"], request=NewRole, responses={201: SchoolMember})
    def post(self, request: Request, slug: str, user_id: int) -> Response:
        """Give somebody of the school one more role, from today on. 409 `role_held` for one that is held."""
        self.must_be_proved()
        role = Role(self.sent(NewRole)["role"])
        actions.give_role(user=self.person, role=role, by=self.steward, now=self.now)
        return self.created(self.as_now(), "member", user_id=self.person.pk)


class MemberLeaveView(_PersonView):
    """The end of somebody's time at a school."""

    @extend_schema(
        operation_id="end_membership",
        tags=["members"],
        request=EndOfTime,
        responses=SchoolMember,
        examples=[OpenApiExample("At the end of the school year", _END, request_only=True)],
    )
    def post(self, request: Request, slug: str, user_id: int) -> Response:
        """End all that somebody is at the school: roles, seats in groups, open invitations. Nothing written is lost."""
        self.must_be_proved()
        actions.end_time(user=self.person, **self.sent(EndOfTime), by=self.steward, now=self.now)
        return Response(self.as_now())


class MemberRoleEndView(_RoleView):
    """The end of a role."""

    @extend_schema(operation_id="end_role", tags=["members"], request=EndOfTime, responses=SchoolMember)
    def post(self, request: Request, slug: str, user_id: int, membership_id: int) -> Response:
        """End a role; with the last one ends the time at the school."""
        self.must_be_proved()
        actions.end_role(membership=self.membership, **self.sent(EndOfTime), by=self.steward, now=self.now)
        return Response(self.as_now())


class MemberRoleStayView(_RoleView):
    """A role that goes on."""

    @extend_schema(operation_id="keep_role", tags=["members"], request=None, responses=SchoolMember)
    def post(self, request: Request, slug: str, user_id: int, membership_id: int) -> Response:
        """Take the last day of a role back, while it has not passed; seats that ended stay ended."""
        self.must_be_proved()
        actions.stay_in_role(membership=self.membership, by=self.steward, now=self.now)
        return Response(self.as_now())


def _member(user: User, held: Sequence[Membership]) -> dict[str, Any]:
    return {
        "id": user.pk,
        "name": user.name,
        "email": user.email,
        "roles": [
            {"id": row.pk, "role": row.role, "from_date": row.from_date, "until_date": row.until_date} for row in held
        ],
        "last_day": queries.Keeping(user, tuple(held)).last_day if held else None,
    }
