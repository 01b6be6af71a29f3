"""Goals over REST, and the notes on how far they are: for the group, and for its guest to read."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, tenancy
from workgroups import actions, models, permissions, queries, rest
from workgroups.models.goal import GoalState, Step
from workgroups.queries import records


class Goal(serializers.Serializer[Any]):
    """One of the one to three things a group wants to do better (G4a)."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    period = serializers.IntegerField(min_value=1, help_text="The focus period's id.")
    aspect = serializers.CharField(help_text="Key of the card it belongs to.")
    position = serializers.IntegerField(min_value=1, max_value=3, help_text="Its place in the period.")
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=GoalState.choices)
    set_on = serializers.DateField(help_text="The day, at school.")
    ended_on = serializers.DateField(allow_null=True, help_text="null while it lives.")
    noted_step = serializers.ChoiceField(
        choices=Step.choices, allow_null=True, help_text="The newest note; null: no notes."
    )
    closer_step = serializers.ChoiceField(
        choices=Step.choices,
        allow_null=True,
        help_text="What the group said at its last closer (G7); null: nothing yet.",
    )


class GoalUpdate(serializers.Serializer[Any]):
    """A member's note on how far a goal is."""

    id = serializers.IntegerField(min_value=1)
    goal = serializers.IntegerField(min_value=1, help_text="The goal's id.")
    step = serializers.ChoiceField(choices=Step.choices)
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True, help_text="Full name of who wrote it; null when that account is gone.")
    written_at = serializers.DateTimeField(help_text="In UTC.")


class NewGoalUpdate(bodies.Sent):
    """What to note. `reached` does not end the goal: that is the group's word, at a closer."""

    step = serializers.ChoiceField(choices=Step.choices)
    note = bodies.Text(
        required=False, default="", allow_blank=True, max_length=500, help_text="A few words, if wanted."
    )


class GoalFilter(bodies.Asked):
    """Which goals."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    state = serializers.ChoiceField(choices=GoalState.choices, required=False, help_text="Only in this state.")


class GoalsView(rest.GroupView):
    """The goals of the caller's groups."""

    pagination_class = paging.Pages

    @extend_schema(operation_id="list_goals", tags=["goals"], parameters=[GoalFilter], responses=Goal(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The goals of the groups in which the caller has a seat or is a guest, the oldest first."""
        asked = self.asked(GoalFilter)
        rows = records.goals(self.member, group_id=asked.get("group"), state=asked.get("state"))
        return self.page_of(rows, lambda page: [_goal(row) for row in page])


class GoalView(rest.GroupView):
    """One goal."""

    @extend_schema(operation_id="read_goal", tags=["goals"], responses=Goal)
    def get(self, request: Request, slug: str, goal_id: int) -> Response:
        """A goal, for members of the group and its guest."""
        return Response(_goal(tenancy.fetch(records.goals(self.member), pk=goal_id)))


class GoalUpdatesView(rest.GroupView):
    """The notes on one goal."""

    pagination_class = paging.Pages
    ordering = ("-written_at", "-id")

    @extend_schema(operation_id="list_goal_updates", tags=["goals"], responses=GoalUpdate(many=True))
    def get(self, request: Request, slug: str, goal_id: int) -> Response:
        """The notes on a goal, the newest first."""
        self.asked(bodies.Asked)
        goal = tenancy.fetch(queries.goals_for(self.member), pk=goal_id)
        return self.page_of(queries.updates_of(goal), lambda page: [_update(row) for row in page])

    @extend_schema(operation_id="add_goal_update", tags=["goals"], request=NewGoalUpdate, responses={201: GoalUpdate})
    def post(self, request: Request, slug: str, goal_id: int) -> Response:
        """Note how far a live goal is. 403 for a guest, who only reads along (C15).

        The same note of the same person within a minute is one note, so trying again after a broken line is safe.
        """
        goal = tenancy.fetch(queries.goals_for(self.member), pk=goal_id)
        permissions.demand(permissions.may_write_goals(self.member, goal))
        update = actions.update_goal(goal=goal, **self.sent(NewGoalUpdate), by=self.member, now=self.now)
        return Response(_update(update), status=201)


def _goal(row: records.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "group": row["group_id"],
        "period": row["period_id"],
        "aspect": row["aspect"],
        "position": row["position"],
        "text": row["text"],
        "state": row["state"],
        "set_on": row["set_on"],
        "ended_on": row["ended_on"],
        "noted_step": row["noted_step"],
        "closer_step": row["closer_step"],
    }


def _update(row: models.GoalUpdate) -> dict[str, Any]:
    return {
        "id": row.pk,
        "goal": row.goal_id,
        "step": row.step,
        "note": row.note,
        "by": row.by and row.by.name,
        "written_at": row.written_at,
    }
