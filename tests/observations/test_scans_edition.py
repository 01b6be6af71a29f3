"""A round keeps the edition that it began with: what the board chooses meanwhile changes nothing in it."""

from __future__ import annotations

from typing import Any

import pytest

from cards.models import Aspect, Behaviour, Edition
from observations import actions, queries
from observations.models import ScanReading
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds
from workgroups import actions as group_actions

CANARY = "Eigen woorden"


@pytest.fixture
def own(cast: TestCast) -> Edition:
    """Another edition with the same keys, one behaviour on each card; the board of De Wilg may use it."""
    edition = Edition.objects.create(key="onze", version="1", is_public=False, title={"nl": CANARY}, source={})
    for aspect in Aspect.objects.filter(edition__key="standard"):
        twin = Aspect.objects.create(edition=edition, key=aspect.key, number=aspect.number, texts=aspect.texts)
        texts = {"nl": {"text": f"{CANARY} {aspect.number}"}}
        Behaviour.objects.create(aspect=twin, key=f"{aspect.key}-b1", position=1, texts=texts)
    return edition


def switch(cast: TestCast) -> None:
    board = cast.schools["de-wilg"].board.number
    group_actions.use_edition(board=board, edition="onze", now=factories.NOW)


def test_a_change_of_edition_changes_nothing_in_an_open_round(cast: TestCast, own: Edition) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast, None)
    asked = queries.behaviours_of(scan)
    rounds.answered(scan, people[:3], 3)
    switch(cast)
    scan.refresh_from_db()
    assert queries.behaviours_of(scan) == asked
    assert {aspect.edition.key for aspect in queries.aspects_of(scan)} == {"standard"}
    where = queries.own_part(scan, cast.hat("els"))
    assert where.i_am_done
    scan = rounds.answer(scan, people[3], 3)
    assert scan.state == "closed"
    assert ScanReading.objects.filter(snapshot__scan=scan).count() == len(asked)


def test_the_next_round_is_of_the_new_edition(cast: TestCast, own: Edition) -> None:
    standard = rounds.opened(cast, None, way="together", closes_at=None)
    actions.drop_scan(scan=standard, by=cast.hat("els"), now=factories.NOW)
    switch(cast)
    scan = rounds.opened(cast, None, way="together", closes_at=None)
    assert (standard.edition.key, scan.edition) == ("standard", own)
    assert [line.text for line in queries.behaviours_of(scan)] == [f"{CANARY} {number}" for number in range(1, 7)]


def test_a_card_of_a_running_period_stays_of_its_edition(cast: TestCast, own: Edition) -> None:
    factories.period(cast.reading, cast.aspects["openness"])
    switch(cast)
    scan = rounds.opened(cast, "openness", way="together", closes_at=None)
    assert scan.edition == cast.aspects["openness"].edition


@pytest.mark.usefixtures("clock")
def test_paper_asks_what_the_open_round_asks(cast: TestCast, own: Edition, as_: Any) -> None:
    scan = rounds.opened(cast, None, way="together", closes_at=None)
    rounds.answer(scan, cast.els, 3, aspect=cast.aspects["openness"])
    switch(cast)
    address = f"/s/de-wilg/groups/{cast.reading.pk}/"
    for name in ("scan-paper", "scan-sheet"):
        assert CANARY not in as_(cast.carla).get(f"{address}{name}/?about=all").text
    lines = queries.behaviours_of(scan)
    answer = as_(cast.carla).post(f"{address}scan-paper/?about=all", {f"degree-{line.pk}": "3" for line in lines})
    assert answer["Location"] == f"/s/de-wilg/scans/{scan.pk}/"
    scan.refresh_from_db()
    assert scan.state == "revealed"
