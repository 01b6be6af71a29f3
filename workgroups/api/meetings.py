"""Meetings over REST: when and where for those who may know, opener and closer for the group and its guest.

The chair plans in workgroups.api.planning; what the group does in a meeting is in workgroups.api.acts.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, tenancy
from schools.roles import Member
from workgroups import permissions, rest
from workgroups.models.goal import Step
from workgroups.models.meeting import Kept, MeetingState
from workgroups.queries import records

_INSIDE = "null for who may only know date, time and place."


class Meeting(serializers.Serializer[Any]):
    """A meeting. Its wall clock is the school's: the instants follow from it."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    state = serializers.ChoiceField(
        choices=MeetingState.choices,
        help_text="For who may only know date, time and place, a meeting that was reads held, closed or not.",
    )
    starts_at = serializers.DateTimeField(help_text="The start as an instant, in UTC.")
    ends_at = serializers.DateTimeField(help_text="The end as an instant, in UTC.")
    local_start = serializers.DateTimeField(help_text="The start as the school's clock shows it, with its offset.")
    local_end = serializers.DateTimeField(help_text="The end as the school's clock shows it, with its offset.")
    time_zone = serializers.CharField(help_text="IANA name of that clock's zone.")
    day = serializers.DateField(help_text="The day on the school's calendar.")
    time = bodies.WallTime(help_text="When it starts on the school's wall clock.")
    minutes = serializers.IntegerField(min_value=5, max_value=480, help_text="How long it lasts.")
    place = serializers.CharField(allow_blank=True)
    series = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The series it was planned in; null: it was planned alone."
    )
    series_day = serializers.DateField(
        allow_null=True, help_text="The day that the rule of its series gave it, wherever it went since."
    )
    version = serializers.IntegerField(min_value=1, help_text="Rises when date, time, length, place or state change.")
    title = serializers.CharField(allow_null=True, allow_blank=True, help_text=f"May be empty; {_INSIDE}")
    opened_at = serializers.DateTimeField(
        allow_null=True, help_text=f"When the group repeated its agreements (G5), in UTC; null: not, and {_INSIDE}"
    )
    closed_at = serializers.DateTimeField(
        allow_null=True, help_text=f"When the group judged or skipped (G6, G7), in UTC; null: not yet, and {_INSIDE}"
    )
    skipped_because = serializers.CharField(
        allow_null=True,
        allow_blank=True,
        help_text=f"Why the group did not judge; empty: it did; null: it may still, and {_INSIDE}",
    )


class AgreementOutcome(serializers.Serializer[Any]):
    """Whether one agreement was kept (G6): the agreement is judged, never a person."""

    agreement = serializers.IntegerField(min_value=1, help_text="The agreement's id.")
    text = serializers.CharField(help_text="Its words at that time.")
    outcome = serializers.ChoiceField(choices=Kept.choices)


class GoalOutcome(serializers.Serializer[Any]):
    """How far one goal was (G7)."""

    goal = serializers.IntegerField(min_value=1, help_text="The goal's id.")
    text = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Step.choices)


class OpenMeeting(Meeting):
    """A meeting with what the group said at its end."""

    agreements = AgreementOutcome(many=True, allow_null=True, help_text=f"Empty until it closed; {_INSIDE}")
    goals = GoalOutcome(many=True, allow_null=True, help_text=f"Empty until it closed; {_INSIDE}")


class MeetingFilter(bodies.Asked):
    """Which meetings."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    series = bodies.AskedNumber(help_text="Only of this series.")
    state = serializers.ChoiceField(choices=MeetingState.choices, required=False, help_text="Only in this state.")
    after = bodies.AskedMoment(help_text="Only what starts at this instant or later, such as `2026-11-24T09:00:00Z`.")
    before = bodies.AskedMoment(help_text="Only what starts before this instant.")


class MeetingsView(rest.GroupView):
    """The meetings of a school's groups."""

    pagination_class = paging.Pages
    ordering = ("starts_at", "id")

    @extend_schema(
        operation_id="list_meetings", tags=["meetings"], parameters=[MeetingFilter], responses=Meeting(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Meetings by start, the earliest first: of the caller's own groups, of all groups for leader and admin.

        The caller's next meeting over all schools, with what will be read: `me/next-meeting/`.
        """
        asked = self.asked(MeetingFilter)
        only = {"group_id": asked.pop("group", None), "series_id": asked.pop("series", None)}
        rows = records.meetings_page(self.member, **only, **asked, now=self.now)
        return self.page_of(rows, lambda page: [_meeting(row, self.member, now=self.now) for row in page])


class OneMeeting(rest.GroupView):
    """What is about one meeting."""

    def row(self, meeting_id: int) -> dict[str, Any]:
        """The meeting as it is now; 404 for who may not know when it is. Three queries at most."""
        row = tenancy.fetch(records.meetings(self.member, now=self.now), pk=meeting_id)
        inside = permissions.may_enter(self.member, row["group_id"])
        kept = [_kept(check) for check in records.kept_in(meeting_id)] if inside else None
        steps = [_step(check) for check in records.steps_in(meeting_id)] if inside else None
        return {**_meeting(row, self.member, now=self.now), "agreements": kept, "goals": steps}

    def told(self, meeting_id: int) -> Response:
        """The same as an answer, with its version."""
        row = self.row(meeting_id)
        return self.versioned(row, row["version"])


def when(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> dict[str, Any]:
    """Start and end, as instants and as the school's clock shows them; here, at visits and at what comes next."""
    return {
        "starts_at": _text(start),
        "ends_at": _text(end),
        "local_start": _text(start.astimezone(zone)),
        "local_end": _text(end.astimezone(zone)),
    }


def _text(moment: dt.datetime) -> str:
    """As the framework writes it: four for each row of a list, for which its encoder would be called back."""
    text = moment.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _meeting(row: records.Record, member: Member, *, now: dt.datetime) -> dict[str, Any]:
    end = row["starts_at"] + dt.timedelta(minutes=row["minutes"])
    inside = permissions.may_enter(member, row["group_id"])
    return {
        "id": row["id"],
        "group": row["group_id"],
        "state": records.told_of(row, inside=inside, now=now),
        **when(row["starts_at"], end, ZoneInfo(row["time_zone"])),
        "time_zone": row["time_zone"],
        "day": row["day"].isoformat(),
        "time": row["time"].isoformat("minutes"),
        "minutes": row["minutes"],
        "place": row["place"],
        "series": row["series_id"],
        "series_day": row["series_day"],
        "version": row["schedule_version"],
        "title": row["title"] if inside else None,
        "opened_at": row["opener__opened_at"] if inside else None,
        "closed_at": row["closer__closed_at"] if inside else None,
        "skipped_because": row["closer__skipped_because"] if inside else None,
    }


def _kept(check: records.Record) -> dict[str, Any]:
    return {"agreement": check["agreement_id"], "text": check["text"], "outcome": check["outcome"]}


def _step(check: records.Record) -> dict[str, Any]:
    return {"goal": check["goal_id"], "text": check["text"], "outcome": check["outcome"]}
