"""How it went over REST: what groups found of their agreements (G6) and goals (G7), closer after closer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging
from workgroups import rest
from workgroups.models.goal import Step
from workgroups.models.meeting import Kept
from workgroups.queries import records


class Check(serializers.Serializer[Any]):
    """What a group found at the end of one meeting."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    meeting = serializers.IntegerField(min_value=1, help_text="The meeting's id.")
    day = serializers.DateField(help_text="The meeting's day.")


class KeptCheck(Check):
    """What it found of an agreement: the agreement is judged, never a person."""

    agreement = serializers.IntegerField(min_value=1, help_text="The agreement's id.")
    outcome = serializers.ChoiceField(choices=Kept.choices)


class StepCheck(Check):
    """What it found of a goal."""

    goal = serializers.IntegerField(min_value=1, help_text="The goal's id.")
    outcome = serializers.ChoiceField(choices=Step.choices)


class KeptFilter(bodies.Asked):
    """Which answers about agreements."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    agreement = bodies.AskedNumber(help_text="Only about this agreement.")


class StepFilter(bodies.Asked):
    """Which answers about goals."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    goal = bodies.AskedNumber(help_text="Only about this goal.")


class AgreementChecksView(rest.GroupView):
    """The answers about agreements of the caller's groups."""

    pagination_class = paging.Pages

    @extend_schema(
        operation_id="list_agreement_checks",
        tags=["agreements"],
        parameters=[KeptFilter],
        responses=KeptCheck(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """How it went with agreements, meeting after meeting, the first said first: for members and the guest."""
        asked = self.asked(KeptFilter)
        only = {"group_id": asked.get("group"), "agreement_id": asked.get("agreement")}
        return self.page_of(records.agreement_checks(self.member, **only), _told)


class GoalChecksView(rest.GroupView):
    """The answers about goals of the caller's groups."""

    pagination_class = paging.Pages

    @extend_schema(
        operation_id="list_goal_checks", tags=["goals"], parameters=[StepFilter], responses=StepCheck(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """How it went with goals, meeting after meeting, the first said first: for members and the guest."""
        asked = self.asked(StepFilter)
        only = {"group_id": asked.get("group"), "goal_id": asked.get("goal")}
        return self.page_of(records.goal_checks(self.member, **only), _told)


def _told(page: list[records.Record]) -> list[dict[str, Any]]:
    return [{name.removesuffix("_id"): value for name, value in row.items()} for row in page]
