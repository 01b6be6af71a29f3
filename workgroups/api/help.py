"""Help over REST: what groups ask their school for, and the leader's answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, rest as doors, tenancy
from workgroups import actions, models, permissions, queries, rest
from workgroups.actions.help import ANSWER, TEXT
from workgroups.models.help import HelpKind, HelpState

STATES = [(state.value, state.label) for state in HelpState if state != HelpState.WITHDRAWN]


class HelpAsked(serializers.Serializer[Any]):
    """What a group asks its school for, with the leader's answer. Who of the group asked is not kept."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    kind = serializers.ChoiceField(choices=HelpKind.choices)
    text = serializers.CharField(help_text="The group's words.")
    state = serializers.ChoiceField(choices=STATES)
    asked_on = serializers.DateField(help_text="The day, at school.")
    answer = serializers.CharField(allow_blank=True, help_text="Empty while nobody answered.")
    answered_on = serializers.DateField(
        allow_null=True, help_text="The day of the answer as it is, at school; null while nobody answered."
    )
    answered_by = serializers.CharField(
        allow_null=True, help_text="Full name of the leader; null while nobody answered, or when that account is gone."
    )


class HelpRequest(HelpAsked):
    """A question with the version that an answer to it names."""

    version = serializers.IntegerField(
        min_value=1, help_text="Rises with every change on either side; in quotes it goes along as `If-Match`."
    )


class NewHelpRequest(bodies.Sent):
    """A question to the school, which everybody who works there can read."""

    kind = serializers.ChoiceField(choices=HelpKind.choices)
    text = bodies.Text(max_length=TEXT, help_text="About the theme and the conversations, not about a person.")


class Answer(bodies.Sent):
    """A leader's answer; in other words as long as the group is not done with it."""

    answer = bodies.Text(max_length=ANSWER)


class HelpFilter(bodies.Asked):
    """Which questions."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    state = serializers.ChoiceField(choices=STATES, required=False, help_text="Only in this state.")


class HelpView(rest.GroupView):
    """The questions that the caller may read."""

    pagination_class = paging.Pages

    @extend_schema(operation_id="list_help", tags=["help"], parameters=[HelpFilter], responses=HelpRequest(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What the caller's groups asked, and what stands on the dashboard of a teacher or coach; the oldest first.

        That is what groups wait for, and what was answered this school year. A leader reads all that was asked.
        """
        asked = self.asked(HelpFilter)
        found = {"group_id": asked.get("group"), "state": asked.get("state")}
        rows = queries.help_to_read(self.member, today=self.today, **found)
        return self.page_of(rows, lambda page: [_told(row) for row in page])


class GroupHelpView(rest.GroupView):
    """The questions of one group."""

    keeps_calls = False  # who of the group asked is not kept

    @extend_schema(
        operation_id="ask_help",
        tags=["help"],
        request=NewHelpRequest,
        responses={201: HelpRequest},
        examples=[
            OpenApiExample(
                "An expert", {"kind": "expert", "text": "Wie leest er een middag met ons mee?"}, request_only=True
            )
        ],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Ask for the group, as one of its members. The same question again, while it waits, is that question."""
        group = tenancy.fetch(models.WorkGroup.objects.sat_in_by(self.member), pk=group_id)
        asked = actions.ask_help(group=group, **self.sent(NewHelpRequest), by=self.member, now=self.now)
        return self.created(_told(asked), "help-request", version=asked.version, help_id=asked.pk)


class _OneHelp(rest.GroupView):
    """What is about one question."""

    keeps_calls = False

    def own(self, help_id: int) -> models.HelpRequest:
        """The question, for the group that asks; 403 for a leader of the school."""
        return self.find(queries.help_for(self.member), help_id, may=permissions.may_ask_help)

    def told(self, row: models.HelpRequest) -> Response:
        """The question as it is now."""
        return self.versioned(_told(row), row.version)


class HelpRequestView(_OneHelp):
    """One question."""

    @extend_schema(operation_id="read_help", tags=["help"], responses=HelpRequest)
    def get(self, request: Request, slug: str, help_id: int) -> Response:
        """A question, for whoever finds it in the list."""
        return self.told(tenancy.fetch(queries.help_to_read(self.member, today=self.today), pk=help_id))

    @doors.edit_schema(operation_id="change_help", tags=["help"], request=NewHelpRequest, responses={200: HelpRequest})
    def put(self, request: Request, slug: str, help_id: int) -> Response:
        """Put a question in other words, as its group, while nobody answered. 403 for a leader."""
        asked, version = self.own(help_id), self.version_read()
        sent = self.sent(NewHelpRequest)
        return self.told(actions.reword_help(help_request=asked, **sent, version=version, by=self.member, now=self.now))


class HelpAnswerView(_OneHelp):
    """The answer to one question."""

    @doors.edit_schema(operation_id="answer_help", tags=["help"], request=Answer, responses={200: HelpRequest})
    def put(self, request: Request, slug: str, help_id: int) -> Response:
        """Answer, as a leader of the school; the same answer again changes nothing. 403 for the group itself.

        `If-Match` is the `ETag` of the question as it was read: nothing is answered unread.
        """
        asked = self.find(queries.help_for(self.member), help_id, may=permissions.may_answer_help)
        version = self.version_read()
        sent = self.sent(Answer)
        return self.told(actions.answer_help(help_request=asked, **sent, version=version, by=self.member, now=self.now))


class HelpWithdrawView(_OneHelp):
    """A question taken back."""

    @extend_schema(operation_id="withdraw_help", tags=["help"], request=None, responses={204: None})
    def post(self, request: Request, slug: str, help_id: int) -> Response:
        """Take a question back, as its group: nobody reads it any more, nor what was answered. Twice is once."""
        actions.take_help_back(help_request=self.own(help_id), by=self.member, now=self.now)
        return Response(status=204)


class HelpFinishView(_OneHelp):
    """The end of one question."""

    @extend_schema(operation_id="finish_help", tags=["help"], request=None, responses=HelpRequest)
    def post(self, request: Request, slug: str, help_id: int) -> Response:
        """Say that the group is done with an answer. Twice is once."""
        return self.told(actions.finish_help(help_request=self.own(help_id), by=self.member, now=self.now))


def told(line: queries.HelpLine) -> dict[str, Any]:
    """One question as ``HelpAsked`` has it, here and on the dashboard."""
    return {
        "id": line.id,
        "group": line.group.pk,
        "kind": line.kind,
        "text": line.words,
        "state": line.state,
        "asked_on": line.asked_on,
        "answer": line.answer,
        "answered_on": line.answered_on,
        "answered_by": line.by_name or None,
    }


def _told(row: models.HelpRequest) -> dict[str, Any]:
    return {**told(queries.help_line(row)), "version": row.version}
