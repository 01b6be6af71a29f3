"""The dashboards over REST: the numbers of the pages, for whom the pages are."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from observations.models import AspectReading, Observation, ShareDecision, Visit
from schools import downloads, events
from schools.models import Event, School
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups.models import HelpRequest, WorkGroup

ApiCalls = type[Caller]
DAY = dt.timedelta(days=1)
SCHOOL, BOARD = "schools/de-wilg/dashboard/", "boards/90001/"


def _lively(cast: TestCast, group: WorkGroup, *, shares: bool) -> None:
    """A card, a meeting that was never closed, one ahead, a visit that heard openness, and a question to the school."""
    mine = {"school": group.school, "group": group}
    factories.period(group, cast.aspects["openness"])
    meeting = factories.meeting(group, TODAY - 14 * DAY, state="lapsed")
    factories.meeting(group, TODAY + 7 * DAY)
    told = {"accepted_for": meeting.starts_at, "proposed_at": NOW, "shared_at": NOW, "state": "shared"}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=cast.bram, purpose="support", **told)
    Observation.objects.create(id=uuid.uuid4(), **mine, visit=visit, listened=20, updated_at=NOW)
    AspectReading.objects.create(**mine, visit=visit, aspect=cast.aspects["openness"], halves=6)
    ShareDecision.objects.create(**mine, decided_on=TODAY, shares=shares)
    answer = {"state": "answered", "answer": "Dinsdag.", "answered_by": cast.anna, "answered_on": TODAY}
    HelpRequest.objects.create(**mine, kind="time", text="Een uur samen?", asked_on=TODAY - DAY, **answer)


def _two_lively_groups(cast: TestCast) -> None:
    _lively(cast, cast.reading, shares=True)
    _lively(cast, cast.maths, shares=False)


def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    _two_lively_groups(cast)
    told = api(cast.anna).get(SCHOOL).body
    reading, maths = told["groups"]
    assert (reading["group"], reading["name"], reading["aspect"]) == (cast.reading.pk, "Begrijpend lezen", "openness")
    assert (reading["last"], reading["next"]) == ("2026-11-10", "2026-12-01")
    assert reading["rhythm"] == [
        {"day": "2026-11-10", "state": "lapsed", "opened": False, "closed": False},
        {"day": "2026-12-01", "state": "planned", "opened": False, "closed": False},
    ]
    assert reading["shows"]["visits"] == ["2026-11-10"]
    openness, reflecting = reading["shows"]["aspects"][:2]
    assert openness == {"key": "openness", "number": 1, "coach": ["often"], "own": []}
    assert reflecting["coach"] == [None]
    assert maths["shows"] is None
    assert maths["rhythm"][0] == {"day": "2026-11-10", "state": "held", "opened": None, "closed": None}
    assert [(one["group"], one["text"], one["answer"], one["answered_by"]) for one in told["help"]] == [
        (cast.reading.pk, "Een uur samen?", "Dinsdag.", "Anna Visser"),
        (cast.maths.pk, "Een uur samen?", "Dinsdag.", "Anna Visser"),
    ]
    assert told["to_board"] == {"since": "2026-08-01", "groups": None, "meetings": None}


@pytest.mark.parametrize("who", ["carla", "els", "bram", "joris"])
def test_everybody_at_school_gets_the_same(cast: TestCast, api: ApiCalls, who: str) -> None:
    _two_lively_groups(cast)
    leaders, theirs = (api(person).get(SCHOOL) for person in (cast.anna, cast.people[who]))
    assert theirs.content == leaders.content


def test_an_admin_gets_the_rhythm(cast: TestCast, api: ApiCalls) -> None:
    _two_lively_groups(cast)
    told = api(cast.frank).get(SCHOOL)
    assert (told.body["help"], told.body["to_board"]) == (None, None)
    assert [(group["aspect"], group["shows"]) for group in told.body["groups"]] == [(None, None)] * 2
    assert {beat["state"] for group in told.body["groups"] for beat in group["rhythm"]} == {"held", "planned"}
    assert "Dinsdag." not in told.content.decode()


@pytest.mark.parametrize("who", ["daan", "irma", "gerda", "hugo"])
def test_next_door_sees_nothing(cast: TestCast, api: ApiCalls, who: str) -> None:
    _two_lively_groups(cast)
    answer = api(cast.people[who]).get(SCHOOL)
    nowhere = api(cast.people[who]).get("schools/nergens/dashboard/")
    assert (answer.status, answer.content) == (404, nowhere.content)


def test_it_costs_the_same_however_many_groups(cast: TestCast, api: ApiCalls) -> None:
    costs = []
    for number in range(4):
        group = factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.els)
        _lively(cast, group, shares=True)
        if number in {0, 3}:
            costs.append(api(cast.anna).cost(SCHOOL))
    assert costs[0] == costs[1]


# --- The board ------------------------------------------------------------------------------


def _third_school(cast: TestCast) -> None:
    School.objects.create(slug="de-es", name="De Es", board=cast.schools["de-wilg"].board)


def test_a_board_reads_two_numbers_per_school(cast: TestCast, api: ApiCalls) -> None:
    _two_lively_groups(cast)
    _third_school(cast)
    told = api(cast.gerda).get(BOARD).body
    assert (told["number"], told["since"]) == (90001, "2026-08-01")
    assert [(one["slug"], one["groups"], one["meetings"]) for one in told["schools"]] == [
        ("de-beuk", 1, 0),
        ("de-es", 0, 0),
        ("de-wilg", 2, 2),
    ]
    own = api(cast.carla).get(SCHOOL).body["to_board"]
    assert own == {"since": "2026-08-01", "groups": 2, "meetings": 2}


def test_of_two_schools_there_are_no_numbers(cast: TestCast, api: ApiCalls) -> None:
    _two_lively_groups(cast)
    told = api(cast.gerda).get(BOARD).body
    assert [(one["groups"], one["meetings"]) for one in told["schools"]] == [(None, None)] * 2


@pytest.mark.parametrize("number", ["90002", "99999", "9" * 30])
def test_another_board_is_not_there(cast: TestCast, api: ApiCalls, number: str) -> None:
    assert api(cast.gerda).get(f"boards/{number}/").status == 404


@pytest.mark.parametrize("who", ["anna", "carla", "hugo", "irma"])
def test_the_board_is_for_its_admins(cast: TestCast, api: ApiCalls, who: str) -> None:
    assert api(cast.people[who]).get(BOARD).status == 404


def test_it_costs_the_same_however_many_schools(cast: TestCast, api: ApiCalls) -> None:
    gerda, costs = api(cast.gerda), []
    gerda.get(BOARD)
    for number in (1, 55):
        for nth in range(number):
            School.objects.create(slug=f"es-{number}-{nth}", name=f"Es {nth}", board=cast.schools["de-wilg"].board)
        with CaptureQueriesContext(connection) as queries:
            told = gerda.get(BOARD).body
        costs.append(len(queries))
    assert len(told["schools"]) == 58
    assert costs[0] == costs[1]


def test_nothing_is_asked_behind_the_question_mark(cast: TestCast, api: ApiCalls) -> None:
    # No order by value, whatever a client asks.
    _two_lively_groups(cast)
    anna = api(cast.anna)
    assert anna.get(f"{SCHOOL}?ordering=-last&sort=name").content == anna.get(SCHOOL).content


FILES = {
    "schools/de-wilg/dashboard.csv": "anna",
    "schools/de-wilg/dashboard.xlsx": "anna",
    "boards/90001/schools.csv": "gerda",
    "boards/90001/schools.xlsx": "gerda",
}


@pytest.mark.parametrize(("path", "who"), FILES.items())
def test_it_is_taken_along_as_on_its_page(cast: TestCast, api: ApiCalls, path: str, who: str) -> None:
    _two_lively_groups(cast)
    answer = api(cast.people[who], language="nl").get(path)
    assert answer.headers["Content-Type"] == downloads.TYPES[path.rpartition(".")[2]]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Event.objects.filter(what=events.What.FILE_TAKEN, by=cast.people[who]).count() == 1
    if path.endswith(".csv"):
        page = Client()
        page.force_login(cast.people[who])
        address = (
            reverse("school-dashboard-csv", args=["de-wilg"]) if who == "anna" else reverse("board-csv", args=[90001])
        )
        shown = page.get(address, headers={"Accept-Language": "nl"})
        assert answer.content == shown.content


@pytest.mark.parametrize("path", FILES)
def test_others_take_nothing_along(cast: TestCast, api: ApiCalls, path: str) -> None:
    for name in ("daan", "irma", "hugo"):
        assert api(cast.people[name]).get(path).status == 404
    assert not Event.objects.filter(what=events.What.FILE_TAKEN).exists()
