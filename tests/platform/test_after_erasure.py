"""What an erasure leaves behind on the floors above, and how long that stays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from observations.models import FeedbackPair, Observation, Visit
from schools import actions, retention
from schools.models import User
from tests import factories
from tests.conftest import TestCast
from tests.platform import lived
from workgroups.models import Seat, WorkGroup

NOW, TODAY = factories.NOW, factories.TODAY
DAY, YEAR = dt.timedelta(days=1), retention.YEAR


@pytest.fixture(autouse=True)
def _ledger(settings: Any, tmp_path: Path) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


def test_a_group_of_which_the_last_was_erased_goes_a_year_later_and_no_sooner(cast: TestCast) -> None:
    Seat.objects.filter(group=cast.reading, user=cast.carla).update(until_date=TODAY - YEAR + DAY)
    Seat.objects.filter(group=cast.reading, user=cast.els).update(ask_me_about="rekenen")
    actions.erase(user=cast.els, now=NOW)
    seat = Seat.objects.get(group=cast.reading, user__is_former=True)
    assert (seat.until_date, seat.is_chair, seat.ask_me_about) == (TODAY - DAY, False, "")
    assert actions.forget_former() == 0
    retention.forget_due(now=NOW + YEAR - 2 * DAY, only=["groups", "seats"])
    assert WorkGroup.objects.filter(pk=cast.reading.pk).exists()
    retention.forget_due(now=NOW + YEAR, only=["groups", "seats"])
    assert not WorkGroup.objects.filter(pk=cast.reading.pk).exists()
    assert actions.forget_former() == 1
    assert not User.objects.filter(is_former=True).exists()


@pytest.mark.parametrize("state", ["withdrawn", "declined"])
def test_what_was_noted_for_a_visit_that_never_came_about_goes(cast: TestCast, state: str) -> None:
    lived.lay(cast.bram, cast.reading, cast.els, "mus")
    Visit.objects.filter(coach=cast.bram).update(state=state)
    actions.erase(user=cast.bram, now=NOW)
    assert not Observation.objects.exists()
    assert not FeedbackPair.objects.exists()
    assert Visit.objects.get().state == state
