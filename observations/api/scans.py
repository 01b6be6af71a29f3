"""The group's own mirror over REST: rounds, the caller's own answers, and readings once they are revealed.

Remarks never leave the group's pages, and nothing here says who answered or how many did before all may read it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cards.models import Aspect
from observations import actions, models, queries
from observations.models.observation import Degree
from observations.models.selfscan import ScanState, ScanWay, Spread
from observations.rest import Keyed, PrivateView
from schools import bodies, paging, problems, refusals, scopes
from schools.roles import Member
from workgroups import rest

_TAG = r'^"[0-9]{1,15}"$'


class Scan(serializers.Serializer[Any]):
    """A round of the self-scan (G3), for the members of the group alone."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    aspect = serializers.CharField(allow_null=True, help_text="Key of the card; null: all six, a starting picture.")
    way = serializers.ChoiceField(choices=ScanWay.choices)
    state = serializers.ChoiceField(choices=ScanState.choices)
    opened_on = serializers.DateField(help_text="The day, at school.")
    closes_at = serializers.DateTimeField(allow_null=True, help_text="In UTC; null when the group answers together.")
    local_close = serializers.DateTimeField(
        allow_null=True,
        help_text="The same as the school's clock shows it, with its offset; null where `closes_at` is.",
    )
    closed_on = serializers.DateField(allow_null=True, help_text="null while it is open.")


class Reading(serializers.Serializer[Any]):
    """What the group reads of one behaviour."""

    behaviour = serializers.CharField(help_text="Key of the line on the card.")
    aspect = serializers.CharField(help_text="Key of the card.")
    degree = serializers.FloatField(
        min_value=1,
        max_value=4,
        allow_null=True,
        help_text="1 (not heard) to 4 (throughout) in halves, 1.5 to 3.5 when sealed; null: too few could say.",
    )
    spread = serializers.ChoiceField(
        choices=Spread.choices, allow_null=True, help_text="Told when sealed and of eight answers at least."
    )


class ScanQuestion(serializers.Serializer[Any]):
    """A question for the group to talk about, made from what its readings show."""

    text = serializers.CharField(help_text="In the caller's language.")
    behaviour = serializers.CharField(allow_null=True, help_text="Key of the line it is about; null: of them all.")


class WholeScan(Scan):
    """A round with what the caller can do in it, and with its readings once they are revealed."""

    is_done = serializers.BooleanField(help_text="Whether the caller answered everything in this open round.")
    answer_next = serializers.CharField(
        allow_null=True, help_text="Key of the next card to answer; null: nothing is asked of the caller."
    )
    enough = serializers.BooleanField(
        allow_null=True,
        help_text="Whether the chair can close an open sealed round already: told to the chair alone, once the own "
        "answers are in and as long as nobody left the group; else null.",
    )
    respondents = serializers.IntegerField(
        allow_null=True, min_value=4, help_text="How many answered; null until it is revealed, and when together."
    )
    readings = Reading(many=True, allow_null=True, help_text="In the order of agreement; null until it is revealed.")
    questions = ScanQuestion(many=True, allow_null=True, help_text="Two or three; null until it is revealed.")


class OneAnswer(bodies.Sent):
    """To what degree, and in what manner."""

    degree = bodies.Number(
        min_value=min(Degree.values),
        max_value=max(Degree.values),
        allow_null=True,
        help_text="1 not heard, 2 now and then, 3 often, 4 throughout, null cannot say.",
    )
    manner = bodies.Text(
        required=False, default="", allow_blank=True, max_length=300, help_text="How you hear it, in your words."
    )


class Answers(bodies.Sent):
    """Answers on one card, whole."""

    answers = Keyed(child=OneAnswer(), help_text="Per key of every behaviour on the card.")


class AnswersConflict(problems.Problem):
    """Other answers stand there than those of `If-Match`; both are here."""

    stored = Answers(help_text="What stands there now.")
    sent = Answers(help_text="What you sent.")


class ScanFilter(bodies.Asked):
    """Which rounds."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    state = serializers.ChoiceField(choices=ScanState.choices, required=False, help_text="Only in this state.")


class ScansView(rest.GroupView):
    """The rounds of the caller's groups."""

    area = scopes.Area.SCANS
    pagination_class = paging.Pages

    @extend_schema(operation_id="list_scans", tags=["scans"], parameters=[ScanFilter], responses=Scan(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The self-scans of the groups in which the caller has a seat, the oldest first."""
        asked = self.asked(ScanFilter)
        rows = queries.scans(self.member, group_id=asked.get("group"), state=asked.get("state"))
        return self.page_of(rows, lambda page: [_scan(row, self.member) for row in page])


class ScanView(rest.GroupView):
    """One round."""

    area = scopes.Area.SCANS

    @extend_schema(operation_id="read_scan", tags=["scans"], responses=WholeScan)
    def get(self, request: Request, slug: str, scan_id: int) -> Response:
        """A self-scan, for who has a seat in the group. Readings come once the chair revealed it; remarks never."""
        return Response(whole(queries.scan_for(self.member, scan_id), self.member, today=self.today))


class ScanAnswersView(PrivateView):
    """The caller's own answers on one card of a round; the group's shared ones when it answers together."""

    area = scopes.Area.SCANS

    @extend_schema(operation_id="read_own_answers", tags=["scans"], responses=Answers)
    def get(self, request: Request, slug: str, scan_id: int, key: str) -> Response:
        """What the caller answered on this card; empty before that, and once the round closed: then it is deleted.

        `ETag` is another one for other answers.
        """
        scan, aspect = self._asked_about(scan_id, key)
        body, tag = self._kept(scan, aspect)
        return Response(body, headers={"ETag": tag})

    @extend_schema(
        operation_id="log_own_answers",
        tags=["scans"],
        parameters=[
            OpenApiParameter(
                "If-Match",
                {"type": "string", "pattern": _TAG},
                OpenApiParameter.HEADER,
                description="The `ETag` last read; without it whatever stands there is replaced.",
            )
        ],
        request=Answers,
        responses={
            200: Answers,
            (412, problems.MEDIA_TYPE): OpenApiResponse(AnswersConflict, description="Others stand there now."),
        },
    )
    def put(self, request: Request, slug: str, scan_id: int, key: str) -> Response:
        """Answer one card whole, or change the answers, while the round is open. The same again changes nothing.

        With the last answer that was missing the round closes, and every single answer is deleted. Where a group
        answers together, send the `ETag` that you read as `If-Match`: then nothing is replaced unseen.
        """
        version = self._if_match()
        scan, aspect = self._asked_about(scan_id, key)
        sent = self.sent(Answers)["answers"]
        lines = queries.lines_of(aspect)
        if not lines.keys() >= sent.keys():
            raise actions.UnknownKey(field="answers")
        answers = {lines[name]: actions.Answer(**answer) for name, answer in sent.items()}
        told = {"answers": {name: _answer(answers[pk]) for name, pk in lines.items() if pk in answers}}
        try:
            actions.answer_scan(
                scan=scan, aspect=aspect, answers=answers, version=version, by=self.member, now=self.now
            )
        except refusals.Conflict as conflict:
            return self._conflict(scan, aspect, told, conflict)
        return Response(told)

    def _kept(self, scan: models.SelfScan, aspect: Aspect) -> tuple[dict[str, Any], str]:
        """What stands there now, and its tag."""
        lines = queries.lines_of(aspect)
        own = queries.own_answers(scan, self.member)
        given = {name: own[pk] for name, pk in lines.items() if pk in own}
        version = queries.fingerprint({lines[name]: answer for name, answer in given.items()})
        return {"answers": {name: _answer(answer) for name, answer in given.items()}}, f'"{version}"'

    def _conflict(
        self, scan: models.SelfScan, aspect: Aspect, sent: dict[str, Any], conflict: refusals.Conflict
    ) -> Response:
        stored, tag = self._kept(scan, aspect)
        answer = problems.answer(412, str(conflict.sentence), code=conflict.code, stored=stored, sent=sent)
        answer["ETag"] = tag
        return answer

    def _if_match(self) -> int | None:
        """The version that the caller read; None where it says nothing."""
        told = self.request.headers.get("If-Match")
        if told is not None and not re.match(_TAG, told):
            raise problems.BadQuery({"If-Match": [_("Send the ETag as you got it, with its quotes.")]})
        return None if told is None else int(told.strip('"'))

    def _asked_about(self, scan_id: int, key: str) -> tuple[models.SelfScan, Aspect]:
        scan = queries.scan_for(self.member, scan_id)
        for aspect in queries.aspects_of(scan):
            if aspect.key == key:
                return scan, aspect
        raise Http404


def whole(scan: models.SelfScan, member: Member, *, today: dt.date) -> dict[str, Any]:
    """A round as ``WholeScan`` has it for one member: nothing of anybody else's answers before it is revealed."""
    where = queries.standing(scan, member, today=today)
    told = queries.reveal_of(scan)
    return {
        **_scan(scan, member),
        "is_done": where.i_am_done,
        "answer_next": where.my_next_aspect and where.my_next_aspect.key,
        "enough": where.enough,
        "respondents": told and told.respondents,
        "readings": told and [_reading(row) for row in told.rows],
        "questions": told and [_question(*one) for one in zip(told.questions, told.about, strict=True)],
    }


def _scan(row: models.SelfScan, member: Member) -> dict[str, Any]:
    return {
        "id": row.pk,
        "group": row.group_id,
        "aspect": row.aspect and row.aspect.key,
        "way": row.way,
        "state": row.state,
        "opened_on": row.opened_on,
        "closes_at": row.closes_at,
        "local_close": row.closes_at and row.closes_at.astimezone(member.school.zone),
        "closed_on": row.closed_on,
    }


def _answer(given: queries.Answer) -> dict[str, Any]:
    return {"degree": given.degree, "manner": given.manner}


def _question(text: str, about: queries.RevealRow | None) -> dict[str, Any]:
    return {"text": text, "behaviour": about and about.behaviour.key}


def _reading(row: queries.RevealRow) -> dict[str, Any]:
    return {
        "behaviour": row.behaviour.key,
        "aspect": row.behaviour.aspect.key,
        "degree": None if row.halves is None else row.halves / 2,
        "spread": row.spread or None,
    }
