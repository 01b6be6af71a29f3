"""Letters over REST: what goes out to a group and when, the rules behind it, and what one wants oneself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schools.models import Delivery
from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions
from workgroups.models import Meeting, Seat

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"
BY_DAYS = {"when": "days", "days_before": 2, "at": "08:30"}
WISHES = {
    "when": "group",
    "wanted": ["agreements"],
    "digest_at": "16:00",
    "calendar_part": True,
    "agreements_in_calendar": False,
    "alarm_minutes": 15,
}


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """The next meeting of the reading group, with its letters."""
    hour: dict[str, Any] = {"time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": "Toetsen"}
    day = factories.TODAY + dt.timedelta(days=7)
    return actions.plan_meeting(group=cast.reading, day=day, **hour, by=cast.hat("els"), now=NOW)


def letters(cast: TestCast) -> str:
    return f"{SCHOOL}/groups/{cast.reading.pk}/letters/"


def test_members_read_what_will_go_out(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    coming = {"meeting": meeting.pk, "kind": "reminder", "state": "waiting", "due_at": "2026-11-30T15:00:00Z"}
    coming |= {"people": 2, "some_choose_otherwise": False, "may_take_back": False, "may_send": False}
    assert api(cast.carla).get(letters(cast)).body == {"group": cast.reading.pk, "coming": [coming], "gone": []}
    assert api(cast.els).get(letters(cast)).body["coming"] == [{**coming, "may_take_back": True}]


def test_a_letter_is_read_before_it_leaves(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    path = f"{SCHOOL}/meetings/{meeting.pk}/letters/"
    read = api(cast.carla, language="nl").get(f"{path}reminder/").body
    assert (read["kind"], "Begrijpend lezen" in read["subject"] + read["text"]) == ("reminder", True)
    assert read["leaves_at"] is None or read["leaves_at"] == "2026-11-30T15:00:00Z"
    assert read["html"].lower().startswith("<!doctype html")
    assert "smp_" not in read["html"]
    for kind in ("moved", "nothing"):
        assert api(cast.carla).get(f"{path}{kind}/").status == 404


def test_the_chair_takes_a_letter_back_and_sends_it_after_all(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    els, path = api(cast.els), f"{SCHOOL}/meetings/{meeting.pk}/letters/reminder/"
    back = els.post(f"{path}take-back/", {}).body["coming"]
    assert [(one["state"], one["due_at"], one["people"], one["may_send"]) for one in back] == [
        ("taken_back", None, None, True)
    ]
    assert els.post(f"{path}send/", {}).body["coming"][0]["state"] == "waiting"
    news = els.post(f"{SCHOOL}/meetings/{meeting.pk}/letters/moved/take-back/", {})
    assert (news.status, news.body["code"]) == (409, "unknown_choice")
    assert api(cast.carla).post(f"{path}take-back/", {}).status == 403
    assert api(cast.joris).post(f"{path}take-back/", {}).status == 404


def test_numbers_never_tell_who(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    """Of a letter to two, nobody hears that one of them does not want it; of one to four everybody may."""
    Delivery.objects.filter(user=cast.els).update(state="sent", sent_at=NOW, message_id="<a@b.example>")
    Delivery.objects.filter(user=cast.carla).update(state="dropped", reason="not wanted")
    gone = api(cast.els).get(letters(cast)).body["gone"]
    assert [(one["sent"], one["unsent"]["unwanted"], one["left_at"]) for one in gone] == [
        (1, 0, "2026-11-24T09:00:00Z")
    ]
    for name in ("Kim", "Lot"):
        more = factories.reminder(meeting, factories.person(name))
        Delivery.objects.filter(pk=more.pk).update(state="failed", reason="not wanted")
    gone = api(cast.els).get(letters(cast)).body["gone"]
    assert (gone[0]["failed"], gone[0]["unsent"]["unwanted"]) == (2, 1)


def test_a_list_of_letters_costs_the_same_however_long(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    els = api(cast.els)
    assert len(els.get(letters(cast)).body["coming"]) == 1
    one = els.cost(letters(cast))
    for days in (8, 9):
        factories.reminder(factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=days)), cast.els)
    assert (els.cost(letters(cast)), len(els.get(letters(cast)).body["coming"])) == (one, 3)
    assert one == 5  # the group, the letters, and what the group's own rule says


def test_the_chair_chooses_when_the_group_hears(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    els, path = api(cast.els), f"{SCHOOL}/groups/{cast.reading.pk}/reminders/"
    usual = {"group": cast.reading.pk, "when": "school", "days_before": 1, "at": "16:00", "hours_before": None}
    assert api(cast.carla).get(path).body == usual
    chosen = els.put(path, BY_DAYS)
    assert chosen.body == {**usual, **BY_DAYS}
    assert {str(one.due_at) for one in Delivery.objects.all()} == {"2026-11-27 07:30:00+00:00"}
    by_hours = els.put(path, {"when": "hours", "hours_before": 3, "at": "08:30"}).body
    assert (by_hours["hours_before"], by_hours["at"], by_hours["days_before"]) == (3, None, None)
    assert els.put(path, {"when": "off"}).body["when"] == "off"
    assert not Delivery.objects.filter(state="waiting").exists()
    assert els.put(path, {"when": "school"}).body == usual
    assert api(cast.carla).put(path, {"when": "off"}).status == 403


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"when": "days", "days_before": 2}, "#/days_before"),
        ({"when": "hours"}, "#/hours_before"),
        ({"when": "hours", "hours_before": 49}, "#/hours_before"),
        ({"when": "days", "days_before": 8, "at": "08:30"}, "#/days_before"),
        ({"when": "days", "days_before": 1, "at": "8:30"}, "#/at"),
        ({"when": "group"}, "#/when"),
    ],
)
def test_a_rule_is_whole(cast: TestCast, api: ApiCalls, wrong: dict[str, Any], pointer: str) -> None:
    answer = api(cast.els).put(f"{SCHOOL}/groups/{cast.reading.pk}/reminders/", wrong)
    assert answer.status in {400, 409}
    assert [one["pointer"] for one in answer.body["errors"]] == [pointer]


def test_leader_and_admin_set_the_schools_rule(cast: TestCast, api: ApiCalls) -> None:
    anna, path = api(cast.anna), f"{SCHOOL}/reminders/"
    assert anna.get(path).body["groups"] == 2
    assert anna.put(path, BY_DAYS).body == {**BY_DAYS, "hours_before": None, "groups": 2}
    group = api(cast.carla).get(f"{SCHOOL}/groups/{cast.reading.pk}/reminders/").body
    assert (group["when"], group["at"]) == ("school", "08:30")
    assert api(cast.carla).get(path).status == 403


def test_everybody_chooses_for_themselves(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    carla = api(cast.carla)
    usual = carla.get("me/letters/").body
    assert (usual["when"], usual["digest_at"], usual["calendar_part"]) == ("group", None, True)
    assert {one["name"] for one in usual["sorts"] if one["is_wanted"]} == {one["name"] for one in usual["sorts"]}
    hears = {"when": "days", "days_before": 1, "at": "16:00", "hours_before": None}
    group = {"school": "de-wilg", "group": cast.reading.pk, "name": "Begrijpend lezen"}
    assert usual["groups"] == [{**group, **hears}]

    chosen = carla.put("me/letters/", {**WISHES, **BY_DAYS}).body
    assert (chosen["when"], chosen["at"], chosen["digest_at"], chosen["alarm_minutes"]) == (
        "days",
        "08:30",
        "16:00",
        15,
    )
    assert [one["name"] for one in chosen["sorts"] if one["is_wanted"]] == ["agreements"]
    assert carla.get("me/letters/").body == chosen
    assert api(cast.els).get("me/letters/").body["alarm_minutes"] is None
    wrongs = ({"wanted": ["everything"]}, {"alarm_minutes": 20}, {"alarm_minutes": "15"}, {"calendar_part": None})
    for wrong in wrongs:
        assert carla.put("me/letters/", {**WISHES, **wrong}).status == 400, wrong
    late = carla.put("me/letters/", {**WISHES, "digest_at": "22:00"})
    assert (late.status, late.body["code"]) == (409, "quiet_hours")


def test_own_letters_cost_the_same_in_many_groups(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    assert len(carla.get("me/letters/").body["groups"]) == 1
    one = carla.cost("me/letters/")
    for name in ("Spelling", "Gym"):
        group = factories.group(cast.reading.school, name, chair=cast.els)
        Seat.objects.create(school=group.school, group=group, user=cast.carla, from_date=factories.LONG_AGO)
    assert (carla.cost("me/letters/"), len(carla.get("me/letters/").body["groups"])) == (one, 3)
