"""The migration to the instrument's own three answers (C14), there and back again."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from observations.actions import debrief as actions
from observations.models import PointAnswer
from schools import tenancy
from tests import factories, walled
from tests.conftest import gather
from tests.observations import steps

MIGRATION: Any = importlib.import_module("observations.migrations.0004_three_words").Migration


def _answers() -> list[str]:
    with tenancy.acting_for_system("tests"):
        return list(PointAnswer.objects.order_by("pair_id", "side").values_list("answer", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_groups_said_before_is_told_in_the_three_words() -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
        visit = steps.shared(cast)
        for place, answer in ((1, "surprised"), (2, "curious")):
            actions.answer_point(visit=visit, place=place, answer=answer, by=cast.hat("els"), now=factories.NOW)
    before = MigrationExecutor(connection).loader.project_state([("observations", "0003_debrief")])
    migration = MIGRATION("0004_three_words", "observations")
    try:
        with walled.in_vain(), connection.schema_editor() as editor:
            editor.execute(walled.OVER_IT)
            migration.unapply(before.clone(), editor)
        assert _answers() == ["partly", "not_yet"]
    finally:
        with walled.in_vain(), connection.schema_editor() as editor:
            editor.execute(walled.OVER_IT)
            migration.apply(before.clone(), editor)
    assert _answers() == ["curious", "surprised"]
