"""Schools over REST."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, queries, rest, scopes
from schools.models import School as Place
from schools.models.place import Region
from schools.roles import Role


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
    started_because = serializers.CharField(
        allow_blank=True, help_text="Why its board lets it work before its council agreed; empty where that is not so."
    )
    today = serializers.DateField(help_text="The calendar day there.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), help_text="What the caller is there today."
    )


class SchoolsView(rest.Door):
    """The caller's schools."""

    area = scopes.Area.PEOPLE
    pagination_class = paging.Pages
    ordering = ("name", "id")

    @extend_schema(operation_id="list_schools", tags=["schools"], responses=School(many=True))
    def get(self, request: Request) -> Response:
        """The schools in which the caller is somebody today, by name. Two queries a page.

        A board's schools are in `boards/{number}/`.
        """
        self.asked(bodies.Asked)
        user, today = self.caller, timezone.localdate(self.now)

        def shape(page: list[Place]) -> list[dict[str, Any]]:
            held = {hat.school.pk: hat.roles for hat in queries.hats_of(user=user, today=today)}
            return [_school(row, held.get(row.pk, ()), self.now) for row in page]

        return self.page_of(queries.schools_of(user=user, today=today), shape)


class SchoolView(rest.SchoolView):
    """One school."""

    @extend_schema(operation_id="read_school", tags=["schools"], responses=School)
    def get(self, request: Request, slug: str) -> Response:
        """A school in which the caller is somebody today; 404 for any other."""
        return Response(_school(self.member.school, self.member.roles, self.now))


def _school(school: Place, held: Iterable[Role], now: dt.datetime) -> dict[str, Any]:
    return {
        "slug": school.slug,
        "name": school.name,
        "place": school.place,
        "location_code": school.location_code,
        "region": school.region,
        "time_zone": school.time_zone,
        "language": school.language,
        "started_because": "" if school.consented_on else school.started_because,
        "today": school.today(now),
        "roles": sorted(held),
    }
