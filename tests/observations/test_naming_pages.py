"""Names in feedback, on the page before sharing: each is a question, and sharing waits for every answer (C13)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from observations import actions
from observations.models import Observation
from tests.conftest import TestCast
from tests.observations import steps

pytestmark = pytest.mark.usefixtures("clock")

NAMED = actions.Pair("openness", "Carla vroeg Carla.", "feedback", "Vraag Carla en Els eens.")


def page(observation: Observation) -> str:
    return f"/s/de-wilg/visits/{observation.visit_id}/share/"


def test_each_name_is_a_question_beside_its_point(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast, pairs=[steps.PAIR, NAMED])
    told = as_(cast.bram).get(page(observation)).text
    strong, chance = told.index("Carla vroeg Carla."), told.index("Vraag Carla en Els eens.")
    asked = [
        (found.start(), found[1])
        for found in re.finditer("“([^”]+)” is (?:een woord, en ook )?de naam van iemand hier", told)
    ]
    assert [words for _where, words in asked] == ["Carla", "Carla", "Els"]
    assert strong < asked[0][0] < chance < asked[1][0]
    assert told.count("is hier geen persoon") == 3
    assert re.findall(r'href="[^"]*/feedback/#id_([^"]+)"', told) == ["p2-strong", "p2-improvement", "p2-improvement"]
    assert "Je antwoorden bewaren we niet." in told


def ticks_on(told: str) -> list[str]:
    """The names of the ticks of a page, in its order."""
    return re.findall(r'name="(p\d-[a-z]+-[0-9a-f]{12})"', told)


@pytest.mark.parametrize("answered", [(), (0,), (0, 2)])
def test_a_name_without_an_answer_stops_the_sharing(cast: TestCast, as_: Any, answered: tuple[int, ...]) -> None:
    observation = steps.noted(cast, pairs=[NAMED])
    browser = as_(cast.bram)
    names = ticks_on(browser.get(page(observation)).text)
    ticks = dict.fromkeys([*(names[place] for place in answered), "p1-strong-0"], "on")
    answer = browser.post(page(observation), {"version": "2", **ticks})
    assert answer.status_code == 422
    assert answer.text.count('<p class="error">') == 3 - len(answered)
    assert answer.text.count(" checked") == len(answered)
    observation.visit.refresh_from_db()
    assert observation.visit.state == "noting"


def test_an_answer_about_one_name_is_none_about_another(cast: TestCast, as_: Any) -> None:
    """Somebody left the school while the page stood there: the tick that remains answers for its own words only."""
    joris = actions.Pair("openness", "Joris en Carla vroegen door.", "feedback", "Vraag er eens om.")
    observation = steps.noted(cast, pairs=[joris])
    browser = as_(cast.bram)
    about_joris, about_carla = ticks_on(browser.get(page(observation)).text)
    cast.joris.memberships.all().delete()
    answer = browser.post(page(observation), {"version": "2", about_joris: "on"})
    assert answer.status_code == 422
    assert ticks_on(answer.text) == [about_carla]
    assert " checked" not in answer.text


def test_what_is_no_person_is_shared(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast, pairs=[NAMED])
    browser = as_(cast.bram)
    ticks = dict.fromkeys(ticks_on(browser.get(page(observation)).text), "on")
    assert len(ticks) == 3
    assert browser.post(page(observation), {"version": "2", **ticks}).status_code == 302
    observation.visit.refresh_from_db()
    assert observation.visit.state == "shared"


def test_no_name_no_question(cast: TestCast, as_: Any) -> None:
    told = as_(cast.bram).get(page(steps.noted(cast))).text
    assert "is hier geen persoon" not in told
    assert "Je antwoorden bewaren we niet." not in told


@pytest.mark.parametrize("count", [1, 3])
def test_names_cost_one_query(cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int) -> None:
    observation = steps.noted(cast, pairs=[NAMED] * count)
    browser = as_(cast.bram)
    with django_assert_num_queries(14):
        browser.get(page(observation))
