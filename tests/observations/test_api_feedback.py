"""Shared feedback, the talk about it and unshared notes over REST: for whom it is, and for nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from observations import actions
from observations.models import Correction, PointAnswer, Visit
from schools.models.calls import KeptAnswer
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import steps
from workgroups.models import Agreement, Goal

ApiCalls = type[Caller]
SCHOOL = "schools/de-wilg/"
FEEDBACK = f"{SCHOOL}feedback/"
UNSHARED = f"{SCHOOL}observations/"
SECRET = "Alleen voor mezelf: stroef."
NOTES = {"openness": (SECRET, SECRET)}


def path(visit: Visit, part: str = "feedback") -> str:
    return f"{SCHOOL}visits/{visit.pk}/{part}/"


@pytest.fixture
def visit(cast: TestCast, api: ApiCalls) -> Iterator[Visit]:
    """Bram shared his feedback; it is an hour later."""
    row = steps.shared(cast, notes=NOTES)
    with time_machine.travel(steps.after(row.meeting, minutes=130), tick=False):
        yield row


def test_it_works(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    told = api(cast.carla).get(path(visit))
    assert (told.body["visitor"], told.body["day"], told.body["listened"], told.body["days_late"]) == (
        "Bram van der Meer",
        "2026-12-01",
        20,
        0,
    )
    blank = {"answer": None, "goal": None, "agreement": None}
    [pair] = told.body["pairs"]
    assert pair["strong"] == {"place": 1, "aspect": "openness", "text": steps.PAIR.strong, **blank}
    assert pair["improvement"] == {"place": 2, "aspect": "analysing", "text": steps.PAIR.improvement, **blank}
    assert api(cast.bram).get(path(visit)).body == told.body
    assert api(cast.els).get(f"{FEEDBACK}?group={cast.reading.pk}").body["results"] == [told.body]
    assert SECRET.encode() not in told.content


def test_what_is_not_shared_is_not_there(cast: TestCast, api: ApiCalls) -> None:
    """Raw notes and pairs that wait: for nobody but the visitor, under no address and in no list."""
    unshared = steps.noted(cast, notes=NOTES).visit
    for name in ("carla", "els", "anna", "bram"):
        caller = api(cast.people[name])
        for part in ("feedback", "debrief"):
            assert caller.get(path(unshared, part)).content == caller.get(path(Visit(pk=987654), part)).content
        assert caller.get(FEEDBACK).body["results"] == []
    for name in ("carla", "els", "anna", "joris"):
        caller = api(cast.people[name])
        assert caller.get(UNSHARED).body["results"] == []
        told = [
            caller.get(f"{SCHOOL}{place}").content for place in ("visits/", f"visits/{unshared.pk}/", UNSHARED[18:])
        ]
        assert not any(secret.encode() in one for one in told for secret in (SECRET, steps.PAIR.strong))


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan"])
def test_others_find_nothing(cast: TestCast, api: ApiCalls, visit: Visit, who: str) -> None:
    """Not even the leader of a group that shares its profile."""
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)
    caller, none = api(cast.people[who]), Visit(pk=987654)
    for part in ("feedback", "debrief"):
        refused = caller.get(path(visit, part))
        assert (refused.status, refused.content) == (404, caller.get(path(none, part)).content)
    for part in ("corrections", "debrief", "debrief/show", "debrief/end", "points/1/goal", "points/1/agreement"):
        assert caller.post(path(visit, part), {"place": 1, "text": "x"}).status == 404
    assert caller.put(path(visit, "points/1/answer"), {"answer": "curious"}).status == 404
    if who != "daan":
        assert caller.get(f"{FEEDBACK}?group={cast.reading.pk}").body["results"] == []


def test_the_visitor_lets_go_after_thirty_days(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    with time_machine.travel(steps.after(visit.meeting, days=31)):
        bram = api(cast.bram)
        assert (bram.get(path(visit)).status, bram.get(FEEDBACK).body["results"]) == (404, [])
        assert bram.post(path(visit, "corrections"), {"text": "Anders."}).status == 404
        assert api(cast.carla).get(path(visit)).status == 200


def test_a_correction_waits_for_names(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    bram, words = api(cast.bram), "Het was Carla die samenvatte."
    asked = bram.post(path(visit, "corrections"), {"text": words})
    assert (asked.status, asked.body["code"]) == (409, "names_somebody")
    assert asked.body["names"] == [{"start": 8, "end": 13, "text": "Carla", "why": "name"}]
    assert not Correction.objects.exists()
    made = bram.post(path(visit, "corrections"), {"text": words, "no_person": ["Carla"]})
    assert (made.status, made.headers["Location"]) == (201, f"/api/v1/{path(visit)}")
    assert made.body["corrections"] == [{"added_on": "2026-12-01", "text": words}]
    assert api(cast.els).post(path(visit, "corrections"), {"text": "Nee."}).status == 403
    assert bram.post(path(visit, "corrections"), {"text": ""}).status == 400


def test_the_group_talks_about_it(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    """One point at a time, one answer each, and what becomes of it; who of the group did it is not kept."""
    factories.period(cast.reading, cast.aspects["openness"])
    els, carla, bram = api(cast.els), api(cast.carla), api(cast.bram)
    assert carla.get(path(visit, "debrief")).body["shows"] is None
    assert carla.post(path(visit, "debrief/show"), {"place": 2}).body["code"] == "state"
    assert els.post(path(visit, "debrief"), {}, Idempotency_Key="one").body["shows"] == 1
    assert carla.post(path(visit, "debrief/show"), {"place": 2}).body["shows"] == 2
    assert carla.post(path(visit, "debrief/show"), {"place": 6}).status == 409
    early = carla.post(path(visit, "points/1/agreement"), {"text": "Doorvragen"})
    assert early.status == 409
    said = carla.put(path(visit, "points/1/answer"), {"answer": "recognised"})
    assert (said.status, said.body["points"][0]["answer"]) == (200, "recognised")
    assert carla.put(path(visit, "points/5/answer"), {"answer": "recognised"}).status == 404
    assert carla.put(path(visit, "points/1/answer"), {"answer": "wrong"}).status == 400
    plan = {"text": "Doorvragen", "agreements": [{"text": "Eerst een vraag"}]}
    made = els.post(path(visit, "points/1/goal"), plan)
    goal = Goal.objects.get()
    assert (made.status, made.body["goal"]) == (201, goal.pk)
    assert made.headers["Location"] == f"/api/v1/{SCHOOL}goals/{goal.pk}/"
    assert els.post(path(visit, "points/1/goal"), plan).body["code"] == "already_taken"
    taken = els.post(path(visit, "points/1/agreement"), {"text": "Een rondje", "goal": goal.pk})
    assert (taken.status, taken.body["agreement"]) == (201, Agreement.objects.latest("pk").pk)
    for part, body in (("debrief", {}), ("debrief/show", {"place": 1}), ("debrief/end", {}), ("points/1/goal", plan)):
        assert bram.post(path(visit, part), body).status == 403
    assert carla.post(path(visit, "debrief/end"), {}).body["is_over"] is True
    assert bram.get(path(visit, "debrief")).body == carla.get(path(visit, "debrief")).body
    assert not KeptAnswer.objects.exists()
    assert PointAnswer.objects.count() == 1


def test_a_goal_of_another_group_is_none(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    carla = api(cast.carla)
    carla.put(path(visit, "points/1/answer"), {"answer": "curious"})
    assert carla.post(path(visit, "points/1/agreement"), {"text": "Ja"}).body["code"] == "no_card"
    factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    theirs = factories.goal(factories.period(cast.maths, cast.aspects["openness"]), "Geheim doel")
    asked = [{"text": "Ja", "goal": goal_id} for goal_id in (theirs.pk, 99_999)]
    told = {carla.post(path(visit, "points/1/agreement"), body).content for body in asked}
    assert len(told) == 1
    assert b"#/goal" in next(iter(told))


def test_what_waits_for_its_visitor(cast: TestCast, api: ApiCalls) -> None:
    observation = steps.noted(cast, notes=NOTES)
    with time_machine.travel(steps.after(observation.visit.meeting, days=2)):
        answer = api(cast.bram).get(UNSHARED)
        [told] = answer.body["results"]
    about = ("id", "listened", "has_pairs", "days_late", "vanishes_on", "days_left")
    assert [told[name] for name in about] == [str(observation.pk), 20, True, 2, "2027-03-01", 88]
    assert answer.headers["Cache-Control"] == "no-store"
    assert SECRET.encode() not in answer.content


@pytest.mark.parametrize("count", [1, 3])
def test_few_queries(cast: TestCast, api: ApiCalls, count: int) -> None:
    day, one = factories.TODAY + dt.timedelta(days=20), dt.timedelta(days=1)
    for number in range(count):  # a visit is to the next meeting, so the later ones come first
        row = steps.shared(cast, factories.meeting(cast.reading, day - number * 2 * one))
        now = steps.after(row.meeting, hours=3)
        actions.add_correction(visit=row, text="Ook dit.", by=cast.hat("bram"), now=now)
        steps.noted(cast, factories.meeting(cast.reading, day - (number * 2 + 1) * one))
    with time_machine.travel(factories.NOW + 21 * one):
        carla, bram = api(cast.carla), api(cast.bram)
        assert len(carla.get(FEEDBACK).body["results"]) == len(bram.get(UNSHARED).body["results"]) == count
        assert carla.cost(FEEDBACK) == 4
        assert carla.cost(path(row)) == 4
        assert carla.cost(path(row, "debrief")) == 4
        assert bram.cost(UNSHARED) == 2
