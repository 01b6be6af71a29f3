"""Boards, schools and the days without school."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class Board(models.Model):
    """A school board: the tenant that owns schools. The national list gives its number, not its name."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name or str(self.number)


class Region(models.TextChoices):
    """The three regions between which the long school holidays are spread."""

    NORTH = "north", _("North")
    MIDDLE = "middle", _("Middle")
    SOUTH = "south", _("South")


class School(models.Model):
    """One location of a school, as the national list knows it, or made by hand without a code.

    ``consented_on`` is the day on which its participation council agreed; ``started_because`` is why its board lets it
    start without that. ``region_checked_on``: somebody looked whether the holidays are those of the school.
    """

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="schools")
    location_code = models.CharField(max_length=6, unique=True, null=True, blank=True)  # absent, not empty
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=80, blank=True)
    slug = models.SlugField(max_length=120, unique=True)
    region = models.CharField(max_length=6, choices=Region, default=Region.MIDDLE)
    time_zone = models.CharField(max_length=40, default="Europe/Amsterdam")
    language = models.CharField(max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl")
    closed_on = models.DateField(null=True, blank=True)
    consented_on = models.DateField(null=True, blank=True)
    started_because = models.CharField(max_length=400, blank=True, default="", db_default="")
    region_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="school_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(location_code__isnull=True) | models.Q(location_code__regex=r"^[0-9A-Z]{6}$"),
                name="location_code_has_six_characters",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def brin(self) -> str:
        """The first four characters of the location code: the institution."""
        return (self.location_code or "")[:4]

    @property
    def may_invite(self) -> bool:
        """Whether invitations may leave: the participation council agreed, or the board said why not yet."""
        return self.consented_on is not None or bool(self.started_because)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this school's clocks run."""
        return ZoneInfo(self.time_zone)

    def today(self, now: dt.datetime) -> dt.date:
        """The calendar day at this school at an instant."""
        return now.astimezone(self.zone).date()


class Holiday(models.Model):
    """Days without school: of a whole region, or of one school (its own days win)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="holidays")
    region = models.CharField(max_length=6, choices=Region, blank=True)
    name = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(school__isnull=False, region="")
                | (models.Q(school__isnull=True) & ~models.Q(region="")),
                name="holiday_of_a_region_or_a_school",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="holiday_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["region", "first_day"],
                condition=models.Q(school__isnull=True),
                name="one_holiday_of_a_region_per_first_day",
            ),
            models.UniqueConstraint(
                fields=["school", "first_day"],
                condition=models.Q(school__isnull=False),
                name="one_holiday_of_a_school_per_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.first_day} - {self.last_day})"
