"""Focus periods, goals and agreements: what the group chose to work on, in its own words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Tip
from schools.models import User
from workgroups.models.group import InGroup, InGroupQuerySet, WorkGroup


class PeriodState(models.TextChoices):
    """A group works on one aspect at a time (G1)."""

    LIVE = "live", _("now")
    CLOSED = "closed", _("closed")


class FocusPeriod(InGroup):
    """A time in which the group works on one aspect, and why that matters to it (G1, G2)."""

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="periods")
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=6, choices=PeriodState, default=PeriodState.LIVE)
    started_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(state="live"), name="one_live_period_per_group"),
            models.CheckConstraint(
                condition=Q(state="live", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="closed_period_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"period {self.pk}"


class GoalState(models.TextChoices):
    """live -> reached | dropped."""

    LIVE = "live", _("live")
    REACHED = "reached", _("reached")
    DROPPED = "dropped", _("dropped")


class Goal(InGroup):
    """One of the one to three things the group wants to do better in this period (G4a).

    A dropped goal gives its position back; a reached one keeps it. ``version`` rises with every change of words.
    """

    period = models.ForeignKey(FocusPeriod, on_delete=models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    state = models.CharField(max_length=7, choices=GoalState, default=GoalState.LIVE)
    set_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "position"], condition=~Q(state="dropped"), name="one_goal_per_position"
            ),
            models.CheckConstraint(condition=Q(position__range=(1, 3)), name="one_to_three_goals"),
            models.CheckConstraint(condition=~Q(text=""), name="goal_has_words"),
        ]

    def __str__(self) -> str:
        return self.text


class Step(models.TextChoices):
    """How far a goal is."""

    NOT_YET = "not_yet", _("not yet")
    ON_THE_WAY = "on_the_way", _("on the way")
    REACHED = "reached", _("reached")


class GoalUpdate(InGroup):
    """A member's note on how far a goal is."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="updates")
    step = models.CharField(max_length=10, choices=Step)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(step__in=Step.values), name="goal_update_step")]
        indexes = [models.Index(fields=["goal", "-written_at"], name="update_by_goal")]

    def __str__(self) -> str:
        return self.step


class AgreementState(models.TextChoices):
    """live -> habit | changed | dropped."""

    LIVE = "live", _("live")
    HABIT = "habit", _("a habit now")
    CHANGED = "changed", _("changed")
    DROPPED = "dropped", _("dropped")


SLOTS = (1, 2, 3, 4, 5)


class Agreement(InGroup):
    """What the group agreed to do in its meetings (G4b); it lives until the group ends it (G8).

    ``slot`` numbers the live agreements 1-5, so that a group never has more than can be read aloud.
    """

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="agreements")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="agreements")
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=300)
    tip = models.ForeignKey(Tip, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=7, choices=AgreementState, default=AgreementState.LIVE)
    changed_into = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="changed_from"
    )
    agreed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "slot"], condition=Q(state="live"), name="one_agreement_per_slot"),
            models.CheckConstraint(
                condition=Q(state="live", slot__range=(1, 5)) | (~Q(state="live") & Q(ended_on__isnull=False)),
                name="five_live_agreements_at_most",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="agreement_has_words"),
        ]

    def __str__(self) -> str:
        return self.text
