"""The guided start of a focus period: five steps, some twenty minutes, in one sitting or more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workgroups.models.agenda import SeatsOnlyQuerySet
from workgroups.models.goal import FocusPeriod
from workgroups.models.group import InGroup


class StartStep(models.TextChoices):
    """The steps in their order (G2, G3, G4a, G4b)."""

    READ = "read", _("read the card")
    WHY = "why", _("why it matters to us")
    SCAN = "scan", _("look at our own talk")
    GOALS = "goals", _("what we want to do better")
    AGREEMENTS = "agreements", _("what we agree on")


class StartState(models.TextChoices):
    """running <-> paused -> done."""

    RUNNING = "running", _("under way")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")


class GuidedStart(InGroup):
    """Where the group is in the start of a period.

    ``spent`` is in seconds, up to ``running_since``; while it runs, the clock adds what has passed since then.
    ``drafts`` are the goals (at most three texts) until the last step makes them real, each with its agreements.
    ``version`` rises with every change; phones and the big screen ask for it.
    """

    period = models.OneToOneField(FocusPeriod, on_delete=models.CASCADE, related_name="start")
    step = models.CharField(max_length=10, choices=StartStep, default=StartStep.READ)
    state = models.CharField(max_length=7, choices=StartState, default=StartState.RUNNING)
    spent = models.PositiveIntegerField(default=0)
    running_since = models.DateTimeField(null=True, blank=True)
    drafts = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=StartStep.values), name="start_has_five_steps"),
            models.CheckConstraint(
                condition=Q(state="running", running_since__isnull=False)
                | Q(state__in=["paused", "done"], running_since__isnull=True),
                name="only_a_running_start_has_a_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"start of {self.period_id} ({self.step})"
