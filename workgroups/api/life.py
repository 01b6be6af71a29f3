"""A group through the years over REST: the question of the new school year, and its end."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies
from workgroups import actions, models, permissions, queries, rest
from workgroups.api import groups
from workgroups.models import WorkGroup
from workgroups.models.group import TurnAnswer

STAYS = [(answer.value, answer.label) for answer in TurnAnswer if answer != TurnAnswer.END]


class Turn(serializers.Serializer[Any]):
    """What the group does in the new school year; its chair is asked from 1 June to 15 October."""

    year = serializers.IntegerField(
        allow_null=True, min_value=2000, help_text="In which the new school year begins; null while nothing is asked."
    )
    answer = serializers.ChoiceField(
        choices=TurnAnswer.choices, allow_null=True, help_text="null while the group did not answer."
    )


class TurnReply(bodies.Sent):
    """The group goes on. To end, it says why: `end_group`."""

    answer = serializers.ChoiceField(choices=STAYS)


class GroupEnd(bodies.Sent):
    """Why the group ends."""

    because = bodies.Text(max_length=400, help_text="In the group's own words, which it reads later on.")


class _ForTheChair(rest.GroupView):
    """What the chair decides for the group: 403 for others inside, 404 for everybody else."""

    def chaired(self, group_id: int) -> models.WorkGroup:
        """The group, for its chair."""
        return self.find(WorkGroup.objects.entered_by(self.member), group_id, may=permissions.may_end_group)


class GroupTurnView(_ForTheChair):
    """The question of the new school year."""

    @extend_schema(operation_id="read_group_turn", tags=["groups"], responses=Turn)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """About which school year the group is asked, and what it answered. For its chair; 403 for its members."""
        return self._told(self.chaired(group_id))

    @extend_schema(operation_id="answer_group_turn", tags=["groups"], request=TurnReply, responses=Turn)
    def put(self, request: Request, slug: str, group_id: int) -> Response:
        """Say that the group goes on, with the same or with other people; a later answer takes its place."""
        group = self.chaired(group_id)
        actions.answer_turn(group=group, **self.sent(TurnReply), by=self.member, now=self.now)
        return self._told(group)

    def _told(self, group: models.WorkGroup) -> Response:
        year = queries.turn_year(self.today)
        return Response({"year": year, "answer": queries.answer_of(group, year=year) or None if year else None})


class GroupEndView(_ForTheChair):
    """The end of a group."""

    @extend_schema(operation_id="end_group", tags=["groups"], request=GroupEnd, responses=groups.OpenGroup)
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """End the group, as its chair: meetings that lie ahead are called off, everything stays readable."""
        group = self.chaired(group_id)
        ended = actions.end_group(group=group, **self.sent(GroupEnd), by=self.member, now=self.now)
        return self.versioned(groups.told(ended, self), ended.version)
