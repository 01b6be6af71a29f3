"""Visits over REST: for the group's members and the visitor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import models, permissions, queries
from observations.models.visit import Party, Purpose, VisitState
from schools import bodies, paging, scopes
from schools.roles import Member
from workgroups import rest
from workgroups.api import meetings
from workgroups.models import Meeting


class Visit(serializers.Serializer[Any]):
    """A visit: a coach, or a leader as a guest, comes to listen to one meeting."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    visitor = serializers.CharField(help_text="Full name.")
    visitor_user = serializers.IntegerField(min_value=1, help_text="The visitor's id, as `colleagues/` names people.")
    purpose = serializers.ChoiceField(choices=Purpose.choices, help_text="Why (C3).")
    own_words = serializers.CharField(allow_blank=True, help_text="The visitor's words.")
    group_words = serializers.CharField(allow_blank=True, help_text="What the group wants to be listened to (C2).")
    asks = serializers.ChoiceField(
        choices=Party.choices, help_text="Whose yes a proposed visit waits for: the visitor's where the group amended."
    )
    state = serializers.ChoiceField(choices=VisitState.choices)
    needs_new_yes = serializers.BooleanField(
        help_text="Whether the meeting moved since the group said yes, so that nobody may come before it does so again."
    )
    is_called_off = serializers.BooleanField(help_text="Whether the meeting of a visit that was to come is cancelled.")
    starts_at = serializers.DateTimeField(help_text="When the meeting starts, in UTC.")
    ends_at = serializers.DateTimeField(help_text="When the meeting ends, in UTC.")
    local_start = serializers.DateTimeField(help_text="The start as the school's clock shows it, with its offset.")
    local_end = serializers.DateTimeField(help_text="The end as the school's clock shows it, with its offset.")
    time_zone = serializers.CharField(help_text="IANA name of that clock's zone.")
    target_minutes = serializers.IntegerField(min_value=15, max_value=30, help_text="How long to listen first (C7).")
    shared_at = serializers.DateTimeField(allow_null=True, help_text="In UTC; null until feedback is shared.")
    listened = serializers.IntegerField(
        min_value=1,
        max_value=240,
        allow_null=True,
        help_text="Minutes really listened (C7); null until feedback is shared, the visitor knows it before.",
    )
    days_late = serializers.IntegerField(
        min_value=0,
        allow_null=True,
        help_text="Days from the meeting's day to sharing, 0 on the day itself (C11); null until feedback is shared.",
    )
    is_mine = serializers.BooleanField(help_text="Whether the caller is the visitor.")
    observation = serializers.UUIDField(
        allow_null=True, help_text="Id of what the visitor noted; null until there is something, and for all others."
    )
    notes_vanish_on = serializers.DateField(
        allow_null=True,
        help_text="The day on which the visitor's own notes and marks vanish: 14 days after sharing, 90 days after the "
        "meeting at most. null where there are none, and for all others.",
    )
    notes_vanished_on = serializers.DateField(
        allow_null=True, help_text="The day on which they did; null until then, and for all others."
    )


class VisitFilter(bodies.Asked):
    """Which visits."""

    group = bodies.AskedNumber(help_text="Only to this group.")
    state = serializers.ChoiceField(choices=VisitState.choices, required=False, help_text="Only in this state.")


class VisitsView(rest.GroupView):
    """The visits that the caller may know of."""

    area = scopes.Area.VISITS
    pagination_class = paging.Pages

    @extend_schema(operation_id="list_visits", tags=["visits"], parameters=[VisitFilter], responses=Visit(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The caller's own visits and those to the groups in which the caller has a seat, the oldest first."""
        rows = queries.visits_asked(self.member, **self.asked(VisitFilter))
        return self.page_of(rows, lambda page: [visit_told(row, self.member, today=self.today) for row in page])


class VisitView(rest.GroupView):
    """One visit."""

    area = scopes.Area.VISITS

    @extend_schema(operation_id="read_visit", tags=["visits"], responses=Visit)
    def get(self, request: Request, slug: str, visit_id: int) -> Response:
        """A visit, for the group's members and the visitor; 404 for everybody else.

        For the visitor it lasts until 30 days after sharing. `ETag` is its version: agreeing names it.
        """
        row = queries.visit_for(self.member, visit_id)
        return self.versioned(visit_told(row, self.member, today=self.today), row.version)


def visit_told(row: models.Visit, member: Member, *, today: dt.date) -> dict[str, Any]:
    """A visit as the member may know of it."""
    is_mine = permissions.may_log_observation(member, row)
    noted = getattr(row, "observation", None)
    tells = is_mine or row.shared_at is not None
    vanishing = queries.vanishing(row, today=today) if is_mine else None
    return {
        "id": row.pk,
        "group": row.group_id,
        "meeting": row.meeting_id,
        "visitor": row.coach.name,
        "visitor_user": row.coach_id,
        "purpose": row.purpose,
        "own_words": row.own_words,
        "group_words": row.group_words,
        "asks": row.asks,
        "state": row.state,
        "needs_new_yes": row.needs_new_yes,
        "is_called_off": row.is_called_off,
        **when(row.meeting),
        "target_minutes": row.target_minutes,
        "shared_at": row.shared_at,
        "listened": noted.listened if noted and tells else None,
        "days_late": queries.days_late(row) if row.shared_at else None,
        "is_mine": is_mine,
        "observation": noted.pk if noted and is_mine else None,
        "notes_vanish_on": vanishing and vanishing.on,
        "notes_vanished_on": row.forgotten_on if is_mine else None,
    }


def when(meeting: Meeting) -> dict[str, Any]:
    """Start and end of a meeting, as instants and as the school's clock shows them, and which clock that is."""
    return {**meetings.when(meeting.starts_at, meeting.ends_at, meeting.zone), "time_zone": meeting.time_zone}
