"""What a group shows its leader, over REST: the same policy, the same words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from observations import actions, queries
from observations.models import ScanReading, SelfScan, ShareDecision, Snapshot
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import rounds, steps

pytestmark = pytest.mark.usefixtures("clock")

ApiCalls = type[Caller]
NOW = factories.NOW


def path(cast: TestCast, name: str = "sharing/") -> str:
    return f"schools/de-wilg/groups/{cast.reading.pk}/{name}"


@pytest.fixture
def scan(cast: TestCast) -> SelfScan:
    return rounds.revealed(cast, rounds.colleagues(cast, 4))


@pytest.mark.sqlite
def test_it_works(cast: TestCast, api: ApiCalls, scan: SelfScan) -> None:
    els, one = api(cast.els), {"scan": scan.pk, "aspect": "reflecting"}
    about = {"group": cast.reading.pk, "shares": False, "rounds": [{**one, "shares": None}]}
    assert els.get(path(cast)).body == about
    shown = {**about, "shares": True, "rounds": [{**one, "shares": True}]}
    for _time in range(2):
        assert els.post(path(cast), {"shares": True, "scan": scan.pk}).body == shown
    assert ShareDecision.objects.count() == 2
    kept = {**about, "shares": True, "rounds": [{**one, "shares": False}]}
    assert api(cast.carla).post(path(cast), {"shares": False, "scan": scan.pk}).body == kept
    assert api(cast.carla).post(path(cast), {"shares": False}).body == {**kept, "shares": False}


def test_the_leader_reads_words_and_months(cast: TestCast, api: ApiCalls, scan: SelfScan) -> None:
    api(cast.els).post(path(cast), {"shares": True, "scan": scan.pk})
    told = api(cast.anna).get(path(cast, "profile/")).body
    assert told["rounds"] == [{"month": "2026-11", "day": None, "way": None, "respondents": None}]
    assert [line["own_words"] for line in told["aspects"]] == [[None], ["often"], *[[None]] * 4]
    assert [line["own_degrees"] for line in told["aspects"]] == [None] * 6


def test_the_group_reads_its_own_mirror_whole(cast: TestCast, api: ApiCalls, scan: SelfScan) -> None:
    told = api(cast.carla).get(path(cast, "profile/")).body
    assert told["rounds"] == [{"month": "2026-11", "day": "2026-11-24", "way": "sealed", "respondents": 4}]
    assert [line["own_degrees"] for line in told["aspects"]] == [[None], [3.0], *[[None]] * 4]
    assert told["aspects"][1]["own_words"] == ["often"]


def test_a_guest_reads_no_own_mirror(cast: TestCast, api: ApiCalls, clock: Any, scan: SelfScan) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, hours=2))
    told = api(cast.bram).get(path(cast, "profile/")).body
    assert told["told_in"] == "numbers"
    assert told["rounds"] is None
    assert {(line["own_degrees"], line["own_words"]) for line in told["aspects"]} == {(None, None)}


def test_what_leaders_may_not_know_leaves_no_trace(cast: TestCast, api: ApiCalls, scan: SelfScan) -> None:
    actions.decide_sharing(group=cast.reading, shares=True, scan=scan, by=cast.hat("els"), now=NOW)
    anna, told = api(cast.anna), []
    for _time in range(2):
        answer = anna.get(path(cast, "profile/"))
        told.append((answer.content, answer.headers.get("ETag")))
        ScanReading.objects.update(halves=7, spread="mixed")
        Snapshot.objects.update(respondents=9)
        SelfScan.objects.update(closed_on=dt.date(2026, 11, 2), way="sealed")
    assert told[0] == told[1]


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram", "daan", "gerda", "hugo", "irma"])
def test_it_needs_a_seat(cast: TestCast, api: ApiCalls, clock: Any, scan: SelfScan, who: str) -> None:
    """Bram is the group's guest."""
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, hours=2))
    caller = api(cast.people[who])
    assert caller.get(path(cast)).status == 404
    assert caller.post(path(cast), {"shares": True, "scan": scan.pk}).status == 404
    assert not ShareDecision.objects.exists()


def test_a_member_takes_back_but_shares_nothing(cast: TestCast, api: ApiCalls, scan: SelfScan) -> None:
    assert api(cast.carla).post(path(cast), {"shares": True, "scan": scan.pk}).status == 403
    assert not queries.shares_profile(cast.reading.pk)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"shares": "yes"}, 400),
        ({"shares": None}, 400),
        ({"shares": 1}, 400),
        ({"shares": True, "scan": "1"}, 400),
        ({"shares": True, "scan": 0}, 400),
        ({"shares": True, "round": 1}, 400),
        ({"shares": True, "scan": 987654321}, 404),
    ],
)
def test_bad_input_changes_nothing(cast: TestCast, api: ApiCalls, body: dict[str, Any], status: int) -> None:
    assert api(cast.els).post(path(cast), body).status == status
    assert not ShareDecision.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls, count: int) -> None:
    people = rounds.colleagues(cast, 4)
    for key in ("openness", "reflecting", "analysing")[:count]:
        rounds.revealed(cast, people, key)
    els = api(cast.els)
    assert len(els.get(path(cast)).body["rounds"]) == count
    assert els.cost(path(cast)) == 3
