"""The contract of a visit and the clock over REST, as on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import time_machine

from observations.models import Observation, Visit
from schools.models import Membership
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import steps

ApiCalls = type[Caller]
WORDS = "Hoe praten jullie over toetsen?"


def path(visit: Visit, verb: str = "") -> str:
    return f"schools/de-wilg/visits/{visit.pk}/" + (f"{verb}/" if verb else "")


def group(cast: TestCast, name: str = "visits") -> str:
    return f"schools/de-wilg/groups/{cast.reading.pk}/{name}/"


def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    """From the question to the yes: the group amends, the visitor agrees."""
    meeting = factories.meeting(cast.reading)
    bram, els = api(cast.bram), api(cast.els)
    ahead = bram.get(group(cast, "next-visit")).body
    assert (ahead["meeting"]["id"], ahead["meeting"]["local_start"]) == (meeting.pk, "2026-12-01T15:15:00+01:00")
    assert ahead["meeting"]["time_zone"] == "Europe/Amsterdam"
    assert "Nobody else can open them" in ahead["who_sees_what"][0]
    proposal = {"meeting": meeting.pk, "purpose": "fresh_eyes", "own_words": WORDS, "target_minutes": 25}
    made = bram.post(group(cast), proposal)
    visit = Visit.objects.get()
    assert made.headers["Location"] == f"/api/v1/{path(visit)}"
    told = ("state", "asks", "own_words", "target_minutes", "is_mine", "local_start")
    assert (made.status, [made.body[name] for name in told]) == (
        201,
        ["proposed", "group", WORDS, 25, True, "2026-12-01T15:15:00+01:00"],
    )
    contract = api(cast.carla).get(path(visit, "contract")).body
    assert (contract["own_words"], contract["who_sees_what"][0][:23]) == (WORDS, "Bram van der Meer sees ")
    amended = els.post(path(visit, "amend"), {"group_words": "Onze vragen", "target_minutes": 20})
    assert (amended.status, amended.body["asks"], amended.body["is_mine"]) == (200, "visitor", False)
    seen = bram.get(path(visit)).headers["ETag"]
    assert bram.post(path(visit, "agree"), {}).status == 428
    assert bram.post(path(visit, "agree"), {}, If_Match='"1"').status == 412
    agreed = bram.post(path(visit, "agree"), {}, If_Match=seen)
    assert (agreed.status, agreed.body["state"]) == (200, "accepted")
    assert bram.post(path(visit, "agree"), {}, If_Match=agreed.headers["ETag"]).body["code"] == "state"


@pytest.mark.parametrize(
    ("verb", "who", "state"),
    [
        ("accept", "els", "accepted"),
        ("decline", "els", "declined"),
        ("withdraw", "bram", "withdrawn"),
        ("withdraw", "carla", "withdrawn"),
    ],
)
def test_an_answer(cast: TestCast, api: ApiCalls, verb: str, who: str, state: str) -> None:
    visit = steps.proposed(cast)
    told = api(cast.people[who]).post(path(visit, verb), {})
    assert (told.status, told.body["state"]) == (200, state)
    assert api(cast.people[who]).post(path(visit, verb), {}).status == 409


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        *[("accept", "carla"), ("accept", "bram"), ("decline", "carla"), ("amend", "carla"), ("amend", "bram")],
        *[("agree", "els"), ("postpone", "bram")],
    ],
)
def test_it_is_not_up_to_everybody(cast: TestCast, api: ApiCalls, verb: str, who: str) -> None:
    visit = steps.amended(cast)
    assert api(cast.people[who]).post(path(visit, verb), {}).status == 403
    visit.refresh_from_db()
    assert (visit.state, visit.version) == ("proposed", 2)


def test_nobody_learns_who_stopped_it(cast: TestCast, api: ApiCalls) -> None:
    """Whoever does it, the visitor reads the same to the byte; what was noted is gone."""
    told = []
    for who in ("els", "carla"):
        observation = steps.noted(cast, factories.meeting(cast.reading, place="Aula"))
        visit = observation.visit
        assert api(cast.people[who]).post(path(visit, "postpone"), {}).status == 200
        assert not Observation.objects.exists()
        body = api(cast.bram).get(path(visit)).body
        told.append({name: value for name, value in body.items() if name not in ("id", "meeting")})
        Visit.objects.all().delete()
        visit.meeting.delete()
    assert told[0] == told[1]
    assert "els" not in str(told[0]).lower()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"meeting": 987654}, 409, "not_next_meeting"),
        ({"purpose": "appraisal"}, 400, "invalid"),
        ({"target_minutes": 45}, 400, "invalid"),
        ({"own_words": "x" * 301}, 400, "invalid"),
        ({"coach": 1}, 400, "invalid"),
    ],
)
def test_what_does_not_fit(cast: TestCast, api: ApiCalls, change: dict[str, Any], status: int, code: str) -> None:
    meeting = factories.meeting(cast.reading)
    refused = api(cast.bram).post(group(cast), {"meeting": meeting.pk, "purpose": "support", **change})
    assert (refused.status, refused.body["code"]) == (status, code), refused
    assert not Visit.objects.exists()


def test_another_meeting_is_like_none(cast: TestCast, api: ApiCalls) -> None:
    """One of another school, a later one, and one that there is not."""
    factories.meeting(cast.reading)
    later = factories.meeting(cast.reading, factories.meeting(cast.next_door).day.replace(day=8))
    asked = {"purpose": "support"}
    told = {
        api(cast.bram).post(group(cast), {**asked, "meeting": pk}).content
        for pk in (later.pk, factories.meeting(cast.elsewhere).pk, 987654)
    }
    assert len(told) == 1


@pytest.mark.parametrize("who", ["anna", "joris", "frank", "daan"])
def test_to_others_a_visit_is_not_there(cast: TestCast, api: ApiCalls, who: str) -> None:
    """Not even to the leader."""
    visit, caller = steps.amended(cast), api(cast.people[who])
    for verb in ("contract", "preparation", "listening", "listening/stop", "accept", "agree", "amend", "decline"):
        call = caller.get if verb in ("contract", "preparation") else partial(caller.post, body={})
        answers = [call(path(one, verb)) for one in (visit, Visit(pk=987654))]
        assert [one.status for one in answers] == [404, 404], verb
        assert answers[0].content == answers[1].content
    assert WORDS not in str([answer.content for answer in answers])


def test_the_group_does_not_read_what_is_the_visitors(cast: TestCast, api: ApiCalls) -> None:
    visit = steps.accepted(cast)
    for verb in ("preparation", "listening"):
        assert api(cast.els).get(path(visit, verb)).status == 404


def test_preparing(cast: TestCast, api: ApiCalls) -> None:
    """The group's card and agreements come with its yes."""
    factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["analysing"])), "Eerst samenvatten")
    bram, visit = api(cast.bram), steps.proposed(cast)
    before = bram.get(path(visit, "preparation"))
    assert (before.body["aspect"], before.body["agreements"], len(before.body["cards"])) == (None, None, 6)
    assert b"Eerst samenvatten" not in before.content
    api(cast.els).post(path(visit, "accept"), {})
    after = bram.get(path(visit, "preparation"))
    assert (after.body["aspect"], after.body["agreements"][0]["text"]) == ("analysing", "Eerst samenvatten")
    assert (after.body["cards"][0]["aspect"], after.headers["Cache-Control"]) == ("analysing", "no-store")
    api(cast.els).post(path(visit, "withdraw"), {})
    assert bram.get(path(visit, "preparation")).status == 409


@pytest.fixture
def started(cast: TestCast, api: ApiCalls) -> Iterator[Visit]:
    visit = steps.accepted(cast)
    with time_machine.travel(visit.meeting.starts_at, tick=False):
        yield visit


def test_listening(cast: TestCast, api: ApiCalls, started: Visit) -> None:
    bram = api(cast.bram)
    before = bram.get(path(started, "listening")).body
    assert (before["is_open"], before["since"], before["minutes"], before["observation"]) == (True, None, None, None)
    assert (before["local_opens"], before["time_zone"]) == ("2026-12-01T15:00:00+01:00", "Europe/Amsterdam")
    assert (before["local_since"], before["local_until"]) == (None, None)
    begun = bram.post(path(started, "listening"), {})
    assert (begun.body["local_since"], begun.body["local_until"]) == (
        "2026-12-01T15:15:00+01:00",
        "2026-12-01T15:35:00+01:00",
    )
    assert (begun.status, begun.body["until"]) == (200, "2026-12-01T14:35:00Z")
    with time_machine.travel(steps.after(started.meeting, minutes=17), tick=False):
        assert bram.get(path(started, "listening")).body["minutes"] == 17
        stopped = bram.post(path(started, "listening/stop"), {}).body
        assert (stopped["state"], stopped["minutes"]) == ("noting", None)
        kept = bram.get(f"schools/de-wilg/observations/{stopped['observation']}/").body
        assert kept["listened"] == 17
        assert bram.post(path(started, "listening/stop"), {}).status == 409


def test_it_does_not_start_too_early_or_without_a_yes(cast: TestCast, api: ApiCalls) -> None:
    visit, bram = steps.proposed(cast), api(cast.bram)
    assert bram.post(path(visit, "listening"), {}).body["code"] == "state"
    api(cast.els).post(path(visit, "accept"), {})
    assert bram.post(path(visit, "listening"), {}).body["code"] == "too_early"


def test_a_leader_proposes_as_a_visitor(cast: TestCast, api: ApiCalls) -> None:
    factories.meeting(cast.reading)
    told = api(cast.anna).get(group(cast, "next-visit")).body
    assert "you are a coach, not the school leader" in told["who_sees_what"][-1]
    for who in ("carla", "els", "frank", "joris"):
        assert api(cast.people[who]).get(group(cast, "next-visit")).status == 403
    Membership.objects.filter(user=cast.bram).delete()
    assert api(cast.bram).get(group(cast, "next-visit")).status == 404


@pytest.mark.parametrize("count", [1, 3])
def test_few_queries(cast: TestCast, api: ApiCalls, count: int) -> None:
    period = factories.period(cast.reading, cast.aspects["analysing"])
    for number in range(1, count + 1):
        factories.agreement(factories.goal(period, f"Doel {number}", number), f"Afspraak {number}", number)
    visit, bram = steps.accepted(cast), api(cast.bram)
    assert len(bram.get(path(visit, "preparation")).body["agreements"]) == count
    assert bram.cost(path(visit, "preparation")) == 5
    assert bram.cost(path(visit, "listening")) == 1
    assert bram.cost(group(cast, "next-visit")) == 3
