"""The help pages: one screen for each step, in both languages, for everybody."""

from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from samenspraak.guide import GUIDE, LETTERS, Help
from tests.conftest import TestCast


def test_the_steps_stand_in_order(client: Client, db: None) -> None:
    page = client.get("/help/").text
    assert "Zo werkt het" in page
    places = [page.index(f"/help/{one.key}/") for one in GUIDE]
    assert places == sorted(places)


@pytest.mark.parametrize("step", [*GUIDE, LETTERS], ids=lambda step: step.key)
def test_each_step_reads_in_both_languages(client: Client, db: None, step: Help) -> None:
    address = f"/help/{step.key}/"
    dutch = client.get(address)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(address)
    assert dutch.status_code == english.status_code == 200
    assert "Goed om te weten" in dutch.text
    assert "Good to know" in english.text
    assert str(step.lead) not in english.text  # the tests speak Dutch
    assert english.text.count('class="n"') == 3


def test_each_step_leads_to_the_next(client: Client, db: None) -> None:
    for one, after in pairwise(GUIDE):
        assert f'href="/help/{after.key}/"' in client.get(f"/help/{one.key}/").text


@pytest.mark.parametrize("step", GUIDE, ids=lambda step: step.key)
def test_each_picture_is_there(step: Help) -> None:
    assert finders.find(f"pictures/{step.picture}")


def test_it_leads_back_to_where_the_question_came_up(client: Client, db: None) -> None:
    page = client.get("/help/choose/", {"back": "/s/de-wilg/groups/1/focus/new/?card=openness"}).text
    assert 'href="/s/de-wilg/groups/1/focus/new/?card=openness"' in page
    assert f'href="/help/{GUIDE[1].key}/?back=%2Fs%2F' in page


@pytest.mark.parametrize("away", ["https://elders.example/", "//elders.example/", "javascript:alert(1)", "\x00"])
def test_it_leads_nobody_away(client: Client, db: None, away: str) -> None:
    page = client.get("/help/choose/", {"back": away}).text
    assert page.count('class="back" href="/help/"') == 1
    assert f'href="/help/{GUIDE[1].key}/"' in page


def test_no_such_step(client: Client, db: None) -> None:
    assert client.get("/help/something/").status_code == 404


def test_every_page_leads_to_the_help(as_: Any, cast: TestCast) -> None:
    assert 'href="/help/"' in as_(cast.carla).get("/s/de-wilg/").text


def test_what_to_know_of_letters_stands_beside_the_steps(client: Client, db: None) -> None:
    assert f'href="/help/{LETTERS.key}/"' in client.get("/help/").text
    page = client.get(f"/help/{LETTERS.key}/").text
    assert "Stap" not in page
    assert "<img" not in page
