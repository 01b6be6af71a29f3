"""What a group asks its school for, in its own words, and what the school leader answers."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import tenancy
from schools.models import User
from schools.roles import Member, Role
from workgroups.models.group import GroupState, InGroup


class HelpKind(models.TextChoices):
    """What a school can give a group that works on its conversations."""

    TIME = "time", _("Time")
    DATA = "data", _("Data")
    EXPERT = "expert", _("An expert")
    SCHOOL = "school", _("A school to visit")


class HelpState(models.TextChoices):
    """asked -> answered -> done; each of them -> withdrawn."""

    ASKED = "asked", _("asked")
    ANSWERED = "answered", _("answered")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("taken back")


class HelpRequestQuerySet(tenancy.Scoped["HelpRequest"]):
    """The group that asks, the leader who answers, and whoever opens the school's dashboard."""

    def visible_to(self, member: Member) -> Self:
        """All that the own groups asked; for a leader also what every other group asked and did not take back."""
        rows, own = self.in_school(member), Q(group_id__in=list(member.seats))
        return rows.filter(own | ~Q(state=HelpState.WITHDRAWN)) if member.has(Role.LEADER) else rows.filter(own)

    def on_dashboard(self, member: Member, *, since: dt.date) -> Self:
        """What working groups wait for, and what was answered since that day: leaders, teachers and coaches see it."""
        if not member.has(Role.TEACHER, Role.COACH, Role.LEADER):
            return self.none()
        answered = Q(state__in=[HelpState.ANSWERED, HelpState.DONE], answered_on__gte=since)
        rows = self.in_school(member).filter(group__state=GroupState.ACTIVE)
        return rows.filter(Q(state=HelpState.ASKED) | answered)


class HelpRequest(InGroup):
    """What a group asks its school for; who of the group asked is not kept, only the day.

    The answer is one in office, so it bears a name. ``version`` rises with every change of the words on either side:
    nobody rewrites what they did not see, and no answer goes to a question that was read in other words.
    """

    kind = models.CharField(max_length=6, choices=HelpKind)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=9, choices=HelpState, default=HelpState.ASKED)
    asked_on = models.DateField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[HelpRequestQuerySet] = HelpRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=HelpKind.values) & ~Q(text=""), name="help_says_what_is_asked"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True, answered_by__isnull=True)
                | ~Q(answer="") & Q(answered_on__isnull=False),
                name="help_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answer="", done_on__isnull=True)
                | Q(state="answered", done_on__isnull=True) & ~Q(answer="")
                | Q(state="done", done_on__isnull=False) & ~Q(answer="")
                | Q(state="withdrawn"),
                name="help_stands_where_its_words_say",
            ),
        ]

    def __str__(self) -> str:
        return self.text
