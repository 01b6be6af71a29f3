"""The caller's next meeting over REST, with what the group will repeat: what a school's portal shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, rest as doors, scopes
from workgroups import queries
from workgroups.api import meetings
from workgroups.models.meeting import Kept


class AgreementToRead(serializers.Serializer[Any]):
    """An agreement that the group reads out at the start of the meeting (G5)."""

    id = serializers.IntegerField(min_value=1)
    text = serializers.CharField()
    last = serializers.ChoiceField(
        choices=Kept.choices, allow_null=True, help_text="What the group found of it last time; null: not judged yet."
    )


class NextMeeting(serializers.Serializer[Any]):
    """The meeting that comes first, or is going on."""

    id = serializers.IntegerField(min_value=1)
    school = serializers.SlugField(help_text="The school, for addresses.")
    school_name = serializers.CharField()
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    group_name = serializers.CharField()
    theme = serializers.CharField(help_text="What the group works on.")
    is_chair = serializers.BooleanField(help_text="Whether the caller chairs the group.")
    starts_at = serializers.DateTimeField(help_text="The start as an instant, in UTC.")
    ends_at = serializers.DateTimeField(help_text="The end as an instant, in UTC.")
    local_start = serializers.DateTimeField(help_text="The start as the school's clock shows it, with its offset.")
    local_end = serializers.DateTimeField(help_text="The end as the school's clock shows it, with its offset.")
    time_zone = serializers.CharField(help_text="IANA name of that clock's zone.")
    day = serializers.DateField(help_text="The day on the school's calendar.")
    time = bodies.WallTime(help_text="When it starts on the school's wall clock.")
    minutes = serializers.IntegerField(min_value=5, max_value=480, help_text="How long it lasts.")
    place = serializers.CharField(allow_blank=True, help_text="May be empty.")
    title = serializers.CharField(allow_blank=True, help_text="What it is about; may be empty.")
    days = serializers.IntegerField(help_text="Days until then on the school's calendar; 0: today.")
    is_going_on = serializers.BooleanField(help_text="Whether it began.")
    aspect = serializers.CharField(allow_null=True, help_text="Key of the card in focus; null: none chosen yet.")
    aspect_name = serializers.CharField(allow_null=True, help_text="The card's name; null: none chosen yet.")
    agreements = AgreementToRead(many=True, help_text="What the group will repeat, in the order in which it is read.")
    page = serializers.URLField(help_text="The meeting's page, for people.")


class Next(serializers.Serializer[Any]):
    """The caller's next meeting."""

    meeting = NextMeeting(allow_null=True, help_text="null: nothing is planned.")


class NextMeetingView(doors.Door):
    """The caller's next meeting."""

    area = scopes.Area.GROUPS

    @extend_schema(operation_id="read_next_meeting", tags=["meetings"], responses=Next)
    def get(self, request: Request) -> Response:
        """The next meeting of the caller's own groups, over all schools, with what will be read out there.

        One that is going on counts until it ends. Meetings that the caller visits as a guest are in `list_visits`.
        """
        found = queries.next_meeting_of(self.caller, now=self.now)
        return Response({"meeting": found and _meeting(found)})


def _meeting(found: queries.NextMeeting) -> dict[str, Any]:
    meeting, group, aspect = found.meeting, found.seat.group, found.aspect
    page = reverse("workgroups:meeting", args=[group.school.slug, meeting.pk])
    agreements = [{"id": one.id, "text": one.text, "last": one.last} for one in found.agreements]
    return {
        "id": meeting.pk,
        "school": group.school.slug,
        "school_name": group.school.name,
        "group": group.pk,
        "group_name": group.name,
        "theme": group.theme,
        "is_chair": found.seat.is_chair,
        **meetings.when(meeting.starts_at, meeting.ends_at, meeting.zone),
        "time_zone": meeting.time_zone,
        "day": meeting.day,
        "time": f"{meeting.time:%H:%M}",
        "minutes": meeting.minutes,
        "place": meeting.place,
        "title": meeting.title,
        "days": found.days,
        "is_going_on": found.going_on,
        "aspect": aspect and aspect.key,
        "aspect_name": aspect and aspect.name,
        "agreements": agreements,
        "page": f"{settings.PUBLIC_URL}{page}",
    }
