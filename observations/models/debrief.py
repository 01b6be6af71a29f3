"""The group's own answer to what a visitor gave back: one per point, of the group together (C15)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from observations.models.observation import FeedbackPair
from observations.models.visit import Visit
from schools import tenancy
from schools.roles import Member
from workgroups.models import Agreement, Goal
from workgroups.models.group import InGroup


class DebriefQuerySet(tenancy.Scoped["Debrief"]):
    """The group answers by itself; the visitor reads along as its guest (C6)."""

    def visible_to(self, member: Member) -> DebriefQuerySet:
        """The debriefs of the member's own groups, and of the member's own visits while these last."""
        own = Q(visit__coach_id=member.user.pk, group_id__in=list(member.guest_of))
        return self.in_school(member).filter(Q(group_id__in=list(member.seats)) | own)


class Debrief(InGroup):
    """The group looks at shared feedback, one point at a time; every screen ``shows`` the same one.

    ``shows`` counts the points through: 1 the first strong one, 2 its improvement point, and so on; 0 before the
    first. ``version`` rises with everything that a screen shows.
    """

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="debrief")
    shows = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[DebriefQuerySet] = DebriefQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(shows__range=(0, 6)), name="debrief_shows_a_point")]

    def __str__(self) -> str:
        return f"debrief of visit {self.visit_id}"


class Side(models.TextChoices):
    """Which of the two points of a pair."""

    STRONG = "strong", _("strong point")
    IMPROVEMENT = "improvement", _("improvement point")


class Answer(models.TextChoices):
    """What the group says to a point (C14): none of them is a verdict, so nobody needs to defend anything."""

    RECOGNISED = "recognised", _("we recognise this")
    SURPRISED = "surprised", _("this surprises us")
    CURIOUS = "curious", _("we want to know more about this")


class PointAnswer(InGroup):
    """The group's one answer to one point, and the goal or agreement that it became."""

    pair = models.ForeignKey(FeedbackPair, on_delete=models.CASCADE, related_name="answers")
    side = models.CharField(max_length=11, choices=Side)
    answer = models.CharField(max_length=10, choices=Answer)
    answered_on = models.DateField()
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair", "side"], name="one_answer_per_point"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="answer_to_one_side"),
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="answer_of_the_group"),
        ]

    def __str__(self) -> str:
        return self.answer
