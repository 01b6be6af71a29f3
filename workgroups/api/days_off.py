"""Days without school over REST: the holidays of the region that count here, and the school's own."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, holidays, permissions as school_permissions, rest as doors, scopes
from schools.models import Holiday
from schools.models.place import Region
from workgroups import actions, permissions
from workgroups.actions import words

_NAME = 60


class DaysOff(serializers.Serializer[Any]):
    """Days on end without school."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(help_text="What it is, such as a study day.")
    first_day = serializers.DateField(help_text="Its first day.")
    last_day = serializers.DateField(help_text="Its last day; a single day is both.")
    is_own = serializers.BooleanField(help_text="Whether the school wrote it down itself, and can remove it.")


class SchoolCalendar(serializers.Serializer[Any]):
    """When there is no school, for two years ahead."""

    region = serializers.ChoiceField(choices=Region.choices, help_text="Whose holidays the school keeps.")
    days_off = DaysOff(many=True, help_text="Those that are not over, the first first. The school's own days win.")


class NewDaysOff(bodies.Sent):
    """A study day, or a break of the school's own: a hundred days at most, not more than two years ahead."""

    name = bodies.Text(max_length=_NAME, help_text="What it is.")
    first_day = bodies.Day(help_text="Its first day.")
    last_day = bodies.Day(required=False, default=None, allow_null=True, help_text="null: it is a single day.")

    def validate_name(self, value: str) -> str:
        """On one line; raises EmptyText (409)."""
        return words.one_line(value, limit=_NAME, field="name")


class DaysOffView(doors.SchoolView):
    """The days without school."""

    area = scopes.Area.GROUPS

    @extend_schema(operation_id="list_days_off", tags=["days_off"], responses=SchoolCalendar)
    def get(self, request: Request, slug: str) -> Response:
        """When there is no school, for everybody who works there: holidays of the region and the school's own days."""
        school = self.member.school
        rows = holidays.ahead(school, today=self.today)
        return Response({"region": school.region, "days_off": [_days(row) for row in rows]})

    @extend_schema(
        operation_id="add_days_off",
        tags=["days_off"],
        request=NewDaysOff,
        responses={201: DaysOff},
        examples=[OpenApiExample("A study day", {"name": "Studiedag", "first_day": "2026-12-04"}, request_only=True)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Write days without school down. For leader and admin.

        Meetings stay where they are; the letters that wait get their new time.
        """
        permissions.demand(school_permissions.may_set_days_off(self.member))
        made = actions.add_days_off(**self.sent(NewDaysOff), by=self.member, now=self.now)
        return self.created(_days(made), "days-off")


class DaysOffRemoveView(doors.SchoolView):
    """Days without school that the school wrote down."""

    area = scopes.Area.GROUPS

    @extend_schema(operation_id="remove_days_off", tags=["days_off"], responses={204: None})
    def delete(self, request: Request, slug: str, holiday_id: int) -> Response:
        """There is school on these days after all. For leader and admin; 404 for a holiday of the region."""
        actions.remove_days_off(holiday_id=holiday_id, by=self.member, now=self.now)
        return Response(status=204)


def _days(row: Holiday) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "is_own": row.school_id is not None,
    }
