"""Sharing over REST: in the version that was looked at, once every name is answered (C12, C13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from observations import actions
from observations.models import Observation
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import steps

ApiCalls = type[Caller]
NAMED = actions.Pair("openness", "Els vroeg Carla.", "feedback", "Vraag er eens om.")


@pytest.fixture
def after(cast: TestCast, api: ApiCalls) -> Iterator[Observation]:
    """Bram noted one pair that names two people, and looks at it an hour after the start."""
    observation = steps.noted(cast, pairs=[steps.PAIR, NAMED])
    with time_machine.travel(steps.after(observation.visit.meeting, minutes=60)):
        yield observation


@pytest.fixture
def bram(cast: TestCast, api: ApiCalls, after: Observation) -> Caller:
    return api(cast.bram)


def share(by: Caller, what: Observation, *no_person: str, tag: str | None = '"2"') -> Any:
    body = {"no_person": list(no_person)}
    headers = {} if tag is None else {"If_Match": tag}
    return by.post(f"schools/de-wilg/observations/{what.pk}/share/", body, **headers)


def state(of: Observation) -> str:
    of.visit.refresh_from_db()
    return of.visit.state


def test_it_works(after: Observation, bram: Caller) -> None:
    answer = share(bram, after, "Els", "Carla")
    assert (answer.status, answer.body["state"], answer.body["observation"]) == (200, "shared", str(after.pk))
    assert answer.headers["Cache-Control"] == "no-store"
    assert state(after) == "shared"


def test_without_an_answer_it_tells_the_questions(after: Observation, bram: Caller) -> None:
    answer = share(bram, after)
    assert (answer.status, answer.body["code"]) == (409, "names_somebody")
    place = {"pair": 2, "side": "strong"}
    assert answer.body["names"] == [
        {**place, "start": 0, "end": 3, "text": "Els", "why": "word"},
        {**place, "start": 10, "end": 15, "text": "Carla", "why": "name"},
    ]
    assert [one["text"] for one in share(bram, after, "Carla").body["names"]] == ["Els"]
    assert share(bram, after, "els", "CARLA", "x" * 400).body["code"] == "names_somebody"
    assert state(after) == "noting"


def test_a_second_time_changes_nothing(after: Observation, bram: Caller) -> None:
    share(bram, after, "Els", "Carla")
    again = share(bram, after, "Els", "Carla")
    assert (again.status, again.body["code"]) == (409, "already_shared")


@pytest.mark.parametrize(("tag", "status"), [(None, 428), ('"1"', 412), ('W/"2"', 412), ("2", 400)])
def test_nothing_is_shared_unseen(after: Observation, bram: Caller, tag: str | None, status: int) -> None:
    assert share(bram, after, "Els", "Carla", tag=tag).status == status
    assert state(after) == "noting"


@pytest.mark.parametrize("body", [{"no_person": "Els"}, {"no_person": [1]}, {"no_person": ["x" * 401]}, {"names": []}])
def test_odd_answers_are_told(after: Observation, bram: Caller, body: dict[str, Any]) -> None:
    answer = bram.post(f"schools/de-wilg/observations/{after.pk}/share/", body, If_Match='"2"')
    assert answer.status == 400
    assert state(after) == "noting"


@pytest.mark.parametrize("who", ["els", "carla", "anna", "joris", "daan"])
def test_to_everybody_else_it_is_not_there(cast: TestCast, api: ApiCalls, after: Observation, who: str) -> None:
    assert share(api(getattr(cast, who)), after, "Els", "Carla").status == 404
    assert state(after) == "noting"
