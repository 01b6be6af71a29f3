"""What an error says: not only that something is wrong, but what to send instead, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast

ApiCalls = type[Caller]


def said(answer: Any) -> str:
    return str(answer.body["detail"])


def beside(answer: Any) -> dict[str, str]:
    """The sentence beside each thing that does not fit."""
    assert answer.status == 400, answer
    return {one.get("pointer") or one["parameter"]: one["detail"] for one in answer.body["errors"]}


@pytest.fixture
def goal(cast: TestCast) -> str:
    return f"schools/de-wilg/goals/{factories.goal(factories.period(cast.reading, cast.aspects['openness'])).pk}/"


def test_a_call_without_a_key_reads_where_to_get_one(cast: TestCast, api: ApiCalls) -> None:
    assert said(api().get("me/")) == (
        "Send a token along: Authorization: Bearer and then the token. You make one on your own page."
    )
    assert said(api().get("me/", Accept_Language="nl")).startswith("Stuur een sleutel mee: Authorization: Bearer")


def test_what_a_door_takes_is_told(cast: TestCast, api: ApiCalls, goal: str) -> None:
    carla = api(cast.carla)
    assert said(carla.call("patch", goal, {})) == "This address takes GET, HEAD, PUT."
    assert said(carla.get("me/", Accept="text/html")) == (
        "This comes as application/json: ask for that in Accept, or leave Accept out."
    )
    form = carla.client.post(f"/api/v1/{goal}updates/", {"step": "reached"}, headers=carla.headers)
    assert form.json()["detail"] == "Send JSON, and say so with Content-Type: application/json."


def test_too_many_calls_are_told_when_to_go_on(cast: TestCast, api: ApiCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.callers.CallerThrottle.rate", "1/min", raising=False)
    carla = api(cast.carla)
    carla.get("me/")
    refused = carla.get("me/")
    assert said(refused) == f"These were too many calls. Go on in {refused.headers['Retry-After']} seconds."


def test_an_old_version_is_told_how_to_go_on(cast: TestCast, api: ApiCalls, goal: str) -> None:
    carla = api(cast.carla)
    assert carla.put(goal, {"text": "We vragen door."}, If_Match='"1"').status == 200
    old = carla.put(goal, {"text": "We luisteren."}, If_Match='"1"')
    assert said(old) == (
        "Something else was saved in the meantime. Look at both, and send yours again with this ETag as If-Match."
    )
    assert carla.put(goal, {"text": "We luisteren."}, If_Match=old.headers["ETag"]).status == 200


@pytest.mark.parametrize("cursor", ["zzz", "cD0lMDA="])
def test_a_page_that_is_not_there_leads_to_the_first(cast: TestCast, api: ApiCalls, cursor: str) -> None:
    answer = api(cast.carla).get(f"schools/de-wilg/meetings/?cursor={cursor}")
    assert answer.status == 404
    assert said(answer) == "This page of the list does not exist. Begin at the first, without cursor."


def test_each_field_is_told_what_fits_there(cast: TestCast, api: ApiCalls, goal: str) -> None:
    carla, els = api(cast.carla), api(cast.els)
    assert beside(carla.post(f"{goal}updates/", {"step": "half"})) == {
        "#/step": "Choose one of: not_yet, on_the_way, reached."
    }
    assert beside(carla.post(f"{goal}updates/", {})) == {"#/step": "Send this field too."}
    assert beside(carla.post(f"{goal}updates/", [])) == {"#": "Send an object: names and values, between braces."}
    assert beside(carla.put(goal, {"txt": "We vragen door."}, If_Match='"1"')) == {
        "#/txt": "There is no such field. There are: text."
    }
    planned = els.post(f"schools/de-wilg/groups/{cast.reading.pk}/meetings/", {"day": "2026-12-01"})
    assert beside(planned)["#/time"] == "Send this field too."


def test_each_parameter_is_told_what_fits_there(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    asked = beside(carla.get("schools/de-wilg/meetings/?state=x&after=yesterday"))
    assert asked["state"].startswith("Choose one of: planned, ")
    assert asked["after"] == "An instant looks like 2026-12-01T14:15:00Z."
    assert beside(carla.get("schools/de-wilg/goals/?stat=live")) == {
        "stat": "There is no such parameter. There are: group, state, cursor, page_size."
    }
