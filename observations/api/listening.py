"""Before and during a visit over REST: getting ready (C5, C6), and a clock and nothing else (C7)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cards.models import Behaviour
from observations import actions, models, queries, wording
from observations.actions import listening
from observations.models.visit import VisitState
from observations.rest import PrivateView
from schools import problems, scopes
from schools.roles import Role


class CardLine(serializers.Serializer[Any]):
    """A line on a card: something that can be heard in a conversation."""

    key = serializers.CharField(help_text="Key of the behaviour, as marks name it.")
    text = serializers.CharField(help_text="In the caller's language.")


class VisitCard(serializers.Serializer[Any]):
    """A card with what can be heard."""

    aspect = serializers.CharField(help_text="Key of the card.")
    number = serializers.IntegerField(min_value=1, max_value=6, help_text="Its place in the deck.")
    name = serializers.CharField()
    behaviours = CardLine(many=True, help_text="In the order of the card.")


class VisitAgreement(serializers.Serializer[Any]):
    """What the group repeats at its start."""

    id = serializers.IntegerField(min_value=1)
    slot = serializers.IntegerField(min_value=1, help_text="Its place.")
    text = serializers.CharField()


class VisitPreparation(serializers.Serializer[Any]):
    """What a visitor reads before coming: never what the meeting is about (C6)."""

    visit = serializers.IntegerField(min_value=1, help_text="The visit's id.")
    cards = VisitCard(many=True, help_text="The six of the group's deck; its card in focus first, if it may be known.")
    aspect = serializers.CharField(
        allow_null=True, help_text="Key of the group's card in focus; null until the group said yes, or chose one."
    )
    agreements = VisitAgreement(many=True, allow_null=True, help_text="In their order; null until the group said yes.")
    say = serializers.CharField(help_text="What to say when coming in, in the caller's language.")
    who_sees_what = serializers.ListField(child=serializers.CharField(), help_text="The contract, to the visitor.")


class Listening(serializers.Serializer[Any]):
    """The clock of a visit."""

    visit = serializers.IntegerField(min_value=1, help_text="The visit's id.")
    state = serializers.ChoiceField(choices=VisitState.choices)
    opens_at = serializers.DateTimeField(help_text="From when it can start, in UTC: 15 minutes before the meeting.")
    local_opens = serializers.DateTimeField(help_text="The same as the school's clock shows it, with its offset.")
    is_open = serializers.BooleanField(help_text="Whether it can start now.")
    target_minutes = serializers.IntegerField(min_value=15, max_value=30, help_text="How long to listen first (C7).")
    since = serializers.DateTimeField(allow_null=True, help_text="When it began, in UTC; null: it does not run.")
    until = serializers.DateTimeField(
        allow_null=True,
        help_text="When the target is reached or, if that is sooner, the meeting ends, in UTC; null: it does not run.",
    )
    local_since = serializers.DateTimeField(
        allow_null=True, help_text="`since` as the school's clock shows it, with its offset; null where that is."
    )
    local_until = serializers.DateTimeField(
        allow_null=True, help_text="`until` as the school's clock shows it, with its offset; null where that is."
    )
    time_zone = serializers.CharField(help_text="IANA name of that clock's zone.")
    minutes = serializers.IntegerField(
        min_value=1, max_value=240, allow_null=True, help_text="What stopping now would count; null: it does not run."
    )
    observation = serializers.UUIDField(
        allow_null=True, help_text="Id under which notes are written once it stopped; null before that."
    )


_OVER = {
    (409, problems.MEDIA_TYPE): OpenApiResponse(problems.Problem, description="The visit does not lie ahead any more.")
}


class OwnVisitView(PrivateView):
    """About a visit, for its visitor alone; 404 for everybody else."""

    area = scopes.Area.VISITS


class PreparationView(OwnVisitView):
    """Getting ready."""

    @extend_schema(operation_id="read_visit_preparation", tags=["visits"], responses={200: VisitPreparation, **_OVER})
    def get(self, request: Request, slug: str, visit_id: int) -> Response:
        """The six cards, what the group works on as far as the visit allows, and what to say (C5, C6)."""
        visit = queries.own_visit(self.member, visit_id)
        is_ahead = visit.state in (VisitState.PROPOSED, VisitState.ACCEPTED) and self.now < visit.meeting.ends_at
        if not is_ahead or visit.is_called_off:
            raise actions.NotPossibleNow
        focus = queries.focus_for(visit.group, self.member)
        aspect = focus.aspect if focus else None
        lines = queries.behaviours_in_use(visit).values()
        cards = [_card(list(found)) for _aspect, found in groupby(lines, key=lambda line: line.aspect)]
        return Response(
            {
                "visit": visit.pk,
                "cards": sorted(cards, key=lambda card: aspect is None or card["aspect"] != aspect.key),
                "aspect": aspect and aspect.key,
                "agreements": focus
                and [{"id": one.id, "slot": one.slot, "text": one.text} for one in focus.agreements],
                "say": _("“I am here for how you talk with each other. I leave the subject to you.”"),
                "who_sees_what": wording.who_sees_what(to_visitor=True, is_leader=self.member.has(Role.LEADER)),
            }
        )


class ListeningView(OwnVisitView):
    """The clock."""

    @extend_schema(operation_id="read_listening", tags=["visits"], responses=Listening)
    def get(self, request: Request, slug: str, visit_id: int) -> Response:
        """The clock as it stands, for the visitor."""
        return self.told(visit_id)

    @extend_schema(operation_id="start_listening", tags=["visits"], request=None, responses=Listening)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Start the clock, from 15 minutes before the meeting until its end (C7), once the group said yes (C2).

        An app that keeps the clock itself need not: it sends `listened` with the observation.
        """
        visit = queries.own_visit(self.member, visit_id)
        actions.start_listening(visit=visit, by=self.member, now=self.now)
        return self.told(visit_id)

    def told(self, visit_id: int) -> Response:
        """The clock as it is now."""
        return Response(self._clock(queries.own_visit(self.member, visit_id)))

    def _clock(self, visit: models.Visit) -> dict[str, Any]:
        runs = visit.state == VisitState.LISTENING
        clock = listening.clock_of(visit, now=self.now) if runs else None
        opens = visit.meeting.starts_at - listening.EARLY
        may_come = visit.state == VisitState.ACCEPTED and not visit.is_called_off and not visit.needs_new_yes
        written = getattr(visit, "observation", None)
        since, until = (visit.listening_since, clock.until) if clock else (None, None)
        zone = self.member.school.zone
        return {
            "visit": visit.pk,
            "state": visit.state,
            "opens_at": opens,
            "local_opens": opens.astimezone(zone),
            "is_open": may_come and opens <= self.now < visit.meeting.ends_at,
            "target_minutes": visit.target_minutes,
            "since": since,
            "until": until,
            "local_since": since and since.astimezone(zone),
            "local_until": until and until.astimezone(zone),
            "time_zone": zone.key,
            "minutes": clock and clock.counted,
            "observation": written and written.pk,
        }


class StopView(ListeningView):
    """Stopping."""

    http_method_names = ["post"]

    @extend_schema(operation_id="stop_listening", tags=["visits"], request=None, responses=Listening)
    def post(self, request: Request, slug: str, visit_id: int) -> Response:
        """Stop the clock: the notes open, under `observation` (C8), and the minutes are counted once."""
        visit = queries.own_visit(self.member, visit_id)
        actions.stop_listening(visit=visit, by=self.member, now=self.now)
        return self.told(visit_id)


def _card(lines: list[Behaviour]) -> dict[str, Any]:
    aspect = lines[0].aspect
    return {
        "aspect": aspect.key,
        "number": aspect.number,
        "name": aspect.name,
        "behaviours": [{"key": line.key, "text": line.text} for line in lines],
    }
