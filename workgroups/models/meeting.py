"""Meetings, how they open and how they close."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.roles import Member
from workgroups.models.goal import Agreement, Goal, Step
from workgroups.models.group import InGroup, InGroupQuerySet, WorkGroup
from workgroups.models.series import Series


class MeetingState(models.TextChoices):
    """planned -> held | cancelled | lapsed; cancelled -> planned while it still lies ahead."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("not closed")


OPENS_BEFORE = dt.timedelta(hours=12)


class MeetingQuerySet(InGroupQuerySet["Meeting"]):
    """Which meetings a member may see: date, time and place are open to leader and admin too."""

    def dated_for(self, member: Member) -> Self:
        """The meetings whose date, time and place the member may read."""
        from_role = member.has("leader", "admin")  # type: ignore[arg-type]
        rows = self.in_school(member)
        return rows if from_role else rows.filter(group_id__in=[*member.seats, *member.guest_of])


class Meeting(InGroup):
    """A meeting at a local wall-clock time; ``starts_at`` (UTC) is derived when it is planned or moved.

    ``schedule_version`` rises when day, time, length, place or state changes, never for the title. In a series,
    ``series_day`` is the day that its rule gave, and ``moved_alone`` says that this one went its own way. Calendars
    know the meeting by its ``uid``, for ever, and its changes by a number that only rises, also where a restored
    database knows less of them than calendars do: ``calendar_from`` comes on top of the version.
    """

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="meetings")
    day = models.DateField()
    time = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    time_zone = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=9, choices=MeetingState, default=MeetingState.PLANNED)
    schedule_version = models.PositiveIntegerField(default=1)
    calendar_from = models.PositiveIntegerField(default=0, db_default=0)
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    series = models.ForeignKey(Series, on_delete=models.RESTRICT, null=True, blank=True, related_name="meetings")
    series_day = models.DateField(null=True, blank=True)
    moved_alone = models.BooleanField(default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(5, 480)), name="meeting_lasts_minutes_to_hours"),
            models.UniqueConstraint(
                fields=["group", "starts_at"], condition=Q(state="planned"), name="one_planned_meeting_per_start"
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=False, series_day__isnull=False)
                | Q(series__isnull=True, series_day__isnull=True, moved_alone=False),
                name="meeting_of_a_series_has_its_day",
            ),
            models.UniqueConstraint(fields=["series", "series_day"], name="one_meeting_per_day_of_a_series"),
        ]
        indexes = [
            models.Index(fields=["group", "starts_at"], name="meeting_by_group"),
            models.Index(fields=["school", "starts_at"], name="meeting_by_school"),
            models.Index(fields=["starts_at"], condition=Q(state="planned"), name="meeting_planned"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.time:%H:%M}"

    @property
    def opens_at(self) -> dt.datetime:
        """From when the group can repeat its agreements for this meeting, as an instant."""
        return self.starts_at - OPENS_BEFORE

    @property
    def ends_at(self) -> dt.datetime:
        """When it ends, as an instant."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def calendar_number(self) -> int:
        """How calendars count the changes of its schedule."""
        return self.calendar_from + self.schedule_version

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its wall clock."""
        return ZoneInfo(self.time_zone)


class Opener(InGroup):
    """The group repeated its agreements at the start of the meeting (G5)."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="opener")
    opened_at = models.DateTimeField()

    objects = InGroupQuerySet.as_manager()

    def __str__(self) -> str:
        return f"opener of {self.meeting_id}"


class Closer(InGroup):
    """The group judged its agreements and goals at the end (G6, G7), or said why not."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="closer")
    closed_at = models.DateTimeField()
    skipped_because = models.CharField(max_length=300, blank=True)

    objects = InGroupQuerySet.as_manager()

    def __str__(self) -> str:
        return f"closer of {self.meeting_id}"


class Kept(models.TextChoices):
    """Whether an agreement was kept this time: the agreement is judged, never a person."""

    KEPT = "kept", _("kept")
    PARTLY = "partly", _("partly")
    NOT = "not", _("not")
    NO_OCCASION = "no_occasion", _("no occasion")


class AgreementCheck(InGroup):
    """What the group said of one agreement at one closer (G6)."""

    closer = models.ForeignKey(Closer, on_delete=models.CASCADE, related_name="agreement_checks")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="checks")
    outcome = models.CharField(max_length=11, choices=Kept)

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closer", "agreement"], name="one_check_per_agreement"),
            models.CheckConstraint(condition=Q(outcome__in=Kept.values), name="agreement_check_outcome"),
        ]

    def __str__(self) -> str:
        return self.outcome


class GoalCheck(InGroup):
    """What the group said of one goal at one closer (G7)."""

    closer = models.ForeignKey(Closer, on_delete=models.CASCADE, related_name="goal_checks")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="checks")
    outcome = models.CharField(max_length=10, choices=Step)

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closer", "goal"], name="one_check_per_goal"),
            models.CheckConstraint(condition=Q(outcome__in=Step.values), name="goal_check_outcome"),
        ]

    def __str__(self) -> str:
        return self.outcome
