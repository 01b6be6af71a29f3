"""The public pages of the deck: open to everybody, whole in both languages."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from cards import actions, queries


@pytest.fixture(autouse=True)
def deck(db: None) -> None:
    actions.load_edition()


def _speaking(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_deck_shows_six_cards_and_their_questions(client: Client, language: str) -> None:
    page = unescape(_speaking(client, language).get("/cards/").text)
    with translation.override(language):
        for aspect in queries.deck():
            assert f'href="/cards/{aspect.key}/"' in page
            assert aspect.name in page
            assert aspect.question in page
            assert aspect.definition in page
        assert queries.deck()[0].edition.credit in page
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_card_shows_all_its_lines(client: Client, language: str) -> None:
    for aspect in queries.with_lines(queries.deck()):
        page = unescape(_speaking(client, language).get(f"/cards/{aspect.key}/").text)
        with translation.override(language):
            lines = [*aspect.behaviours.all(), *aspect.utterances.all(), *aspect.tips.all()]
            assert [line.key for line in lines if line.text not in page] == []
            assert [
                text for text in (aspect.question, aspect.definition, *aspect.explanation) if text not in page
            ] == []


def test_cards_lead_to_their_neighbours(client: Client) -> None:
    first, second = client.get("/cards/openness/").text, client.get("/cards/reflecting/").text
    assert 'href="/cards/reflecting/"' in first
    assert 'href="/cards/feedback/"' not in first
    assert 'href="/cards/openness/"' in second
    assert 'href="/cards/analysing/"' in second


@pytest.mark.parametrize("key", ["nothing", "openness-t1", "Openness"])
def test_what_is_no_card_is_404(client: Client, key: str) -> None:
    assert client.get(f"/cards/{key}/").status_code == 404


def test_reading_costs_little(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/cards/")
    door = 3  # the door's transaction opens, says who reads, and closes
    with django_assert_num_queries(door + 1):
        client.get("/cards/")
    with django_assert_num_queries(door + 5):
        client.get("/cards/reflecting/")


def test_six_cards_are_printed_at_once(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        text = client.get("/cards/print/").content.decode()
    assert text.count('class="sheet a') == 6
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "/cards/print/" in client.get("/cards/").content.decode()
