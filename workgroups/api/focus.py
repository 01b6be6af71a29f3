"""Focus periods over REST: the one card that a group works on (G1), why it matters (G2), and the deck it chose from."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cards import api as cards, queries as deck
from cards.models import Aspect
from schools import bodies, paging, rest as doors, tenancy
from schools.models import School
from workgroups import actions, permissions, queries, rest
from workgroups.actions.focus import GOES_ON
from workgroups.api import agreements, goals
from workgroups.models import WorkGroup
from workgroups.models.goal import SLOTS, PeriodState
from workgroups.queries import records

ENDINGS = [(GOES_ON, "goes on"), *agreements.ENDS]


class FocusPeriod(serializers.Serializer[Any]):
    """A time in which a group works on one card, and why that matters to it (G1, G2)."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    aspect = serializers.CharField(help_text="Key of the card.")
    why = serializers.CharField(allow_blank=True, help_text="In the group's own words; empty while it did not say.")
    state = serializers.ChoiceField(choices=PeriodState.choices)
    started_on = serializers.DateField(help_text="The day, at school.")
    closed_on = serializers.DateField(allow_null=True, help_text="The day, at school; null while it goes on.")
    version = serializers.IntegerField(min_value=1, help_text="Rises with why it matters.")


class AgreementEnding(bodies.Sent):
    """What becomes of one live agreement when the group goes on to another card."""

    agreement = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="The agreement's id.")
    how = serializers.ChoiceField(choices=ENDINGS)


class GoalEnding(bodies.Sent):
    """How one live goal of the card until now ends: no goal lives on under a closed card."""

    goal = bodies.Number(min_value=1, max_value=bodies.LARGEST_ID, help_text="The goal's id.")
    how = serializers.ChoiceField(choices=goals.ENDS)


class NewFocus(bodies.Sent):
    """The card that a group chooses, and what becomes of what lives until now."""

    aspect = bodies.Text(help_text="Key of a card in the group's deck: `groups/<id>/cards/`.")
    why = bodies.Text(
        required=False, default="", allow_blank=True, max_length=300, help_text="Why it matters (G2); it can wait."
    )
    endings = bodies.Many(
        child=AgreementEnding(),
        required=False,
        default=list,
        max_length=len(SLOTS),
        help_text="One for every live agreement.",
    )
    goal_endings = bodies.Many(
        child=GoalEnding(), required=False, default=list, max_length=20, help_text="One for every live goal."
    )


class Why(bodies.Sent):
    """Why the card matters to the group (G2)."""

    why = bodies.Text(allow_blank=True, max_length=300, help_text="In its own words; empty: it does not say.")


class FocusFilter(bodies.Asked):
    """Which focus periods."""

    group = bodies.AskedNumber(help_text="Only of this group.")
    state = serializers.ChoiceField(choices=PeriodState.choices, required=False, help_text="Only in this state.")


class FocusPeriodsView(rest.GroupView):
    """The focus periods of the caller's groups."""

    pagination_class = paging.Pages

    @extend_schema(
        operation_id="list_focus_periods",
        tags=["focus"],
        parameters=[FocusFilter],
        responses=FocusPeriod(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The focus periods of the groups in which the caller has a seat or is a guest, the oldest first.

        What a group works on now: `?group=<id>&state=live`.
        """
        asked = self.asked(FocusFilter)
        rows = records.focus_periods(self.member, group_id=asked.get("group"), state=asked.get("state"))
        return self.page_of(rows, lambda page: [_period(row) for row in page])


class FocusPeriodView(rest.GroupView):
    """One focus period."""

    @extend_schema(operation_id="read_focus_period", tags=["focus"], responses=FocusPeriod)
    def get(self, request: Request, slug: str, period_id: int) -> Response:
        """A focus period, for members of the group and its guest."""
        return self._told(period_id)

    @doors.edit_schema(operation_id="change_focus_why", tags=["focus"], request=Why, responses={200: FocusPeriod})
    def put(self, request: Request, slug: str, period_id: int) -> Response:
        """Say why the card matters to the group (G2), while it works on it. 403 for a guest (C15)."""
        period = self.find(queries.periods_for(self.member), period_id, may=permissions.may_write_goals)
        version = self.version_read()
        actions.say_why(period=period, **self.sent(Why), version=version, by=self.member, now=self.now)
        return self._told(period_id)

    def _told(self, period_id: int) -> Response:
        row = tenancy.fetch(records.focus_periods(self.member), pk=period_id)
        return self.versioned(_period(row), row["version"])


class GroupFocusView(rest.GroupView):
    """The card of one group."""

    @extend_schema(
        operation_id="choose_focus",
        tags=["focus"],
        request=NewFocus,
        responses={201: FocusPeriod},
        examples=[
            OpenApiExample(
                "The next card",
                {
                    "aspect": "reflecting",
                    "why": "We praten vaak langs elkaar heen.",
                    "endings": [{"agreement": 3, "how": "habit"}, {"agreement": 4, "how": "live"}],
                    "goal_endings": [{"goal": 2, "how": "reached"}],
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Choose the card to work on (G1); the period until now closes. 403 for a guest (C15).

        Every live agreement gets an answer (409 `endings_missing`), and so does every live goal
        (`goal_endings_missing`).
        """
        group = self.find(WorkGroup.objects.entered_by(self.member), group_id, may=permissions.may_write_goals)
        sent = self.sent(NewFocus)
        made = actions.choose_aspect(
            group=group,
            aspect=_chosen(self.member.school, sent["aspect"]),
            why=sent["why"],
            endings={one["agreement"]: one["how"] for one in sent["endings"]},
            goal_endings={one["goal"]: one["how"] for one in sent["goal_endings"]},
            by=self.member,
            now=self.now,
        )
        row = tenancy.fetch(records.focus_periods(self.member), pk=made.pk)
        return self.created(_period(row), "focus-period", version=row["version"], period_id=made.pk)


class GroupDeckView(rest.GroupView):
    """The deck of one group."""

    @extend_schema(operation_id="read_group_deck", tags=["cards"], responses=cards.Deck)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """The six cards from which the group chooses: its board may have an edition of its own. One query."""
        self.asked(bodies.Asked)
        self.find(WorkGroup.objects.entered_by(self.member), group_id, may=permissions.may_read_goals)
        return Response(cards.deck_told(list(queries.deck_of(self.member.school))))


class GroupCardView(rest.GroupView):
    """One card of that deck."""

    @extend_schema(operation_id="read_group_card", tags=["cards"], responses=cards.Card)
    def get(self, request: Request, slug: str, group_id: int, key: str) -> Response:
        """One card with everything on it: the group's own where it works on this one, else that of its deck."""
        group = self.find(WorkGroup.objects.entered_by(self.member), group_id, may=permissions.may_read_goals)
        own = queries.aspects_in_focus([group.pk]).get(group.pk)
        aspect = own if own and own.key == key else _of_deck(self.member.school, key)
        if aspect is None:
            raise Http404
        return Response(cards.card_told(deck.open_up(aspect)))


def _of_deck(school: School, key: str) -> Aspect | None:
    return next((one for one in queries.deck_of(school) if one.key == key), None)


def _chosen(school: School, key: str) -> Aspect:
    """The card with this key in the school's deck; raises ValidationError (400)."""
    aspect = _of_deck(school, key)
    if aspect is None:
        raise exceptions.ValidationError({"aspect": [_("Choose one of the six cards.")]})
    return aspect


def _period(row: records.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "group": row["group_id"],
        "aspect": row["card"],
        "why": row["why"],
        "state": row["state"],
        "started_on": row["started_on"],
        "closed_on": row["closed_on"],
        "version": row["version"],
    }
