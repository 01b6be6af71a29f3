"""Groups, who sits in them, and whom they let in."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools import retention, tenancy
from schools.models import User
from schools.models.people import Dated, DatedQuerySet
from schools.roles import Member, Role


class GroupKind(models.TextChoices):
    """What schools call such a group; the screens use the school's own word."""

    WORKING_GROUP = "working_group", _("working group")
    LEARNING_TEAM = "learning_team", _("learning team")
    SUBJECT_GROUP = "subject_group", _("subject group")
    PROJECT_GROUP = "project_group", _("project group")
    PLC = "plc", _("professional learning community")


class GroupState(models.TextChoices):
    """A group works, or has ended; an ended one stays readable for its members for a year."""

    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")


class WorkGroupQuerySet(tenancy.Scoped["WorkGroup"]):
    """Which groups a member may know of, and which a member may enter."""

    def visible_to(self, member: Member) -> Self:
        """Everyone in a school may know its groups: name, theme and chair stand in the directory."""
        return self.in_school(member)

    def entered_by(self, member: Member) -> Self:
        """The groups whose inside opens for the member: by a seat, or as the group's guest."""
        return self.visible_to(member).filter(pk__in=[*member.seats, *member.guest_of])

    def sat_in_by(self, member: Member) -> Self:
        """The groups in which the member has a seat."""
        return self.visible_to(member).filter(pk__in=list(member.seats))

    def seats_open_to(self, member: Member) -> Self:
        """The groups of which the member may know who sits in them: all for leader and admin, else the entered ones."""
        serves = member.has(Role.LEADER, Role.ADMIN)
        return self.visible_to(member) if serves else self.entered_by(member)


class WorkGroup(tenancy.SchoolOwned):
    """Teachers of one school who work on one theme (P2), with their why (P1).

    Where the chair rotates, it is offered to the next one after every meeting closed since ``chair_settled_at``.
    ``version`` rises with name, theme, kind and why.
    """

    name = models.CharField(max_length=80)
    theme = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=GroupKind, default=GroupKind.WORKING_GROUP)
    present_practice = models.CharField(max_length=400, blank=True)
    desired_practice = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=6, choices=GroupState, default=GroupState.ACTIVE)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=400, blank=True)
    chair_rotates = models.BooleanField(default=False)
    chair_settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects: ClassVar[WorkGroupQuerySet] = WorkGroupQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(theme=""), name="group_has_name_and_theme"),
            models.UniqueConstraint(
                fields=["school", "name"], condition=models.Q(state="active"), name="one_active_group_per_name"
            ),
            models.CheckConstraint(
                condition=models.Q(state="active", ended_on__isnull=True)
                | models.Q(state="ended", ended_on__isnull=False),
                name="ended_group_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_until(self) -> dt.date | None:
        """The last day on which a group that ended can be read; the next day all of it goes (schools.retention)."""
        return self.ended_on + retention.YEAR - dt.timedelta(days=1) if self.ended_on else None


_Row = TypeVar("_Row", bound=models.Model)


class InGroupQuerySet(tenancy.Scoped[_Row]):
    """Rows that a group keeps to itself: they open by a seat, or by being the group's guest."""

    def visible_to(self, member: Member) -> Self:
        """The rows of the groups that the member sits in or visits."""
        return self.in_school(member).filter(group_id__in=[*member.seats, *member.guest_of])


class InGroup(tenancy.SchoolOwned):
    """A row that belongs to one group."""

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Seat(InGroup, Dated):
    """A place at the group's table, since and until when; one of the seats is the chair.

    ``ask_me_about`` is the member's own line on what colleagues may come and ask (P8); it stays in the group.
    """

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="seats")
    is_chair = models.BooleanField(default=False)
    ask_me_about = models.CharField(max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"], condition=models.Q(until_date__isnull=True), name="one_open_seat_per_person"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=models.Q(until_date__isnull=True, is_chair=True), name="one_chair_per_group"
            ),
        ]
        indexes = [models.Index(fields=["user", "school"], name="seat_by_user")]

    def __str__(self) -> str:
        return f"seat of {self.user_id} in {self.group_id}"


class GuestQuerySet(DatedQuerySet):
    """Guests as they are today."""

    def live(self, today: dt.date) -> DatedQuerySet:
        """Whose day it is; a welcome to a meeting holds while that meeting stands where it stood."""
        stands = models.Q(meeting__starts_at=models.F("welcome_at")) & ~models.Q(meeting__state="cancelled")
        return super().live(today).filter(models.Q(meeting__isnull=True) | stands)


class Guest(InGroup, Dated):
    """Someone whom the group welcomed for a visit; the guest may read along until the last day.

    Where it is to one ``meeting``, the welcome is to its start at that time, ``welcome_at``: when it moves or is called
    off, the place is empty until the group says yes again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey("workgroups.Meeting", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    welcome_at = models.DateTimeField(null=True, blank=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "school"], name="guest_by_user")]

    def __str__(self) -> str:
        return f"guest {self.user_id} of {self.group_id}"


class TurnAnswer(models.TextChoices):
    """What a group says at the turn of the school year."""

    GO_ON = "go_on", _("we go on")
    CHANGE_PEOPLE = "change_people", _("we go on with other people")
    END = "end", _("we end")


class YearTurn(InGroup):
    """The group's answer at the turn of a school year; ``year`` is the one in which the new school year begins."""

    group = models.ForeignKey(WorkGroup, on_delete=models.CASCADE, related_name="turns")
    year = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=13, choices=TurnAnswer)
    answered_on = models.DateField()

    objects = InGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "year"], name="one_answer_per_school_year"),
            models.CheckConstraint(condition=models.Q(answer__in=TurnAnswer.values), name="year_turn_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.answer}"
