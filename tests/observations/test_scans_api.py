"""The group's own mirror over REST."""

from __future__ import annotations

from typing import Any

import pytest

from observations import actions
from observations.models import SelfScan
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import rounds
from workgroups.models import Guest

ApiCalls = type[Caller]
SCANS = "schools/de-wilg/scans/"
KEYS = [f"reflecting-b{number}" for number in (1, 2, 3)]
BODY: dict[str, Any] = {"answers": {key: {"degree": 3, "manner": "Zo."} for key in KEYS}}


def path(scan: SelfScan, card: str = "") -> str:
    return f"{SCANS}{scan.pk}/" + (f"answers/{card}/" if card else "")


@pytest.mark.sqlite
def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    carla = api(cast.carla)
    open_round = carla.get(path(scan)).body
    assert open_round == {
        "id": scan.pk,
        "group": cast.reading.pk,
        "aspect": "reflecting",
        "way": "sealed",
        "state": "open",
        "opened_on": "2026-11-24",
        "closes_at": "2026-12-01T09:00:00Z",
        "local_close": "2026-12-01T10:00:00+01:00",
        "closed_on": None,
        "is_done": False,
        "answer_next": "reflecting",
        "enough": None,
        "respondents": None,
        "readings": None,
        "questions": None,
    }
    assert carla.get(path(scan, "reflecting")).body == {"answers": {}}
    kept = carla.put(path(scan, "reflecting"), BODY)
    assert (kept.status, kept.body, kept.headers["Cache-Control"]) == (200, BODY, "no-store")
    read = carla.get(path(scan, "reflecting"))
    assert (read.body, read.headers["Cache-Control"]) == (BODY, "no-store")
    done = carla.get(path(scan)).body
    assert done == {**open_round, "is_done": True, "answer_next": None}

    rounds.answered(scan, [user for user in people if user != cast.carla], 1)
    closed = carla.get(path(scan)).body
    assert (closed["state"], closed["respondents"], closed["readings"]) == ("closed", None, None)
    assert carla.get(path(scan, "reflecting")).body == {"answers": {}}

    actions.reveal_scan(scan=scan, by=cast.hat("els"), now=factories.NOW)
    told = carla.get(path(scan))
    assert (told.body["state"], told.body["respondents"]) == ("revealed", 5)
    assert told.body["readings"] == [
        {"behaviour": key, "aspect": "reflecting", "degree": 1.5, "spread": None} for key in KEYS
    ]
    assert b"Zo." not in told.content


def test_together_the_last_line_reveals(cast: TestCast, api: ApiCalls) -> None:
    scan = rounds.opened(cast, way="together")
    els, carla = api(cast.els), api(cast.carla)
    assert els.put(path(scan, "reflecting"), BODY).status == 200
    told = carla.get(path(scan)).body
    assert (told["state"], told["respondents"]) == ("revealed", None)
    assert {reading["degree"] for reading in told["readings"]} == {3.0}
    late = els.put(path(scan, "reflecting"), BODY)
    assert (late.status, late.body["code"]) == (409, "scan_moved_on")


def test_the_same_again_changes_nothing(cast: TestCast, api: ApiCalls) -> None:
    rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    carla = api(cast.carla)
    assert [carla.put(path(scan, "reflecting"), BODY).body for _time in range(2)] == [BODY, BODY]
    assert carla.get(path(scan, "reflecting")).body == BODY


@pytest.mark.parametrize(
    ("answers", "status", "code"),
    [
        ({}, 409, "answers_missing"),
        ({KEYS[0]: {"degree": 3}}, 409, "answers_missing"),
        ({**BODY["answers"], "reflecting-b9": {"degree": 3}}, 409, "unknown_key"),
        ({**BODY["answers"], KEYS[0]: {"degree": 5}}, 400, "invalid"),
        ({**BODY["answers"], KEYS[0]: {"manner": "x"}}, 400, "invalid"),
        ({**BODY["answers"], KEYS[0]: {"degree": 3, "manner": "x" * 301}}, 400, "invalid"),
        ({**BODY["answers"], KEYS[0]: {"degree": 3, "who": "Els"}}, 400, "invalid"),
    ],
)
def test_it_says_what_is_wrong(cast: TestCast, api: ApiCalls, answers: Any, status: int, code: str) -> None:
    rounds.colleagues(cast, 4)
    carla = api(cast.carla)
    refused = carla.put(path(rounds.opened(cast), "reflecting"), {"answers": answers})
    assert (refused.status, refused.body["code"]) == (status, code), refused
    assert refused.headers["Cache-Control"] == "no-store"


def test_a_late_answer_is_refused(cast: TestCast, api: ApiCalls) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.answered(rounds.opened(cast), people, 3)
    refused = api(cast.carla).put(path(scan, "reflecting"), BODY)
    assert (refused.status, refused.body["code"]) == (409, "late_answer")


def test_another_card_is_not_there(cast: TestCast, api: ApiCalls) -> None:
    rounds.colleagues(cast, 4)
    scan, carla = rounds.opened(cast), api(cast.carla)
    for card in ("feedback", "nothing"):
        assert carla.get(path(scan, card)).status == 404
        assert carla.put(path(scan, card), BODY).status == 404


def test_it_needs_a_seat(cast: TestCast, api: ApiCalls) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.revealed(cast, people)
    Guest.objects.create(school=scan.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    for name in ("anna", "bram", "frank", "joris"):
        caller = api(getattr(cast, name))
        assert caller.get(SCANS).body["results"] == []
        assert caller.get(path(scan)).status == 404
        assert caller.get(path(scan, "reflecting")).status == 404
        assert caller.put(path(scan, "reflecting"), BODY).status == 404


def test_next_door_sees_nothing(cast: TestCast, api: ApiCalls) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    daan = api(cast.daan)
    assert daan.get(path(scan)).status == 404
    assert daan.get(f"schools/de-beuk/scans/{scan.pk}/").status == 404
    assert daan.get("schools/de-beuk/scans/").body["results"] == []


def test_the_list_is_asked_for_by_group_and_state(cast: TestCast, api: ApiCalls) -> None:
    people = rounds.colleagues(cast, 4)
    first, second = rounds.revealed(cast, people), rounds.opened(cast, None, way="together")
    carla = api(cast.carla)
    ids = {
        query: [row["id"] for row in carla.get(SCANS + query).body["results"]]
        for query in ("", "?state=open", f"?group={cast.reading.pk}", f"?group={cast.maths.pk}")
    }
    assert list(ids.values()) == [[first.pk, second.pk], [second.pk], [first.pk, second.pk], []]
    assert carla.get(SCANS + "?state=late").status == 400


@pytest.mark.parametrize("count", [1, 3])
def test_few_queries(cast: TestCast, api: ApiCalls, count: int) -> None:
    people = rounds.colleagues(cast, 4)
    for _round in range(count - 1):
        rounds.answer(rounds.opened(cast, way="together"), cast.els, 3, manner="x")
    scan = rounds.answered(rounds.opened(cast), people[:count], 3, manner="x")
    carla = api(cast.carla)
    assert len(carla.get(SCANS).body["results"]) == count
    assert carla.cost(SCANS) == 1
    assert carla.cost(path(scan)) == 4
    assert carla.cost(path(scan, "reflecting")) == 3


# --- Two at one card --------------------------------------------------------------------------------------------------


def test_what_was_saved_since_is_not_replaced(cast: TestCast, api: ApiCalls) -> None:
    scan = rounds.opened(cast, None, way="together", closes_at=None)
    els, carla = api(cast.els), api(cast.carla)
    tag = els.get(path(scan, "reflecting")).headers["ETag"]
    theirs = {"answers": {key: {"degree": None, "manner": "Wisselend"} for key in KEYS}}
    assert els.put(path(scan, "reflecting"), theirs, If_Match=tag).status == 200

    refused = carla.put(path(scan, "reflecting"), BODY, If_Match=tag)
    assert (refused.status, refused.body["code"]) == (412, "conflict")
    assert (refused.body["stored"], refused.body["sent"]) == (theirs, BODY)
    assert refused.headers["Cache-Control"] == "no-store"
    assert carla.get(path(scan, "reflecting")).body == theirs

    newest = refused.headers["ETag"]
    assert carla.put(path(scan, "reflecting"), BODY, If_Match=newest).status == 200
    assert carla.put(path(scan, "reflecting"), BODY, If_Match=tag).body == BODY
    assert els.get(path(scan, "reflecting")).body == BODY


@pytest.mark.parametrize("tag", ["3", "*", '"x"', 'W/"3"', '"1234567890123456"'])
def test_a_tag_is_sent_as_it_came(cast: TestCast, api: ApiCalls, tag: str) -> None:
    scan = rounds.opened(cast, None, way="together", closes_at=None)
    refused = api(cast.carla).put(path(scan, "reflecting"), BODY, If_Match=tag)
    assert (refused.status, refused.body["errors"][0]["parameter"]) == (400, "If-Match")
