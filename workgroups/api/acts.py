"""What a group does in a meeting over REST: it repeats its agreements (G5), and judges them and its goals (G6, G7)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies
from workgroups import actions, models, permissions, queries
from workgroups.actions.goal import POSITIONS
from workgroups.api.meetings import OneMeeting, OpenMeeting
from workgroups.models import Meeting
from workgroups.models.goal import SLOTS, Step
from workgroups.models.meeting import Kept


class JudgedAgreement(bodies.Sent):
    """Whether one agreement was kept (G6): the agreement is judged, never a person."""

    agreement = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="The agreement's id.")
    outcome = serializers.ChoiceField(choices=Kept.choices, help_text="`no_occasion`: it did not come up.")


class JudgedGoal(bodies.Sent):
    """How far one goal is (G7)."""

    goal = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="The goal's id.")
    outcome = serializers.ChoiceField(choices=Step.choices, help_text="`reached` ends the goal.")


class Judgement(bodies.Sent):
    """What the group found together at the end of its meeting."""

    agreements = bodies.Many(
        child=JudgedAgreement(), max_length=len(SLOTS), help_text="One for every live agreement of the group."
    )
    goals = bodies.Many(
        child=JudgedGoal(), max_length=len(POSITIONS), help_text="One for every live goal of the group."
    )


class PaperMeeting(Judgement):
    """The same, from the sheet of a meeting that was held on paper."""

    repeated = bodies.YesNo(help_text="Whether the group repeated its agreements at the start (G5).")
    notes = bodies.Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=8000,
        help_text="What to keep; it comes below the notes that stand there. Only the group reads it.",
    )


class Skipped(bodies.Sent):
    """Why the group does not judge this time."""

    because = bodies.Text(max_length=300, help_text="In a few words.")


class _Held(OneMeeting):
    """What a group does in one meeting: for members; 403 for its guest, 404 for everybody else."""

    def held(self, meeting_id: int) -> models.Meeting:
        """The meeting, for members."""
        rows = Meeting.objects.visible_to(self.member).select_related("group")
        return self.find(rows, meeting_id, may=permissions.may_hold_meetings)


class MeetingOpenView(_Held):
    """The opener."""

    @extend_schema(operation_id="open_meeting", tags=["meetings"], request=None, responses=OpenMeeting)
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Note that the group repeated its agreements (G5): from 12 hours before the meeting starts, once."""
        actions.open_meeting(meeting=self.held(meeting_id), by=self.member, now=self.now)
        return self.told(meeting_id)


class MeetingCloseView(_Held):
    """The closer."""

    @extend_schema(
        operation_id="close_meeting",
        tags=["meetings"],
        request=Judgement,
        responses=OpenMeeting,
        examples=[
            OpenApiExample(
                "One agreement and one goal",
                {
                    "agreements": [{"agreement": 3, "outcome": "partly"}],
                    "goals": [{"goal": 2, "outcome": "on_the_way"}],
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Judge every live agreement (G6) and every live goal (G7), once the meeting began; 409 `answers_missing`.

        What to judge: `agreements/?group=<id>&state=live` and `goals/?group=<id>&state=live`.
        """
        meeting = self.held(meeting_id)
        actions.close_meeting(meeting=meeting, **_by_id(self.sent(Judgement)), by=self.member, now=self.now)
        return self.told(meeting_id)


class MeetingSkipView(_Held):
    """A meeting without a closer."""

    @extend_schema(operation_id="skip_meeting", tags=["meetings"], request=Skipped, responses=OpenMeeting)
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Close a meeting without judging, and say why (G7)."""
        actions.skip_closer(meeting=self.held(meeting_id), **self.sent(Skipped), by=self.member, now=self.now)
        return self.told(meeting_id)


class MeetingPaperView(OneMeeting):
    """A meeting that was held on paper."""

    @extend_schema(operation_id="enter_paper_meeting", tags=["meetings"], request=PaperMeeting, responses=OpenMeeting)
    def post(self, request: Request, slug: str, meeting_id: int) -> Response:
        """Take over the sheet of a meeting: opener, closer and notes, all of it or nothing. 404 without a seat (C6)."""
        meeting = self.find(queries.meetings_at_own_table(self.member), meeting_id, may=permissions.may_hold_meetings)
        sent = self.sent(PaperMeeting)
        actions.enter_paper(
            meeting=meeting,
            repeated=sent["repeated"],
            **_by_id(sent),
            notes=sent["notes"],
            by=self.member,
            now=self.now,
        )
        return self.told(meeting_id)


def _by_id(sent: dict[str, Any]) -> dict[str, dict[int, str]]:
    return {
        "agreements": {one["agreement"]: one["outcome"] for one in sent["agreements"]},
        "goals": {one["goal"]: one["outcome"] for one in sent["goals"]},
    }
