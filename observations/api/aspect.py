"""One aspect of a group's profile from near, over REST: what was heard of it, said about it and agreed on."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import permissions, queries
from observations.api.files import YearFilter
from observations.api.profile import WORDS, ProfilePoint, point_told
from observations.mirrors import Round
from observations.models.selfscan import ScanWay, Spread
from schools import scopes
from workgroups import rest
from workgroups.models.goal import AgreementState
from workgroups.models.meeting import Kept
from workgroups.queries import AgreementKept


class HeardAtVisit(serializers.Serializer[Any]):
    """What a visitor heard of the aspect."""

    day = serializers.DateField(help_text="Day of the meeting.")
    minutes = serializers.IntegerField(help_text="Minutes listened.")
    degree = serializers.FloatField(
        min_value=1, max_value=4, allow_null=True, help_text="1 to 4 in halves; null: no occasion."
    )
    word = serializers.ChoiceField(choices=WORDS, allow_null=True, help_text="The same in a word; null: no occasion.")


class HeardInRound(serializers.Serializer[Any]):
    """What the group heard of the aspect, or of one behaviour, in a round of its own."""

    scan = serializers.IntegerField(min_value=1, help_text="The round's id.")
    day = serializers.DateField(help_text="The day it closed, at school.")
    way = serializers.ChoiceField(choices=ScanWay.choices)
    respondents = serializers.IntegerField(allow_null=True, min_value=4, help_text="How many answered; null: together.")
    degree = serializers.FloatField(
        min_value=1,
        max_value=4,
        allow_null=True,
        help_text="1 to 4 in halves, of a sealed round 1.5 to 3.5; null: not asked, or too few could say.",
    )


class BehaviourInRound(HeardInRound):
    """The same of one behaviour."""

    spread = serializers.ChoiceField(
        choices=Spread.choices, allow_null=True, help_text="Told when sealed and of eight answers at least."
    )


class BehaviourFromNear(serializers.Serializer[Any]):
    """A line on the card over the group's own rounds."""

    key = serializers.CharField(help_text="Key of the behaviour.")
    text = serializers.CharField(help_text="In the caller's language.")
    readings = BehaviourInRound(many=True, help_text="The newest round first.")


class KeptAt(serializers.Serializer[Any]):
    """How it went with an agreement at one meeting (G6)."""

    day = serializers.DateField(help_text="Day of the meeting.")
    outcome = serializers.ChoiceField(choices=Kept.choices)


class AgreementFromNear(serializers.Serializer[Any]):
    """An agreement about the card, and how it went."""

    id = serializers.IntegerField(min_value=1)
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=AgreementState.choices)
    checks = KeptAt(many=True, help_text="The oldest meeting first.")


class AspectFromNear(serializers.Serializer[Any]):
    """One aspect of a dialogue profile in the school years that are shown: no total, no rank, no person."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    key = serializers.CharField(help_text="Key of the card.")
    number = serializers.IntegerField(min_value=1, max_value=6, help_text="The card's place in the deck.")
    name = serializers.CharField()
    first_year = serializers.CharField(help_text="The first school year shown, such as 2025-2026.")
    last_year = serializers.CharField(help_text="The last school year shown.")
    years = serializers.ListField(
        child=serializers.CharField(), help_text="What `year` can ask for besides: the group's own years, latest first."
    )
    visits = HeardAtVisit(many=True, help_text="The oldest first.")
    rounds = HeardInRound(many=True, allow_null=True, help_text="The oldest first; null for the group's guest.")
    behaviours = BehaviourFromNear(
        many=True, allow_null=True, help_text="In the order of the card; null for the group's guest."
    )
    strong = ProfilePoint(many=True, help_text="What visitors gave as strong points.")
    improvements = ProfilePoint(many=True, help_text="What visitors gave as improvement points.")
    agreements = AgreementFromNear(many=True, help_text="The live ones first.")


class AspectView(rest.GroupView):
    """One aspect of a group's profile."""

    area = scopes.Area.PROFILES

    @extend_schema(
        operation_id="read_profile_aspect", tags=["profiles"], parameters=[YearFilter], responses=AspectFromNear
    )
    def get(self, request: Request, slug: str, group_id: int, key: str) -> Response:
        """An aspect from near, for the group and, without the group's own mirror, its guest; 404 for everybody else.

        Its leader too: a leader reads words alone (`read_profile`).
        """
        group = queries.group_for(self.member, group_id)
        if not permissions.may_read_profile(self.member, group):
            raise Http404
        aspect = queries.aspects_in_use(group).get(key)
        if aspect is None:
            raise Http404
        is_seated = permissions.may_read_own_mirror(self.member, group)
        asked = self.asked(YearFilter).get("year", "")
        whole = queries.whole_of(group, with_own=is_seated, today=self.today, asked=asked, aspect=aspect.key)
        heard = queries.behaviours_heard(group, aspect, whole.shown.rounds) if is_seated else ()
        shown, line = whole.shown, whole.shown.about(aspect.key)
        coached = zip(shown.coach.looks, line.coach.values, line.coach.words, strict=True)
        return Response(
            {
                "group": group.pk,
                "key": aspect.key,
                "number": aspect.number,
                "name": aspect.name,
                "first_year": whole.years.first_name,
                "last_year": whole.years.last_name,
                "years": [choice.asked for choice in whole.years.choices if choice.asked],
                "visits": [
                    {"day": look.day, "minutes": look.minutes, "degree": _degree(halves), "word": word}
                    for look, halves, word in coached
                ],
                "rounds": [_round(one, halves) for one, halves in zip(shown.rounds, line.own.values, strict=True)]
                if is_seated
                else None,
                "behaviours": [_behaviour(one) for one in heard] if is_seated else None,
                "strong": [point_told(point) for point in line.coach.strong],
                "improvements": [point_told(point) for point in line.coach.improvement],
                "agreements": [_kept(one) for one in whole.kept],
            }
        )


def _degree(halves: int | None) -> float | None:
    return None if halves is None else halves / 2


def _round(one: Round, halves: int | None) -> dict[str, Any]:
    about = {"scan": one.scan_id, "day": one.day, "way": one.way, "respondents": one.respondents}
    return {**about, "degree": _degree(halves)}


def _behaviour(one: queries.BehaviourHeard) -> dict[str, Any]:
    readings = [{**_round(told.round, told.halves), "spread": told.spread or None} for told in one.readings]
    return {"key": one.behaviour.key, "text": one.behaviour.text, "readings": readings}


def _kept(one: AgreementKept) -> dict[str, Any]:
    checks = [{"day": check.day, "outcome": check.outcome} for check in one.checks]
    return {"id": one.agreement.pk, "text": one.agreement.text, "state": one.agreement.state, "checks": checks}
