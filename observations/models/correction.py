"""What a visitor sets right in feedback that was shared: the feedback stays as it was, this is added, with its day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from observations.models.visit import Visit
from workgroups.models.group import InGroup

CORRECTIONS_AT_MOST = 3
LONGEST_CORRECTION = 400  # characters


class Correction(InGroup):
    """Words of the visitor under the feedback, to the whole group (C12), without names (C13).

    ``place`` counts those of a visit from 1, so that there are three at most; ``added_on`` is the school's day. Nothing
    changes or removes one; it lives as long as the feedback.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="corrections")
    place = models.PositiveSmallIntegerField()
    added_on = models.DateField()
    text = models.CharField(max_length=LONGEST_CORRECTION)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "place"], name="one_correction_per_place"),
            models.CheckConstraint(condition=Q(place__range=(1, CORRECTIONS_AT_MOST)), name="one_to_three_corrections"),
            models.CheckConstraint(condition=~Q(text=""), name="correction_has_words"),
        ]

    def __str__(self) -> str:
        return f"correction {self.place}"
