"""Opening a round of the self-scan over REST, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from observations.models import ScanAnswer, SelfScan
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import rounds
from workgroups.models import Guest, Seat

ApiCalls = type[Caller]
SECRET = "Carla zucht steeds."
WEEK = "2026-12-01T09:00:00Z"


def path(cast: TestCast) -> str:
    return f"schools/de-wilg/groups/{cast.reading.pk}/scans/"


def step(scan: SelfScan, verb: str) -> str:
    return f"schools/de-wilg/scans/{scan.pk}/{verb}/"


def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    factories.period(cast.reading, cast.aspects["reflecting"])
    people = rounds.colleagues(cast, 4)
    made = api(cast.carla).post(path(cast), {"aspect": "reflecting", "way": "sealed", "closes_at": WEEK})
    scan = SelfScan.objects.get()
    told = {name: made.body[name] for name in ("id", "aspect", "way", "state", "closes_at", "enough")}
    about = {"id": scan.pk, "aspect": "reflecting", "way": "sealed", "state": "open", "closes_at": WEEK, "enough": None}
    assert (made.status, told) == (201, about)
    assert made.body["local_close"] == "2026-12-01T10:00:00+01:00"
    assert made.headers["Location"] == f"/api/v1/schools/de-wilg/scans/{scan.pk}/"

    rounds.answered(scan, people, 3, manner=SECRET)
    shown = api(cast.els).post(step(scan, "reveal"), {})
    assert (shown.status, shown.body["state"], shown.body["respondents"]) == (200, "revealed", 4)
    assert shown.body["questions"][0]["behaviour"] == "reflecting-b1"
    assert SECRET.encode() not in shown.content


def test_together_about_all_six(cast: TestCast, api: ApiCalls) -> None:
    made = api(cast.carla).post(path(cast), {"aspect": None, "way": "together", "closes_at": WEEK})
    assert (made.status, made.body["aspect"], made.body["closes_at"], made.body["local_close"]) == (201, *[None] * 3)
    again = api(cast.els).post(path(cast), {"aspect": None, "way": "together"})
    assert (again.status, again.body["code"]) == (409, "scan_under_way")
    dropped = api(cast.carla).post(step(SelfScan.objects.get(), "drop"), {})
    assert (dropped.status, dropped.body["state"], dropped.body["readings"]) == (200, "void", None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"aspect": None, "way": "secret"}, 400, "invalid"),
        ({"aspect": None, "way": "sealed", "closes_at": "soon"}, 400, "invalid"),
        ({"aspect": None, "way": "together", "group": 1}, 400, "invalid"),
        ({"aspect": "openness", "way": "together"}, 409, "unknown_key"),
        ({"aspect": "nothing", "way": "together"}, 409, "unknown_key"),
        ({"aspect": None, "way": "sealed"}, 409, "too_few_seats"),
    ],
)
def test_it_says_what_is_wrong(cast: TestCast, api: ApiCalls, body: dict[str, Any], status: int, code: str) -> None:
    factories.period(cast.reading, cast.aspects["reflecting"])
    refused = api(cast.carla).post(path(cast), body)
    assert (refused.status, refused.body["code"]) == (status, code), refused
    assert not SelfScan.objects.exists()


def test_only_the_chair_hears_whether_there_is_enough(cast: TestCast, api: ApiCalls) -> None:
    """And only after the own answers, and while nobody left: else it would tell who answered."""
    people = rounds.colleagues(cast, 6)
    scan = rounds.opened(cast)
    els, carla, one = api(cast.els), api(cast.carla), f"schools/de-wilg/scans/{scan.pk}/"
    rounds.answered(scan, people[2:5], 2, manner=SECRET)
    before = els.get(one).content
    assert els.post(step(scan, "close"), {}).body["code"] == "own_answers_first"
    rounds.answered(scan, people[1:2], 2, manner=SECRET)
    assert els.get(one).content == before
    assert els.post(step(scan, "close"), {}).body["code"] == "own_answers_first"
    rounds.answered(scan, people[:1], 2)
    assert (els.get(one).body["enough"], carla.get(one).body["enough"]) == (True, None)
    Seat.objects.filter(user=people[5]).update(until_date=factories.TODAY - dt.timedelta(days=1))
    assert els.get(one).body["enough"] is None
    assert els.post(step(scan, "close"), {}).body["code"] == "somebody_left"
    Seat.objects.filter(user=people[5]).update(until_date=None)
    closed = els.post(step(scan, "close"), {})
    assert (closed.status, closed.body["state"], closed.body["readings"]) == (200, "closed", None)
    assert not ScanAnswer.objects.exists()
    assert SECRET.encode() not in closed.content


def test_too_few_tells_no_number(cast: TestCast, api: ApiCalls) -> None:
    people, els = rounds.colleagues(cast, 5), api(cast.els)
    scan = rounds.answered(rounds.opened(cast), people[:1], 2)
    one = els.post(step(scan, "close"), {})
    rounds.answered(scan, people[1:3], 2)
    assert (one.status, one.body["code"]) == (409, "not_enough")
    assert els.post(step(scan, "close"), {}).content == one.content


@pytest.mark.parametrize("verb", ["close", "reveal", "drop"])
def test_it_is_the_chairs(cast: TestCast, api: ApiCalls, verb: str) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    Guest.objects.create(school=scan.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    assert api(cast.carla).post(step(scan, verb), {}).status == 403
    for name in ("anna", "bram", "joris"):
        absent = api(cast.people[name]).post(f"schools/de-wilg/scans/987654/{verb}/", {})
        refused = api(cast.people[name]).post(step(scan, verb), {})
        assert (refused.status, refused.content) == (404, absent.content)
    assert api(cast.anna).post(path(cast), {"aspect": None, "way": "together"}).status == 404
    scan.refresh_from_db()
    assert scan.state == "open"
