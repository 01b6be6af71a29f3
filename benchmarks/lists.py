"""The other sides of goal 8: the plainest list of the framework, and a list that the database writes by itself.

For a measurement only: the product has no such addresses.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework import generics, pagination, permissions, renderers, serializers, throttling

from samenspraak import urls
from schools import callers
from schools.models import Membership
from workgroups.models import Meeting, Seat

# What the database is asked for: who may, which rows, and their text, in one statement.
_STATEMENT = """
WITH here AS (
    SELECT s.id FROM schools_school s JOIN schools_membership b ON b.school_id = s.id
     WHERE s.slug = %(slug)s AND b.user_id = %(user)s AND b.role IN ('leader', 'admin')
       AND b.from_date <= current_date AND (b.until_date IS NULL OR b.until_date >= current_date) LIMIT 1
), own AS (
    SELECT group_id FROM workgroups_seat
     WHERE user_id = %(user)s AND school_id = (SELECT id FROM here)
       AND from_date <= current_date AND (until_date IS NULL OR until_date >= current_date)
), rows AS (
    SELECT m.*, m.starts_at + m.minutes * interval '1 minute' AS ends_at, o.opened_at, c.closed_at, c.skipped_because,
           m.group_id IN (SELECT group_id FROM own) AS inside
      FROM workgroups_meeting m
      LEFT JOIN workgroups_opener o ON o.meeting_id = m.id LEFT JOIN workgroups_closer c ON c.meeting_id = m.id
     WHERE m.school_id = (SELECT id FROM here) ORDER BY m.starts_at, m.id LIMIT 50
), told AS (
    SELECT id, group_id AS group,
           CASE WHEN NOT inside AND starts_at <= now() AND state <> 'cancelled' THEN 'held' ELSE state END AS state,
           {utc}(starts_at) AS starts_at, {utc}(ends_at) AS ends_at,
           {local}(starts_at, time_zone) AS local_start, {local}(ends_at, time_zone) AS local_end,
           time_zone, day, to_char(time, 'HH24:MI') AS time, minutes, place, series_id AS series, series_day,
           schedule_version AS version, CASE WHEN inside THEN title END AS title,
           CASE WHEN inside THEN {utc}(opened_at) END AS opened_at,
           CASE WHEN inside THEN {utc}(closed_at) END AS closed_at,
           CASE WHEN inside THEN skipped_because END AS skipped_because
      FROM rows
)
SELECT json_build_object('next', %(next)s, 'previous', NULL, 'results', (SELECT json_agg(told) FROM told))::text
  FROM here
"""
_UTC = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
_LOCAL = """to_char({0} AT TIME ZONE {1}, 'YYYY-MM-DD"T"HH24:MI:SS') ||
    to_char(({0} AT TIME ZONE {1}) - ({0} AT TIME ZONE 'UTC'), '"+"HH24:MI')"""


def _written(statement: str) -> str:
    """The statement with the words that make a moment's text."""
    for name in ("starts_at", "ends_at", "opened_at", "closed_at"):
        statement = statement.replace(f"{{utc}}({name})", _UTC.format(name))
        statement = statement.replace(f"{{local}}({name}, time_zone)", _LOCAL.format(name, "time_zone"))
    return statement


STATEMENT = _written(_STATEMENT)


class PlainMeeting(serializers.ModelSerializer[Any]):
    """The same fields, as the framework's guide would write them."""

    group = serializers.IntegerField(source="group_id")
    series = serializers.IntegerField(source="series_id")
    version = serializers.IntegerField(source="schedule_version")
    time = serializers.TimeField(format="%H:%M")
    starts_at = serializers.DateTimeField(default_timezone=dt.UTC)
    state = serializers.SerializerMethodField()
    ends_at = serializers.SerializerMethodField()
    local_start = serializers.SerializerMethodField()
    local_end = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    opened_at = serializers.SerializerMethodField()
    closed_at = serializers.SerializerMethodField()
    skipped_because = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = (
            *("id", "group", "state", "starts_at", "ends_at", "local_start", "local_end", "time_zone", "day", "time"),
            *("minutes", "place", "series", "series_day", "version", "title", "opened_at", "closed_at"),
            "skipped_because",
        )

    def get_state(self, row: Meeting) -> str:
        """Outside the group, what was is held."""
        was = row.starts_at <= dt.datetime.now(dt.UTC) and row.state != "cancelled"
        return "held" if was and not self._is_inside(row) else row.state

    def get_ends_at(self, row: Meeting) -> dt.datetime:
        """When it ends."""
        return row.starts_at + dt.timedelta(minutes=row.minutes)

    def get_local_start(self, row: Meeting) -> dt.datetime:
        """On the school's clock."""
        return row.starts_at.astimezone(ZoneInfo(row.time_zone))

    def get_local_end(self, row: Meeting) -> dt.datetime:
        """On the school's clock."""
        return self.get_ends_at(row).astimezone(ZoneInfo(row.time_zone))

    def get_title(self, row: Meeting) -> str | None:
        """For the group."""
        return row.title if self._is_inside(row) else None

    def get_opened_at(self, row: Meeting) -> dt.datetime | None:
        """For the group."""
        return getattr(getattr(row, "opener", None), "opened_at", None) if self._is_inside(row) else None

    def get_closed_at(self, row: Meeting) -> dt.datetime | None:
        """For the group."""
        return getattr(getattr(row, "closer", None), "closed_at", None) if self._is_inside(row) else None

    def get_skipped_because(self, row: Meeting) -> str | None:
        """For the group."""
        return getattr(getattr(row, "closer", None), "skipped_because", None) if self._is_inside(row) else None

    def _is_inside(self, row: Meeting) -> bool:
        return row.group_id in self.context["own"]


class _ByStart(pagination.CursorPagination):
    page_size, ordering = 50, ("starts_at", "id")


class PlainMeetings(generics.ListAPIView[Any]):
    """All meetings of a school."""

    authentication_classes = [callers.PersonalToken]
    permission_classes = [permissions.IsAuthenticated]
    renderer_classes = [renderers.JSONRenderer]
    throttle_classes: list[Any] = []
    pagination_class = _ByStart
    serializer_class = PlainMeeting

    def get_queryset(self) -> Any:
        """With what the fields read."""
        rows = Meeting.objects.filter(school__slug=self.kwargs["slug"])
        return rows.select_related("opener", "closer")

    def get_serializer_context(self) -> dict[str, Any]:
        """The groups in which the caller sits."""
        own = set(Seat.objects.filter(user=self.request.user.pk).values_list("group_id", flat=True))
        return {**super().get_serializer_context(), "own": own}


class _LooksAfter(permissions.BasePermission):
    """Leader or admin of the school."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """One query, as the framework's guide would ask it."""
        held = Membership.objects.filter(user=request.user.pk, role__in=["leader", "admin"])
        return bool(held.filter(school__slug=view.kwargs["slug"]).exists())


class _Limit(throttling.UserRateThrottle):
    rate = os.environ.get("API_RATE", "600/min")


class CheckedMeetings(PlainMeetings):
    """The plain list with a rule and a limit, both as the framework has them."""

    permission_classes = [permissions.IsAuthenticated, _LooksAfter]
    throttle_classes = [_Limit]


def aggregated(request: HttpRequest, slug: str) -> HttpResponse:
    """The database's own text."""
    with connection.cursor() as cursor:
        following = request.build_absolute_uri("?cursor=" + "x" * 40)
        cursor.execute(STATEMENT, {"slug": slug, "user": request.user.pk, "next": following})
        found = cursor.fetchone()
    if found is None:
        raise Http404
    return HttpResponse(found[0], content_type="application/json")


urlpatterns = [
    path("api/v1/plain/<slug:slug>/", PlainMeetings.as_view()),
    path("api/v1/checked/<slug:slug>/", CheckedMeetings.as_view()),
    path("api/v1/json_agg/<slug:slug>/", aggregated),
    *urls.urlpatterns,
]
