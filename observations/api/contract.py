"""The contract of a visit over REST (C2, C4): proposed by a visitor, answered by the chair, held off by any member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations import actions, models, permissions, queries, wording
from observations.api import visits
from observations.models.visit import Purpose
from schools import bodies, problems, rest as base, scopes
from schools.roles import Member, Role
from workgroups import rest
from workgroups.models import Meeting, WorkGroup


class VisitMeeting(serializers.Serializer[Any]):
    """The only date of a group that a visitor can know before the group said yes."""

    id = serializers.IntegerField(min_value=1)
    starts_at = serializers.DateTimeField(help_text="In UTC.")
    ends_at = serializers.DateTimeField(help_text="In UTC.")
    local_start = serializers.DateTimeField(help_text="As the school's clock shows it, with its offset.")
    local_end = serializers.DateTimeField(help_text="As the school's clock shows it, with its offset.")
    time_zone = serializers.CharField(help_text="IANA name of that clock's zone.")


class NextVisit(serializers.Serializer[Any]):
    """What a visitor can propose to a group."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    meeting = VisitMeeting(allow_null=True, help_text="The next one that is planned; null: none is.")
    is_closed = serializers.BooleanField(
        help_text="Whether the caller asked for this meeting before and it did not suit: then only a later one can be."
    )
    who_sees_what = serializers.ListField(
        child=serializers.CharField(), help_text="The contract, in sentences to the visitor, in the caller's language."
    )


class NewVisit(bodies.Sent):
    """A proposal to come and listen (C2)."""

    meeting = bodies.Number(
        min_value=1, max_value=bodies.LARGEST_ID, help_text="Id of the group's next meeting: no other can be asked for."
    )
    purpose = serializers.ChoiceField(choices=Purpose.choices, help_text="Why (C3); judging people is no reason.")
    own_words = bodies.Text(
        required=False, default="", allow_blank=True, max_length=300, help_text="To the group: one or two sentences."
    )
    target_minutes = bodies.Number(
        required=False, default=20, min_value=15, max_value=30, help_text="How long to listen first (C7)."
    )


class VisitAmendment(bodies.Sent):
    """What the group wants otherwise (C2)."""

    group_words = bodies.Text(
        allow_blank=True, max_length=300, help_text="What to listen to: the conversation, not one person."
    )
    target_minutes = bodies.Number(min_value=15, max_value=30, help_text="How long the visitor may listen.")


class VisitContract(serializers.Serializer[Any]):
    """What both agreed on, and who sees what of it."""

    visit = serializers.IntegerField(min_value=1, help_text="The visit's id.")
    purpose = serializers.ChoiceField(choices=Purpose.choices, help_text="Why (C3).")
    own_words = serializers.CharField(allow_blank=True, help_text="The visitor's words.")
    group_words = serializers.CharField(allow_blank=True, help_text="What the group wants to be listened to (C2).")
    target_minutes = serializers.IntegerField(min_value=15, max_value=30, help_text="How long to listen first (C7).")
    who_sees_what = serializers.ListField(
        child=serializers.CharField(),
        help_text="In sentences to the visitor or to the group, whichever calls, in the caller's language.",
    )


PROPOSAL = OpenApiExample(
    "fresh eyes",
    value={"meeting": 9, "purpose": "fresh_eyes", "own_words": "Ik luister graag mee.", "target_minutes": 20},
    request_only=True,
)


class Proposed(rest.GroupView):
    """About a group that the caller may propose to visit."""

    area = scopes.Area.VISITS

    def group(self, group_id: int) -> WorkGroup:
        """The group; 404 elsewhere, 403 for who is no visitor of it."""
        return self.find(WorkGroup.objects.visible_to(self.member), group_id, may=permissions.may_propose_visit)

    def ahead(self, group: WorkGroup) -> Meeting | None:
        """Its next meeting."""
        return queries.next_meeting(group, now=self.now)


class NextVisitView(Proposed):
    """What can be proposed."""

    @extend_schema(operation_id="read_next_visit", tags=["visits"], responses=NextVisit)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """The meeting that a coach, or the leader as a visitor, can propose to visit (C1); 403 for all others here."""
        group = self.group(group_id)
        ahead = self.ahead(group)
        is_closed = bool(queries.closed_to(self.member.user.pk, [ahead.pk] if ahead else []))
        return Response(
            {
                "group": group.pk,
                "meeting": ahead and {"id": ahead.pk, **visits.when(ahead)},
                "is_closed": is_closed,
                "who_sees_what": _contract(None, self.member),
            }
        )


class GroupVisitsView(Proposed):
    """The visits to one group."""

    @extend_schema(
        operation_id="propose_visit",
        tags=["visits"],
        request=NewVisit,
        responses={201: visits.Visit},
        examples=[PROPOSAL],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Propose to listen to the group's next meeting, as a coach or as the leader (C1); 403 for all others here.

        Another meeting, or one that is not there: `not_next_meeting`. A no to one meeting stands (`not_again`).
        """
        group = self.group(group_id)
        sent = self.sent(NewVisit)
        ahead = self.ahead(group)
        if ahead is None or sent.pop("meeting") != ahead.pk:
            raise actions.NotNextMeeting(field="meeting")
        visit = actions.propose_visit(meeting=ahead, **sent, by=self.member, now=self.now)
        kept = queries.visit_for(self.member, visit.pk)
        told = visits.visit_told(kept, self.member, today=self.today)
        return self.created(told, "visit", version=kept.version, visit_id=kept.pk)


class ContractView(rest.GroupView):
    """What was agreed on."""

    area = scopes.Area.VISITS

    @extend_schema(operation_id="read_visit_contract", tags=["visits"], responses=VisitContract)
    def get(self, request: Request, slug: str, visit_id: int) -> Response:
        """What the visit is for, how long, and who will see what: for the group's members and the visitor."""
        visit = queries.visit_for(self.member, visit_id)
        return Response(
            {
                "visit": visit.pk,
                "purpose": visit.purpose,
                "own_words": visit.own_words,
                "group_words": visit.group_words,
                "target_minutes": visit.target_minutes,
                "who_sees_what": _contract(visit, self.member),
            }
        )


def _contract(visit: models.Visit | None, member: Member) -> list[str]:
    is_visitor = visit is None or permissions.may_log_observation(member, visit)
    name = visit.coach.name if visit else ""
    return wording.who_sees_what(to_visitor=is_visitor, is_leader=member.has(Role.LEADER), visitor=name)


class _Deed(Protocol):
    def __call__(self, *, visit: models.Visit, by: Member, now: Any) -> models.Visit: ...


class Step(rest.GroupView):
    """A step in the contract, by whom it is up to."""

    area = scopes.Area.VISITS

    def visit(self, visit_id: int, may: Callable[[Member, models.Visit], bool]) -> models.Visit:
        """The visit; 404 for who may not know of it, 403 for whom the step is not up to."""
        return self.find(queries.visits_asked(self.member), visit_id, may=may)

    def taken(self, visit_id: int, may: Callable[[Member, models.Visit], bool], deed: _Deed) -> Response:
        """Take it, and tell how the visit stands."""
        deed(visit=self.visit(visit_id, may), by=self.member, now=self.now)
        return self.told(visit_id)

    def told(self, visit_id: int) -> Response:
        """The visit as it is now."""
        row = queries.visit_for(self.member, visit_id)
        return self.versioned(visits.visit_told(row, self.member, today=self.today), row.version)


class AcceptView(Step):
    """Welcome."""

    @extend_schema(operation_id="accept_visit", tags=["visits"], request=None, responses=visits.Visit)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Welcome the visitor for the group, as its chair (C2); again where the meeting moved. 403 for all others.

        From now on the visitor reads along as the group's guest.
        """
        return self.taken(visit_id, permissions.may_answer_visit, actions.accept_visit)


class DeclineView(Step):
    """Not now."""

    @extend_schema(operation_id="decline_visit", tags=["visits"], request=None, responses=visits.Visit)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Say "not now" for the group, as its chair (C2); 403 for all others. It stands for this meeting."""
        return self.taken(visit_id, permissions.may_answer_visit, actions.decline_visit)


class AmendView(Step):
    """Yes, but otherwise."""

    @extend_schema(operation_id="amend_visit", tags=["visits"], request=VisitAmendment, responses=visits.Visit)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Say for the group what it wants otherwise, as its chair; the visitor then agrees or not (C2).

        A yes that stood waits until then. Once the visitor may be listening, nothing is amended (`may_have_begun`).
        """
        visit = self.visit(visit_id, permissions.may_answer_visit)
        actions.amend_visit(visit=visit, **self.sent(VisitAmendment), by=self.member, now=self.now)
        return self.told(visit_id)


class AgreeView(Step):
    """Agreed."""

    @extend_schema(
        operation_id="agree_visit",
        tags=["visits"],
        parameters=[base.IF_MATCH],
        request=None,
        responses={
            200: visits.Visit,
            (412, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="`If-Match` is not its version."),
            (428, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="`If-Match` is missing."),
        },
    )
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Say yes to what the group changed, as the visitor, in the version that was read; 403 for all others."""
        visit = self.visit(visit_id, permissions.may_log_observation)
        version = self.version_read()
        if version != visit.version:
            return problems.answer(412, str(actions.NotPossibleNow.message), code="conflict")
        actions.agree_visit(visit=visit, version=version, by=self.member, now=self.now)
        return self.told(visit_id)


class PostponeView(Step):
    """Rather later."""

    keeps_calls = False

    @extend_schema(operation_id="postpone_visit", tags=["visits"], request=None, responses=visits.Visit)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Take the yes back for now, as anybody with a seat (C4), until feedback is shared; 403 for the visitor.

        What the visitor noted under that yes is deleted. Neither who asked nor when is kept or told.
        """
        return self.taken(visit_id, permissions.may_postpone_visit, actions.postpone_visit)


class WithdrawView(Step):
    """Rather not."""

    keeps_calls = False

    @extend_schema(operation_id="withdraw_visit", tags=["visits"], request=None, responses=visits.Visit)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """End it: anybody with a seat, unnamed (C4), or the visitor; until feedback is shared.

        The visitor's notes are deleted at once. Neither who did it nor when is kept or told.
        """
        return self.taken(visit_id, permissions.may_withdraw_visit, actions.withdraw_visit)
