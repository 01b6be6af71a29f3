"""What people want to hear by mail, and how; the defaults are what somebody gets who never chose."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from schools.models.people import User


class LetterWishes(models.Model):
    """How one person wants letters: each at its time, or those of a day together at ``digest_at`` (school's clock).

    ``calendar_part`` puts the meeting into letters about it, so that a calendar takes it over; with
    ``agreements_in_calendar`` its description tells the agreements; ``alarm_minutes`` before it a calendar rings.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="letter_wishes")
    digest_at = models.TimeField(null=True, blank=True)
    calendar_part = models.BooleanField(default=True)
    agreements_in_calendar = models.BooleanField(default=False)
    alarm_minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_at__isnull=True) | Q(digest_at__gte=dt.time(7), digest_at__lt=dt.time(20)),
                name="letters_together_by_day",
            ),
            models.CheckConstraint(
                condition=Q(alarm_minutes__isnull=True) | Q(alarm_minutes__range=(5, 2880)),
                name="alarm_minutes_to_two_days_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"


class UnwantedLetters(models.Model):
    """One sort of letters that a person does not want; the floor that writes them names the sort."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unwanted_letters")
    sort = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sort"], name="one_no_per_sort_of_letters")]

    def __str__(self) -> str:
        return f"{self.sort}: not for {self.user_id}"
