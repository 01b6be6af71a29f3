"""The listening page: a calm clock and no inputs at all (C7)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import factories
from tests.conftest import TestCast
from tests.observations import steps

pytestmark = pytest.mark.usefixtures("clock")


def page(number: int, name: str = "listen/") -> str:
    return f"/s/de-wilg/visits/{number}/{name}"


def test_it_works(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.accepted(cast)
    clock(steps.before(visit.meeting, minutes=15))
    browser = as_(cast.bram)
    assert "Begin met luisteren</button>" in browser.get(page(visit.pk)).text
    assert browser.post(page(visit.pk))["Location"] == page(visit.pk)
    clock(steps.before(visit.meeting, minutes=3))
    answer = browser.get(page(visit.pk))
    assert "12 van 20 minuten geluisterd" in answer.text
    assert "Tot ongeveer <b>15.20 uur</b>" in answer.text
    assert 'class="evening"' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_it_takes_no_input(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.listening(cast)
    for minutes in (0, 5, 25):
        clock(steps.after(visit.meeting, minutes=minutes))
        told = as_(cast.bram).get(page(visit.pk)).text
        assert not re.search(r"<(form|input|textarea|select|button)|contenteditable", told)
        body = told[told.index("<main") :]
        assert set(re.findall(r'href="([^"]+)"', body)) == {page(visit.pk, "listen/stop/")}


def test_the_clock_has_a_line_for_each_minute(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.listening(cast)
    clock(steps.after(visit.meeting, minutes=12, seconds=30))
    told = as_(cast.bram).get(page(visit.pk)).text
    assert [told.count(f'<path class="{tense}"') for tense in ("past", "now", "todo")] == [12, 1, 7]
    assert 'data-seconds="750" data-target="20"' in told


def test_not_yet_and_not_any_more(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.accepted(cast)
    browser = as_(cast.bram)
    for moment, sentence in (
        (factories.NOW, "Je kunt beginnen vanaf 15.00 uur"),
        (visit.meeting.ends_at, "De bijeenkomst is voorbij."),
    ):
        clock(moment)
        told = browser.get(page(visit.pk)).text
        assert sentence in told
        assert "Begin met luisteren</button>" not in told
        assert browser.post(page(visit.pk)).status_code == 422
    visit.refresh_from_db()
    assert visit.state == "accepted"


def test_stopping_early_asks_once(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.listening(cast)
    clock(steps.after(visit.meeting, minutes=9))
    browser = as_(cast.bram)
    told = browser.get(page(visit.pk, "listen/stop/")).text
    assert "Nu al stoppen?" in told
    assert "Je luisterde 9 minuten." in told
    visit.refresh_from_db()
    assert visit.state == "listening"
    assert browser.post(page(visit.pk, "listen/stop/"))["Location"] == page(visit.pk, "notes/")
    visit.refresh_from_db()
    assert (visit.state, visit.observation.listened) == ("noting", 9)


def test_after_the_target_it_does_not_ask(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.listening(cast)
    clock(steps.after(visit.meeting, minutes=21))
    assert "Nu al stoppen?" not in as_(cast.bram).get(page(visit.pk, "listen/stop/")).text


@pytest.mark.parametrize("name", ["listen/", "listen/stop/"])
def test_without_a_running_clock_it_leads_back(cast: TestCast, as_: Any, name: str) -> None:
    visit = steps.proposed(cast)
    assert as_(cast.bram).get(page(visit.pk, name))["Location"] == page(visit.pk, "")


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris", "daan", "hugo"])
@pytest.mark.parametrize("name", ["listen/", "listen/stop/"])
def test_it_needs_the_visitor(cast: TestCast, as_: Any, clock: Any, who: str, name: str) -> None:
    visit = steps.listening(cast)
    clock(steps.after(visit.meeting, minutes=5))
    browser = as_(cast.people[who])
    assert browser.get(page(visit.pk, name)).status_code == 404
    assert browser.post(page(visit.pk, name)).status_code == 404
    visit.refresh_from_db()
    assert visit.state == "listening"
