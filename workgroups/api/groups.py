"""Groups over REST: the directory for everyone in the school, the inside for those whom the group lets in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, rest as doors, tenancy
from schools.models import User
from schools.roles import Member
from workgroups import actions, codes, models, permissions, queries, rest
from workgroups.models.group import GroupKind, GroupState
from workgroups.queries import records

SEATS = [("chair", "holds the chair"), ("member", "has a seat"), ("guest", "reads along for a visit")]
_INSIDE = "null for who may not enter the group."


def _why(told: str) -> bodies.Text:
    return bodies.Text(required=False, allow_blank=True, max_length=400, help_text=f"{told}, in the group's own words.")


class Group(serializers.Serializer[Any]):
    """A group as everyone in the school may know it."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField()
    theme = serializers.CharField(help_text="What the group works on (P2).")
    kind = serializers.ChoiceField(choices=GroupKind.choices)
    state = serializers.ChoiceField(choices=GroupState.choices)
    chair = serializers.CharField(allow_null=True, help_text="The chair's full name; null while nobody holds it.")
    chair_user = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The chair's id, as seats name it; null while nobody holds it."
    )
    aspect = serializers.CharField(
        allow_null=True, help_text="Key of the card in focus (G1); null before the first, and for who is only an admin."
    )
    seat = serializers.ChoiceField(choices=SEATS, allow_null=True, help_text="What the caller is there; null: nothing.")
    version = serializers.IntegerField(min_value=1, help_text="Rises with name, theme, kind and practices.")


class Seat(serializers.Serializer[Any]):
    """A place at the group's table."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(help_text="Full name.")
    is_chair = serializers.BooleanField(help_text="One seat holds the chair.")
    since = serializers.DateField(help_text="First day.")


class Focus(serializers.Serializer[Any]):
    """The card in focus, and why it matters to the group (G1, G2)."""

    id = serializers.IntegerField(min_value=1, help_text="The focus period.")
    aspect = serializers.CharField(help_text="Key of the card.")
    why = serializers.CharField(allow_blank=True, help_text="In the group's own words; empty while it did not say.")
    started_on = serializers.DateField(help_text="The day, at school.")


class OpenGroup(Group):
    """A group, with its inside for those whom it lets in."""

    seats = Seat(many=True, allow_null=True, help_text="The chair first; null for who may not see who sits there.")
    present_practice = serializers.CharField(
        allow_null=True, allow_blank=True, help_text=f"How it goes now, in the group's own words; {_INSIDE}"
    )
    desired_practice = serializers.CharField(
        allow_null=True, allow_blank=True, help_text=f"How the group wants it to go, in its own words; {_INSIDE}"
    )
    focus = Focus(allow_null=True, help_text=f"null before the first card, and {_INSIDE}")
    chair_rotates = serializers.BooleanField(allow_null=True, help_text=f"Whether the chair goes round; {_INSIDE}")
    ended_on = serializers.DateField(allow_null=True, help_text="The day, at school; null while the group works.")
    ended_because = serializers.CharField(
        allow_null=True, allow_blank=True, help_text=f"Why, in the group's own words; empty while it works; {_INSIDE}"
    )
    code = serializers.CharField(
        allow_null=True, help_text="Leads people with a seat to what the group does now; null for everybody else."
    )


class GroupFilter(bodies.Asked):
    """Which groups."""

    state = serializers.ChoiceField(choices=GroupState.choices, required=False, help_text="Only groups in this state.")


class GroupWords(bodies.Sent):
    """What a group is called and works on, with its why (P1)."""

    name = bodies.Text(max_length=80, help_text="No two active groups of a school have the same.")
    theme = bodies.Text(max_length=160, help_text="What the group works on (P2), in a few words.")
    kind = serializers.ChoiceField(choices=GroupKind.choices)
    present_practice = _why("How it goes now")
    desired_practice = _why("How the group wants it to go")


class NewGroup(GroupWords):
    """A new group, with somebody in the chair."""

    chair = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="The id of a person who works here.")


class GroupsView(rest.GroupView):
    """The groups of a school."""

    pagination_class = paging.Pages
    ordering = ("name", "id")

    @extend_schema(operation_id="list_groups", tags=["groups"], parameters=[GroupFilter], responses=Group(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The groups of the school by name, ended ones too. Everyone in the school may know these."""
        return self.page_of(records.groups(self.member, **self.asked(GroupFilter)), self._shaped)

    def _shaped(self, page: list[models.WorkGroup]) -> list[dict[str, Any]]:
        ids = [group.pk for group in page]
        chairs, periods = queries.chairs_of(ids, today=self.today), records.periods(ids)
        return [_group(group, self.member, chairs.get(group.pk), periods.get(group.pk)) for group in page]

    @extend_schema(
        operation_id="start_group",
        tags=["groups"],
        request=NewGroup,
        responses={201: OpenGroup},
        examples=[
            OpenApiExample(
                "A new group",
                {"name": "Rekenen", "theme": "Meer gesprek in de les", "kind": "working_group", "chair": 12},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Start a group around one theme, with its chair (P1, P2). For leaders and admins; 403 for everybody else."""
        permissions.demand(permissions.may_start_group(self.member))
        sent = self.sent(NewGroup)
        why = {name: sent.pop(name, "") for name in ("present_practice", "desired_practice")}
        chair = self.person(queries.people_at(self.member.school.pk, today=self.today), sent.pop("chair"), at="chair")
        made = actions.start_group(**sent, **why, chair=chair, by=self.member, now=self.now)
        return self.created(told(made, self), "group", version=made.version, group_id=made.pk)


class GroupView(rest.GroupView):
    """One group."""

    @extend_schema(operation_id="read_group", tags=["groups"], responses=OpenGroup)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """A group; its seats, practices and focus are null for who may not see them."""
        group = tenancy.fetch(records.groups(self.member), pk=group_id)
        return self.versioned(told(group, self), group.version)

    @doors.edit_schema(operation_id="change_group", tags=["groups"], request=GroupWords, responses={200: OpenGroup})
    def put(self, request: Request, slug: str, group_id: int) -> Response:
        """Change what a group is called and works on, as its chair, a leader or an admin; 403 for everybody else.

        The two practices are the group's own words: only its chair sends them. What is left out stays as it is.
        """
        group = self.find(records.groups(self.member), group_id, may=permissions.may_describe_group)
        version = self.version_read()
        sent = self.sent(GroupWords)
        changed = actions.describe_group(group=group, **sent, version=version, by=self.member, now=self.now)
        return self.versioned(told(changed, self), changed.version)


def told(group: models.WorkGroup, door: rest.GroupView) -> dict[str, Any]:
    """A group as the caller may see it, as ``OpenGroup`` has it. Two queries."""
    member = door.member
    period = records.periods([group.pk]).get(group.pk)
    seats = queries.seats_of(group, today=door.today)
    chair = next((seat.user for seat in seats if seat.is_chair), None)
    inside = permissions.may_enter(member, group)
    return {
        **_group(group, member, chair, period),
        "seats": [seat_told(seat) for seat in seats] if permissions.may_read_seats(member, group) else None,
        "present_practice": group.present_practice if inside else None,
        "desired_practice": group.desired_practice if inside else None,
        "focus": _focus(period) if period and permissions.may_read_goals(member, group) else None,
        "chair_rotates": group.chair_rotates if inside else None,
        "ended_on": group.ended_on,
        "ended_because": group.ended_because if inside else None,
        "code": codes.code_of(group.pk) if member.sits_in(group.pk) else None,
    }


def _group(
    group: models.WorkGroup, member: Member, chair: User | None, period: models.FocusPeriod | None
) -> dict[str, Any]:
    return {
        "id": group.pk,
        "name": group.name,
        "theme": group.theme,
        "kind": group.kind,
        "state": group.state,
        "chair": chair and chair.name,
        "chair_user": chair and chair.pk,
        "aspect": period.aspect.key if period and permissions.may_know_card(member, group) else None,
        "seat": _place_of(member, group),
        "version": group.version,
    }


def _place_of(member: Member, group: models.WorkGroup) -> str | None:
    if member.sits_in(group.pk):
        return "chair" if member.chairs(group.pk) else "member"
    return "guest" if member.visits(group.pk) else None


def seat_told(seat: models.Seat) -> dict[str, Any]:
    return {"id": seat.pk, "name": seat.user.name, "is_chair": seat.is_chair, "since": seat.from_date}


def _focus(period: models.FocusPeriod) -> dict[str, Any]:
    return {"id": period.pk, "aspect": period.aspect.key, "why": period.why, "started_on": period.started_on}
