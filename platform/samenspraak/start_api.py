"""The start of a school over REST: what it still needs, and what is written down on the way."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from samenspraak import starting
from schools import actions, bodies, permissions, queries
from schools.api.stewards import BoardView, StewardView
from schools.models.place import Region

STEPS = (
    ("council", "the participation council agrees"),
    ("region", "the school holidays are right"),
    ("people", "the people are in"),
    ("groups", "a working group starts"),
)
_SENTENCE = "De raad vergadert pas in mei en heeft geen bezwaar."


class StartStep(serializers.Serializer[Any]):
    """A step of the start."""

    key = serializers.ChoiceField(choices=STEPS)
    is_done = serializers.BooleanField(help_text="Whether nothing is left to do for it.")
    words = serializers.CharField(help_text="What it is, in the caller's language.")
    hint = serializers.CharField(help_text="How it stands, in the caller's language.")


class SchoolStart(serializers.Serializer[Any]):
    """How far a school is with its start."""

    slug = serializers.SlugField(help_text="The school's name in addresses.")
    name = serializers.CharField()
    runs = serializers.BooleanField(help_text="Whether every step is done.")
    may_invite = serializers.BooleanField(help_text="Whether invitations leave: the council agreed, or the board said.")
    consented_on = serializers.DateField(allow_null=True, help_text="Day on which its council agreed; null: not yet.")
    started_because = serializers.CharField(
        allow_blank=True, help_text="Why its board lets it start before that; everybody of the school reads it."
    )
    region = serializers.ChoiceField(choices=Region.choices, help_text="Whose school holidays it keeps.")
    region_checked_on = serializers.DateField(allow_null=True, help_text="Day on which somebody looked; null: nobody.")
    teachers = serializers.IntegerField(min_value=0, help_text="Who are there today; four are enough to start.")
    invited = serializers.IntegerField(min_value=0, help_text="Open invitations.")
    steps = StartStep(many=True, help_text="Four, in this order.")


class BoardStart(serializers.Serializer[Any]):
    """How far the schools of a board are with their start."""

    number = serializers.IntegerField(min_value=0, help_text="The board, as in the national list.")
    schools = SchoolStart(many=True, help_text="All open ones, by name.")


class Consent(bodies.Sent):
    """On which day the participation council agreed."""

    consented_on = bodies.Day(
        allow_null=True, help_text="Today or before, at most five years ago; null: it has not, or no longer does."
    )


class WhyNow(bodies.Sent):
    """Why a school starts before its council agreed."""

    because = bodies.Text(
        allow_blank=True, max_length=400, help_text="A sentence or two; the school reads it. Empty takes it back."
    )


class ItsRegion(bodies.Sent):
    """In which region a school has its holidays."""

    region = serializers.ChoiceField(choices=Region.choices)


class _StartView(StewardView):
    """For the leaders and admins of a school, and the admins of its board."""

    may: ClassVar[Any] = staticmethod(permissions.may_start_school)

    def as_now(self) -> Response:
        """The start as a change left it."""
        self.steward = queries.steward_at(user=self.caller, slug=self.school.slug, now=self.now)
        return Response(_told(starting.start_of(self.steward, now=self.now)))


class StartView(_StartView):
    """The start of one school."""

    @extend_schema(operation_id="read_school_start", tags=["schools"], responses=SchoolStart)
    def get(self, request: Request, slug: str) -> Response:
        """What the school still needs until it runs."""
        return Response(_told(starting.start_of(self.steward, now=self.now)))


class CouncilView(_StartView):
    """The consent of a school's council."""

    @extend_schema(operation_id="write_consent", tags=["schools"], request=Consent, responses=SchoolStart)
    def put(self, request: Request, slug: str) -> Response:
        """Write down on which day the participation council agreed; what waits for it leaves with the next round."""
        self.must_be_proved()
        actions.write_consent(**self.sent(Consent), by=self.steward, now=self.now)
        return self.as_now()


class ReasonView(_StartView):
    """The board's reason."""

    may = staticmethod(permissions.may_start_without_consent)

    @extend_schema(
        operation_id="start_without_consent",
        tags=["schools"],
        request=WhyNow,
        responses=SchoolStart,
        examples=[OpenApiExample("A reason", {"because": _SENTENCE}, request_only=True)],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Say for the board why the school starts before its council agreed. 403 for who is not of the board."""
        self.must_be_proved()
        actions.start_without_consent(**self.sent(WhyNow), by=self.steward, now=self.now)
        return self.as_now()


class RegionView(_StartView):
    """The region of a school's holidays."""

    @extend_schema(operation_id="choose_region", tags=["schools"], request=ItsRegion, responses=SchoolStart)
    def put(self, request: Request, slug: str) -> Response:
        """Say in which region the school has its holidays; that somebody looked is written down with it."""
        self.must_be_proved()
        actions.choose_region(region=Region(self.sent(ItsRegion)["region"]), by=self.steward, now=self.now)
        return self.as_now()


class BoardStartView(BoardView):
    """The start of a board's schools."""

    @extend_schema(operation_id="read_board_start", tags=["boards"], responses=BoardStart)
    def get(self, request: Request, number: int) -> Response:
        """How far each school of the board is; two queries, however many. For its admins, 404 for everybody else."""
        starts = starting.starts_of(self.board, now=self.now)
        return Response({"number": self.board.number, "schools": [_told(one) for one in starts]})


def _told(start: starting.Start) -> dict[str, Any]:
    school = start.school
    steps = [
        {"key": step.key, "is_done": step.is_done, "words": str(step.words), "hint": str(step.hint)}
        for step in start.steps
    ]
    return {
        "slug": school.slug,
        "name": school.name,
        "runs": start.runs,
        "may_invite": school.may_invite,
        "consented_on": school.consented_on,
        "started_because": school.started_because,
        "region": school.region,
        "region_checked_on": school.region_checked_on,
        "teachers": start.teachers,
        "invited": start.invited,
        "steps": steps,
    }
