"""What the coach heard, per aspect (C8), and gives back in pairs (C9, C10). No field names a person of the group."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Behaviour
from observations.models.visit import Visit
from schools import tenancy
from schools.roles import Member
from workgroups.models.group import InGroup


class Degree(models.IntegerChoices):
    """To what degree a behaviour was heard."""

    NOT_HEARD = 1, _("not heard")
    NOW_AND_THEN = 2, _("now and then")
    OFTEN = 3, _("often")
    THROUGHOUT = 4, _("throughout")


class OwnQuerySet(tenancy.Scoped["Observation"]):
    """Raw notes and marks belong to the coach of the visit alone, until they vanish."""

    def own_of(self, member: Member) -> OwnQuerySet:
        """The observations that the member makes as the coach of the visit; who has a seat is no visitor any more.

        What was shared belongs to the group: its visitor sees it as long as the visit lasts.
        """
        lasts = Q(visit__shared_at__isnull=True) | Q(group_id__in=list(member.guest_of))
        mine = self.in_school(member).filter(lasts, visit__coach_id=member.user.pk)
        return mine.exclude(group_id__in=list(member.seats))


class Observation(InGroup):
    """One coach's observation of one visit; the client makes the id, so that sending twice is harmless."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="observation")
    listened = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    objects: ClassVar[OwnQuerySet] = OwnQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(listened__range=(1, 240)), name="listened_in_minutes")]

    def __str__(self) -> str:
        return str(self.pk)


class AspectNote(InGroup):
    """What went well and which chances the coach saw in one aspect (C8); private to the coach."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="notes")
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="+")
    going_well = models.TextField(max_length=2000, blank=True)
    chances = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["observation", "aspect"], name="one_note_per_aspect")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class BehaviourMark(InGroup):
    """To what degree the coach heard one behaviour; no degree means: no occasion, which is a gap and never nought."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="marks")
    behaviour = models.ForeignKey(Behaviour, on_delete=models.PROTECT, related_name="+")
    degree = models.PositiveSmallIntegerField(choices=Degree, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["observation", "behaviour"], name="one_mark_per_behaviour"),
            models.CheckConstraint(condition=Q(degree__isnull=True) | Q(degree__range=(1, 4)), name="four_degrees"),
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class FeedbackPair(InGroup):
    """One strong point and one improvement point: equal in number by their shape (C9, C10), to the group (C12)."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="pairs")
    position = models.PositiveSmallIntegerField()
    strong_aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="+")
    strong = models.CharField(max_length=400)
    improvement_aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="+")
    improvement = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["observation", "position"], name="one_pair_per_position"),
            models.CheckConstraint(condition=Q(position__range=(1, 3)), name="one_to_three_pairs"),
            models.CheckConstraint(condition=~Q(strong="") & ~Q(improvement=""), name="both_points_have_words"),
        ]

    def __str__(self) -> str:
        return f"pair {self.position}"


class AspectReading(InGroup):
    """What remains of the marks once feedback is shared: per aspect the mean in half degrees.

    ``halves`` is twice the degree (2-8); none means not observed: a gap, never nought (C16).
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="readings")
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="+")
    halves = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "aspect"], name="one_reading_per_aspect"),
            models.CheckConstraint(
                condition=Q(halves__isnull=True) | Q(halves__range=(2, 8)), name="reading_in_halves"
            ),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"
