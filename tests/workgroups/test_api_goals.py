"""Goals over REST: set, said in other words, and ended; the same rules as on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions
from workgroups.models import Agreement, Goal, Guest

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"
OTHER = "Iedereen stelt een vraag"


@pytest.fixture
def goal(cast: TestCast) -> Goal:
    """The goal of the reading group."""
    return factories.goal(factories.period(cast.reading, cast.aspects["openness"]))


def test_a_goal_is_said_in_other_words(cast: TestCast, api: ApiCalls, goal: Goal) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/goals/{goal.pk}/"
    read = carla.get(path)
    assert (read.headers["ETag"][:2], read.body["version"]) == ('"1', 1)
    said = carla.put(path, {"text": OTHER}, If_Match=read.headers["ETag"])
    assert (said.status, said.body["version"], said.body["text"]) == (200, 2, OTHER)
    assert carla.put(path, {"text": OTHER}, If_Match='"1"').body == said.body
    assert carla.get(path).body == said.body


def test_nothing_is_overwritten_unseen(cast: TestCast, api: ApiCalls, goal: Goal) -> None:
    els: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    actions.edit_goal(goal=goal, text="Els was eerder", version=1, **els)
    carla, path = api(cast.carla), f"{SCHOOL}/goals/{goal.pk}/"
    without = carla.put(path, {"text": OTHER})
    assert (without.status, without.body["code"]) == (428, "version_missing")
    late = carla.put(path, {"text": OTHER}, If_Match='"1"')
    assert (late.status, late.body["code"], late.body["version"]) == (412, "conflict", 2)
    assert (late.body["stored"], late.body["sent"]) == ({"text": "Els was eerder"}, {"text": OTHER})
    odd = carla.put(path, {"text": OTHER}, If_Match="2")
    assert (odd.status, odd.body["errors"][0]["parameter"]) == (400, "If-Match")
    assert carla.put(path, {"text": OTHER}, If_Match='"2"').status == 200


def test_a_goal_comes_with_agreements(cast: TestCast, api: ApiCalls, goal: Goal) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/focus/{goal.period_id}/goals/"
    tip = goal.period.aspect.tips.earliest("position")
    body = {"text": OTHER, "agreements": [{"text": "Een rondje"}, {"text": tip.agreement, "tip": tip.key}]}
    made = carla.post(path, body)
    assert (made.status, made.body["position"], made.body["state"]) == (201, 2, "live")
    assert carla.get(made.headers["Location"]).body == made.body
    rows = Agreement.objects.filter(goal_id=made.body["id"]).order_by("slot")
    assert [row.tip for row in rows] == [None, tip]
    again = carla.post(path, body)
    assert (again.status, again.body["code"], again.body["errors"][0]["pointer"]) == (409, "same_goal", "#/text")


def test_what_does_not_fit_is_said(cast: TestCast, api: ApiCalls, goal: Goal) -> None:
    def wrong(body: dict[str, Any]) -> list[str]:
        answer = api(cast.carla).post(f"{SCHOOL}/focus/{goal.period_id}/goals/", body)
        assert answer.status in {400, 409}, answer
        return [one["pointer"] for one in answer.body["errors"]]

    fine = {"text": "Een rondje"}
    assert wrong({"text": OTHER}) == ["#/agreements"]
    assert wrong({"text": OTHER, "agreements": []}) == ["#/agreements"]
    assert wrong({"text": " ", "agreements": [fine]}) == ["#/text"]
    assert wrong({"text": OTHER, "agreements": [fine, {**fine, "tip": "nothing"}]}) == ["#/agreements/1/tip"]
    assert wrong({"text": OTHER, "agreements": [fine, {"texts": ""}]}) == ["#/agreements/1/texts"]
    assert Goal.objects.count() == 1


def test_a_goal_ends_once(cast: TestCast, api: ApiCalls, goal: Goal) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/goals/{goal.pk}/end/"
    assert carla.post(path, {"how": "live"}).status == 400
    ended = carla.post(path, {"how": "reached"})
    assert (ended.status, ended.body["state"], ended.body["ended_on"]) == (200, "reached", "2026-11-24")
    assert carla.post(path, {"how": "dropped"}).body["code"] == "goal_ended"
    assert carla.put(f"{SCHOOL}/goals/{goal.pk}/", {"text": OTHER}, If_Match='"1"').body["code"] == "goal_ended"


def test_it_needs_a_seat_and_a_guest_reads_along(cast: TestCast, api: ApiCalls, goal: Goal) -> None:
    Guest.objects.create(school=goal.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    for who, status in ((cast.bram, 403), (cast.joris, 404), (cast.anna, 404), (cast.frank, 404), (cast.daan, 404)):
        caller = api(who)
        assert caller.put(f"{SCHOOL}/goals/{goal.pk}/", {"text": OTHER}, If_Match='"1"').status == status
        assert caller.post(f"{SCHOOL}/goals/{goal.pk}/end/", {"how": "reached"}).status == status
        body = {"text": OTHER, "agreements": [{"text": "Een rondje"}]}
        assert caller.post(f"{SCHOOL}/focus/{goal.period_id}/goals/", body).status == status
    goal.refresh_from_db()
    assert (goal.text, goal.state, Goal.objects.count()) == ("Iedereen komt aan het woord", "live", 1)
