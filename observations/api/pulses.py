"""The two short pulses over REST (P4-P7): for the seats of the group alone, and nobody's answers but one's own.

As with self-scans nothing here says who answered, how many did, or when.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import actions, models, permissions, queries
from observations.models.pulse import QUESTIONS, Often, PulseKind, PulseQuestion, PulseState
from observations.rest import Keyed, PrivateView
from schools import bodies, paging, scopes
from schools.roles import Member
from workgroups.models import WorkGroup

# A round without a result is not listed: it would say that hardly anybody answered.
LISTED = [(state.value, state.label) for state in PulseState if state != PulseState.VOID]


class Pulse(serializers.Serializer[Any]):
    """A round of a pulse, for the members of the group alone."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    kind = serializers.ChoiceField(choices=PulseKind.choices, help_text="What it asks about.")
    state = serializers.ChoiceField(choices=PulseState.choices)
    opened_on = serializers.DateField(help_text="The day, at school.")
    closes_at = serializers.DateTimeField(help_text="In UTC; sooner once everybody answered.")
    local_close = serializers.DateTimeField(help_text="The same as the school's clock shows it, with its offset.")
    closed_on = serializers.DateField(allow_null=True, help_text="null while it is open.")


class PulseSentence(serializers.Serializer[Any]):
    """A sentence that everybody answers."""

    question = serializers.ChoiceField(choices=PulseQuestion.choices, help_text="Its key.")
    text = serializers.CharField(help_text="In the caller's language.")


class PulseReading(serializers.Serializer[Any]):
    """What the group reads of one sentence."""

    question = serializers.ChoiceField(choices=PulseQuestion.choices, help_text="Key of the sentence.")
    degree = serializers.FloatField(
        min_value=1.5, max_value=3.5, help_text="1 (seldom) to 4 (nearly always) in halves, never quite at either end."
    )


class WholePulse(Pulse):
    """A pulse with what the caller can do in it, and what came of it."""

    may_answer = serializers.BooleanField(help_text="Whether it is open and the caller had a seat as it opened.")
    is_done = serializers.BooleanField(help_text="Whether the caller answered in this open round.")
    sentences = PulseSentence(many=True, help_text="In their order.")
    readings = PulseReading(
        many=True, allow_null=True, help_text="In the order of the sentences; null until it is `closed`."
    )
    is_low = serializers.BooleanField(
        allow_null=True, help_text="Whether a sentence lies at 2 or lower: a reason to talk; null until it is `closed`."
    )


class NewPulse(bodies.Sent):
    """A new round."""

    kind = serializers.ChoiceField(choices=PulseKind.choices, help_text="What it asks about.")
    closes_at = serializers.DateTimeField(
        default_timezone=dt.UTC, help_text="Until when each answers: 5 minutes to 21 days from now, with its offset."
    )


class PulseAnswers(bodies.Sent):
    """One's own answers, whole."""

    answers = Keyed(
        child=bodies.Number(min_value=min(Often.values), max_value=max(Often.values)),
        help_text="Per key of every sentence: 1 seldom, 2 sometimes, 3 often, 4 nearly always.",
    )


class PulseFilter(bodies.Asked):
    """Which rounds."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    kind = serializers.ChoiceField(choices=PulseKind.choices, required=False, help_text="Only of this kind.")
    state = serializers.ChoiceField(choices=LISTED, required=False, help_text="Only in this state.")


class PulseDoor(PrivateView):
    """About pulses: who did what is not kept, nor anything of it on the way."""

    area = scopes.Area.SCANS
    keeps_calls = False


class PulsesView(PulseDoor):
    """The pulses of the caller's groups."""

    pagination_class = paging.Pages

    @extend_schema(operation_id="list_pulses", tags=["pulses"], parameters=[PulseFilter], responses=Pulse(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What is open and what had a result, in the groups in which the caller has a seat, the oldest first."""
        rows = queries.pulses(self.member, **self.asked(PulseFilter))
        return self.page_of(rows, lambda page: [_pulse(row, self.member) for row in page])


class GroupPulsesView(PulseDoor):
    """The pulses of one group."""

    @extend_schema(
        operation_id="open_pulse",
        tags=["pulses"],
        request=NewPulse,
        responses={201: WholePulse},
        examples=[
            OpenApiExample("trust", value={"kind": "trust", "closes_at": "2026-12-01T14:15:00Z"}, request_only=True)
        ],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Ask everybody who has a seat now, as one of them; 404 for all others.

        Needs four people (`too_few_seats`), and three weeks since the last one of its kind (`too_soon`).
        """
        group = self.find(WorkGroup.objects.sat_in_by(self.member), group_id, may=permissions.may_open_pulse)
        pulse = actions.open_pulse(group=group, **self.sent(NewPulse), by=self.member, now=self.now)
        return self.created(_whole(pulse, self.member), "pulse", pulse_id=pulse.pk)


class PulseView(PulseDoor):
    """One pulse."""

    @extend_schema(operation_id="read_pulse", tags=["pulses"], responses=WholePulse)
    def get(self, request: Request, slug: str, pulse_id: int) -> Response:
        """A pulse with its sentences and, once it closed with four answers or more, what came of it.

        With fewer it is `void`, and says no more than that.
        """
        return Response(_whole(queries.pulse_for(self.member, pulse_id), self.member))


class PulseAnswersView(PulseDoor):
    """The caller's own answers in a pulse."""

    @extend_schema(operation_id="read_own_pulse_answers", tags=["pulses"], responses=PulseAnswers)
    def get(self, request: Request, slug: str, pulse_id: int) -> Response:
        """What the caller answered; empty before that, and once it closed: then it is deleted."""
        pulse = queries.pulse_for(self.member, pulse_id)
        return Response({"answers": queries.own_pulse_answers(pulse, self.member)})

    @extend_schema(operation_id="answer_pulse", tags=["pulses"], request=PulseAnswers, responses=PulseAnswers)
    def put(self, request: Request, slug: str, pulse_id: int) -> Response:
        """Answer all sentences, or change one's own answers, while it is open. The same again changes nothing.

        With the last answer that was missing it closes, and every single answer is deleted.
        """
        pulse = queries.pulse_for(self.member, pulse_id)
        answers = self.sent(PulseAnswers)["answers"]
        actions.answer_pulse(pulse=pulse, answers=answers, by=self.member, now=self.now)
        return Response({"answers": answers})


def _pulse(row: models.Pulse, member: Member) -> dict[str, Any]:
    return {
        "id": row.pk,
        "group": row.group_id,
        "kind": row.kind,
        "state": row.state,
        "opened_on": row.opened_on,
        "closes_at": row.closes_at,
        "local_close": row.closes_at.astimezone(member.school.zone),
        "closed_on": row.closed_on,
    }


def _whole(row: models.Pulse, member: Member) -> dict[str, Any]:
    is_open, has_result = row.state == PulseState.OPEN, row.state == PulseState.CLOSED
    lines = queries.pulse_lines(row) if has_result else ()
    return {
        **_pulse(row, member),
        "may_answer": is_open and queries.may_vote(row, member),
        "is_done": is_open and bool(queries.own_pulse_answers(row, member)),
        "sentences": [{"question": one.value, "text": one.label} for one in QUESTIONS[row.kind]],
        "readings": [{"question": one.question, "degree": one.halves / 2} for one in lines] if has_result else None,
        "is_low": queries.is_low(lines) if has_result else None,
    }
