"""When people hear their agreements again, over REST: by their school's rule, their group's or their own."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies
from workgroups import actions, models, permissions, queries, reminders, rest
from workgroups.actions.rules import MOST_DAYS, MOST_HOURS

DAYS, HOURS, OFF, SCHOOL, GROUP = "days", "hours", "off", "school", "group"
_ON_DAYS, _ON_HOURS = (DAYS, "some days before, at a time of day"), (HOURS, "some hours before the start")
WHEN = (_ON_DAYS, _ON_HOURS)
GROUP_WHEN = ((SCHOOL, "as the school does"), *WHEN, (OFF, "not at all: then nobody hears of meetings by mail"))
OWN_WHEN = ((GROUP, "when each of one's groups does"), *WHEN)
HOLDS_WHEN = (*WHEN, (OFF, "not at all"))


class Rule(serializers.Serializer[Any]):
    """When letters with the agreements leave before a meeting. Never at night, and on school days where that can be."""

    days_before = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=MOST_DAYS, help_text="Days before the meeting; null: not by days."
    )
    at = bodies.WallTime(
        allow_null=True, help_text="At what time of that day, on the school's clock; null: not by days."
    )
    hours_before = serializers.IntegerField(
        allow_null=True, min_value=1, max_value=MOST_HOURS, help_text="Hours before the start; null: not by hours."
    )


class SchoolRule(Rule):
    """The school's default: the rule of each of its groups that chose no other."""

    when = serializers.ChoiceField(choices=WHEN)
    groups = serializers.IntegerField(min_value=0, help_text="How many groups that work follow it.")


class GroupRule(Rule):
    """The rule of one group; with `school` it shows what the school's says now, with `off` nothing."""

    group = serializers.IntegerField(min_value=1, help_text="The group's id.")
    when = serializers.ChoiceField(choices=GROUP_WHEN)


class SentRule(bodies.Sent):
    """By days with a time, or by hours: what belongs to another choice is not looked at."""

    days_before = bodies.Number(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=MOST_DAYS,
        help_text="With `days`: how many days before the meeting.",
    )
    at = bodies.WallTime(required=False, default=None, allow_null=True, help_text="With `days`: the time of that day.")
    hours_before = bodies.Number(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=MOST_HOURS,
        help_text="With `hours`: how many hours before the start.",
    )


class SchoolRuleToSet(SentRule):
    """The school's default."""

    when = serializers.ChoiceField(choices=WHEN)


class GroupRuleToSet(SentRule):
    """The rule of one group."""

    when = serializers.ChoiceField(choices=GROUP_WHEN)


class SchoolRuleView(rest.GroupView):
    """The school's default, for leader and admin."""

    def enter(self, **kwargs: Any) -> None:
        """For who sets it; 403 for everybody else of the school."""
        super().enter(**kwargs)
        permissions.demand(permissions.may_set_school_rule(self.member))

    @extend_schema(operation_id="read_school_reminders", tags=["letters"], responses=SchoolRule)
    def get(self, request: Request, slug: str) -> Response:
        """When groups of the school hear their agreements again, as long as they choose no other rule."""
        return self._told()

    @extend_schema(
        operation_id="change_school_reminders",
        tags=["letters"],
        request=SchoolRuleToSet,
        responses=SchoolRule,
        examples=[
            OpenApiExample("The day before", {"when": "days", "days_before": 1, "at": "16:00"}, request_only=True)
        ],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Change the default, and with it the rule of each group that follows it.

        The letters that wait get their new time.
        """
        rule = rule_of(self.sent(SchoolRuleToSet)) or reminders.Rule()
        actions.remind_school(rule=rule, by=self.member, now=self.now)
        return self._told()

    def _told(self) -> Response:
        school = self.member.school
        following = len(queries.groups_under_school_rule(school))
        return Response({**told(queries.school_rule(school)), "groups": following})


class GroupRuleView(rest.GroupView):
    """The rule of one group, for who has a seat."""

    @extend_schema(operation_id="read_group_reminders", tags=["letters"], responses=GroupRule)
    def get(self, request: Request, slug: str, group_id: int) -> Response:
        """When the group hears its agreements again, for its members."""
        return self._told(self._group(group_id))

    @extend_schema(
        operation_id="change_group_reminders",
        tags=["letters"],
        request=GroupRuleToSet,
        responses=GroupRule,
        examples=[OpenApiExample("Two hours before", {"when": "hours", "hours_before": 2}, request_only=True)],
    )
    def put(self, request: Request, slug: str, group_id: int) -> Response:
        """Choose when the group is reminded, or not at all. For the chair; 403 for its other members.

        The letters that wait get their new time.
        """
        group = self._group(group_id)
        permissions.demand(permissions.may_choose_letters(self.member, group))
        sent = self.sent(GroupRuleToSet)
        given = {"rule": rule_of(sent), "is_on": sent["when"] != OFF}
        actions.remind_group(group=group, **given, by=self.member, now=self.now)
        return self._told(group)

    def _group(self, group_id: int) -> models.WorkGroup:
        rows = models.WorkGroup.objects.sat_in_by(self.member)
        return self.find(rows, group_id, may=permissions.may_read_letters)

    def _told(self, group: models.WorkGroup) -> Response:
        return Response({"group": group.pk, **told_of(queries.group_rule(group))})


def rule_of(sent: dict[str, Any]) -> reminders.Rule | None:
    """The rule of days or hours that was sent; None where something else was chosen. Raises OddRule (409)."""
    if sent["when"] == HOURS and sent["hours_before"] is None:
        raise actions.OddRule(field="hours_before")
    if sent["when"] == DAYS:
        return reminders.Rule(sent["days_before"], sent["at"], None)
    return reminders.Rule(None, None, sent["hours_before"]) if sent["when"] == HOURS else None


def told(rule: reminders.Rule | None) -> dict[str, Any]:
    """A rule as ``Rule`` has it, with its choice; None: nobody is reminded."""
    if rule is None:
        return {"when": OFF, "days_before": None, "at": None, "hours_before": None}
    at = rule.at and f"{rule.at:%H:%M}"
    when = HOURS if rule.hours_before else DAYS
    return {"when": when, "days_before": rule.days_before, "at": at, "hours_before": rule.hours_before}


def told_of(row: models.ReminderRule) -> dict[str, Any]:
    """A group's rule with its own choice, which may be to follow the school."""
    found = told(queries.told_by(row) if row.is_on else None)
    return {**found, "when": SCHOOL} if row.is_on and row.follows_school else found
