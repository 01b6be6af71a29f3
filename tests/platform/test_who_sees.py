"""Who sees what, as pages and the dossier tell it: the same as the table of doors says, and complete."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from samenspraak import council, who_sees
from samenspraak.who_sees.things import Thing
from schools.models import School
from tests import told
from tests.conftest import TestCast
from tests.platform.test_matrix import WORDS, _rows

MAY = {(row.name, row.method): {who for who, mark in row.expected.items() if mark == "+"} for row in _rows()}
DOSSIER = "/about/council/"
# A visitor gets another page at this address.
TWO_PAGES = {"home"}


def _of(names: str, method: str) -> set[str]:
    return set().union(*(MAY[name, method] for name in names.split()))


def test_every_address_is_about_one_thing() -> None:
    told_of = [name for thing in who_sees.THINGS for name in thing.addresses]
    assert sorted(told_of) == sorted(WORDS)


@pytest.mark.parametrize("thing", who_sees.THINGS, ids=lambda thing: thing.key)
def test_its_readers_are_those_of_the_table(thing: Thing) -> None:
    assert thing.reads.each_own is not bool(thing.read_at)
    if thing.read_at:
        assert thing.reads.callers == _of(thing.read_at, "GET")
    assert not thing.changes.callers or thing.changes.callers == _of(thing.changed_at, "POST")


@pytest.mark.parametrize("thing", who_sees.THINGS, ids=lambda thing: thing.key)
def test_none_of_its_pages_opens_for_others(thing: Thing) -> None:
    """The API's lists are there for all of a school, and empty: tests/platform/planted.py looks into them."""
    if thing.reads.each_own:
        return
    named = thing.reads.callers | thing.changes.callers | thing.begins.callers
    for name in thing.addresses:
        may = MAY.get((name, "GET"), set()) | MAY.get((name, "POST"), set())
        assert name.startswith("api:") or may <= named, (name, may - named)


def test_a_page_says_who_sees_it(cast: TestCast, as_: Any) -> None:
    home = f"/s/de-wilg/groups/{cast.reading.pk}/"
    [shown] = re.findall(r'<details class="sees">.*?</details>', as_(cast.carla).get(home).text, re.DOTALL)
    assert "Wie ziet dit?" in shown
    assert "Iedereen die op de school werkt." in shown
    assert "De voorzitter van de groep, en de schoolleiders en beheerders van de school." in shown
    assert f'href="{DOSSIER}"' in shown


def test_it_says_nothing_where_nothing_is(cast: TestCast, as_: Any) -> None:
    """A page that is not yours does not tell what it would have been."""
    answer = as_(cast.daan).get(f"/s/de-wilg/groups/{cast.reading.pk}/")
    assert answer.status_code == 404
    assert "Wie ziet dit?" not in answer.text


@pytest.mark.parametrize(("language", "words"), [("nl", "Wie ziet wat"), ("en", "Who sees what")])
def test_the_dossier_is_for_everybody(db: None, client: Client, language: str, words: str) -> None:
    client.cookies["language"] = language
    page = client.get(DOSSIER).text
    assert words in page
    with translation.override(language):
        for thing in who_sees.THINGS:
            assert (str(thing.kept) in page and str(thing.reads.words) in page) or not thing.is_told, thing.key


def test_the_dossier_tells_the_products_own_numbers(db: None, client: Client, monkeypatch: Any) -> None:
    """Other limits make another page: none is typed."""
    odd = council.Figures(*range(1001, 1001 + len(council.Figures.__dataclass_fields__)))
    monkeypatch.setattr(council, "Figures", lambda: odd)
    page = client.get(DOSSIER).text.replace(".", "")
    assert [name for name, number in vars(odd).items() if str(number) not in page] == []


def test_the_dossier_costs_no_query(db: None, client: Client, django_assert_num_queries: Any) -> None:
    assert not School.objects.exists()
    client.get(DOSSIER)
    with django_assert_num_queries(3):  # the door alone
        client.get(DOSSIER)


def test_the_way_there_stands_where_people_look(db: None, client: Client) -> None:
    for page in ("/about/", "/help/"):
        assert f'href="{DOSSIER}"' in client.get(page).text


def test_the_readable_table_is_up_to_date() -> None:
    with translation.override("en"):
        assert told.WRITTEN.read_text(encoding="utf-8") == told.table(_rows()), "Run: python -m tests.told"
