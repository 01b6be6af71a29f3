"""Who the caller is: every hat, with the groups it opens."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import queries as schools, rest, scopes
from schools.roles import Role
from workgroups.api import groups
from workgroups.models.group import GroupState
from workgroups.queries import records


class GroupPlace(serializers.Serializer[Any]):
    """A group that lets the caller in."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField()
    theme = serializers.CharField()
    state = serializers.ChoiceField(choices=GroupState.choices)
    seat = serializers.ChoiceField(choices=groups.SEATS, help_text="`guest`: welcome to read along for a visit.")


class Hat(serializers.Serializer[Any]):
    """The caller in one school."""

    slug = serializers.SlugField(help_text="For addresses: `/api/v1/schools/{slug}/`.")
    name = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), help_text="Held today.")
    groups = GroupPlace(many=True, help_text="By name.")


class BoardHat(serializers.Serializer[Any]):
    """A school board that the caller administers."""

    number = serializers.IntegerField(min_value=0, help_text="As in the national list.")
    name = serializers.CharField(allow_blank=True, help_text="Empty where the national list does not tell it.")


class Me(serializers.Serializer[Any]):
    """The caller."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(help_text="The full name.")
    called = serializers.CharField(help_text="How colleagues call the caller.")
    email = serializers.EmailField(allow_null=True, help_text="null for somebody without one.")
    language = serializers.CharField(allow_blank=True, help_text="`nl`, `en`, or empty: Dutch then.")
    schools = Hat(many=True, help_text="By name.")
    boards = BoardHat(many=True, help_text="By number.")


class MeView(rest.Door):
    """The caller."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="read_me", tags=["account"], responses=Me)
    def get(self, request: Request) -> Response:
        """Who the caller is, in which schools with which roles, in which groups, and for which boards.

        Four queries, however many hats.
        """
        user, today = self.caller, timezone.localdate(self.now)
        hats = schools.hats_of(user=user, today=today)
        places = records.places_of(user, today=today)
        boards = schools.boards_of(user=user, today=today)
        return Response(
            {
                "id": user.pk,
                "name": user.name,
                "called": user.called,
                "email": user.email,
                "language": user.language,
                "schools": [_hat(hat, places) for hat in hats],
                "boards": [{"number": board.number, "name": board.name} for board in boards],
            }
        )


def _hat(hat: schools.Hat, places: list[records.Place]) -> dict[str, Any]:
    mine = [place for place in places if place.school_id == hat.school.pk]
    return {
        "slug": hat.school.slug,
        "name": hat.school.name,
        "place": hat.school.place,
        "roles": list(hat.roles),
        "groups": [
            {"id": one.group_id, "name": one.name, "theme": one.theme, "state": one.state, "seat": one.seat}
            for one in mine
        ],
    }
