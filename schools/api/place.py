"""Schools over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import rest
from schools.models.place import Region
from schools.roles import Member, Role


class School(serializers.Serializer[Any]):
    """A school, and what the caller is there."""

    slug = serializers.SlugField(help_text="The school's name in addresses; it never changes.")
    name = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    location_code = serializers.CharField(
        allow_null=True, help_text="The six characters of the national list; null for a school without."
    )
    region = serializers.ChoiceField(choices=Region.choices, help_text="Whose school holidays it keeps.")
    time_zone = serializers.CharField(help_text="IANA name of the zone in which its clocks run.")
    language = serializers.CharField(help_text="`nl` or `en`: the language of its letters.")
    today = serializers.DateField(help_text="The calendar day there.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), help_text="What the caller is there today."
    )


class SchoolView(rest.SchoolView):
    """One school."""

    @extend_schema(operation_id="read_school", tags=["schools"], responses=School)
    def get(self, request: Request, slug: str) -> Response:
        """A school in which the caller is somebody today; 404 for any other."""
        return Response({**_school(self.member), "today": self.today})


def _school(member: Member) -> dict[str, Any]:
    school = member.school
    return {
        "slug": school.slug,
        "name": school.name,
        "place": school.place,
        "location_code": school.location_code,
        "region": school.region,
        "time_zone": school.time_zone,
        "language": school.language,
        "roles": sorted(member.roles),
    }
