"""What the database itself refuses, whatever the code above it does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from observations import actions
from observations.models import (
    AspectNote,
    AspectReading,
    BehaviourMark,
    Correction,
    FeedbackPair,
    Observation,
    Visit,
)
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps


def refused(constraint: str, rows: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**values)


def test_a_visit_keeps_its_rules(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    rows = Visit.objects.filter(pk=visit.pk)
    refused("visit_never_appraises", rows, purpose="appraisal")
    refused("listening_takes_15_to_30_minutes", rows, target_minutes=31)
    refused("no_visit_without_a_yes", rows, state="accepted")
    refused("no_visit_without_a_yes", rows, state="noting")
    refused("listening_has_a_start", rows, state="listening", accepted_for=factories.NOW)
    refused("shared_visit_has_a_moment", rows, state="shared", accepted_for=factories.NOW)
    refused("shared_visit_has_a_moment", rows, shared_at=factories.NOW)


def test_one_open_visit_per_meeting_and_visitor(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    twin = Visit.objects.filter(pk=visit.pk).values().get()
    with pytest.raises(IntegrityError, match="one_open_visit"), transaction.atomic():
        Visit.objects.create(**{**twin, "id": None})
    Visit.objects.create(**{**twin, "id": None, "state": "declined"})


def test_an_observation_keeps_its_rules(cast: TestCast) -> None:
    observation = steps.noted(cast)
    mine = {"observation": observation}
    refused("listened_in_minutes", Observation.objects, listened=0)
    refused("listened_in_minutes", Observation.objects, listened=241)
    refused("four_degrees", BehaviourMark.objects.filter(**mine), degree=0)
    refused("four_degrees", BehaviourMark.objects.filter(**mine), degree=5)
    refused("one_mark_per_behaviour", BehaviourMark.objects, behaviour=BehaviourMark.objects.all()[0].behaviour)
    refused("one_note_per_aspect", AspectNote.objects, aspect=cast.aspects["openness"])


def test_points_come_in_pairs(cast: TestCast) -> None:
    pair = FeedbackPair.objects.filter(observation=steps.noted(cast))
    refused("both_points_have_words", pair, strong="")
    refused("both_points_have_words", pair, improvement="")
    refused("one_to_three_pairs", pair, position=4)
    refused("one_to_three_pairs", pair, position=0)
    twin = pair.values().get()
    with pytest.raises(IntegrityError, match="one_pair_per_position"), transaction.atomic():
        FeedbackPair.objects.create(**{**twin, "id": None})


def test_at_most_three_corrections_with_words(cast: TestCast) -> None:
    visit = steps.shared(cast)
    actions.add_correction(visit=visit, text="Het was half vier.", by=cast.hat("bram"), now=factories.NOW)
    rows = Correction.objects.filter(visit=visit)
    refused("one_to_three_corrections", rows, place=0)
    refused("one_to_three_corrections", rows, place=4)
    refused("correction_has_words", rows, text="")
    twin = rows.values().get()
    with pytest.raises(IntegrityError, match="one_correction_per_place"), transaction.atomic():
        Correction.objects.create(**{**twin, "id": None})


def test_a_reading_is_never_nought(cast: TestCast) -> None:
    steps.shared(cast)
    refused("reading_in_halves", AspectReading.objects, halves=0)
    refused("reading_in_halves", AspectReading.objects.filter(halves=7), halves=F("halves") + 2)
    refused("one_reading_per_aspect", AspectReading.objects, aspect=cast.aspects["openness"])
