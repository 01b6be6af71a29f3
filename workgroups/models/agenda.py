"""What a meeting is about, and what its screen shows: the group's own, not even open to its guest (C6)."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import tenancy
from schools.roles import Member
from workgroups.models.group import InGroup
from workgroups.models.meeting import Meeting

_Row = TypeVar("_Row", bound=models.Model)


class SeatsOnlyQuerySet(tenancy.Scoped[_Row]):
    """Rows that open by a seat alone: a guest listens to the talk, and reads no papers."""

    def visible_to(self, member: Member) -> Self:
        """The rows of the groups in which the member has a seat."""
        return self.in_school(member).filter(group_id__in=list(member.seats))


class Agenda(InGroup):
    """The points of one meeting, a line each, and the notes that the group makes there.

    ``version`` rises with every change of the points and ``notes_version`` with every change of the notes, so that
    nobody's words are overwritten unseen, and who writes notes does not hinder who adds a point.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="agenda")
    points = models.TextField(max_length=2000, blank=True)
    notes = models.TextField(max_length=8000, blank=True)
    version = models.PositiveIntegerField(default=1)
    notes_version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"agenda of {self.meeting_id}"

    @property
    def lines(self) -> list[str]:
        """The points, in order."""
        return [line.strip() for line in self.points.splitlines() if line.strip()]


class Shows(models.TextChoices):
    """What the big screen of a meeting shows; "now" follows the meeting by itself: opener, agenda, closer, outcome."""

    NOW = "now", _("where you are")
    AGREEMENTS = "agreements", _("your agreements")
    AGENDA = "agenda", _("the agenda")
    CARD = "card", _("your card")
    STARTER = "starter", _("a sentence to start with")
    ROUND = "round", _("a round")
    SILENCE = "silence", _("a silent minute")
    LOOK_BACK = "look_back", _("looking back")


class Scene(InGroup):
    """What the big screen of a meeting shows now, the same on every screen of the group.

    ``place`` counts from 0 within what is shown: a point of the agenda, a phrase of the card. The clock runs until
    ``clock_until``. ``version`` rises with every change; screens ask for it.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="scene")
    shows = models.CharField(max_length=10, choices=Shows, default=Shows.NOW)
    place = models.PositiveSmallIntegerField(default=0)
    clock_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeatsOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(shows__in=Shows.values), name="scene_shows_one_thing")]

    def __str__(self) -> str:
        return f"scene of {self.meeting_id}"
