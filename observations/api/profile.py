"""A group's dialogue profile over REST: in numbers for the group, in words for its leader if the group shares."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import permissions, profile, queries
from workgroups import rest

WORDS = [(word.value, word.value) for word in profile.Word]
_TOLD_IN = [("numbers", "to the group and its guest"), ("words", "to the leader of a group that shares")]


class ProfilePoint(serializers.Serializer[Any]):
    """A point that the visitor gave back, in the visitor's words."""

    day = serializers.DateField(help_text="Day of the meeting.")
    text = serializers.CharField()


class ProfileCorrection(serializers.Serializer[Any]):
    """What the visitor set right since in the points of a visit; the points themselves stay as they were given."""

    added_on = serializers.DateField(help_text="The day, at school.")
    text = serializers.CharField()


class ProfileVisit(serializers.Serializer[Any]):
    """A visit of which feedback was shared."""

    day = serializers.DateField(help_text="Day of the meeting.")
    minutes = serializers.IntegerField(allow_null=True, help_text="Minutes listened; null when told in words.")
    corrections = ProfileCorrection(many=True, help_text="Three at most, the first one first.")


class ProfileAspect(serializers.Serializer[Any]):
    """One aspect over the visits. A gap is null: not observed, never nought."""

    key = serializers.CharField(help_text="Key of the card.")
    number = serializers.IntegerField(min_value=1, max_value=6, help_text="The card's place in the deck.")
    name = serializers.CharField()
    degrees = serializers.ListField(
        child=serializers.FloatField(min_value=1, max_value=4, allow_null=True),
        allow_null=True,
        help_text="Per visit a degree from 1 (not heard) to 4 (throughout) in halves; null when told in words.",
    )
    words = serializers.ListField(
        child=serializers.ChoiceField(choices=WORDS, allow_null=True),
        help_text="Per visit: seldom up to 1.5, sometimes 2 and 2.5, often from 3.",
    )
    strong = ProfilePoint(many=True)
    improvements = ProfilePoint(many=True)


class Profile(serializers.Serializer[Any]):
    """A group's dialogue profile: no total, no rank, no person, never a grade."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    told_in = serializers.ChoiceField(choices=_TOLD_IN)
    visits = ProfileVisit(many=True, help_text="The oldest first.")
    aspects = ProfileAspect(many=True, help_text="Six, by number.")


class ProfileView(rest.GroupView):
    """A group's dialogue profile."""

    @extend_schema(operation_id="read_profile", tags=["groups"], responses=Profile)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """The profile in numbers for the group and its guest, in words for the leader of a group that shares.

        404 for everybody else.
        """
        group = queries.group_for(self.member, group_id)
        inside = permissions.may_read_profile(self.member, group)
        shares = queries.shares_profile(group.pk)
        if not (inside or permissions.may_read_shared_profile(self.member, group, shares=shares)):
            raise Http404
        return Response(_profile(group.pk, queries.profile_of(group), in_numbers=inside))


def _profile(group_id: int, told: profile.DialogueProfile, *, in_numbers: bool) -> dict[str, Any]:
    return {
        "group": group_id,
        "told_in": "numbers" if in_numbers else "words",
        "visits": [_look(look, in_numbers=in_numbers) for look in told.looks],
        "aspects": [_aspect(line, in_numbers=in_numbers) for line in told.aspects],
    }


def _look(look: profile.Look, *, in_numbers: bool) -> dict[str, Any]:
    return {
        "day": look.day,
        "minutes": look.minutes if in_numbers else None,
        "corrections": [{"added_on": one.added_on, "text": one.text} for one in look.corrections],
    }


def _aspect(line: profile.AspectLine, *, in_numbers: bool) -> dict[str, Any]:
    degrees = [None if halves is None else halves / 2 for halves in line.values]
    return {
        "key": line.key,
        "number": line.number,
        "name": line.name,
        "degrees": degrees if in_numbers else None,
        "words": list(line.words),
        "strong": [{"day": point.day, "text": point.text} for point in line.strong],
        "improvements": [{"day": point.day, "text": point.text} for point in line.improvement],
    }
