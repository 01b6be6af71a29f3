"""The card, agreements and meetings over REST: chosen, said in other words, repeated and judged, and how it went."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions
from workgroups.models import Agenda, Agreement, FocusPeriod, Goal, Guest, Meeting

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"
WHY = "We praten langs elkaar heen."
OTHER = "We doen eerst een rondje"


@pytest.fixture
def agreed(cast: TestCast) -> Agreement:
    """An agreement of the reading group, with its goal and card."""
    return factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])))


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """A meeting of the reading group that is going on."""
    return factories.meeting(cast.reading, TODAY, dt.time(9, 30))


def guest(cast: TestCast) -> None:
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)


def test_the_group_goes_on_to_another_card(cast: TestCast, api: ApiCalls, agreed: Agreement) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/groups/{cast.reading.pk}/focus/"
    body: dict[str, Any] = {"aspect": "reflecting", "why": WHY}
    assert carla.post(path, body).body["code"] == "endings_missing"
    body["endings"] = [{"agreement": agreed.pk, "how": "live"}]
    assert carla.post(path, body).body["code"] == "goal_endings_missing"
    body["goal_endings"] = [{"goal": agreed.goal_id, "how": "reached"}]
    made = carla.post(path, body)
    assert (made.status, made.body["aspect"], made.body["why"], made.body["state"]) == (201, "reflecting", WHY, "live")
    assert carla.get(made.headers["Location"]).body == made.body
    old, new = carla.get(f"{SCHOOL}/focus/?group={cast.reading.pk}").body["results"]
    assert (old["closed_on"], new) == (f"{TODAY}", made.body)
    wrong = carla.post(path, {"aspect": "silence"})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "#/aspect")


def test_why_is_said_in_other_words(cast: TestCast, api: ApiCalls, agreed: Agreement) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/focus/{agreed.goal.period_id}/"
    assert carla.put(path, {"why": WHY}).status == 428
    said = carla.put(path, {"why": WHY}, If_Match=carla.get(path).headers["ETag"])
    assert (said.body["why"], said.body["version"]) == (WHY, 2)
    late = carla.put(path, {"why": ""}, If_Match='"1"')
    assert (late.status, late.body["stored"], late.body["version"]) == (412, {"why": WHY}, 2)


def test_the_deck_lies_on_the_table(cast: TestCast, api: ApiCalls, agreed: Agreement) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/groups/{cast.reading.pk}/cards/"
    assert carla.get(path).body == carla.get("cards/").body
    assert carla.get(f"{path}reflecting/").body == carla.get("cards/reflecting/").body
    assert carla.get(f"{path}silence/").status == 404
    assert api(cast.joris).get(path).status == api(cast.joris).get(f"{path}openness/").status == 404


def test_an_agreement_is_added_changed_and_ended(cast: TestCast, api: ApiCalls, agreed: Agreement) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/goals/{agreed.goal_id}/agreements/"
    made = carla.post(path, {"text": OTHER})
    assert (made.status, made.body["text"], made.body["tip"], made.body["occasions"]) == (201, OTHER, None, 0)
    one = made.headers["Location"]
    assert carla.get(one).body == made.body
    wrong = carla.post(path, {"text": "x", "tip": "nothing"})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "#/tip")
    assert carla.put(one, {"text": "x"}).status == 428
    assert carla.put(one, {"text": "Eerst een vraag"}, If_Match='"1"').body["version"] == 2
    late = carla.put(one, {"text": "Nog anders"}, If_Match='"1"')
    assert (late.status, late.body["stored"]) == (412, {"text": "Eerst een vraag"})
    assert carla.post(f"{one}end/", {"how": "changed"}).status == 400
    ended = carla.post(f"{one}end/", {"how": "habit"})
    assert (ended.body["state"], ended.body["ended_on"]) == ("habit", f"{TODAY}")
    assert carla.post(f"{one}end/", {"how": "habit"}).body["code"] == "agreement_ended"


def test_what_was_judged_goes_on_under_another_id(
    cast: TestCast, api: ApiCalls, agreed: Agreement, meeting: Meeting
) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/agreements/{agreed.pk}/"
    body = {
        "agreements": [{"agreement": agreed.pk, "outcome": "kept"}],
        "goals": [{"goal": agreed.goal_id, "outcome": "on_the_way"}],
    }
    assert carla.post(f"{SCHOOL}/meetings/{meeting.pk}/close/", body).status == 200
    changed = carla.put(path, {"text": OTHER}, If_Match='"1"').body
    assert (changed["id"] == agreed.pk, changed["version"], changed["text"]) == (False, 2, OTHER)
    assert carla.get(path).body["changed_into"] == changed["id"]
    assert carla.get(path).body["kept"] == 1


def test_a_meeting_opens_and_closes(cast: TestCast, api: ApiCalls, agreed: Agreement, meeting: Meeting) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/meetings/{meeting.pk}/"
    assert carla.post(f"{path}open/", None).body["opened_at"] is not None
    assert carla.post(f"{path}open/", None).body["code"] == "already_opened"
    kept = {"agreement": agreed.pk, "outcome": "kept"}
    missing = carla.post(f"{path}close/", {"agreements": [], "goals": []})
    assert (missing.status, missing.body["errors"][0]["pointer"]) == (409, "#/agreements")
    body = {"agreements": [kept], "goals": [{"goal": agreed.goal_id, "outcome": "reached"}]}
    closed = carla.post(f"{path}close/", body)
    assert (closed.body["state"], closed.body["agreements"][0]["outcome"]) == ("held", "kept")
    assert carla.get(path).body == closed.body
    assert carla.post(f"{path}close/", body).body["code"] == "already_closed"
    assert Goal.objects.get(pk=agreed.goal_id).state == "reached"
    told = {"group": cast.reading.pk, "meeting": meeting.pk, "day": f"{TODAY}"}
    for checks, check in (("agreement", kept), ("goal", body["goals"][0])):
        (row,) = carla.get(f"{SCHOOL}/{checks}-checks/?group={cast.reading.pk}").body["results"]
        assert row == {"id": row["id"], **told, **check}
        assert carla.get(f"{SCHOOL}/{checks}-checks/?{checks}=99999").body["results"] == []
        assert api(cast.anna).get(f"{SCHOOL}/{checks}-checks/").body["results"] == []


def test_a_meeting_is_skipped_or_taken_from_paper(
    cast: TestCast, api: ApiCalls, agreed: Agreement, meeting: Meeting
) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/meetings/{meeting.pk}/"
    assert carla.post(f"{path}skip/", {"because": " "}).body["code"] == "empty_text"
    paper = {
        "agreements": [{"agreement": agreed.pk, "outcome": "not"}],
        "goals": [{"goal": agreed.goal_id, "outcome": "not_yet"}],
        "repeated": True,
        "notes": "Verder met toetsen.",
    }
    taken = carla.post(f"{path}paper/", paper).body
    assert (taken["opened_at"], taken["state"]) == (taken["starts_at"], "held")
    assert Agenda.objects.get(meeting=meeting).notes == "Verder met toetsen."
    other = factories.meeting(cast.reading, TODAY - dt.timedelta(days=1))
    skipped = carla.post(f"{SCHOOL}/meetings/{other.pk}/skip/", {"because": "Iemand was ziek."}).body
    assert (skipped["state"], skipped["skipped_because"]) == ("held", "Iemand was ziek.")


def test_a_guest_reads_along_and_others_find_nothing(
    cast: TestCast, api: ApiCalls, agreed: Agreement, meeting: Meeting
) -> None:
    guest(cast)
    judged: dict[str, Any] = {"agreements": [], "goals": []}
    posts: list[tuple[str, Any]] = [
        (f"groups/{cast.reading.pk}/focus/", {"aspect": "reflecting"}),
        (f"goals/{agreed.goal_id}/agreements/", {"text": OTHER}),
        (f"agreements/{agreed.pk}/end/", {"how": "habit"}),
        (f"meetings/{meeting.pk}/open/", None),
        (f"meetings/{meeting.pk}/close/", judged),
        (f"meetings/{meeting.pk}/skip/", {"because": "Ziek."}),
    ]
    for who, status in ((cast.bram, 403), (cast.joris, 404), (cast.anna, 404), (cast.daan, 404)):
        caller = api(who)
        assert [caller.post(f"{SCHOOL}/{path}", body).status for path, body in posts] == [status] * len(posts)
        for path in (f"focus/{agreed.goal.period_id}/", f"agreements/{agreed.pk}/"):
            assert caller.put(f"{SCHOOL}/{path}", {"text": OTHER}, If_Match='"1"').status == status
            assert caller.get(f"{SCHOOL}/{path}").status == (200 if status == 403 else 404)
        paper = {**judged, "repeated": True}
        assert caller.post(f"{SCHOOL}/meetings/{meeting.pk}/paper/", paper).status == 404
        assert len(caller.get(f"{SCHOOL}/focus/").body.get("results", [])) == (status == 403)


@pytest.mark.parametrize("path", ["focus/", "agreement-checks/", "goal-checks/"])
def test_lists_cost_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls, agreed: Agreement, path: str) -> None:
    carla, address = api(cast.carla), f"{SCHOOL}/{path}"
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    for number in (1, 2, 3):
        held = factories.meeting(cast.reading, TODAY - dt.timedelta(days=number))
        judged: dict[str, Any] = {"agreements": {agreed.pk: "kept"}, "goals": {agreed.goal_id: "not_yet"}}
        actions.close_meeting(meeting=held, **judged, **by)
        if number > 1:
            old = {"state": "closed", "closed_on": TODAY}
            factories.period(cast.reading, cast.aspects["reflecting"], **old)
        assert (len(carla.get(address).body["results"]), carla.cost(address)) == (number, 1)
    assert FocusPeriod.objects.count() == 3
