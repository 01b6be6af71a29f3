"""What happened, over REST: to oneself, at a school, at a board; and which operators looked in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from samenspraak import happened
from schools import bodies, paging, rest, scopes
from schools.api.stewards import BoardView
from schools.models import BreakGlass, Event
from schools.models.events import EventQuerySet, What
from schools.roles import Role
from workgroups import queries


class Happened(serializers.Serializer[Any]):
    """Something that happened, without a word of what people wrote. Kept for twelve months."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField(help_text="In UTC.")
    what = serializers.ChoiceField(choices=What.choices)
    words = serializers.CharField(help_text="What happened, in the caller's language.")
    role = serializers.ChoiceField(
        choices=Role.choices, allow_null=True, help_text="Which role, where it is about one."
    )
    person = serializers.CharField(
        allow_null=True, help_text="Full name of whom it is about; null where that is nobody else, or has gone."
    )
    by = serializers.CharField(
        allow_null=True, help_text="Full name of who did it; null where the product did, or nobody is to be named."
    )
    school = serializers.SlugField(allow_null=True, help_text="Where; null for what belongs to no school.")
    group = serializers.IntegerField(min_value=1, allow_null=True, help_text="The group's id, where it is about one.")
    group_name = serializers.CharField(allow_null=True, help_text="null where `group` is, or the group has gone.")


class Opening(serializers.Serializer[Any]):
    """An operator looked in, for a reason: reading only, four hours at most. Kept for twelve months."""

    id = serializers.IntegerField(min_value=1)
    opened_at = serializers.DateTimeField(help_text="In UTC.")
    ends_at = serializers.DateTimeField(help_text="In UTC: when it closed or will close by itself.")
    is_open = serializers.BooleanField(help_text="Whether the operator can read there now.")
    reason = serializers.CharField(help_text="In the operator's words.")
    operator = serializers.CharField(help_text="Full name.")
    group = serializers.IntegerField(
        min_value=1, allow_null=True, help_text="Id of the group that was opened; null: the school itself."
    )
    group_name = serializers.CharField(allow_null=True, help_text="As it was called then; null where `group` is.")


class _Events(rest.Door):
    """A list of events, the newest first."""

    pagination_class = paging.Pages
    ordering = ("-at", "-id")

    def told(self, rows: EventQuerySet) -> Response:
        """A page of it. Two queries: the events, and the names of groups in them."""
        self.asked(bodies.Asked)
        return self.page_of(rows.select_related("by", "person", "school"), _told)


class OwnEventsView(_Events):
    """What happened with the caller's account."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="list_own_events", tags=["events"], responses=Happened(many=True))
    def get(self, request: Request) -> Response:
        """What the caller did, and what was done about the caller, in all schools; the newest first."""
        return self.told(Event.objects.about(self.caller))


class SchoolEventsView(_Events, rest.SchoolView):
    """What happened at a school."""

    @extend_schema(operation_id="list_school_events", tags=["events"], responses=Happened(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What happened with roles, invitations, groups and settings, the newest first.

        For admins of the school; 404 for everybody else.
        """
        if not self.member.has(Role.ADMIN):
            raise Http404
        return self.told(Event.objects.visible_to(self.member))


class BoardEventsView(_Events, BoardView):
    """What happened at a board."""

    @extend_schema(operation_id="list_board_events", tags=["events"], responses=Happened(many=True))
    def get(self, request: Request, number: int) -> Response:
        """What happened with the board's settings and the roles at its schools, the newest first; for its admins."""
        return self.told(Event.objects.of_board(self.board))


class OpeningsView(rest.SchoolView):
    """Who looked in at a school."""

    pagination_class = paging.Pages
    ordering = ("-opened_at", "-id")

    @extend_schema(operation_id="list_school_openings", tags=["events"], responses=Opening(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Which operators looked in from outside, when and why, the newest first: for everybody of the school."""
        self.asked(bodies.Asked)
        return self.page_of(queries.looks_at(self.member), lambda page: [_opening(row, self) for row in page])


def _told(page: Sequence[Event]) -> list[dict[str, Any]]:
    names = happened.groups_in(page)
    return [_event(row, names) for row in page]


def _event(row: Event, names: dict[int, str]) -> dict[str, Any]:
    group = happened.group_of(row)
    return {
        "id": row.pk,
        "at": row.at,
        "what": row.what,
        "words": row.get_what_display(),
        "role": row.role or None,
        "person": row.person and row.person.name,
        "by": row.by and row.by.name,
        "school": row.school and row.school.slug,
        "group": group,
        "group_name": names.get(group) if group else None,
    }


def _opening(row: BreakGlass, view: rest.Door) -> dict[str, Any]:
    return {
        "id": row.pk,
        "opened_at": row.opened_at,
        "ends_at": row.ends_at,
        "is_open": row.is_open(view.now),
        "reason": row.reason,
        "operator": row.user.name,
        "group": row.group_id,
        "group_name": row.group_name if row.group_id else None,
    }
