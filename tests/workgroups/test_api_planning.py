"""Meetings and series over REST: planned, moved, called off and restored by the chair, as on the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schools.models import Delivery
from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, recurrence
from workgroups.models import Guest, Meeting, Series
from workgroups.models.series import Every

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"
WEEK = dt.timedelta(weeks=1)
FIRST = TODAY + 3 * WEEK  # 15 December, the third Tuesday
HOUR = {"day": str(FIRST), "time": "15:15", "minutes": 60, "place": "Bibliotheek", "title": "Toetsen"}
RULE = {**HOUR, "every": "week", "count": 3}
DAYS = [str(FIRST + number * WEEK) for number in range(3)]


@pytest.fixture
def series(cast: TestCast) -> list[Meeting]:
    """Three Tuesdays of the reading group."""
    rule = recurrence.Rule(FIRST, Every.WEEK, count=3)
    given: dict[str, Any] = {"rule": rule, "sitting": recurrence.Sitting(dt.time(15, 15), 60, "Bibliotheek")}
    seen = [FIRST + number * WEEK for number in range(3)]
    return actions.plan_series(group=cast.reading, **given, seen=seen, by=cast.hat("els"), now=NOW)


def pointers(answer: calls.Answer) -> list[str]:
    return [one["pointer"] for one in answer.body["errors"]]


def test_the_chair_plans_a_meeting(cast: TestCast, api: ApiCalls) -> None:
    els, path = api(cast.els), f"{SCHOOL}/groups/{cast.reading.pk}/meetings/"
    made = els.post(path, HOUR)
    assert made.status == 201
    told = {"time": "15:15", "day": str(FIRST), "starts_at": "2026-12-15T14:15:00Z", "state": "planned", "version": 1}
    assert {name: made.body[name] for name in told} == told
    assert els.get(made.headers["Location"]).body == made.body
    assert Delivery.objects.filter(subject_id=made.body["id"], kind="reminder").count() == 2
    again = els.post(path, HOUR)
    assert (again.status, again.body["code"], pointers(again)) == (409, "already_planned", ["#/time"])


@pytest.mark.parametrize(
    ("wrong", "status", "pointer"),
    [
        ({"day": "2026-12-1"}, 400, "#/day"),
        ({"day": "2026-11-01"}, 409, "#/day"),
        ({"day": "2029-01-01"}, 409, "#/day"),
        ({"day": "2027-03-28", "time": "02:30"}, 409, "#/time"),  # the clock skips it
        ({"time": "15:15:00"}, 400, "#/time"),
        ({"time": 15}, 400, "#/time"),
        ({"minutes": 4}, 400, "#/minutes"),
        ({"minutes": "60"}, 400, "#/minutes"),
        ({"time": "23:30"}, 409, "#/minutes"),
        ({"place": "x" * 81}, 400, "#/place"),
        ({"until": "16:00"}, 400, "#/until"),
    ],
)
def test_what_does_not_fit_is_said(
    cast: TestCast, api: ApiCalls, wrong: dict[str, Any], status: int, pointer: str
) -> None:
    answer = api(cast.els).post(f"{SCHOOL}/groups/{cast.reading.pk}/meetings/", {**HOUR, **wrong})
    assert (answer.status, pointers(answer)) == (status, [pointer])
    assert not Meeting.objects.exists()


def test_an_hour_that_comes_twice_is_the_first(cast: TestCast, api: ApiCalls) -> None:
    body = {**HOUR, "day": "2027-10-31", "time": "02:30"}
    made = api(cast.els).post(f"{SCHOOL}/groups/{cast.reading.pk}/meetings/", body)
    assert made.body["starts_at"] == "2027-10-31T00:30:00Z"
    assert made.body["local_start"] == "2027-10-31T02:30:00+02:00"


def test_only_the_chair_plans(cast: TestCast, api: ApiCalls, series: list[Meeting]) -> None:
    guest = {"school": cast.reading.school, "group": cast.reading, "user": cast.bram}
    Guest.objects.create(**guest, from_date=factories.LONG_AGO)
    group, one = f"{SCHOOL}/groups/{cast.reading.pk}", f"{SCHOOL}/meetings/{series[0].pk}"
    deeds = {f"{group}/meetings/": HOUR, f"{group}/series/": RULE, f"{group}/series/preview/": RULE}
    about = {f"{one}/cancel/": {}, f"{one}/restore/": {}, f"{one}/preview/": HOUR}
    about[f"{SCHOOL}/series/{series[0].series_id}/end/"] = {}
    for name, inside, outside in (("carla", 403, 403), ("bram", 403, 403), ("anna", 404, 403), ("joris", 404, 404)):
        caller = api(cast.people[name])
        assert {caller.post(path, body).status for path, body in deeds.items()} == {inside}, name
        assert {caller.post(path, body).status for path, body in about.items()} == {outside}, name
        assert caller.put(f"{one}/", HOUR, If_Match='"1"').status == outside, name
    assert Meeting.objects.filter(schedule_version=1, state="planned").count() == 3


def test_a_meeting_moves_by_its_version(cast: TestCast, api: ApiCalls) -> None:
    meeting = factories.meeting(cast.reading)
    els, path = api(cast.els), f"{SCHOOL}/meetings/{meeting.pk}/"
    assert els.put(path, HOUR).status == 428
    tag = els.get(path).headers["ETag"]
    moved = els.put(path, HOUR, If_Match=tag)
    assert (moved.status, moved.body["version"], moved.body["local_start"]) == (200, 2, "2026-12-15T15:15:00+01:00")
    assert els.put(path, HOUR, If_Match=tag).body["version"] == 2  # the same again changes nothing
    late = els.put(path, {**HOUR, "minutes": 90}, If_Match=tag)
    assert (late.status, late.body["version"], late.body["stored"]) == (412, 2, HOUR)
    assert late.body["sent"] == {**HOUR, "minutes": 90}
    titled = els.put(path, {**HOUR, "title": "Lezen"}, If_Match=moved.headers["ETag"])
    assert (titled.body["title"], titled.body["version"]) == ("Lezen", 2)
    assert els.put(path, {"day": str(FIRST)}, If_Match=tag).status == 400


def test_a_meeting_is_called_off_and_restored(cast: TestCast, api: ApiCalls) -> None:
    meeting = factories.meeting(cast.reading)
    els, path = api(cast.els), f"{SCHOOL}/meetings/{meeting.pk}/"
    off = els.post(f"{path}cancel/", {})
    assert (off.status, off.body["state"], off.body["version"]) == (200, "cancelled", 2)
    assert els.post(f"{path}cancel/", {}).body["code"] == "not_planned"
    assert els.post(f"{path}cancel/", {"which": "following"}).body["code"] == "not_planned"
    assert els.post(f"{path}restore/", {}).body["state"] == "planned"
    assert els.post(f"{path}restore/", {"which": "all"}).status == 400


def test_a_series_is_looked_at_and_planned(cast: TestCast, api: ApiCalls) -> None:
    factories.study_day(cast.reading.school, FIRST + WEEK)
    els, path = api(cast.els), f"{SCHOOL}/groups/{cast.reading.pk}/series/"
    look = els.post(f"{path}preview/", RULE).body
    days = [str(FIRST + number * WEEK) for number in (0, 2, 3)]
    assert (look["days"], look["every"], look["breaks"]) == (days, "week", [])
    turn = {"rule_day": str(FIRST + WEEK), "day": None, "because": "day_off", "holiday": "Studiedag"}
    assert look["turns"][1] == turn
    assert not Series.objects.exists()

    unseen = els.post(path, {**RULE, "seen": DAYS})
    assert (unseen.status, unseen.body["code"]) == (409, "series_moved")
    made = els.post(path, {**RULE, "seen": look["days"]})
    assert (made.status, made.body["ahead"], made.body["count"], made.body["last_day"]) == (201, 3, 3, None)
    assert els.get(made.headers["Location"]).body == made.body
    found = els.get(f"{SCHOOL}/meetings/?series={made.body['id']}").body["results"]
    assert [one["day"] for one in found] == days
    assert made.body["next_meeting"] == found[0]["id"]


def test_a_shifted_meeting_tells_both_days(cast: TestCast, api: ApiCalls) -> None:
    factories.study_day(cast.reading.school, FIRST)
    rule = {**RULE, "every": "month", "count": None, "last_day": "2027-01-31", "on_days_off": "shift"}
    look = api(cast.els).post(f"{SCHOOL}/groups/{cast.reading.pk}/series/preview/", rule).body
    assert look["turns"][0]["rule_day"] == str(FIRST)
    assert look["turns"][0]["day"] == look["days"][0] == str(FIRST + WEEK)


def test_a_long_break_is_asked_about(cast: TestCast, api: ApiCalls) -> None:
    factories.study_day(cast.reading.school, FIRST, FIRST + 4 * WEEK)
    els, path = api(cast.els), f"{SCHOOL}/groups/{cast.reading.pk}/series/"
    look = els.post(f"{path}preview/", RULE).body
    assert look["breaks"] == [{"first_day": str(FIRST), "last_day": str(FIRST + 4 * WEEK)}]
    silent = els.post(path, {**RULE, "seen": look["days"]})
    assert (silent.status, silent.body["code"], pointers(silent)) == (409, "long_break", ["#/believes"])
    through = els.post(f"{path}preview/", {**RULE, "believes": False}).body["days"]
    assert through == DAYS
    assert els.post(path, {**RULE, "believes": False, "seen": through}).status == 201


def test_a_series_of_holidays_alone_is_none(cast: TestCast, api: ApiCalls) -> None:
    factories.study_day(cast.reading.school, FIRST, FIRST + 4 * WEEK)
    rule = {**RULE, "count": None, "last_day": DAYS[2], "believes": True, "seen": []}
    answer = api(cast.els).post(f"{SCHOOL}/groups/{cast.reading.pk}/series/", rule)
    assert (answer.status, answer.body["code"]) == (409, "nothing_left")
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"count": None}, "#/last_day"),
        ({"last_day": DAYS[2]}, "#/last_day"),
        ({"count": None, "last_day": "2026-12-01"}, "#/last_day"),
        ({"count": 61}, "#/count"),
        ({"every": "last"}, "#/day"),
        ({"every": "once"}, "#/every"),
    ],
)
def test_a_rule_that_does_not_fit_is_said(cast: TestCast, api: ApiCalls, wrong: dict[str, Any], pointer: str) -> None:
    answer = api(cast.els).post(f"{SCHOOL}/groups/{cast.reading.pk}/series/preview/", {**RULE, **wrong})
    assert (answer.status in {400, 409}, pointers(answer)) == (True, [pointer])


def test_all_that_follow_move_along(cast: TestCast, api: ApiCalls, series: list[Meeting]) -> None:
    els, path = api(cast.els), f"{SCHOOL}/meetings/{series[1].pk}/"
    later = {**HOUR, "day": DAYS[1], "time": "16:00"}
    moved = els.put(path, {**later, "which": "following"}, If_Match='"1"')
    assert (moved.status, moved.body["time"], moved.body["title"]) == (200, "16:00", "Toetsen")
    rows = Meeting.objects.order_by("day").values_list("time", "title", "schedule_version")
    three, four = dt.time(15, 15), dt.time(16, 0)
    assert list(rows) == [(three, "", 1), (four, "Toetsen", 2), (four, "", 2)]
    late = els.put(path, {**later, "minutes": 30, "which": "following"}, If_Match='"1"')
    assert (late.status, late.body["stored"]["time"]) == (412, "16:00")
    assert els.put(path, {**later, "which": "following"}, If_Match='"1"').body["version"] == 2


def test_other_days_are_looked_at_first(cast: TestCast, api: ApiCalls, series: list[Meeting]) -> None:
    els, path = api(cast.els), f"{SCHOOL}/meetings/{series[1].pk}/"
    wednesday = {**HOUR, "day": str(FIRST + WEEK + dt.timedelta(days=1))}
    look = els.post(f"{path}preview/", wednesday).body
    assert (look["changes_days"], look["every"], len(look["days"])) == (True, "week", 2)
    assert [one["meeting"] for one in look["steps"] if one["goes"]] == [series[1].pk, series[2].pk]
    move = {**wednesday, "which": "following"}
    assert els.put(path, move, If_Match='"1"').body["code"] == "series_moved"
    assert els.put(path, {**move, "seen": look["days"]}, If_Match='"1"').body["day"] == wednesday["day"]
    assert sorted(map(str, Meeting.objects.values_list("day", flat=True))) == [DAYS[0], *look["days"]]
    assert Series.objects.count() == 2


def test_all_that_follow_are_called_off(cast: TestCast, api: ApiCalls, series: list[Meeting]) -> None:
    els, path = api(cast.els), f"{SCHOOL}/meetings/{series[1].pk}/"
    assert els.post(f"{path}cancel/", {"which": "following"}).body["state"] == "cancelled"
    assert Meeting.objects.filter(state="planned").count() == 1
    assert els.post(f"{path}restore/", {"which": "following"}).status == 200
    assert Meeting.objects.filter(state="planned").count() == 3


def test_a_series_ends_once(cast: TestCast, api: ApiCalls, series: list[Meeting]) -> None:
    els, path = api(cast.els), f"{SCHOOL}/series/{series[0].series_id}/"
    ended = els.post(f"{path}end/", None)
    assert (ended.status, ended.body["ahead"], ended.body["next_meeting"]) == (200, 0, None)
    assert ended.body == els.get(path).body
    assert els.post(f"{path}end/", None).body["code"] == "nothing_ahead"


def test_who_may_know_when_may_read_series(cast: TestCast, api: ApiCalls, series: list[Meeting]) -> None:
    path = f"{SCHOOL}/series/{series[0].series_id}/"
    elsewhere = factories.series(cast.next_door)
    for name, is_told in (("carla", True), ("els", True), ("anna", True), ("frank", True), ("joris", False)):
        caller = api(cast.people[name])
        listed = caller.get(f"{SCHOOL}/series/").body["results"]
        assert [one["id"] for one in listed] == ([series[0].series_id] if is_told else []), name
        assert caller.get(path).status == (200 if is_told else 404), name
        assert caller.get(f"{SCHOOL}/series/{elsewhere.pk}/").status == 404
    assert api(cast.carla).get(f"{SCHOOL}/series/?group={cast.maths.pk}").body["results"] == []


def test_lists_cost_the_same_however_long(cast: TestCast, api: ApiCalls) -> None:
    carla, path = api(cast.carla), f"{SCHOOL}/series/"
    factories.series(cast.reading)
    assert len(carla.get(path).body["results"]) == 1  # the token's first use of the day is noted
    one = carla.cost(path)
    factories.series(cast.reading)
    factories.series(cast.reading)
    assert (carla.cost(path), one, len(carla.get(path).body["results"])) == (one, 1, 3)


def test_a_proposal_follows_the_usual_rhythm(cast: TestCast, api: ApiCalls) -> None:
    els, path = api(cast.els), f"{SCHOOL}/groups/{cast.reading.pk}/proposal/"
    assert els.get(path).body == {"proposal": None}
    factories.meeting(cast.reading, minutes=75)
    day = str(TODAY + 3 * WEEK)
    assert els.get(path).body["proposal"] == {"day": day, "time": "15:15", "minutes": 75, "place": "Teamkamer"}
