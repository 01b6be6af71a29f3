"""The work over REST: the same rules as on the pages, for every hat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import calls, factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions, recurrence
from workgroups.models import Agreement, Goal, GoalUpdate, Guest, Meeting, WorkGroup
from workgroups.models.series import Every

ApiCalls = type[Caller]
SCHOOL = "schools/de-wilg"
NOBODYS = 99_999
HELD = factories.TODAY - dt.timedelta(days=7)


@dataclass(frozen=True)
class Work:
    """A group's work: a meeting that was and one to come, a goal with a note, an agreement that was judged."""

    group: WorkGroup
    held: Meeting
    planned: Meeting
    goal: Goal
    agreement: Agreement

    def inside(self) -> list[str]:
        """What only the group and its guest may read."""
        return [
            f"goals/{self.goal.pk}/",
            f"goals/{self.goal.pk}/updates/",
            f"agreements/{self.agreement.pk}/",
        ]

    def addresses(self) -> list[str]:
        return [
            f"groups/{self.group.pk}/",
            f"meetings/{self.held.pk}/",
            f"meetings/{self.planned.pk}/",
            *self.inside(),
        ]


def work_of(group: WorkGroup, cast: TestCast, chair: str, slug: str = "de-wilg") -> Work:
    member = cast.hat(chair, slug)
    period = factories.period(group, cast.aspects["openness"], why="We praten te snel.")
    goal = factories.goal(period)
    agreement = factories.agreement(goal)
    held = factories.meeting(group, HELD, title="Over toetsen")
    now = held.starts_at + dt.timedelta(minutes=50)
    actions.open_meeting(meeting=held, by=member, now=held.starts_at)
    actions.close_meeting(
        meeting=held, agreements={agreement.pk: "kept"}, goals={goal.pk: "on_the_way"}, by=member, now=now
    )
    actions.update_goal(goal=goal, step="not_yet", note="Nog lastig.", by=member, now=now)
    held.refresh_from_db()
    return Work(group, held, factories.meeting(group, title="Vooruit"), goal, agreement)


@pytest.fixture
def work(cast: TestCast) -> Work:
    return work_of(cast.reading, cast, "els")


@pytest.fixture
def guest(cast: TestCast) -> None:
    """The reading group welcomed Bram."""
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)


@pytest.mark.parametrize("by", ["token", "session"])
def test_me_tells_every_hat(cast: TestCast, api: ApiCalls, guest: None, by: str) -> None:
    assert api(cast.carla, by=by).get("me/").body == {
        "id": cast.carla.pk,
        "name": "Carla de Boer",
        "called": "Carla",
        "email": "carla@dewilg.example",
        "language": "",
        "schools": [
            {
                "slug": "de-wilg",
                "name": "De Wilg",
                "place": "Rivierdam",
                "roles": ["teacher"],
                "groups": [
                    {
                        "id": cast.reading.pk,
                        "name": "Begrijpend lezen",
                        "theme": "Thema van Begrijpend lezen",
                        "state": "active",
                        "seat": "member",
                    }
                ],
            }
        ],
        "boards": [],
    }
    els, bram = (api(cast.people[name], by=by).get("me/").body for name in ("els", "bram"))
    assert els["schools"][0]["groups"][0]["seat"] == "chair"
    assert [hat["slug"] for hat in bram["schools"]] == ["de-beuk", "de-wilg"]
    assert [hat["roles"] for hat in bram["schools"]] == [["coach"], ["coach"]]
    assert bram["schools"][0]["groups"] == []
    assert bram["schools"][1]["groups"][0]["seat"] == "guest"


def test_me_tells_the_boards(cast: TestCast, api: ApiCalls) -> None:
    gerda = api(cast.gerda).get("me/").body
    assert gerda["boards"] == [{"number": 90001, "name": "Stichting De Waterkant"}]
    assert gerda["schools"] == []


def test_a_seat_in_a_school_that_one_left_is_not_told(cast: TestCast, api: ApiCalls) -> None:
    cast.carla.memberships.update(until_date=factories.LONG_AGO)
    assert api(cast.carla).get("me/").body["schools"] == []


@pytest.mark.parametrize("name", ["carla", "els", "joris", "anna", "frank", "bram"])
@pytest.mark.parametrize("by", ["token", "session"])
def test_everyone_in_the_school_knows_its_groups(cast: TestCast, api: ApiCalls, work: Work, name: str, by: str) -> None:
    listed = api(cast.people[name], by=by).get(f"{SCHOOL}/groups/").body["results"]
    seats = {"carla": ["member", None], "els": ["chair", None], "joris": [None, "chair"]}
    assert listed == [
        {
            "id": group.pk,
            "name": group.name,
            "theme": group.theme,
            "kind": "working_group",
            "state": "active",
            "chair": chair,
            "chair_user": (cast.els if group == cast.reading else cast.joris).pk,
            "aspect": None if name == "frank" else aspect,  # who is only an admin reads the rhythm alone
            "seat": seat,
            "version": 1,
        }
        for (group, chair, aspect), seat in zip(
            [(cast.reading, "Els Mulder", "openness"), (cast.maths, "Joris Dekker", None)],
            seats.get(name, [None, None]),
            strict=True,
        )
    ]


def test_a_group_opens_by_a_seat(cast: TestCast, api: ApiCalls, work: Work, guest: None) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(present_practice="Snel.", desired_practice="Rustig.")
    path = f"{SCHOOL}/groups/{cast.reading.pk}/"
    for name in ("carla", "els", "bram"):
        group = api(cast.people[name]).get(path).body
        assert [seat["name"] for seat in group["seats"]] == ["Els Mulder", "Carla de Boer"]
        assert (group["present_practice"], group["desired_practice"]) == ("Snel.", "Rustig.")
        assert (group["focus"]["aspect"], group["focus"]["why"]) == ("openness", "We praten te snel.")
        assert group["chair"] == "Els Mulder"


@pytest.mark.parametrize(("name", "sees_seats"), [("anna", True), ("frank", True), ("joris", False), ("bram", False)])
def test_a_group_keeps_its_inside(cast: TestCast, api: ApiCalls, work: Work, name: str, sees_seats: bool) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(present_practice="Snel.", desired_practice="Rustig.")
    answer = api(cast.people[name]).get(f"{SCHOOL}/groups/{cast.reading.pk}/")
    group = answer.body
    assert (group["present_practice"], group["desired_practice"], group["focus"]) == (None, None, None)
    assert (group["seats"] is not None) == sees_seats
    assert group["aspect"] == (None if name == "frank" else "openness")
    assert b"praten" not in answer.content


@pytest.mark.parametrize("by", ["token", "session"])
def test_a_meeting_is_told_in_both_clocks(cast: TestCast, api: ApiCalls, work: Work, by: str) -> None:
    told = api(cast.carla, by=by).get(f"{SCHOOL}/meetings/{work.held.pk}/").body
    assert told == {
        "id": work.held.pk,
        "group": cast.reading.pk,
        "state": "held",
        "starts_at": "2026-11-17T14:15:00Z",
        "ends_at": "2026-11-17T15:15:00Z",
        "local_start": "2026-11-17T15:15:00+01:00",
        "local_end": "2026-11-17T16:15:00+01:00",
        "time_zone": "Europe/Amsterdam",
        "day": "2026-11-17",
        "time": "15:15",
        "minutes": 60,
        "place": "Teamkamer",
        "series": None,
        "series_day": None,
        "version": work.held.schedule_version,
        "title": "Over toetsen",
        "opened_at": "2026-11-17T14:15:00Z",
        "closed_at": "2026-11-17T15:05:00Z",
        "skipped_because": "",
        "agreements": [{"agreement": work.agreement.pk, "text": work.agreement.text, "outcome": "kept"}],
        "goals": [{"goal": work.goal.pk, "text": work.goal.text, "outcome": "on_the_way"}],
    }


def test_a_meeting_of_a_series_names_it(cast: TestCast, api: ApiCalls) -> None:
    rule = recurrence.Rule(dt.date(2026, 12, 1), Every.WEEK, count=1)
    given: dict[str, Any] = {"group": cast.reading, "rule": rule, "sitting": recurrence.Sitting(dt.time(15, 15), 60)}
    (one,) = actions.plan_series(**given, seen=[rule.first], by=cast.hat("els"), now=NOW)
    told = api(cast.carla).get(f"{SCHOOL}/meetings/{one.pk}/").body
    assert (told["series"], told["series_day"]) == (one.series_id, "2026-12-01")


def test_summer_has_its_own_offset(cast: TestCast, api: ApiCalls) -> None:
    summer = factories.meeting(cast.reading, dt.date(2027, 6, 1))
    told = api(cast.carla).get(f"{SCHOOL}/meetings/{summer.pk}/").body
    assert (told["starts_at"], told["local_start"]) == ("2027-06-01T13:15:00Z", "2027-06-01T15:15:00+02:00")


@pytest.mark.parametrize("state", ["planned", "lapsed", "held"])
def test_whether_a_meeting_was_closed_stays_in_the_group(cast: TestCast, api: ApiCalls, work: Work, state: str) -> None:
    Meeting.objects.filter(pk=work.held.pk).update(state=state)
    anna, carla = api(cast.anna), api(cast.carla)
    assert carla.get(f"{SCHOOL}/meetings/{work.held.pk}/").body["state"] == state
    assert anna.get(f"{SCHOOL}/meetings/{work.held.pk}/").body["state"] == "held"
    found = {
        word: [row["id"] for row in anna.get(f"{SCHOOL}/meetings/?group={work.group.pk}&state={word}").body["results"]]
        for word in ("held", "planned", "lapsed")
    }
    assert found == {"held": [work.held.pk], "planned": [work.planned.pk], "lapsed": []}


@pytest.mark.parametrize("name", ["anna", "frank"])
def test_leader_sees_only_what_is_shared(cast: TestCast, api: ApiCalls, work: Work, name: str) -> None:
    caller = api(cast.people[name])
    answer = caller.get(f"{SCHOOL}/meetings/{work.held.pk}/")
    told = answer.body
    assert (told["local_start"], told["place"], told["state"]) == ("2026-11-17T15:15:00+01:00", "Teamkamer", "held")
    hidden = ("title", "opened_at", "closed_at", "skipped_because", "agreements", "goals")
    assert [told[field] for field in hidden] == [None] * 6
    listed = caller.get(f"{SCHOOL}/meetings/")
    assert [row["id"] for row in listed.body["results"]] == [work.held.pk, work.planned.pk]
    assert b"toetsen" not in answer.content + listed.content

    for path in ("goals/", "agreements/"):
        assert caller.get(f"{SCHOOL}/{path}").body["results"] == []
    for path in work.inside():
        assert caller.get(f"{SCHOOL}/{path}").status == 404


@pytest.mark.parametrize("name", ["joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, api: ApiCalls, work: Work, name: str) -> None:
    caller = api(cast.people[name])
    for path in ("meetings/", "goals/", "agreements/"):
        assert caller.get(f"{SCHOOL}/{path}").body["results"] == []
        assert caller.get(f"{SCHOOL}/{path}?group={cast.reading.pk}").body["results"] == []
    for path in [f"meetings/{work.held.pk}/", *work.inside()]:
        there = caller.get(f"{SCHOOL}/{path}")
        random = caller.get(f"{SCHOOL}/{path.partition('/')[0]}/{NOBODYS}/")
        assert (there.status, there.content) == (404, random.content)
    assert caller.post(f"{SCHOOL}/goals/{work.goal.pk}/updates/", {"step": "reached"}).status == 404


@pytest.mark.parametrize("by", ["token", "session"])
@pytest.mark.parametrize(
    ("name", "slug"), [("daan", "de-wilg"), ("daan", "de-beuk"), ("carla", "de-beuk"), ("irma", "de-eik")]
)
def test_next_door_sees_nothing(cast: TestCast, api: ApiCalls, work: Work, name: str, slug: str, by: str) -> None:
    caller = api(cast.people[name], by=by)
    caller.get("me/")  # notes that the key was used today
    for path in work.addresses():
        kind, _slash, rest = path.partition("/")
        random_path = f"{kind}/{NOBODYS}/" + rest.partition("/")[2]
        with CaptureQueriesContext(connection) as there_cost:
            there = caller.get(f"schools/{slug}/{path}")
        with CaptureQueriesContext(connection) as random_cost:
            random = caller.get(f"schools/{slug}/{random_path}")
        assert (there.status, there.content) == (404, random.content)
        assert len(there_cost) == len(random_cost)
    if (name, slug) in {("daan", "de-beuk"), ("irma", "de-eik")}:
        for path in ("groups/", "meetings/", "goals/", "agreements/"):
            answer = caller.get(f"schools/{slug}/{path}")
            own = {cast.next_door.pk, cast.elsewhere.pk}
            assert {row.get("group", row["id"]) for row in answer.body["results"]} <= own
        for path in ("meetings/", "goals/", "agreements/"):
            assert caller.get(f"schools/{slug}/{path}?group={cast.reading.pk}").body["results"] == []


def test_lists_of_two_schools_never_mix(cast: TestCast, api: ApiCalls, work: Work) -> None:
    spelling = work_of(cast.next_door, cast, "daan", "de-beuk")
    for path, own in (("goals/", spelling.goal), ("agreements/", spelling.agreement), ("meetings/", spelling.held)):
        rows = api(cast.daan).get(f"schools/de-beuk/{path}").body["results"]
        assert rows[0]["id"] == own.pk
        assert {row["group"] for row in rows} == {cast.next_door.pk}


@pytest.mark.sqlite
def test_meetings_are_found_by_time_and_state(cast: TestCast, api: ApiCalls, work: Work) -> None:
    def ids(query: str) -> list[int]:
        return [row["id"] for row in api(cast.carla).get(f"{SCHOOL}/meetings/{query}").body["results"]]

    assert ids("") == ids(f"?group={cast.reading.pk}") == [work.held.pk, work.planned.pk]
    assert ids("?state=planned&after=2026-11-24T09:00:00Z&page_size=1") == [work.planned.pk]
    assert ids("?after=2026-11-17T15:15:00%2B01:00") == [work.held.pk, work.planned.pk]
    assert ids("?after=2026-11-17T14:15:01Z") == [work.planned.pk]
    assert ids("?before=2026-11-17T14:15:00Z") == []
    assert ids("?before=0311-10-07T03:17:22Z") == ids("?after=9998-10-07T03:17:22Z") == []
    assert ids("?state=cancelled") == ids(f"?group={cast.maths.pk}") == ids(f"?group={NOBODYS}") == []


@pytest.mark.parametrize("by", ["token", "session"])
def test_goals_and_agreements_are_told_with_the_last_word(
    cast: TestCast, api: ApiCalls, work: Work, guest: None, by: str
) -> None:
    for name in ("carla", "els", "bram"):
        caller = api(cast.people[name], by=by)
        goal = caller.get(f"{SCHOOL}/goals/{work.goal.pk}/").body
        assert (goal["aspect"], goal["noted_step"], goal["closer_step"]) == ("openness", "not_yet", "on_the_way")
        assert caller.get(f"{SCHOOL}/goals/?group={cast.reading.pk}&state=live").body["results"] == [goal]
        agreement = caller.get(f"{SCHOOL}/agreements/{work.agreement.pk}/").body
        assert (agreement["goal"], agreement["last_outcome"]) == (work.goal.pk, "kept")
        assert agreement.pop("checks") == [{"meeting": work.held.pk, "day": "2026-11-17", "outcome": "kept"}]
        assert caller.get(f"{SCHOOL}/agreements/?group={cast.reading.pk}&state=live").body["results"] == [agreement]
        assert caller.get(f"{SCHOOL}/agreements/?state=dropped").body["results"] == []


@pytest.mark.parametrize("by", ["token", "session"])
def test_a_member_notes_how_far_a_goal_is(cast: TestCast, api: ApiCalls, work: Work, by: str) -> None:
    carla = api(cast.carla, by=by)
    path = f"{SCHOOL}/goals/{work.goal.pk}/updates/"
    noted = carla.post(path, {"step": "on_the_way", "note": "Het lukt vaker."})
    assert noted.status == 201
    assert noted.body == {
        "id": noted.body["id"],
        "goal": work.goal.pk,
        "step": "on_the_way",
        "note": "Het lukt vaker.",
        "by": "Carla de Boer",
        "by_user": cast.carla.pk,
        "written_at": noted.body["written_at"],
    }
    listed = carla.get(path).body["results"]
    assert [(row["by"], row["step"]) for row in listed] == [
        ("Carla de Boer", "on_the_way"),
        ("Els Mulder", "not_yet"),
    ]
    assert listed[0] == noted.body


def test_the_same_note_sent_again_is_one_note(cast: TestCast, api: ApiCalls, work: Work) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/goals/{work.goal.pk}/updates/"
    first, again = (carla.post(path, {"step": "on_the_way"}) for _time in range(2))
    assert (again.status, again.body) == (201, first.body)


def test_a_guest_reads_along_and_no_more(cast: TestCast, api: ApiCalls, work: Work, guest: None) -> None:
    bram = api(cast.bram)
    for path in work.addresses():
        assert bram.get(f"{SCHOOL}/{path}").status == 200
    for body in ({"step": "reached"}, {}):
        refused = bram.post(f"{SCHOOL}/goals/{work.goal.pk}/updates/", body)
        assert (refused.status, refused.body["code"]) == (403, "permission_denied")
    assert GoalUpdate.objects.count() == 1


def test_a_guest_place_ends(cast: TestCast, api: ApiCalls, work: Work, guest: None) -> None:
    Guest.objects.update(until_date=factories.TODAY - dt.timedelta(days=1))
    assert api(cast.bram).get(f"{SCHOOL}/goals/{work.goal.pk}/").status == 404


def test_an_ended_goal_takes_no_notes(cast: TestCast, api: ApiCalls, work: Work) -> None:
    actions.end_goal(goal=work.goal, how="dropped", by=cast.hat("els"), now=factories.NOW)
    refused = api(cast.carla).post(f"{SCHOOL}/goals/{work.goal.pk}/updates/", {"step": "reached"})
    assert (refused.status, refused.body["code"]) == (409, "goal_ended")


@pytest.mark.parametrize(
    "path",
    [
        "groups/{group}/",
        "meetings/{held}/",
        "goals/{goal}/",
        "agreements/{agreement}/",
    ],
)
def test_a_school_does_not_show_anothers_rows(cast: TestCast, api: ApiCalls, work: Work, path: str) -> None:
    """Bram coaches at both schools, and De Beuk's address shows nothing of De Wilg (mixed parents)."""
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    ids = {name: getattr(work, name).pk for name in ("group", "held", "goal", "agreement")}
    address = path.format(**ids)
    bram = api(cast.bram)
    assert bram.get(f"schools/de-wilg/{address}").status == 200
    assert bram.get(f"schools/de-beuk/{address}").status == 404


@pytest.mark.parametrize(
    ("path", "cost"),
    [("groups/", 3), ("meetings/", 1), ("goals/", 1), ("agreements/", 1), ("goals/{goal}/updates/", 2)],
)
def test_lists_cost_the_same_for_one_and_for_three(
    cast: TestCast, api: ApiCalls, work: Work, path: str, cost: int
) -> None:
    carla = api(cast.carla)
    address = f"{SCHOOL}/{path.format(goal=work.goal.pk)}"
    WorkGroup.objects.filter(pk=cast.maths.pk).delete()
    Meeting.objects.filter(pk=work.planned.pk).delete()
    assert len(carla.get(address).body["results"]) == 1
    assert carla.cost(address) == cost
    for number in (2, 3):
        factories.group(cast.reading.school, f"Groep {number}", chair=cast.els)
        factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=number))
        goal = factories.goal(work.goal.period, f"Doel {number}", position=number)
        factories.agreement(goal, f"Afspraak {number}", slot=number)
        actions.update_goal(goal=work.goal, step="reached", note=f"{number}", by=cast.hat("els"), now=factories.NOW)
    assert len(carla.get(address).body["results"]) == 3
    assert carla.cost(address) == cost


def test_me_costs_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    assert len(carla.get("me/").body["schools"][0]["groups"]) == 1
    assert carla.cost("me/") == 4 - calls.HAT
    for number in (2, 3):
        factories.group(cast.reading.school, f"Groep {number}", members=(cast.carla,))
    assert len(carla.get("me/").body["schools"][0]["groups"]) == 3
    assert carla.cost("me/") == 4 - calls.HAT
