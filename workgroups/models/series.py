"""A series: meetings of one group that come back in the same rhythm."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workgroups.models.group import InGroup, InGroupQuerySet, WorkGroup

MOST = 60


class Every(models.TextChoices):
    """How often a series comes back, always on the weekday of its first day."""

    WEEK = "week", _("every week")
    FORTNIGHT = "fortnight", _("every two weeks")
    MONTH = "month", _("every month")  # on the same weekday of the month: the third Tuesday
    LAST = "last", _("every last one of the month")  # the last Thursday


class DaysOff(models.TextChoices):
    """What becomes of a meeting on a day without school."""

    SKIP = "skip", _("left out")
    SHIFT = "shift", _("a week later")


class Series(InGroup):
    """The rule by which meetings were planned together; it ends on a day or after a number of meetings.

    Its meetings carry the day that the rule gave them (``series_day``), wherever they went since. Whoever moves all
    that follow to another day begins a new series.
    """

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="series")
    every = models.CharField(max_length=9, choices=Every)
    first_day = models.DateField()
    until = models.DateField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    on_days_off = models.CharField(max_length=5, choices=DaysOff, default=DaysOff.SKIP)

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(every__in=Every.values), name="series_comes_back"),
            models.CheckConstraint(condition=Q(on_days_off__in=DaysOff.values), name="series_on_days_off"),
            models.CheckConstraint(
                condition=Q(until__isnull=False, until__gte=F("first_day"), count__isnull=True)
                | Q(until__isnull=True, count__isnull=False, count__range=(1, MOST)),
                name="series_ends_on_a_day_or_by_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.every} from {self.first_day}"
