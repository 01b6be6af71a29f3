"""The group looks at shared feedback together over REST: where it is, its one answer per point, and what it takes over.

Neither who answered for the group nor when is kept.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import models, permissions, queries
from observations.actions import debrief as actions
from observations.api.feedback import FeedbackPoint, SharedView, point_told
from observations.models.debrief import Answer
from observations.models.visit import VisitState
from observations.queries import debrief as talking
from observations.queries.visits import GivenPoint
from schools import bodies
from workgroups import queries as work
from workgroups.actions import GoalOver
from workgroups.api import goals
from workgroups.models import FocusPeriod, Goal


class Debrief(serializers.Serializer[Any]):
    """The group's talk about one visit's feedback."""

    visit = serializers.IntegerField(min_value=1, help_text="The visit's id.")
    shows = serializers.IntegerField(
        min_value=1,
        max_value=6,
        allow_null=True,
        help_text="Place of the point that all screens show now; null: the group is not at it.",
    )
    is_over = serializers.BooleanField(help_text="Whether the group said that it talked about it.")
    points = FeedbackPoint(many=True, help_text="By place: each improvement point after the strong one of its pair.")


class ShownPoint(bodies.Sent):
    """Which point all screens show."""

    place = bodies.Number(min_value=1, max_value=6, help_text="Of the points of this feedback, from 1.")


class PointAnswer(bodies.Sent):
    """What the group says to a point: none of these is a verdict."""

    answer = serializers.ChoiceField(choices=Answer.choices)


class PointAsAgreement(bodies.Sent):
    """A point as an agreement, in the group's own words."""

    text = bodies.Text(max_length=300, help_text="Something to do in every meeting.")
    goal = bodies.Number(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=bodies.LARGEST_ID,
        help_text="Id of the live goal that it serves; may be left out where there is one.",
    )


class DebriefDoor(SharedView):
    """What the group does with its feedback: who of it did so is not kept."""

    keeps_calls = False

    def own(self, visit_id: int) -> models.Visit:
        """The visit, for who has a seat; 403 for its visitor, who only reads along (C6)."""
        visit = self.visit(visit_id)
        permissions.demand(permissions.may_debrief(self.member, visit))
        return visit

    def points(self, visit: models.Visit) -> tuple[GivenPoint, ...]:
        """The points as they stand now."""
        feedback = queries.feedback_of(visit)
        return feedback.points if feedback else ()

    def point(self, visit: models.Visit, place: int) -> GivenPoint:
        """The point at this place, 404 where there is none."""
        found = next((point for point in self.points(visit) if point.place == place), None)
        if found is None:
            raise Http404
        return found

    def told(self, visit_id: int) -> Response:
        """The talk as it is now."""
        visit = self.visit(visit_id)
        return Response(
            {
                "visit": visit.pk,
                "shows": talking.place_of(visit) or None,
                "is_over": visit.state == VisitState.CLOSED,
                "points": [point_told(point) for point in self.points(visit)],
            }
        )


class DebriefView(DebriefDoor):
    """One talk."""

    @extend_schema(operation_id="read_debrief", tags=["debriefs"], responses=Debrief)
    def get(self, request: Request, slug: str, shared_id: int) -> Response:
        """Where the group is in it: for the group and, until 30 days after sharing, the visitor.

        To follow along, ask with `If-None-Match`: 304 as long as nothing changed.
        """
        return self.told(shared_id)

    @extend_schema(operation_id="begin_debrief", tags=["debriefs"], request=None, responses=Debrief)
    def post(self, request: Request, slug: str, shared_id: int) -> Response:
        """Begin at the first point, or join where the group is; again any time. 403 for the visitor (C6)."""
        actions.begin_debrief(visit=self.own(shared_id), by=self.member, now=self.now)
        return self.told(shared_id)


class ShowView(DebriefDoor):
    """Another point."""

    @extend_schema(operation_id="show_point", tags=["debriefs"], request=ShownPoint, responses=Debrief)
    def post(self, request: Request, slug: str, shared_id: int) -> Response:
        """Show a point on all screens, once the talk began; 403 for the visitor (C6)."""
        visit = self.own(shared_id)
        actions.show_point(visit=visit, **self.sent(ShownPoint), by=self.member, now=self.now)
        return self.told(shared_id)


class EndView(DebriefDoor):
    """Done."""

    @extend_schema(operation_id="end_debrief", tags=["debriefs"], request=None, responses=Debrief)
    def post(self, request: Request, slug: str, shared_id: int) -> Response:
        """Say that the group talked about it; what was passed over stays unanswered. 403 for the visitor (C6)."""
        actions.end_debrief(visit=self.own(shared_id), by=self.member, now=self.now)
        return self.told(shared_id)


class PointAnswerView(DebriefDoor):
    """The group's one answer to a point."""

    @extend_schema(operation_id="answer_point", tags=["debriefs"], request=PointAnswer, responses=Debrief)
    def put(self, request: Request, slug: str, shared_id: int, place: int) -> Response:
        """Write down what the group says to a point; another answer takes its place. 403 for the visitor (C6)."""
        visit = self.own(shared_id)
        point = self.point(visit, place)
        actions.answer_point(visit=visit, place=point.place, **self.sent(PointAnswer), by=self.member, now=self.now)
        return self.told(shared_id)


class _Take(DebriefDoor):
    """A point as part of the group's own plan (C15)."""

    def found(self, visit_id: int, place: int) -> tuple[models.Visit, GivenPoint]:
        """The visit and the point."""
        visit = self.own(visit_id)
        return visit, self.point(visit, place)

    def period(self, visit: models.Visit) -> FocusPeriod:
        """The period that the point can serve; raises NoCard."""
        period = talking.room_of(visit.group).focus.period
        if period is None:
            raise actions.NoCard
        return period

    def taken(self, visit: models.Visit, place: int, at: str, **ids: int) -> Response:
        """The point as it is now, and where what it became is."""
        return self.created(point_told(self.point(visit, place)), at, **ids)


class TakeAsGoalView(_Take):
    """A point as a goal."""

    @extend_schema(
        operation_id="take_point_as_goal", tags=["debriefs"], request=goals.NewGoal, responses={201: FeedbackPoint}
    )
    def post(self, request: Request, slug: str, shared_id: int, place: int) -> Response:
        """Make a goal of an answered point, in the group's own words and with its own agreements (C15).

        `Location` is the goal. It is about the card in focus (`no_card`, `another_card`); a point becomes one goal
        (`already_taken`) once the group answered it (`not_answered`). 403 for the visitor.
        """
        visit, point = self.found(shared_id, place)
        sent = self.sent(goals.NewGoal)
        period = self.period(visit)
        goal = actions.take_as_goal(
            visit=visit,
            place=point.place,
            period=period,
            text=sent["text"],
            agreements=[one["text"] for one in sent["agreements"]],
            tips=goals.tips_of(period, sent["agreements"]),
            by=self.member,
            now=self.now,
        )
        return self.taken(visit, place, "goal", goal_id=goal.pk)


class TakeAsAgreementView(_Take):
    """A point as an agreement."""

    @extend_schema(
        operation_id="take_point_as_agreement",
        tags=["debriefs"],
        request=PointAsAgreement,
        responses={201: FeedbackPoint},
    )
    def post(self, request: Request, slug: str, shared_id: int, place: int) -> Response:
        """Make an agreement of an answered point, in the group's own words, with one of its goals (C15).

        `Location` is the agreement. A point becomes one agreement (`already_taken`) once the group answered it
        (`not_answered`). 403 for the visitor.
        """
        visit, point = self.found(shared_id, place)
        sent = self.sent(PointAsAgreement)
        goal = self._goal(self.period(visit), sent["goal"])
        agreement = actions.take_as_agreement(
            visit=visit, place=point.place, goal=goal, text=sent["text"], by=self.member, now=self.now
        )
        return self.taken(visit, place, "agreement", agreement_id=agreement.pk)

    def _goal(self, period: FocusPeriod, wanted: int | None) -> Goal:
        """The live goal that was named, or the only one; raises ValidationError (400) beside the field, GoalOver."""
        live = list(work.goals_to_serve(period))
        if not live:
            raise GoalOver
        found = [goal for goal in live if wanted in (None, goal.pk)]
        if len(found) != 1:
            raise exceptions.ValidationError({"goal": [_("Choose the goal that this agreement serves.")]})
        return found[0]
