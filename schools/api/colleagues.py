"""Who works at a school over REST: names and roles, for everybody there; no addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, queries, rest
from schools.models import Membership, User
from schools.roles import Role


class Colleague(serializers.Serializer[Any]):
    """Somebody who works at the school."""

    id = serializers.IntegerField(min_value=1, help_text="The person's id, as seats and members name it.")
    name = serializers.CharField(help_text="The full name.")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), help_text="Held today.")


class ColleagueFilter(bodies.Asked):
    """Which colleagues."""

    role = serializers.ChoiceField(choices=Role.choices, required=False, help_text="Only who holds it today.")


class ColleaguesView(rest.SchoolView):
    """The directory of a school."""

    pagination_class = paging.Pages
    ordering = ("given_name", "family_name", "id")

    @extend_schema(
        operation_id="list_colleagues",
        tags=["colleagues"],
        parameters=[ColleagueFilter],
        responses=Colleague(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Who works at the school today, by first name, for everybody who is somebody there. Two queries a page."""
        school = self.member.school
        rows = queries.people_of(school, today=self.today, here=True, **self.asked(ColleagueFilter))

        def shape(page: list[User]) -> list[dict[str, Any]]:
            held = queries.held_by(page, school=school, today=self.today)
            return [_colleague(user, held, self.today) for user in page]

        return self.page_of(rows, shape)


def _colleague(user: User, held: Mapping[int, list[Membership]], today: dt.date) -> dict[str, Any]:
    roles = {row.role: None for row in held.get(user.pk, []) if row.holds_on(today)}
    return {"id": user.pk, "name": user.name, "roles": list(roles)}
