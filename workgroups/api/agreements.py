"""Agreements over REST: what the group agreed to do in its meetings, and how that went."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, rest as doors, tenancy
from workgroups import actions, models, permissions, queries, rest
from workgroups.api import goals
from workgroups.models.goal import AgreementState
from workgroups.models.meeting import Kept
from workgroups.queries import records

ENDS = [(state.value, state.label) for state in (AgreementState.HABIT, AgreementState.DROPPED)]


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
    kept = serializers.IntegerField(min_value=0, max_value=5, help_text="How often it was kept at these `occasions`.")
    occasions = serializers.IntegerField(
        min_value=0, max_value=5, help_text="The last closers, five at most, at which there was an occasion for it."
    )
    version = serializers.IntegerField(
        min_value=1, help_text="Rises with its words, along with what takes its place; see `ETag`."
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
    goal = bodies.AskedNumber(help_text="Only of this goal.")
    state = serializers.ChoiceField(choices=AgreementState.choices, required=False, help_text="Only in this state.")


class AgreementWords(bodies.Sent):
    """An agreement in other words."""

    text = bodies.Text(max_length=goals.LONGEST, help_text="Something to do in every meeting.")


class AgreementEnd(bodies.Sent):
    """How an agreement ends on purpose (G8); in other words it goes on: `change_agreement`."""

    how = serializers.ChoiceField(choices=ENDS)


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
        only = {"group_id": asked.get("group"), "goal_id": asked.get("goal"), "state": asked.get("state")}
        return self.page_of(records.agreements(self.member, **only), lambda page: [_agreement(row) for row in page])


class _OneAgreement(rest.GroupView):
    """What is about one agreement."""

    def own(self, agreement_id: int) -> models.Agreement:
        """The agreement, for members; 403 for the group's guest, who only reads along (C15)."""
        return self.find(queries.agreements_for(self.member), agreement_id, may=permissions.may_write_goals)

    def told(self, agreement_id: int) -> Response:
        """The agreement as it is now. Two queries."""
        row = tenancy.fetch(records.agreements(self.member), pk=agreement_id)
        body = {**_agreement(row), "checks": records.checks_of(agreement_id)}
        return self.versioned(body, row["version"])


class AgreementView(_OneAgreement):
    """One agreement."""

    @extend_schema(operation_id="read_agreement", tags=["agreements"], responses=LivedAgreement)
    def get(self, request: Request, slug: str, agreement_id: int) -> Response:
        """An agreement and how it went at each closer, for members of the group and its guest."""
        return self.told(agreement_id)

    @doors.edit_schema(
        operation_id="change_agreement",
        tags=["agreements"],
        request=AgreementWords,
        responses={200: LivedAgreement},
    )
    def put(self, request: Request, slug: str, agreement_id: int) -> Response:
        """Say an agreement in other words (G8); answers with the one that holds now. 403 for a guest (C15).

        Until its first check the words are simply corrected. Afterwards it ends as `changed`, and another one takes its
        place under an id of its own; the version rises along.
        """
        agreement, version = self.own(agreement_id), self.version_read()
        sent = self.sent(AgreementWords)
        holds = actions.change_agreement(agreement=agreement, **sent, version=version, by=self.member, now=self.now)
        return self.told(holds.pk)


class AgreementEndView(_OneAgreement):
    """The end of one agreement."""

    @extend_schema(operation_id="end_agreement", tags=["agreements"], request=AgreementEnd, responses=LivedAgreement)
    def post(self, request: Request, slug: str, agreement_id: int) -> Response:
        """Say that an agreement is a habit now, or that the group lets it go (G8). 403 for a guest (C15)."""
        agreement = self.own(agreement_id)
        actions.end_agreement(agreement=agreement, **self.sent(AgreementEnd), by=self.member, now=self.now)
        return self.told(agreement_id)


class GoalAgreementsView(_OneAgreement):
    """The agreements of one goal."""

    @extend_schema(
        operation_id="agree_on",
        tags=["agreements"],
        request=goals.Promise,
        responses={201: LivedAgreement},
        examples=[
            OpenApiExample("The group's own idea", {"text": "We doen eerst een rondje", "tip": None}, request_only=True)
        ],
    )
    def post(self, request: Request, slug: str, goal_id: int) -> Response:
        """Add an agreement to a live goal (G4b): a group has five live ones at most. 403 for a guest (C15)."""
        goal = self.find(queries.goals_for(self.member), goal_id, may=permissions.may_write_goals)
        sent = self.sent(goals.Promise)
        tip = goals.tip_of(goal.period, sent["tip"])
        made = actions.agree_on(goal=goal, text=sent["text"], tip=tip, by=self.member, now=self.now)
        row = tenancy.fetch(records.agreements(self.member), pk=made.pk)
        body = {**_agreement(row), "checks": []}
        return self.created(body, "agreement", version=row["version"], agreement_id=made.pk)


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
        "kept": row["kept"],
        "occasions": row["times"],
        "version": row["version"],
    }
