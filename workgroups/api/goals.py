"""Goals over REST, and the notes on how far they are: for the group, and for its guest to read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cards.models import Tip
from schools import bodies, paging, rest as doors, tenancy
from workgroups import actions, models, permissions, queries, rest
from workgroups.models import FocusPeriod
from workgroups.models.goal import SLOTS, GoalState, Step
from workgroups.queries import records

ENDS = [(state.value, state.label) for state in GoalState if state != GoalState.LIVE]
LONGEST = 300


class Goal(serializers.Serializer[Any]):
    """One of the one to three things a group wants to do better (G4a)."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    period = serializers.IntegerField(min_value=1, help_text="The focus period's id.")
    aspect = serializers.CharField(help_text="Key of the card it belongs to.")
    position = serializers.IntegerField(min_value=1, max_value=3, help_text="Its place in the period.")
    text = serializers.CharField(help_text="In the group's own words.")
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
    version = serializers.IntegerField(
        min_value=1, help_text="Rises with its words; in quotes it is the `ETag`, to send as `If-Match`."
    )


class GoalUpdate(serializers.Serializer[Any]):
    """A member's note on how far a goal is."""

    id = serializers.IntegerField(min_value=1)
    goal = serializers.IntegerField(min_value=1, help_text="The goal's id.")
    step = serializers.ChoiceField(choices=Step.choices)
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True, help_text="Full name of who wrote it; null when that account is gone.")
    by_user = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="That person's id, as seats name it; null when that account is gone."
    )
    written_at = serializers.DateTimeField(help_text="In UTC.")


class NewGoalUpdate(bodies.Sent):
    """What to note. `reached` does not end the goal: that is the group's word, at a closer."""

    step = serializers.ChoiceField(choices=Step.choices)
    note = bodies.Text(
        required=False, default="", allow_blank=True, max_length=500, help_text="A few words, if wanted."
    )


class GoalWords(bodies.Sent):
    """A goal in other words."""

    text = bodies.Text(max_length=LONGEST, help_text="Something that could be heard in the group's own meetings.")


class Promise(bodies.Sent):
    """What the group will do in its meetings from now on (G4b)."""

    text = bodies.Text(max_length=LONGEST, help_text="Something to do in every meeting, short enough to read aloud.")
    tip = bodies.Text(
        required=False,
        default=None,
        allow_null=True,
        help_text="Key of the tip on the period's card from which it grew; null: their own idea.",
    )


class NewGoal(GoalWords):
    """A goal with its first agreements (G4)."""

    agreements = bodies.Many(
        child=Promise(), min_length=1, max_length=len(SLOTS), help_text="At least one; a group has five live ones."
    )


class GoalEnd(bodies.Sent):
    """How a goal ends; its agreements live on until the group ends them (G8)."""

    how = serializers.ChoiceField(choices=ENDS)


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


class _OneGoal(rest.GroupView):
    """What is about one goal."""

    def own(self, goal_id: int) -> models.Goal:
        """The goal, for members; 403 for the group's guest, who only reads along (C15)."""
        return self.find(queries.goals_for(self.member), goal_id, may=permissions.may_write_goals)

    def told(self, goal_id: int) -> Response:
        """The goal as it is now."""
        row = tenancy.fetch(records.goals(self.member), pk=goal_id)
        return self.versioned(_goal(row), row["version"])


class GoalView(_OneGoal):
    """One goal."""

    @extend_schema(operation_id="read_goal", tags=["goals"], responses=Goal)
    def get(self, request: Request, slug: str, goal_id: int) -> Response:
        """A goal, for members of the group and its guest."""
        return self.told(goal_id)

    @doors.edit_schema(operation_id="change_goal", tags=["goals"], request=GoalWords, responses={200: Goal})
    def put(self, request: Request, slug: str, goal_id: int) -> Response:
        """Say a live goal in other words; the same words again change nothing. 403 for a guest (C15)."""
        goal, version = self.own(goal_id), self.version_read()
        actions.edit_goal(goal=goal, **self.sent(GoalWords), version=version, by=self.member, now=self.now)
        return self.told(goal_id)


class GoalEndView(_OneGoal):
    """The end of one goal."""

    @extend_schema(operation_id="end_goal", tags=["goals"], request=GoalEnd, responses=Goal)
    def post(self, request: Request, slug: str, goal_id: int) -> Response:
        """Say that the group reached a goal, or let it go; its agreements live on (G8). 403 for a guest (C15)."""
        actions.end_goal(goal=self.own(goal_id), **self.sent(GoalEnd), by=self.member, now=self.now)
        return self.told(goal_id)


class PeriodGoalsView(_OneGoal):
    """The goals of one focus period."""

    @extend_schema(
        operation_id="set_goal",
        tags=["goals"],
        request=NewGoal,
        responses={201: Goal},
        examples=[
            OpenApiExample(
                "A goal with one agreement",
                {
                    "text": "Iedereen komt aan het woord",
                    "agreements": [{"text": "We doen eerst een rondje", "tip": None}],
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, period_id: int) -> Response:
        """Set a goal of the card in focus, with its first agreements (G4): three goals a card, five agreements a group.

        403 for a guest (C15).
        """
        period = self.find(queries.periods_for(self.member), period_id, may=permissions.may_write_goals)
        sent = self.sent(NewGoal)
        made = actions.set_goal(
            period=period,
            text=sent["text"],
            agreements=[one["text"] for one in sent["agreements"]],
            tips=tips_of(period, sent["agreements"]),
            by=self.member,
            now=self.now,
        )
        row = tenancy.fetch(records.goals(self.member), pk=made.pk)
        return self.created(_goal(row), "goal", version=row["version"], goal_id=made.pk)


class GoalUpdatesView(_OneGoal):
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
        goal = self.own(goal_id)
        update = actions.update_goal(goal=goal, **self.sent(NewGoalUpdate), by=self.member, now=self.now)
        return self.created(_update(update), "goal-updates", goal_id=goal_id)


def tip_of(period: FocusPeriod, key: str | None) -> Tip | None:
    """The tip with this key on the card of the period, None without a key; raises ValidationError (400)."""
    tip = next((one for one in queries.tips_for(period) if one.key == key), None) if key else None
    if key and tip is None:
        raise exceptions.ValidationError({"tip": [_("There is no such tip on this card.")]})
    return tip


def tips_of(period: FocusPeriod, promised: list[dict[str, Any]]) -> list[Tip | None]:
    """What each of these grew from; raises ValidationError (400) beside the first that no tip has."""
    found: list[Tip | None] = []
    for one in promised:
        try:
            found.append(tip_of(period, one["tip"]))
        except exceptions.ValidationError as wrong:
            raise exceptions.ValidationError({"agreements": [*({} for _tip in found), wrong.detail]}) from None
    return found


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
        "version": row["version"],
    }


def _update(row: models.GoalUpdate) -> dict[str, Any]:
    return {
        "id": row.pk,
        "goal": row.goal_id,
        "step": row.step,
        "note": row.note,
        "by": row.by and row.by.name,
        "by_user": row.by_id,
        "written_at": row.written_at,
    }
