"""Pulses over REST: one's own answers, and of the group's only what all of it may read."""

from __future__ import annotations

from typing import Any

import pytest

from observations.models import Pulse, PulseAnswer
from schools.models.calls import KeptAnswer
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import pulses
from workgroups.models import Guest

ApiCalls = type[Caller]
PULSES = "schools/de-wilg/pulses/"
CLOSES = "2026-12-01T09:00:00Z"
MINE = {"answers": {"dare": 1, "differ": 2, "count": 4, "inside": 3}}


def path(pulse: Pulse, part: str = "") -> str:
    return f"{PULSES}{pulse.pk}/" + (f"{part}/" if part else "")


def group(cast: TestCast) -> str:
    return f"schools/de-wilg/groups/{cast.reading.pk}/pulses/"


@pytest.mark.sqlite
def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    people, carla = pulses.five(cast), api(cast.carla)
    made = carla.post(group(cast), {"kind": "trust", "closes_at": CLOSES}, Idempotency_Key="one")
    pulse = Pulse.objects.get()
    assert (made.status, made.headers["Location"]) == (201, f"/api/v1/{path(pulse)}")
    assert not KeptAnswer.objects.exists()
    told = carla.get(path(pulse)).body
    assert (told["closes_at"], told["may_answer"], told["is_done"]) == (CLOSES, True, False)
    assert told["local_close"] == "2026-12-01T10:00:00+01:00"
    assert (len(told["sentences"]), told["readings"], told["is_low"]) == (4, None, None)
    assert carla.get(path(pulse, "answers")).body == {"answers": {}}
    kept = carla.put(path(pulse, "answers"), MINE)
    assert (kept.status, kept.body, kept.headers["Cache-Control"]) == (200, MINE, "no-store")
    assert carla.get(path(pulse, "answers")).body == MINE
    for user in people:
        if user != cast.carla:
            pulses.answer(cast, pulse, user, 4)
    closed = carla.get(path(pulse)).body
    assert (closed["state"], closed["is_low"], [one["question"] for one in closed["readings"]]) == (
        "closed",
        False,
        ["dare", "differ", "count", "inside"],
    )
    assert carla.get(path(pulse, "answers")).body == {"answers": {}}


def test_what_others_answer_leaves_no_trace(cast: TestCast, api: ApiCalls) -> None:
    """Before it closes: not in the round, not in the list, not in one's own answers, not in the chair's."""
    people, pulse = pulses.five(cast), pulses.opened(cast)
    callers = [api(cast.carla), api(cast.els)]
    places = (path(pulse), path(pulse, "answers"), PULSES, f"{PULSES}?state=open", f"{PULSES}?page_size=1")
    before = [caller.get(place).content for caller in callers for place in places]
    for user in people[2:]:
        pulses.answer(cast, pulse, user, 1)
    assert [caller.get(place).content for caller in callers for place in places] == before


def test_fewer_than_four_leave_nothing(cast: TestCast, api: ApiCalls) -> None:
    people, pulse = pulses.five(cast), pulses.opened(cast)
    for user in people[:3]:
        pulses.answer(cast, pulse, user, 1)
    Pulse.objects.update(state="void", closed_on=factories.TODAY)
    told = api(cast.carla).get(path(pulse)).body
    assert (told["state"], told["readings"], told["is_low"], told["is_done"]) == ("void", None, None, False)
    assert api(cast.carla).get(PULSES).body["results"] == []
    assert api(cast.carla).get(f"{PULSES}?state=void").status == 400


@pytest.mark.parametrize(
    ("answers", "status", "code"),
    [
        ({}, 409, "answers_missing"),
        ({**MINE["answers"], "views": 3}, 409, "answers_missing"),
        ({**MINE["answers"], "dare": 5}, 400, "invalid"),
        ({**MINE["answers"], "dare": None}, 400, "invalid"),
        (dict.fromkeys(map(str, range(201)), "x"), 400, "invalid"),
    ],
)
def test_it_says_what_is_wrong(cast: TestCast, api: ApiCalls, answers: Any, status: int, code: str) -> None:
    pulses.five(cast)
    refused = api(cast.carla).put(path(pulses.opened(cast), "answers"), {"answers": answers})
    assert (refused.status, refused.body["code"]) == (status, code), refused
    assert not PulseAnswer.objects.exists()


def test_who_came_later_has_no_voice(cast: TestCast, api: ApiCalls) -> None:
    pulses.five(cast)
    pulse = pulses.opened(cast)
    late = api(pulses.seat(cast, "Dirk"))
    assert late.get(path(pulse)).body["may_answer"] is False
    assert late.put(path(pulse, "answers"), MINE).body["code"] == "no_voice"


def test_it_needs_four(cast: TestCast, api: ApiCalls) -> None:
    refused = api(cast.carla).post(group(cast), {"kind": "trust", "closes_at": CLOSES})
    assert (refused.status, refused.body["code"]) == (409, "too_few_seats")


@pytest.mark.parametrize("who", ["anna", "bram", "frank", "joris"])
def test_it_needs_a_seat(cast: TestCast, api: ApiCalls, who: str) -> None:
    """Bram is the group's guest."""
    people = pulses.five(cast)
    pulse = pulses.closed(cast, people, 1, 1, 1, 1, 1)
    Guest.objects.create(school=pulse.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    caller, nothing = api(cast.people[who]), Pulse(pk=987654)
    for part in ("", "answers"):
        refused = caller.get(path(pulse, part))
        assert (refused.status, refused.content) == (404, caller.get(path(nothing, part)).content)
    assert caller.put(path(pulse, "answers"), MINE).status == 404
    assert caller.post(group(cast), {"kind": "trust", "closes_at": CLOSES}).status == 404
    assert caller.get(f"{PULSES}?group={cast.reading.pk}").body["results"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_few_queries(cast: TestCast, api: ApiCalls, count: int) -> None:
    about = {"school": cast.reading.school, "group": cast.reading, "kind": "trust", "state": "closed"}
    about |= {"opened_on": factories.TODAY, "closed_on": factories.TODAY, "closes_at": pulses.CLOSES}
    rows = [Pulse.objects.create(**about) for _number in range(count)]
    carla = api(cast.carla)
    assert len(carla.get(PULSES).body["results"]) == count
    assert carla.cost(PULSES) == 1
    assert carla.cost(path(rows[0])) == 2
