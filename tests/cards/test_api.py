"""The deck over REST: the same for everybody, in two languages."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from samenspraak.demo.cast import PEOPLE
from tests.calls import Caller
from tests.conftest import TestCast

ApiCalls = type[Caller]


def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    deck = api().get("cards/").body
    assert (deck["edition"], deck["version"]) == ("standard", "test")
    assert [(card["number"], card["key"]) for card in deck["cards"]] == list(
        enumerate(("openness", "reflecting", "analysing", "substantiating", "outside-knowledge", "feedback"), start=1)
    )


def test_a_card_holds_its_lines(cast: TestCast, api: ApiCalls) -> None:
    card = api().get("cards/openness/").body
    assert [line["key"] for line in card["behaviours"]] == [f"openness-b{number}" for number in (1, 2, 3, 4)]
    assert (len(card["utterances"]), len(card["tips"])) == (1, 1)


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_everybody_reads_the_same(cast: TestCast, api: ApiCalls, name: str) -> None:
    assert api(cast.people[name]).get("cards/openness/").content == api().get("cards/openness/").content


@pytest.mark.parametrize("key", ["nothing", "1", "OPENNESS"])
def test_an_unknown_card_is_not_there(cast: TestCast, api: ApiCalls, key: str) -> None:
    assert api().get(f"cards/{key}/").status == 404


def test_it_speaks_both_languages(db: None, api: ApiCalls) -> None:
    call_command("load_deck")
    dutch, english = (api(language=code).get("cards/openness/") for code in ("nl", "en"))
    assert (dutch.headers["Content-Language"], english.headers["Content-Language"]) == ("nl", "en")
    assert dutch.body["name"] != english.body["name"]
    assert dutch.body["key"] == english.body["key"]


def test_before_a_deck_is_loaded_it_is_empty(db: None, api: ApiCalls) -> None:
    assert api().get("cards/").body == {"edition": None, "version": None, "cards": []}
