"""The dashboards to take along: the same lines as on the page, for the same people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from schools.models import School
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations import files
from tests.platform.test_dashboard import _held, _share, _year

DAY = dt.timedelta(days=1)
SCHOOL = "/s/de-wilg/dashboard"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_works(cast: TestCast, as_: Any, kind: str) -> None:
    _year(cast, cast.reading)
    answer = as_(cast.anna).get(f"{SCHOOL}.{kind}")
    assert f'filename="gesprekken-op-school-{TODAY}.{kind}"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    read = files.table_of_csv if kind == "csv" else files.table_of_xlsx
    rows = [row for row in read(answer.content) if row["Groep"] == "Begrijpend lezen"]
    assert [row["Waarover"] for row in rows if row["Wat"] == "kaart"] == ["Openness"]
    met = [row for row in rows if row["Wat"] == "bijeenkomst"]
    assert [row["In woorden"] for row in met] == ["gehouden", "gehouden", "gehouden", "gepland"]
    assert [row["In woorden"] for row in rows if row["Wat"] == "profiel"] == ["blijft in de groep"]


def test_everybody_who_reads_the_page_takes_the_same_along(cast: TestCast, as_: Any) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    told = {who: as_(cast.people[who]).get(f"{SCHOOL}.csv").content for who in ("anna", "bram", "joris", "carla")}
    assert len(set(told.values())) == 1


def test_an_admin_takes_the_rhythm_alone(cast: TestCast, as_: Any) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    rows = files.table_of_csv(as_(cast.frank).get(f"{SCHOOL}.csv").content)
    assert {row["Wat"] for row in rows} == {"bijeenkomst"}


@pytest.mark.parametrize("who", ["daan", "irma", "gerda", "hugo"])
def test_next_door_sees_nothing(cast: TestCast, as_: Any, who: str) -> None:
    for kind in ("csv", "xlsx"):
        assert as_(cast.people[who]).get(f"{SCHOOL}.{kind}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_groups_cost_no_queries(cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        group = factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.joris)
        _held(group, TODAY - 7 * DAY)
        _share(group)
    browser = as_(cast.anna)
    with django_assert_num_queries(QUERIES):
        browser.get(f"{SCHOOL}.csv")


QUERIES = 24


def test_each_page_leads_to_its_files(cast: TestCast, as_: Any) -> None:
    board = f"/b/{cast.schools['de-wilg'].board.number}/"
    for who, page, files_of in (("joris", f"{SCHOOL}/", SCHOOL), ("gerda", board, f"{board}schools")):
        shown = as_(cast.people[who]).get(page).text
        assert [f'href="{files_of}.{kind}"' in shown for kind in ("csv", "xlsx", "pdf")] == [True, True, False]


def test_the_board_takes_its_numbers_along(cast: TestCast, as_: Any) -> None:
    board = cast.schools["de-wilg"].board
    School.objects.create(slug="de-es", name="De Es", board=board)
    _held(cast.reading, TODAY - 7 * DAY)
    for kind, read in (("csv", files.table_of_csv), ("xlsx", files.table_of_xlsx)):
        rows = read(as_(cast.gerda).get(f"/b/{board.number}/schools.{kind}").content)
        assert [row["School"] for row in rows] == ["De Beuk", "De Es", "De Wilg"]
        assert [int(row["Groepen"]) for row in rows] == [1, 0, 2]
        [since] = [head for head in rows[0] if head.startswith("Bijeenkomsten sinds 1 augustus")]
        assert [int(row[since]) for row in rows] == [0, 0, 1]


def test_a_board_of_two_takes_no_numbers(cast: TestCast, as_: Any) -> None:
    """They would point at one group."""
    board = cast.schools["de-wilg"].board
    rows = files.table_of_csv(as_(cast.gerda).get(f"/b/{board.number}/schools.csv").content)
    assert [list(row) for row in rows] == [["School", "Plaats"]] * 2


@pytest.mark.parametrize("who", ["anna", "carla", "irma", "hugo"])
def test_the_board_page_is_the_boards(cast: TestCast, as_: Any, who: str) -> None:
    board = cast.schools["de-wilg"].board
    assert as_(cast.people[who]).get(f"/b/{board.number}/schools.csv").status_code == 404
