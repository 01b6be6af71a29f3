"""The whole visit on one page, for the visitor's own device (C5-C10): it holds no notes, and stands in every state."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from observations import actions
from observations.models import Visit
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups.models import Seat

pytestmark = pytest.mark.usefixtures("clock")

SECRET = "Dit leest alleen Bram"
QUERIES = 12


def address(visit: Visit) -> str:
    return f"/s/de-wilg/visits/{visit.pk}/field/"


def data(browser: Client, visit: Visit) -> dict[str, Any]:
    """What the page tells its script."""
    found = re.search(r'<script id="field-data" type="application/json">(.*?)</script>', _page(browser, visit))
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def _page(browser: Client, visit: Visit) -> str:
    answer = browser.get(address(visit))
    assert answer.status_code == 200
    return answer.text


def test_it_works(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    browser = as_(cast.bram)
    page = _page(browser, visit)
    for step in ("before", "listen", "stop", "notes", "pairs", "ready"):
        assert page.count(f'data-step="{step}"') == 1
    assert page.count("<textarea") == 6 * 2 + 3 * 2
    assert page.count('type="radio"') == 25 * 5
    assert browser.cookies["csrf"].value
    told = data(browser, visit)
    assert (told["person"], told["visit"], told["state"], told["observation"]) == (
        cast.bram.pk,
        visit.pk,
        "accepted",
        None,
    )
    assert told["names"] == ["Carla", "Els"]
    assert [card["key"] for card in told["cards"]][:2] == ["openness", "reflecting"]
    assert told["starts"] == visit.meeting.starts_at.isoformat()
    assert told["api"] + "x/" == "/api/v1/schools/de-wilg/observations/x/"


def test_no_relay_and_no_history_keeps_it(cast: TestCast, as_: Any) -> None:
    """Only the device does, on purpose."""
    answer = as_(cast.bram).get(address(steps.accepted(cast)))
    assert "no-store" in answer["Cache-Control"]


def test_it_holds_no_notes(cast: TestCast, as_: Any) -> None:
    """The page is kept on the device; what was written has one place there, and that is not this page."""
    pair = actions.Pair("openness", SECRET, "analysing", SECRET)
    observation = steps.noted(cast, notes={"openness": (SECRET, SECRET)}, pairs=[pair])
    browser = as_(cast.bram)
    assert SECRET not in _page(browser, observation.visit)
    told = data(browser, observation.visit)
    assert (told["observation"], told["version"], told["listened"]) == (str(observation.pk), 2, 20)
    assert SECRET in browser.get(f"{told['api']}{observation.pk}/").text


def test_no_form_of_it_can_be_sent(cast: TestCast, as_: Any) -> None:
    """What is typed goes over the API alone."""
    page = _page(as_(cast.bram), steps.accepted(cast))
    assert page.count("<form") == 2
    assert "method=" not in page
    assert "csrfmiddlewaretoken" not in page
    assert not re.search(r'<button(?![^>]*type="button")', page)


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris", "daan", "gerda", "hugo"])
def test_it_needs_the_visitor(cast: TestCast, as_: Any, who: str) -> None:
    visit = steps.noted(cast).visit
    browser = as_(cast.people[who])
    there, random = (browser.get(path) for path in (address(visit), "/s/de-wilg/visits/999999/field/"))
    assert there.status_code == random.status_code == 404


def test_who_takes_a_seat_is_no_visitor_any_more(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    Seat.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    assert as_(cast.bram).get(address(visit)).status_code == 404


@pytest.mark.parametrize(
    ("brought", "state"),
    [
        (steps.proposed, "proposed"),
        (steps.amended, "proposed"),
        (steps.listening, "listening"),
        (steps.shared, "shared"),
    ],
)
def test_it_stands_in_every_state(cast: TestCast, as_: Any, brought: Any, state: str) -> None:
    """A device may still hold notes of a visit that went on without it."""
    assert data(as_(cast.bram), brought(cast))["state"] == state


def test_a_visit_that_is_off_says_so(cast: TestCast, as_: Any) -> None:
    visit = steps.noted(cast).visit
    actions.withdraw_visit(visit=visit, by=cast.hat("carla"), now=factories.NOW)
    told = data(as_(cast.bram), visit)
    assert (told["state"], told["observation"]) == ("withdrawn", None)


def test_a_clock_that_runs_is_told(cast: TestCast, as_: Any) -> None:
    visit = steps.listening(cast)
    assert data(as_(cast.bram), visit)["since"] == visit.meeting.starts_at.isoformat()


def test_before_the_yes_the_group_keeps_its_card(cast: TestCast, as_: Any) -> None:
    """The page of a visit that was never welcome says no more than the preparation does."""
    factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])), "Eerst vragen.")
    visit = steps.proposed(cast)
    browser = as_(cast.bram)
    assert "Eerst vragen." not in _page(browser, visit)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=factories.NOW)
    assert "Eerst vragen." in _page(browser, visit)


def test_the_people_of_the_group_are_a_hint_and_no_more(cast: TestCast, as_: Any) -> None:
    """Given names alone: no family names, no addresses, nobody else of the school."""
    page = _page(as_(cast.bram), steps.accepted(cast))
    for person in (cast.carla, cast.els, cast.anna, cast.frank):
        assert person.family_name not in page
        assert (person.email or "@") not in page
    assert "Anna" not in page


@pytest.mark.parametrize("extra", [0, 2])
def test_it_costs_the_same_for_a_large_group(
    cast: TestCast, as_: Any, extra: int, django_assert_num_queries: Any
) -> None:
    for place in range(extra):
        one = factories.person(f"Gast{place}", cast.reading.school)
        Seat.objects.create(school=cast.reading.school, group=cast.reading, user=one, from_date=factories.LONG_AGO)
    visit = steps.noted(cast).visit
    browser = as_(cast.bram)
    browser.get(address(visit))
    with django_assert_num_queries(QUERIES):
        browser.get(address(visit))


def test_links_lead_there_where_the_browser_can(cast: TestCast, as_: Any, clock: Any) -> None:
    """Without scripts they stay the plain pages'."""
    observation = steps.noting(cast)
    clock(steps.after(observation.visit.meeting, minutes=30))
    browser = as_(cast.bram)
    field, notes = address(observation.visit), f"/s/de-wilg/visits/{observation.visit_id}/notes/"
    for page in (f"/s/de-wilg/visits/{observation.visit_id}/", "/s/de-wilg/"):
        assert f'href="{notes}" data-field="{field}#notes"' in browser.get(page).text
