"""The dashboards over REST: what their pages show, to whom the pages show it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observations.outlook import LeaderAspect, LeaderView
from observations.profile import Word
from samenspraak import board_dashboard, school_dashboard
from schools import scopes
from schools.api import stewards
from workgroups import rest as workgroups
from workgroups.api import help as asking
from workgroups.models.meeting import MeetingState
from workgroups.queries import Beat

_NOT_TOLD = "null where the group keeps it to itself."
_RHYTHM_ONLY = "null for who reads the rhythm only."
_WORDS = [(word.value, word.value) for word in Word]


class DashboardBeat(serializers.Serializer[Any]):
    """One meeting in the rhythm of a group."""

    day = serializers.DateField(help_text="Day of the meeting, at school.")
    state = serializers.ChoiceField(
        choices=MeetingState.choices, help_text="`held` for all that took place, where the group does not share."
    )
    opened = serializers.BooleanField(allow_null=True, help_text=f"Agreements repeated (G5); {_NOT_TOLD}")
    closed = serializers.BooleanField(allow_null=True, help_text=f"Looked back (G6, G7); {_NOT_TOLD}")


class DashboardAspect(serializers.Serializer[Any]):
    """One aspect over time in three words. A gap is null: not observed or not asked, never nought."""

    key = serializers.CharField(help_text="Key of the card.")
    number = serializers.IntegerField(min_value=1, max_value=6, help_text="The card's place in the deck.")
    coach = serializers.ListField(
        child=serializers.ChoiceField(choices=_WORDS, allow_null=True), help_text="A word per day of `visits`."
    )
    own = serializers.ListField(
        child=serializers.ChoiceField(choices=_WORDS, allow_null=True), help_text="A word per month of `months`."
    )


class SharedTalk(serializers.Serializer[Any]):
    """What a group shares of its talk: seldom up to 1.5, sometimes 2 and 2.5, often from 3; no figures, no total."""

    visits = serializers.ListField(child=serializers.DateField(), help_text="Days of the meetings, the oldest first.")
    months = serializers.ListField(
        child=serializers.DateField(), help_text="First days of the months of own rounds that are shared."
    )
    aspects = DashboardAspect(many=True, help_text="Six, by number.")


class DashboardGroup(serializers.Serializer[Any]):
    """A group as its school sees it."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    name = serializers.CharField()
    aspect = serializers.CharField(
        allow_null=True, help_text=f"Key of the card in focus; null before the first, and {_RHYTHM_ONLY}"
    )
    rhythm = DashboardBeat(many=True, help_text="The latest meetings, the oldest first, and the next one.")
    last = serializers.DateField(allow_null=True, help_text="Day of the last meeting.")
    next = serializers.DateField(allow_null=True, help_text="Day of the next meeting.")
    shows = SharedTalk(allow_null=True, help_text=_NOT_TOLD)


class Activity(serializers.Serializer[Any]):
    """The two numbers that a board sees of a school."""

    groups = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Active groups; null where the board has fewer than three schools."
    )
    meetings = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="That took place since `since`; null where `groups` is."
    )


class ToBoard(Activity):
    """What the school's board sees of it."""

    since = serializers.DateField(help_text="First day of the school year.")


class SchoolDashboard(serializers.Serializer[Any]):
    """How the conversations of a school are going: no total, no mean, no order by value."""

    groups = DashboardGroup(many=True, help_text="The active ones, by name.")
    help = asking.HelpAsked(many=True, allow_null=True, help_text=_RHYTHM_ONLY)
    to_board = ToBoard(allow_null=True, help_text=_RHYTHM_ONLY)


class BoardSchool(Activity):
    """One school of a board."""

    slug = serializers.SlugField(help_text="The school's name in addresses.")
    name = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    location_code = serializers.CharField(
        allow_null=True, help_text="The six characters of the national list; null for a school without."
    )


class BoardDashboard(serializers.Serializer[Any]):
    """A board's open schools; nothing of what groups say or write."""

    number = serializers.IntegerField(min_value=0, help_text="As in the national list.")
    name = serializers.CharField(allow_blank=True, help_text="Empty where the national list does not tell it.")
    since = serializers.DateField(help_text="First day of the school year, from which meetings count.")
    schools = BoardSchool(many=True, help_text="By name.")


class SchoolDashboardView(workgroups.GroupView):
    """A school's dashboard."""

    area = scopes.Area.PROFILES

    @extend_schema(operation_id="read_school_dashboard", tags=["dashboards"], responses=SchoolDashboard)
    def get(self, request: Request, slug: str) -> Response:
        """The rhythm of every group, and what groups ask and share.

        Leaders, teachers and coaches get the same; who is only an admin gets the rhythm. 404 outside the school.
        """
        told = school_dashboard.of_member(self.member, now=self.now)
        return Response(
            {
                "groups": [_group(line) for line in told.lines],
                "help": None if told.is_rhythm_only else [asking.told(line) for line in told.help],
                "to_board": told.to_board and {"since": told.to_board.since, **_numbers(told.to_board.line)},
            }
        )


class BoardView(stewards.BoardView):
    """A board's dashboard."""

    area = scopes.Area.PROFILES

    @extend_schema(operation_id="read_board", tags=["boards"], responses=BoardDashboard)
    def get(self, request: Request, number: int) -> Response:
        """Per school how many groups work and how many meetings took place, from three schools on.

        For the admins of this board; 404 for everybody else.
        """
        told = board_dashboard.of_board(self.board, now=self.now)
        return Response(
            {
                "number": told.board.number,
                "name": told.board.name,
                "since": told.since,
                "schools": [_school(line) for line in told.lines],
            }
        )


def _group(line: school_dashboard.GroupLine) -> dict[str, Any]:
    return {
        "group": line.group.pk,
        "name": line.group.name,
        "aspect": line.aspect and line.aspect.key,
        "rhythm": [_beat(beat) for beat in line.rhythm],
        "last": line.last,
        "next": line.next,
        "shows": line.shows and _talk(line.shows),
    }


def _beat(beat: Beat) -> dict[str, Any]:
    return {"day": beat.day, "state": beat.state, "opened": beat.opened, "closed": beat.closed}


def _talk(shown: LeaderView) -> dict[str, Any]:
    return {
        "visits": [visit.day for visit in shown.visits],
        "months": list(shown.months),
        "aspects": [_aspect(aspect) for aspect in shown.aspects],
    }


def _aspect(aspect: LeaderAspect) -> dict[str, Any]:
    return {"key": aspect.key, "number": aspect.number, "coach": list(aspect.coach), "own": list(aspect.own)}


def _school(line: board_dashboard.SchoolLine) -> dict[str, Any]:
    return {
        "slug": line.school.slug,
        "name": line.school.name,
        "place": line.school.place,
        "location_code": line.school.location_code,
        **_numbers(line),
    }


def _numbers(line: board_dashboard.SchoolLine) -> dict[str, int | None]:
    return {"groups": line.groups, "meetings": line.meetings}
