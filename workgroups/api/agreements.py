"""Agreements over REST: what the group agreed to do in its meetings, and how that went."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, tenancy
from workgroups import rest
from workgroups.models.goal import AgreementState
from workgroups.models.meeting import Kept
from workgroups.queries import records


class Agreement(serializers.Serializer[Any]):
    """What the group agreed to do in its meetings (G4b); it lives until the group ends it (G8)."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    goal = serializers.IntegerField(min_value=1, help_text="The goal's id.")
    text = serializers.CharField()
    tip = serializers.CharField(allow_null=True, help_text="Key of the tip it was made from; null: their own idea.")
    state = serializers.ChoiceField(choices=AgreementState.choices)
    changed_into = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="Id of the agreement that took its place."
    )
    agreed_on = serializers.DateField(help_text="The day, at school.")
    ended_on = serializers.DateField(allow_null=True, help_text="null while it lives.")
    last_outcome = serializers.ChoiceField(
        choices=Kept.choices,
        allow_null=True,
        help_text="What the group found at its last closer (G6); null: nothing yet.",
    )


class AgreementCheck(serializers.Serializer[Any]):
    """What the group found of it at the end of one meeting."""

    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    day = serializers.DateField(help_text="The meeting's day.")
    outcome = serializers.ChoiceField(choices=Kept.choices)


class LivedAgreement(Agreement):
    """An agreement and how it went."""

    checks = AgreementCheck(many=True, help_text="The oldest first.")


class AgreementFilter(bodies.Asked):
    """Which agreements."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    state = serializers.ChoiceField(choices=AgreementState.choices, required=False, help_text="Only in this state.")


class AgreementsView(rest.GroupView):
    """The agreements of the caller's groups."""

    pagination_class = paging.Pages

    @extend_schema(
        operation_id="list_agreements",
        tags=["agreements"],
        parameters=[AgreementFilter],
        responses=Agreement(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The agreements of the groups in which the caller has a seat or is a guest, the oldest first.

        What a group repeats at its next meeting (G5): `?group=<id>&state=live`.
        """
        asked = self.asked(AgreementFilter)
        rows = records.agreements(self.member, group_id=asked.get("group"), state=asked.get("state"))
        return self.page_of(rows, lambda page: [_agreement(row) for row in page])


class AgreementView(rest.GroupView):
    """One agreement."""

    @extend_schema(operation_id="read_agreement", tags=["agreements"], responses=LivedAgreement)
    def get(self, request: Request, slug: str, agreement_id: int) -> Response:
        """An agreement and how it went at each closer, for members of the group and its guest."""
        row = tenancy.fetch(records.agreements(self.member), pk=agreement_id)
        return Response({**_agreement(row), "checks": records.checks_of(agreement_id)})


def _agreement(row: records.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "group": row["group_id"],
        "goal": row["goal_id"],
        "text": row["text"],
        "tip": row["tip_key"],
        "state": row["state"],
        "changed_into": row["changed_into_id"],
        "agreed_on": row["agreed_on"],
        "ended_on": row["ended_on"],
        "last_outcome": row["last"],
    }
