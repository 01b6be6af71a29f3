"""A group's dialogue profile over REST: in numbers for the group, in words for its leader if the group shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import outlook, permissions, profile, queries
from observations.models.debrief import Answer
from observations.models.selfscan import ScanWay
from schools import scopes
from workgroups import rest

WORDS = [(word.value, word.value) for word in profile.Word]
_TOLD_IN = [("numbers", "to the group and its guest"), ("words", "to the leader of a group that shares")]


class ProfilePoint(serializers.Serializer[Any]):
    """A point that the visitor gave back, in the visitor's words."""

    day = serializers.DateField(help_text="Day of the meeting.")
    text = serializers.CharField()
    answer = serializers.ChoiceField(
        choices=Answer.choices, allow_null=True, help_text="The group's own answer; null: none yet, and told in words."
    )
    became = serializers.CharField(
        allow_null=True, help_text="The goal or agreement that it became; null: nothing yet, and told in words."
    )


class ProfileCorrection(serializers.Serializer[Any]):
    """What the visitor set right since in the points of a visit; the points themselves stay as they were given."""

    added_on = serializers.DateField(help_text="The day, at school.")
    text = serializers.CharField()


class ProfileVisit(serializers.Serializer[Any]):
    """A visit of which feedback was shared."""

    day = serializers.DateField(help_text="Day of the meeting.")
    minutes = serializers.IntegerField(allow_null=True, help_text="Minutes listened; null when told in words.")
    corrections = ProfileCorrection(many=True, help_text="Three at most, the first one first.")


class ProfileRound(serializers.Serializer[Any]):
    """A revealed round of the self-scan: to the group whole, to the leader nothing but its month."""

    month = serializers.CharField(help_text="Year and month, such as 2026-11.")
    day = serializers.DateField(allow_null=True, help_text="The day it closed, at school; null when told in words.")
    way = serializers.ChoiceField(choices=ScanWay.choices, allow_null=True, help_text="null when told in words.")
    respondents = serializers.IntegerField(
        allow_null=True, min_value=4, help_text="How many answered; null when together, and when told in words."
    )


class ProfileAspect(serializers.Serializer[Any]):
    """One aspect over the visits and over the group's own rounds. A gap is null: not observed or asked, never nought.

    Where the caller reads no own mirror, `own_degrees` and `own_words` are null.
    """

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
    own_degrees = serializers.ListField(
        child=serializers.FloatField(min_value=1, max_value=4, allow_null=True),
        allow_null=True,
        help_text="Per round the mean of what it shows, in halves; null when told in words.",
    )
    own_words = serializers.ListField(
        child=serializers.ChoiceField(choices=WORDS, allow_null=True),
        allow_null=True,
        help_text="Per round, in the same three words.",
    )
    strong = ProfilePoint(many=True)
    improvements = ProfilePoint(many=True)


class Profile(serializers.Serializer[Any]):
    """A group's dialogue profile: no total, no rank, no person, never a grade."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    told_in = serializers.ChoiceField(choices=_TOLD_IN)
    visits = ProfileVisit(many=True, help_text="The oldest first.")
    rounds = ProfileRound(
        many=True,
        allow_null=True,
        help_text="The group's own rounds, the oldest first: all of them for a seat, for the leader those that the "
        "group shows, for its guest null.",
    )
    aspects = ProfileAspect(many=True, help_text="Six, by number.")


class ProfileView(rest.GroupView):
    """A group's dialogue profile."""

    area = scopes.Area.PROFILES

    @extend_schema(operation_id="read_profile", tags=["profiles"], responses=Profile)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """The profile in numbers for the group and its guest, in words for the leader of a group that shares.

        404 for everybody else. The group's own mirror is for its seats; the leader reads of it what the group shows.
        """
        group = queries.group_for(self.member, group_id)
        if permissions.may_read_profile(self.member, group):
            is_seated = permissions.may_read_own_mirror(self.member, group)
            own = queries.own_mirror(group) if is_seated else None
            return Response(_in_numbers(group.pk, queries.profile_of(group, with_answers=True), own))
        shares = queries.shares_profile(group.pk)
        if not permissions.may_read_shared_profile(self.member, group, shares=shares):
            raise Http404
        return Response(in_words(queries.leader_view_of(group)))


def _in_numbers(group_id: int, told: profile.DialogueProfile, own: queries.OwnMirror | None) -> dict[str, Any]:
    lines = {line.key: line for line in own.aspects} if own else {}
    return {
        "group": group_id,
        "told_in": "numbers",
        "visits": [
            {"day": look.day, "minutes": look.minutes, "corrections": _corrections(look.corrections)}
            for look in told.looks
        ],
        "rounds": own and [_round(one.day, one.day, one.way, one.respondents) for one in own.looks],
        "aspects": [
            {
                **_named(line),
                "degrees": _degrees(line.values),
                "words": list(line.words),
                "own_degrees": _degrees(lines[line.key].values) if own else None,
                "own_words": list(lines[line.key].words) if own else None,
                "strong": _points(line.strong),
                "improvements": _points(line.improvement),
            }
            for line in told.aspects
        ],
    }


def in_words(view: outlook.LeaderView) -> dict[str, Any]:
    """The profile as a leader reads it."""
    return {
        "group": view.group_id,
        "told_in": "words",
        "visits": [
            {"day": visit.day, "minutes": None, "corrections": _corrections(visit.corrections)} for visit in view.visits
        ],
        "rounds": [_round(month) for month in view.months],
        "aspects": [
            {
                **_named(line),
                "degrees": None,
                "words": list(line.coach),
                "own_degrees": None,
                "own_words": list(line.own),
                "strong": _points(line.strong),
                "improvements": _points(line.chances),
            }
            for line in view.aspects
        ],
    }


def _named(line: profile.AspectLine | outlook.LeaderAspect) -> dict[str, Any]:
    return {"key": line.key, "number": line.number, "name": line.name}


def _round(
    month: dt.date, day: dt.date | None = None, way: str | None = None, respondents: int | None = None
) -> dict[str, Any]:
    return {"month": f"{month:%Y-%m}", "day": day, "way": way, "respondents": respondents}


def _degrees(halves: Iterable[int | None]) -> list[float | None]:
    return [None if value is None else value / 2 for value in halves]


def _corrections(corrections: Iterable[profile.SetRight]) -> list[dict[str, Any]]:
    return [{"added_on": one.added_on, "text": one.text} for one in corrections]


def _points(points: Iterable[profile.Point | outlook.LeaderPoint]) -> list[dict[str, Any]]:
    return [point_told(point) for point in points]


def point_told(point: profile.Point | outlook.LeaderPoint) -> dict[str, Any]:
    """A point as ``ProfilePoint`` has it; what the group said to it is not for its leader."""
    said, became = (point.said, point.became) if isinstance(point, profile.Point) else ("", "")
    return {"day": point.day, "text": point.text, "answer": said or None, "became": became or None}
