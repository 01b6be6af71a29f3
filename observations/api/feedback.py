"""Shared feedback over REST: for the group whole, and for its visitor for a while; and what the visitor sets right."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import actions, models, permissions, queries
from observations.api.sharing import NameInText, NobodysWords, flag_told
from observations.models.correction import LONGEST_CORRECTION
from observations.models.debrief import Answer
from observations.models.visit import VisitState
from observations.queries import debrief
from observations.queries.visits import GivenPoint
from schools import bodies, paging, problems, scopes
from workgroups import rest


class FeedbackPoint(serializers.Serializer[Any]):
    """A point as the group reads it, and what the group said to it (C14, C15)."""

    place = serializers.IntegerField(min_value=1, max_value=6, help_text="Strong before improvement, pair after pair.")
    aspect = serializers.CharField(help_text="Key of the card it is about.")
    text = serializers.CharField(help_text="The visitor's words, without names (C13).")
    answer = serializers.ChoiceField(
        choices=Answer.choices, allow_null=True, help_text="The group's one answer; null: none yet."
    )
    goal = serializers.IntegerField(allow_null=True, min_value=1, help_text="Id of the goal it became; null: none.")
    agreement = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="Id of the agreement it became; null: none."
    )


class FeedbackPair(serializers.Serializer[Any]):
    """A strong point and an improvement point (C10)."""

    strong = FeedbackPoint()
    improvement = FeedbackPoint()


class Correction(serializers.Serializer[Any]):
    """What the visitor set right since; the points stay as they were given."""

    added_on = serializers.DateField(help_text="The day, at school.")
    text = serializers.CharField()


class Feedback(serializers.Serializer[Any]):
    """What a visitor gave a group."""

    visit = serializers.IntegerField(min_value=1, help_text="The visit's id.")
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    visitor = serializers.CharField(help_text="Full name.")
    day = serializers.DateField(help_text="Day of the meeting.")
    listened = serializers.IntegerField(min_value=1, max_value=240, help_text="Minutes really listened (C7).")
    shared_at = serializers.DateTimeField(help_text="In UTC.")
    days_late = serializers.IntegerField(
        min_value=0, help_text="Days from the meeting's day to sharing, 0 on the day itself (C11)."
    )
    is_talked_over = serializers.BooleanField(help_text="Whether the group said that it talked about it.")
    pairs = FeedbackPair(many=True, help_text="One to three (C9), in the visitor's order.")
    corrections = Correction(many=True, help_text="Three at most, the first one first.")


class NewCorrection(bodies.Sent):
    """Words to add to shared feedback, to the whole group, without names."""

    text = bodies.Text(max_length=LONGEST_CORRECTION, help_text="What was not right, and how it is.")
    no_person = NobodysWords()


class CorrectionProblem(problems.Problem):
    """It is not added; where it waits for answers about names, these are the questions."""

    names = NameInText(many=True, required=False)


class FeedbackFilter(bodies.Asked):
    """Which feedback."""

    group = bodies.AskedNumber(help_text="Only to this group.")


class SharedView(rest.GroupView):
    """About feedback that was shared: for the group, and for its visitor for a while; else 404."""

    area = scopes.Area.VISITS

    def visit(self, visit_id: int) -> models.Visit:
        """The visit with its debrief, if its feedback may be read."""
        visit = debrief.shared_visit_for(self.member, visit_id)
        if not permissions.may_read_feedback(self.member, visit):
            raise Http404
        return visit


class FeedbackListView(SharedView):
    """The feedback that the caller may read."""

    pagination_class = paging.Pages

    @extend_schema(
        operation_id="list_feedback", tags=["feedback"], parameters=[FeedbackFilter], responses=Feedback(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """What visitors gave the groups in which the caller has a seat, and what the caller gave; the oldest first.

        A visitor reads it until 30 days after sharing (C12). Nobody else does; a leader reads points in the profile of
        a group that shares it.
        """
        rows = debrief.shared_visits(self.member, **self.asked(FeedbackFilter))
        return self.page_of(rows, feedback_told)


class FeedbackView(SharedView):
    """The feedback of one visit."""

    @extend_schema(operation_id="read_feedback", tags=["feedback"], responses=Feedback)
    def get(self, request: Request, slug: str, shared_id: int) -> Response:
        """What the visitor gave back, once it is shared: for the group and, until 30 days after, the visitor."""
        return Response(_one(self.visit(shared_id)))


class CorrectionsView(SharedView):
    """What is set right in one visit's feedback."""

    @extend_schema(
        operation_id="correct_feedback",
        tags=["feedback"],
        request=NewCorrection,
        responses={
            201: Feedback,
            (409, problems.MEDIA_TYPE): OpenApiResponse(
                CorrectionProblem, description="`names_somebody` with the questions; `set_right_thrice`; and others."
            ),
        },
    )
    def post(self, request: Request, slug: str, shared_id: int) -> Response:
        """Add what was not right in it, as its visitor, three times at most; 403 for the group. The same once is once.

        Nothing that was shared changes. Words that may name somebody make it wait (C13): write them differently, or
        send them back in `no_person`.
        """
        visit = self.visit(shared_id)
        permissions.demand(permissions.may_correct(self.member, visit))
        sent = self.sent(NewCorrection)
        given: dict[str, Any] = {"text": sent["text"], "no_person": frozenset(sent["no_person"])}
        try:
            actions.add_correction(visit=visit, **given, by=self.member, now=self.now)
        except actions.CorrectionNames as refused:
            fields, asked = {"text": [refused.sentence]}, [flag_told(flag) for flag in refused.asked]
            return problems.answer(409, str(refused.sentence), code=refused.code, fields=fields, names=asked)
        return self.created(_one(visit), "visit-feedback", shared_id=visit.pk)


def feedback_told(visits: list[models.Visit]) -> list[dict[str, Any]]:
    """Shared feedback as ``Feedback`` has it. Three queries, however many visits."""
    given = queries.feedbacks_of(visits)
    return [_told(visit, given[visit.pk]) for visit in visits if visit.pk in given]


def _one(visit: models.Visit) -> dict[str, Any]:
    told = feedback_told([visit])
    if not told:
        raise Http404
    return told[0]


def _told(visit: models.Visit, given: queries.Feedback) -> dict[str, Any]:
    return {
        "visit": visit.pk,
        "group": visit.group_id,
        "visitor": visit.coach.name,
        "day": visit.meeting.day,
        "listened": given.minutes,
        "shared_at": given.shared_at,
        "days_late": given.days_late,
        "is_talked_over": visit.state == VisitState.CLOSED,
        "pairs": [
            {"strong": point_told(pair.strong), "improvement": point_told(pair.improvement)} for pair in given.pairs
        ],
        "corrections": [{"added_on": one.added_on, "text": one.text} for one in given.corrections],
    }


def point_told(point: GivenPoint) -> dict[str, Any]:
    """A point as ``FeedbackPoint`` has it."""
    said = point.said
    return {
        "place": point.place,
        "aspect": point.key,
        "text": point.text,
        "answer": said and said.answer,
        "goal": said and said.goal_id,
        "agreement": said and said.agreement_id,
    }
