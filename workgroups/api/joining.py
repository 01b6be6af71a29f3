"""A group's short code over REST: where it leads somebody with a seat, and nobody else."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import rest, scopes
from workgroups import codes, queries


class GroupNow(serializers.Serializer[Any]):
    """A group, and what it does at this moment."""

    school = serializers.CharField(help_text="The school's slug, as in addresses.")
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    name = serializers.CharField(help_text="The group's name.")
    starting = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The focus period whose guided start is under way; null: none."
    )
    meeting = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The meeting that goes on at this moment; null: none."
    )


class CodeView(rest.Door):
    """The code on the group's screen or paper."""

    area = scopes.Area.GROUPS

    @extend_schema(operation_id="read_code", tags=["groups"], responses=GroupNow)
    def get(self, request: Request, code: str) -> Response:
        """Where a code such as `01-7K` leads, however it was typed: for who has a seat in the group.

        It opens nothing: 404 for everybody else, and for a code of no group. Six queries at most.
        """
        group = queries.group_of_seat(codes.group_id_of(code) or 0, user=self.caller, now=self.now)
        if group is None:
            raise Http404
        start, meeting = queries.start_under_way(group), queries.meeting_going_on(group, now=self.now)
        return Response(
            {
                "school": group.school.slug,
                "group": group.pk,
                "name": group.name,
                "starting": start and start.period_id,
                "meeting": meeting and meeting.pk,
            }
        )
