"""Visits, observations and profiles over REST."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection

from observations import actions
from observations.models import Observation, Visit
from schools import tenancy
from tests import factories
from tests.calls import Answer, Caller
from tests.conftest import TestCast, gather
from tests.observations import steps
from workgroups.models import Meeting, Seat

ApiCalls = type[Caller]
ID = "0b9f7a34-6f0e-4c55-9d0c-2f1f3e6b8a11"
SCHOOL = "schools/de-wilg"
PATH = f"{SCHOOL}/observations/{ID}/"
NOBODYS = 99_999


def content(at: Visit, **other: Any) -> dict[str, Any]:
    return {
        "visit": at.pk,
        "listened": 20,
        "notes": {"openness": {"going_well": "Iedereen vroeg door.", "chances": ""}},
        "marks": {"openness-b1": 3, "analysing-b1": None},
        "pairs": [
            {
                "strong_aspect": "openness",
                "strong": "Jullie vroegen vaak door.",
                "improvement_aspect": "analysing",
                "improvement": "Zeg eerst wat jullie al weten.",
            }
        ],
        **other,
    }


@pytest.fixture
def visit(cast: TestCast, api: ApiCalls) -> Iterator[Visit]:
    """Bram is welcome at a meeting that began half an hour ago."""
    welcome = steps.accepted(cast)
    with time_machine.travel(steps.after(welcome.meeting, minutes=30)):
        yield welcome


@pytest.fixture
def bram(cast: TestCast, api: ApiCalls, visit: Visit) -> Caller:
    return api(cast.bram)


@pytest.mark.sqlite
def test_it_works(visit: Visit, bram: Caller) -> None:
    first = bram.put(PATH, content(visit))
    assert first.status == 201
    assert first.body == {**content(visit), "id": ID, "version": 1, "updated_at": first.body["updated_at"]}
    assert first.headers["ETag"] == '"1"'
    assert first.headers["Cache-Control"] == "no-store"
    visit.refresh_from_db()
    assert visit.state == "noting"

    kept = bram.get(PATH)
    assert (kept.status, kept.body, kept.headers["ETag"]) == (200, first.body, '"1"')
    assert kept.headers["Cache-Control"] == "no-store"


def test_the_same_again_changes_nothing(visit: Visit, bram: Caller) -> None:
    first = bram.put(PATH, content(visit))
    for headers in ({}, {"If_Match": '"1"'}, {"If_Match": '"7"'}):
        again = bram.put(PATH, content(visit), **headers)
        assert (again.status, again.body) == (200, first.body)


@pytest.mark.sqlite
def test_a_change_needs_the_version(visit: Visit, bram: Caller) -> None:
    bram.put(PATH, content(visit))
    changed = bram.put(PATH, content(visit, notes={}), If_Match='"1"')
    assert (changed.status, changed.body["notes"], changed.headers["ETag"]) == (200, {}, '"2"')
    assert bram.put(PATH, content(visit, marks={}), If_Match='"1", "2"').body["version"] == 3
    assert bram.put(PATH, content(visit, pairs=[]), If_Match="*").body["version"] == 4


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 428),
        ({"If_Match": '"7"'}, 412),
        ({"If_Match": 'W/"1"'}, 412),
        ({"If_Match": '"7", "8"'}, 412),
    ],
)
def test_nothing_is_overwritten_unseen(visit: Visit, bram: Caller, headers: dict[str, str], status: int) -> None:
    first = bram.put(PATH, content(visit)).body
    other = content(visit, notes={"feedback": {"going_well": "Anders.", "chances": "Ook."}})
    refused = bram.put(PATH, other, **headers)
    assert (refused.status, refused.body["code"]) == (status, "conflict")
    assert refused.body["stored"] == first
    assert refused.body["sent"] == other
    assert refused.headers["ETag"] == '"1"'
    assert bram.get(PATH).body == first


@pytest.mark.parametrize("told", ["1", "", "'1'", '"x"', "{}", '"1" "2"', '"12345678901"'])
def test_a_version_is_the_tag_as_it_came(visit: Visit, bram: Caller, told: str) -> None:
    first = bram.put(PATH, content(visit)).body
    refused = bram.put(PATH, content(visit, marks={}), If_Match=told)
    assert (refused.status, refused.body["errors"][0]["parameter"]) == (400, "If-Match")
    assert bram.get(PATH).body == first


def test_what_was_deleted_does_not_come_back_under_a_later_yes(cast: TestCast, visit: Visit, bram: Caller) -> None:
    """A device that was away while the visit was postponed and then welcome again knows its version, and so do we."""
    first = bram.put(PATH, content(visit))
    visit.refresh_from_db()
    now = steps.after(visit.meeting, minutes=31)
    visit = actions.postpone_visit(visit=visit, by=cast.hat("carla"), now=now)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=now)
    gone = bram.put(PATH, content(visit, pairs=[]), If_Match=first.headers["ETag"])
    assert (gone.status, gone.body["code"]) == (410, "nothing_kept")
    assert not Observation.objects.exists()


def test_a_version_of_nothing_is_no_beginning(visit: Visit, bram: Caller) -> None:
    refused = bram.put(PATH, content(visit), If_Match='"1"')
    assert (refused.status, refused.body["code"]) == (410, "nothing_kept")
    assert refused.headers["Cache-Control"] == "no-store"
    assert not Observation.objects.exists()


def test_ids_in_capitals_are_the_same(visit: Visit, bram: Caller) -> None:
    assert bram.put(f"{SCHOOL}/observations/{ID.upper()}/", content(visit)).status == 201
    assert bram.put(PATH, content(visit)).status == 200


def test_one_visit_has_one_observation(visit: Visit, bram: Caller) -> None:
    """Where two devices began, the second one learns under which id to go on, and reads both texts."""
    first = bram.put(PATH, content(visit)).body
    other = content(visit, notes={"feedback": {"going_well": "Anders.", "chances": "Ook."}})
    refused = bram.put(f"{SCHOOL}/observations/{uuid.uuid4()}/", other)
    assert (refused.status, refused.body["code"]) == (409, "conflict")
    assert (refused.body["stored"], refused.body["sent"], refused.headers["ETag"]) == (first, other, '"1"')
    assert Observation.objects.count() == 1


@pytest.mark.parametrize("deed", [actions.withdraw_visit, actions.postpone_visit])
def test_a_visit_that_is_off_is_gone(cast: TestCast, api: ApiCalls, visit: Visit, bram: Caller, deed: Any) -> None:
    """The visitor is told so, with any version, and nothing comes back; to all others there never was one."""
    first = bram.put(PATH, content(visit))
    visit.refresh_from_db()
    deed(visit=visit, by=cast.hat("carla"), now=steps.after(visit.meeting, minutes=40))
    for headers in ({}, {"If_Match": first.headers["ETag"]}, {"If_Match": "*"}):
        gone = bram.put(PATH, content(visit), **headers)
        assert (gone.status, gone.body["code"]) == (410, "visit_gone")
        assert gone.headers["Cache-Control"] == "no-store"
        assert b"vroeg door" not in gone.content
    assert bram.get(PATH).status == 404
    assert not Observation.objects.exists()
    for name in ("els", "carla", "anna", "joris"):
        caller = api(cast.people[name])
        theirs, random = (caller.put(PATH, content(visit, visit=pk)) for pk in (visit.pk, NOBODYS))
        assert (theirs.status, theirs.content) == (404, random.content)


def test_notes_that_had_their_time_are_gone(cast: TestCast, api: ApiCalls, visit: Visit, bram: Caller) -> None:
    """90 days after the meeting where nothing was shared, also for a device that was never at school since."""
    with time_machine.travel(steps.after(visit.meeting, days=90)):
        gone = bram.put(PATH, content(visit))
    assert (gone.status, gone.body["code"]) == (410, "notes_forgotten")
    assert not Observation.objects.exists()


def test_shared_notes_are_gone_after_two_weeks(cast: TestCast, visit: Visit, bram: Caller) -> None:
    bram.put(PATH, content(visit))
    shared_at = steps.after(visit.meeting, minutes=70)
    actions.share_feedback(observation=Observation.objects.get(), by=cast.hat("bram"), now=shared_at)
    with time_machine.travel(shared_at + dt.timedelta(days=14)):
        gone = bram.put(PATH, content(visit, pairs=[]), If_Match='"1"')
    assert (gone.status, gone.body["code"]) == (410, "notes_forgotten")


def test_an_observation_that_the_page_began_goes_on_here(cast: TestCast, visit: Visit, bram: Caller) -> None:
    visit = actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)
    begun = actions.stop_listening(visit=visit, by=cast.hat("bram"), now=steps.after(visit.meeting, minutes=25))
    path = f"{SCHOOL}/observations/{begun.pk}/"
    assert bram.get(path).body["listened"] == 25
    noted = bram.put(path, content(visit, listened=None), If_Match='"1"')
    assert (noted.status, noted.body["listened"], noted.body["version"]) == (200, 25, 2)


def test_it_is_the_visitors_own(cast: TestCast, api: ApiCalls, visit: Visit, bram: Caller) -> None:
    bram.put(PATH, content(visit))
    nowhere = f"{SCHOOL}/observations/{uuid.uuid4()}/"
    for name in ("els", "carla", "anna", "frank", "joris"):
        caller = api(cast.people[name])
        there, random = caller.get(PATH), caller.get(nowhere)
        assert (there.status, there.content) == (404, random.content)
        theirs = caller.put(nowhere, content(visit))
        assert (theirs.status, theirs.body["code"]) == (404, "no_such_visit")
        assert theirs.content == caller.put(nowhere, content(visit, visit=NOBODYS)).content
    for slug in ("de-wilg", "de-beuk"):
        daan = api(cast.daan)
        there, random = (daan.get(path.replace("de-wilg", slug)) for path in (PATH, nowhere))
        assert (there.status, there.content) == (404, random.content)


def test_somebody_elses_id_is_not_mine(cast: TestCast, api: ApiCalls, visit: Visit, bram: Caller) -> None:
    first = bram.put(PATH, content(visit)).body
    mine = actions.propose_visit(
        meeting=factories.meeting(cast.maths, visit.meeting.day, dt.time(16, 30)),
        purpose="support",
        by=cast.hat("anna"),
        now=factories.NOW,
    )
    mine = actions.accept_visit(visit=mine, by=cast.hat("joris"), now=factories.NOW)
    with time_machine.travel(steps.after(mine.meeting, minutes=30)):
        anna = api(cast.anna)
        refused = anna.put(PATH, content(mine))
        assert (refused.status, refused.body["code"]) == (404, "not_found")
        assert anna.put(PATH, content(mine), If_Match='"1"').status == 410
        assert b"vroeg door" not in refused.content
        assert bram.get(PATH).body == first
        elsewhere = f"{SCHOOL}/observations/{uuid.uuid4()}/"
        assert anna.put(elsewhere, content(visit)).body["errors"][0]["pointer"] == "#/visit"


def test_another_schools_visit_is_like_none(cast: TestCast, api: ApiCalls, visit: Visit, bram: Caller) -> None:
    with_us, nobodys = content(visit), content(visit, visit=NOBODYS)
    path = PATH.replace("de-wilg", "de-beuk")  # Bram coaches there too
    answers = [bram.put(path, body) for body in (with_us, nobodys)]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert answers[0].body["errors"] == [{"pointer": "#/visit", "detail": "You have no such visit."}]


def test_without_a_yes_there_is_nothing_to_note(cast: TestCast, api: ApiCalls) -> None:
    proposed = steps.proposed(cast)
    with time_machine.travel(steps.after(proposed.meeting, minutes=30)):
        refused = api(cast.bram).put(PATH, content(proposed))
    assert refused.status == 409
    assert not Observation.objects.exists()


def test_shared_feedback_stands(cast: TestCast, visit: Visit, bram: Caller) -> None:
    first = bram.put(PATH, content(visit)).body
    actions.share_feedback(
        observation=Observation.objects.get(), by=cast.hat("bram"), now=steps.after(visit.meeting, minutes=70)
    )
    refused = bram.put(PATH, content(visit, pairs=[]), If_Match='"1"')
    assert (refused.status, refused.body["code"]) == (409, "already_shared")
    assert bram.get(PATH).body == first


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"visit": "seven"}, "#/visit"),
        ({"visit": "1"}, "#/visit"),
        ({"visit": True}, "#/visit"),
        ({"visit": 2**70}, "#/visit"),
        ({"listened": 0}, "#/listened"),
        ({"listened": 20.5}, "#/listened"),
        ({"notes": None}, "#/notes"),
        ({"notes": []}, "#/notes"),
        ({"notes": {"openness": {"going_well": "Ja."}}}, "#/notes/openness/chances"),
        ({"notes": {"a/b c~": {"going_well": 5, "chances": ""}}}, "#/notes/a~1b%20c~0/going_well"),
        ({"notes": {"openness": {"going_well": "x" * 2001, "chances": ""}}}, "#/notes/openness/going_well"),
        ({"notes": {"openness": {"going_well": "a\0b", "chances": ""}}}, "#/notes/openness/going_well"),
        ({"notes": {"openness": {"going_well": "", "chances": "", "for": "Els"}}}, "#/notes/openness/for"),
        ({"marks": {"openness-b1": 5}}, "#/marks/openness-b1"),
        ({"marks": {"openness-b1": 0}}, "#/marks/openness-b1"),
        ({"marks": {"openness-b1": "3"}}, "#/marks/openness-b1"),
        ({"pairs": [{"strong": "Alleen dit."}]}, "#/pairs/0/strong_aspect"),
        ({"id": ID}, "#/id"),
        ({"version": 9}, "#/version"),
        ({"coach": 1, "school": 1, "state": "shared"}, "#/coach"),
    ],
)
def test_what_does_not_fit_is_pointed_at(visit: Visit, bram: Caller, change: dict[str, Any], pointer: str) -> None:
    refused = bram.put(PATH, content(visit, **change))
    assert (refused.status, refused.body["code"]) == (400, "invalid")
    assert pointer in [error["pointer"] for error in refused.body["errors"]]
    assert not Observation.objects.exists()


def test_the_answer_names_the_rule_of_pairs(visit: Visit, bram: Caller) -> None:
    pair = content(visit)["pairs"][0]
    lonely = bram.put(PATH, content(visit, pairs=[{**pair, "strong": ""}])).body["errors"]
    assert lonely == [
        {
            "pointer": "#/pairs/0/strong",
            "detail": "Every improvement point needs a strong point beside it, and the other way round.",
        }
    ]
    many = bram.put(PATH, content(visit, pairs=[pair] * 4)).body["errors"]
    assert many == [{"pointer": "#/pairs", "detail": "Choose one to three pairs."}]


def test_an_old_version_reads_how_to_go_on(visit: Visit, bram: Caller) -> None:
    changed = content(visit, marks={"openness-b1": 1})
    assert bram.put(PATH, content(visit)).status == 201
    for told in ({}, {"If_Match": '"7"'}):
        refused = bram.put(PATH, changed, **told)
        assert refused.body["detail"].endswith("send yours again with this ETag as If-Match.")
        assert refused.headers["ETag"] == '"1"'
    unseen = bram.post(f"{PATH}share/", {}, If_Match='"7"')
    assert (unseen.status, unseen.body["detail"]) == (
        412,
        "Other words are kept than you looked at. Read them, and share with their ETag as If-Match.",
    )
    assert bram.put(PATH, changed, If_Match=refused.headers["ETag"]).status == 200


def test_unknown_cards_are_refused(visit: Visit, bram: Caller) -> None:
    refused = bram.put(PATH, content(visit, marks={"openness-b99": 3}))
    assert (refused.status, refused.body["code"]) == (409, "unknown_key")
    assert "openness-b99" in refused.body["detail"]
    assert not Observation.objects.exists()
    visit.refresh_from_db()
    assert visit.state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_sending_it_twenty_times_at_once_keeps_one(transactional_db: None, api: ApiCalls) -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
        visit = steps.accepted(cast)
        key = api(cast.bram).headers
    answers: list[Answer] = []
    start = threading.Barrier(20)

    def send() -> None:
        caller = Caller()
        caller.headers = key
        start.wait()
        answers.append(caller.put(PATH, content(visit)))
        connection.close()

    with time_machine.travel(steps.after(visit.meeting, minutes=30)):
        threads = [threading.Thread(target=send) for _time in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert len({answer.content for answer in answers}) == 1
    with tenancy.acting_for_system("tests"):
        assert Observation.objects.count() == 1


def test_members_and_visitor_see_the_visit(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    expected = {
        "id": visit.pk,
        "group": cast.reading.pk,
        "meeting": visit.meeting_id,
        "visitor": "Bram van der Meer",
        "visitor_user": cast.bram.pk,
        "purpose": "support",
        "own_words": "",
        "group_words": "",
        "asks": "group",
        "state": "accepted",
        "needs_new_yes": False,
        "is_called_off": False,
        "starts_at": "2026-12-01T14:15:00Z",
        "ends_at": "2026-12-01T15:15:00Z",
        "local_start": "2026-12-01T15:15:00+01:00",
        "local_end": "2026-12-01T16:15:00+01:00",
        "time_zone": "Europe/Amsterdam",
        "target_minutes": 20,
        "shared_at": None,
        "listened": None,
        "days_late": None,
        "is_mine": False,
        "observation": None,
        "notes_vanish_on": None,
        "notes_vanished_on": None,
    }
    for name in ("bram", "els", "carla"):
        for by in ("token", "session"):
            seen = api(cast.people[name], by=by).get(f"{SCHOOL}/visits/{visit.pk}/")
            assert seen.body == {**expected, "is_mine": name == "bram"}
    for name in ("anna", "frank", "joris", "daan"):
        caller = api(cast.people[name])
        there, random = (caller.get(f"{SCHOOL}/visits/{pk}/") for pk in (visit.pk, NOBODYS))
        assert (there.status, there.content) == (404, random.content)


def test_a_client_learns_that_a_yes_lapsed_as_the_meeting_moved(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    later = visit.meeting.starts_at + dt.timedelta(hours=1)
    Meeting.objects.filter(pk=visit.meeting_id).update(starts_at=later)
    for name in ("bram", "els"):
        seen = api(cast.people[name]).get(f"{SCHOOL}/visits/{visit.pk}/").body
        assert (seen["state"], seen["needs_new_yes"]) == ("accepted", True)


def test_what_was_shared_says_how_long_was_listened_and_how_late_it_is(cast: TestCast, api: ApiCalls) -> None:
    observation = steps.noted(cast)
    address = f"{SCHOOL}/visits/{observation.visit_id}/"
    told = {name: api(cast.people[name]).get(address).body for name in ("bram", "els")}
    assert (told["bram"]["listened"], told["bram"]["days_late"]) == (20, None)
    assert (told["els"]["listened"], told["els"]["days_late"]) == (None, None)
    later = steps.after(observation.visit.meeting, days=6)
    actions.share_feedback(observation=observation, by=cast.hat("bram"), now=later)
    for name in ("bram", "els"):
        seen = api(cast.people[name]).get(address).body
        assert (seen["listened"], seen["days_late"]) == (20, 6)


def test_only_the_visitor_learns_where_the_notes_are(cast: TestCast, api: ApiCalls) -> None:
    """The page kept the clock and made the id; the visitor's app writes on under it."""
    noting = steps.noting(cast)
    path = f"{SCHOOL}/visits/{noting.visit_id}/"
    for name in ("els", "carla"):
        assert api(cast.people[name]).get(path).body["observation"] is None
    bram = api(cast.bram)
    assert bram.get(path).body["observation"] == str(noting.pk)
    at = f"{SCHOOL}/observations/{noting.pk}/"
    assert bram.put(at, content(noting.visit, listened=None), If_Match='"1"').status == 200


def test_who_has_a_seat_is_no_visitor_any_more(cast: TestCast, api: ApiCalls, visit: Visit, bram: Caller) -> None:
    assert bram.put(PATH, content(visit)).status == 201
    Seat.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    assert bram.get(PATH).status == bram.put(PATH, content(visit)).status == 404
    assert bram.get(f"{SCHOOL}/visits/{visit.pk}/").body["observation"] is None


def test_the_list_holds_ones_own(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    def ids(name: str, query: str = "") -> list[int]:
        return [row["id"] for row in api(cast.people[name]).get(f"{SCHOOL}/visits/{query}").body["results"]]

    assert ids("bram") == ids("carla") == ids("bram", f"?group={cast.reading.pk}&state=accepted") == [visit.pk]
    assert ids("bram", f"?group={cast.maths.pk}") == ids("bram", "?state=shared") == []
    assert ids("anna") == ids("joris") == []


@pytest.fixture
def shared(cast: TestCast, api: ApiCalls) -> Visit:
    """Bram shared what he heard."""
    return steps.shared(cast)


def test_the_group_and_its_guest_read_numbers(cast: TestCast, api: ApiCalls, shared: Visit) -> None:
    day = shared.meeting.day.isoformat()
    for name in ("els", "carla", "bram"):
        told = api(cast.people[name]).get(f"{SCHOOL}/groups/{cast.reading.pk}/profile/").body
        assert (told["group"], told["told_in"]) == (cast.reading.pk, "numbers")
        assert told["visits"] == [{"day": day, "minutes": 20, "corrections": []}]
        openness, *_others, feedback = told["aspects"]
        assert (openness["degrees"], openness["words"]) == ([3.5], ["often"])
        assert openness["strong"] == [{"day": day, "text": "Jullie vroegen vaak door.", "answer": None, "became": None}]
        assert (feedback["degrees"], feedback["words"]) == ([1.0], ["seldom"])
        assert told["aspects"][1]["degrees"] == [None]


def test_leader_sees_only_what_is_shared(cast: TestCast, api: ApiCalls, shared: Visit) -> None:
    path = f"{SCHOOL}/groups/{cast.reading.pk}/profile/"
    anna = api(cast.anna)
    closed = anna.get(path)
    assert closed.status == 404

    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)
    told = anna.get(path).body
    assert told["told_in"] == "words"
    assert [line["degrees"] for line in told["aspects"]] == [None] * 6
    assert told["visits"][0]["minutes"] is None
    assert told["aspects"][0]["words"] == ["often"]
    assert told["aspects"][0]["strong"][0]["text"] == "Jullie vroegen vaak door."

    actions.decide_sharing(group=cast.reading, shares=False, by=cast.hat("carla"), now=factories.NOW)
    assert anna.get(path).content == closed.content


def test_next_door_reads_no_profile(cast: TestCast, api: ApiCalls, shared: Visit) -> None:
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)
    for name, slug in (("daan", "de-wilg"), ("daan", "de-beuk"), ("joris", "de-wilg"), ("frank", "de-wilg")):
        caller = api(cast.people[name])
        there, random = (caller.get(f"schools/{slug}/groups/{pk}/profile/") for pk in (cast.reading.pk, NOBODYS))
        assert (there.status, there.content) == (404, random.content)


def test_lists_cost_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls, visit: Visit) -> None:
    bram, path = api(cast.bram), f"{SCHOOL}/visits/"
    assert len(bram.get(path).body["results"]) == 1
    assert bram.cost(path) == 1
    for days in (1, 2):
        meeting = factories.meeting(cast.reading, visit.meeting.day + dt.timedelta(days=days))
        Visit.objects.create(
            school=cast.reading.school,
            group=cast.reading,
            meeting=meeting,
            coach=cast.bram,
            purpose="support",
            proposed_at=factories.NOW,
        )
    assert len(bram.get(path).body["results"]) == 3
    assert bram.cost(path) == 1
