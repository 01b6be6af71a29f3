"""When people hear their agreements again before a meeting: by a group's rule, its school's, or their own."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from schools import tenancy
from schools.models import Program, User
from workgroups.models.group import InGroup, WorkGroup

_DAYS = Q(days_before__isnull=False, days_before__range=(1, 7), at__isnull=False, hours_before__isnull=True)
_HOURS = Q(days_before__isnull=True, at__isnull=True, hours_before__isnull=False, hours_before__range=(1, 48))


class Rule(models.Model):
    """Some days before the meeting at a time of day, or some hours before it starts: one of the two.

    Since ``changed_at`` it is what it is: nothing is sent for times that were past by then.
    """

    days_before = models.PositiveSmallIntegerField(null=True, blank=True, default=1)
    at = models.TimeField(null=True, blank=True, default=dt.time(16, 0))
    hours_before = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        if self.hours_before:
            return f"{self.hours_before} hours before"
        return f"{self.days_before} days before at {self.at}"


class SchoolRule(Rule, tenancy.SchoolOwned):
    """A school's default: the rule of each of its groups that has none of its own."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school"], name="one_rule_per_school"),
            models.CheckConstraint(condition=_DAYS | _HOURS, name="school_rule_in_days_or_hours"),
        ]


class ReminderRule(Rule, InGroup):
    """When the group hears its agreements again; it ``follows_school`` until the chair chooses otherwise.

    A group that follows keeps a copy of the school's rule: whoever changes that one writes all copies anew.
    """

    group = models.OneToOneField(WorkGroup, on_delete=models.CASCADE, related_name="reminder_rule")
    is_on = models.BooleanField(default=True)
    follows_school = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=_DAYS | _HOURS, name="group_rule_in_days_or_hours")]


class OwnRule(Rule):
    """When one person wants to be reminded, instead of what each group has."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="own_rule")

    class Meta:
        constraints = [models.CheckConstraint(condition=_DAYS | _HOURS, name="own_rule_in_days_or_hours")]


class CalendarFeed(models.Model):
    """An address at which a person's calendar finds their meetings: of all groups, or of one ``group``.

    The address holds ``key`` and a signature; whoever has the key alone has nothing. A new address is a new row.
    ``program``: the app that made it in the person's name; the address ends with what that app may.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    key = models.UUIDField(unique=True)
    program = models.ForeignKey(
        Program,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_constraint=False,  # whatever ends an app, its addresses lead nowhere then (queries.feed_opens)
        db_index=False,
        related_name="+",
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(group__isnull=True), name="one_feed_of_all_groups_per_person"
            ),
            models.UniqueConstraint(fields=["user", "group"], name="one_feed_per_person_and_group"),
        ]

    def __str__(self) -> str:
        return f"feed {self.pk} of {self.user_id}"
