"""Series over REST: meetings that come back, laid out around the days without school before they are planned."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, tenancy
from workgroups import actions, permissions, queries, recurrence, rest
from workgroups.api import planning
from workgroups.models.series import MOST, DaysOff, Every
from workgroups.queries import records

_RHYTHM = (
    "Always on the weekday of the first day. `month` counts weekdays (the third Tuesday; a fifth one means `last`), "
    "`last` is the last such weekday of the month."
)


class Series(serializers.Serializer[Any]):
    """Meetings of a group that were planned together. Each can go its own way since: `list_meetings?series=`."""

    id = serializers.IntegerField(min_value=1)
    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    every = serializers.ChoiceField(choices=Every.choices, help_text=_RHYTHM)
    first_day = serializers.DateField(help_text="The day from which the rhythm counts.")
    last_day = serializers.DateField(allow_null=True, help_text="The last day it may reach; null: it ends by number.")
    count = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=MOST, help_text="How many meetings it was to bring; null: by day."
    )
    on_days_off = serializers.ChoiceField(
        choices=DaysOff.choices, help_text="What became of a meeting on a day without school."
    )
    ahead = serializers.IntegerField(min_value=0, help_text="Meetings of it that are planned and have not begun.")
    next_meeting = serializers.IntegerField(
        allow_null=True, min_value=1, help_text="The id of the first of these; null: none is left."
    )


class SeriesRule(planning.NewMeeting):
    """When and where the group would meet again and again. It ends by `last_day` or by `count`: one of the two."""

    day = bodies.Day(help_text="The first day, which sets the weekday. It lies ahead.")
    every = serializers.ChoiceField(choices=Every.choices, help_text=_RHYTHM)
    last_day = bodies.Day(
        required=False, default=None, allow_null=True, help_text="The last day it may reach, within 18 months."
    )
    count = bodies.Number(
        required=False, default=None, allow_null=True, min_value=1, max_value=MOST, help_text="How many meetings."
    )
    on_days_off = serializers.ChoiceField(
        choices=DaysOff.choices,
        required=False,
        default=DaysOff.SKIP.value,
        help_text="`skip`: a meeting on a day without school is left out; `shift`: it moves by whole weeks to one "
        "with school, if that comes before the next turn.",
    )
    believes = bodies.YesNo(required=False, default=None, allow_null=True, help_text=planning.CLOSED)


class NewSeries(SeriesRule):
    """The same, with the days that were looked at."""

    seen = bodies.Many(
        child=bodies.Day(), max_length=MOST, help_text="`days` of the preview: nothing is planned unseen."
    )


class SeriesPreview(serializers.Serializer[Any]):
    """What a series would bring; nothing is written."""

    every = serializers.ChoiceField(choices=Every.choices, help_text="The rhythm as it is understood.")
    days = serializers.ListField(child=serializers.DateField(), help_text="To send as `seen`: when the group meets.")
    turns = planning.SeriesTurn(many=True, help_text="Every turn of the rhythm, in order.")
    breaks = planning.SchoolBreak(
        many=True, help_text="Long breaks outside summer: say of them what `believes` is, before it is planned."
    )


class SeriesFilter(bodies.Asked):
    """Which series."""

    group = bodies.AskedNumber(help_text="Only of this group.")


class SeriesView(rest.GroupView):
    """The series of a school's groups."""

    pagination_class = paging.Pages

    @extend_schema(operation_id="list_series", tags=["series"], parameters=[SeriesFilter], responses=Series(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The series of the caller's own groups, of all groups for leader and admin; the oldest first."""
        rows = records.series(self.member, group_id=self.asked(SeriesFilter).get("group"), now=self.now)
        return self.page_of(rows, lambda page: [_series(row) for row in page])


class _Series(planning.ChairedGroup):
    """What is about series."""

    def row(self, series_id: int) -> dict[str, Any]:
        """The series as it is now."""
        return _series(tenancy.fetch(records.series(self.member, now=self.now), pk=series_id))


class OneSeriesView(_Series):
    """One series."""

    @extend_schema(operation_id="read_series", tags=["series"], responses=Series)
    def get(self, request: Request, slug: str, series_id: int) -> Response:
        """A series, for who may know when the group meets."""
        return Response(self.row(series_id))


class SeriesEndView(_Series):
    """The end of one series."""

    @extend_schema(operation_id="end_series", tags=["series"], request=None, responses=Series)
    def post(self, request: Request, slug: str, series_id: int) -> Response:
        """Call off all meetings of a series that are planned and lie ahead. For the chair.

        Whoever heard of one hears that it is off. To change what follows instead: `change_meeting` with `following`,
        on the first one that changes.
        """
        series = self.find(queries.series_for(self.member), series_id, may=permissions.may_plan_meetings)
        actions.end_series(of=series, by=self.member, now=self.now)
        return Response(self.row(series_id))


class GroupSeriesView(_Series):
    """The series of one group."""

    @extend_schema(
        operation_id="plan_series",
        tags=["series"],
        request=NewSeries,
        responses={201: Series},
        examples=[
            OpenApiExample(
                "Two Tuesdays",
                {
                    "day": "2026-12-01",
                    "time": "15:15",
                    "minutes": 60,
                    "place": "Teamkamer",
                    "every": "fortnight",
                    "count": 2,
                    "seen": ["2026-12-01", "2026-12-15"],
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """Plan all meetings of a series, once its days were looked at (`preview_series`). For the chair.

        `series_moved`: the days are other ones by now, look again. `long_break`: say what `believes` is. A time at
        which the group already meets is not planned twice.
        """
        group, sent = self.own_group(group_id), self.sent(NewSeries)
        given = {"seen": sent.pop("seen"), **_laid_out(sent)}
        planned = actions.plan_series(group=group, **given, by=self.member, now=self.now)
        row = self.row(planned[0].series_id or 0)
        return self.created(row, "one-series", series_id=row["id"])


class SeriesPreviewView(_Series):
    """A look at what a series would bring."""

    @extend_schema(operation_id="preview_series", tags=["series"], request=SeriesRule, responses=SeriesPreview)
    def post(self, request: Request, slug: str, group_id: int) -> Response:
        """The days of a series around the days without school; nothing is written. For the chair."""
        given = {"group": self.own_group(group_id), **_laid_out(self.sent(SeriesRule))}
        layout = actions.lay_out_series(**given, by=self.member, now=self.now)
        return Response(
            {
                "every": layout.rule.every,
                "days": layout.days,
                "turns": [planning.turn(one) for one in layout.turns],
                "breaks": [planning.school_break(one) for one in layout.doubtful],
            }
        )


def _laid_out(sent: dict[str, Any]) -> dict[str, Any]:
    """The rule of a series, and what its meetings share."""
    rule = recurrence.Rule(
        first=sent["day"],
        every=Every(sent["every"]),
        on_days_off=DaysOff(sent["on_days_off"]),
        until=sent["last_day"],
        count=sent["count"],
        believes=sent["believes"],
    )
    shared = {name: sent[name] for name in ("time", "minutes", "place", "title")}
    return {"rule": rule, "sitting": recurrence.Sitting(**shared)}


def _series(row: records.Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "group": row["group_id"],
        "every": row["every"],
        "first_day": row["first_day"],
        "last_day": row["until"],
        "count": row["count"],
        "on_days_off": row["on_days_off"],
        "ahead": row["ahead"],
        "next_meeting": row["next_meeting"],
    }
