"""Days off, calendar feeds and the next meeting over REST."""

from __future__ import annotations

import datetime as dt

import pytest

from schools.models import Holiday
from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions
from workgroups.models import CalendarFeed, Seat

ApiCalls = type[calls.Caller]
DAYS_OFF = "schools/de-wilg/days-off/"
STUDY_DAY = {"name": " Studie  dag", "first_day": "2026-12-04"}


def test_everybody_reads_when_there_is_no_school(cast: TestCast, api: ApiCalls) -> None:
    region = cast.reading.school.region
    days = {"first_day": dt.date(2026, 12, 19), "last_day": dt.date(2027, 1, 3)}
    Holiday.objects.create(region=region, name="Kerstvakantie", **days)
    factories.study_day(cast.reading.school)
    factories.study_day(cast.next_door.school, dt.date(2026, 12, 8))
    for name in ("carla", "joris", "anna"):
        told = api(cast.people[name]).get(DAYS_OFF).body
        assert told["region"] == region
        assert [(one["name"], one["is_own"]) for one in told["days_off"]] == [
            ("Studiedag", True),
            ("Kerstvakantie", False),
        ]


def test_leader_and_admin_add_and_remove_days(cast: TestCast, api: ApiCalls) -> None:
    meeting = factories.meeting(cast.reading, dt.date(2026, 12, 7))
    anna = api(cast.anna)
    made = anna.post(DAYS_OFF, STUDY_DAY)
    told = {"name": "Studie dag", "first_day": "2026-12-04", "last_day": "2026-12-04", "is_own": True}
    assert (made.status, made.body) == (201, {"id": made.body["id"], **told})
    again = anna.post(DAYS_OFF, STUDY_DAY)
    assert (again.status, again.body["code"]) == (409, "days_known")
    assert anna.post(DAYS_OFF, {**STUDY_DAY, "name": " "}).body["code"] == "empty_text"
    assert api(cast.carla).post(DAYS_OFF, STUDY_DAY).status == 403
    own = f"{DAYS_OFF}{made.body['id']}/"
    assert api(cast.carla).call("delete", own).status == 403
    gone = anna.call("delete", own)
    assert (gone.status, gone.content) == (204, b"")
    assert anna.call("delete", own).status == 404
    assert not Holiday.objects.exists()
    meeting.refresh_from_db()
    assert meeting.day == dt.date(2026, 12, 7)


def test_what_the_school_did_not_write_down_stays(cast: TestCast, api: ApiCalls) -> None:
    days = {"first_day": dt.date(2026, 12, 19), "last_day": dt.date(2027, 1, 3)}
    regional = Holiday.objects.create(region=cast.reading.school.region, name="Kerstvakantie", **days)
    for row in (regional, factories.study_day(cast.next_door.school)):
        assert api(cast.anna).call("delete", f"{DAYS_OFF}{row.pk}/").status == 404
    assert Holiday.objects.count() == 2


def test_a_list_of_days_costs_the_same_however_long(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    factories.study_day(cast.reading.school)
    assert len(carla.get(DAYS_OFF).body["days_off"]) == 1
    one = carla.cost(DAYS_OFF)
    for day in (7, 9):
        factories.study_day(cast.reading.school, dt.date(2026, 12, day))
    assert (carla.cost(DAYS_OFF), len(carla.get(DAYS_OFF).body["days_off"])) == (one, 3)


def test_a_feed_tells_its_secret_once(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    made = carla.post("me/feeds/", {"group": cast.reading.pk})
    assert (made.status, made.body["group"], made.body["shows"]) == (201, cast.reading.pk, True)
    feed = carla.client.get(made.body["address"])
    assert feed["Content-Type"].startswith("text/calendar")
    assert made.body["subscribe"].startswith("webcal://")
    found = carla.get(made.headers["Location"])
    assert (found.status, found.body) == (
        200,
        {name: made.body[name] for name in ("id", "group", "created_at", "app", "shows")},
    )
    again = carla.post("me/feeds/", {"group": cast.reading.pk})
    assert (again.status, again.body["id"], again.body["address"]) == (200, made.body["id"], None)
    listed = carla.get("me/feeds/").body["feeds"]
    assert [set(one) for one in listed] == [{"id", "group", "created_at", "app", "shows"}]

    fresh = carla.post(f"me/feeds/{made.body['id']}/renew/", {}).body
    assert fresh["address"] != made.body["address"]
    assert carla.client.get(made.body["address"]).status_code == 404
    assert carla.call("delete", f"me/feeds/{fresh['id']}/").status == 204
    assert carla.client.get(fresh["address"]).status_code == 404
    assert carla.get("me/feeds/").body == {"feeds": []}


def test_feeds_are_ones_own(cast: TestCast, api: ApiCalls) -> None:
    theirs = actions.make_feed(by=cast.els, now=NOW)
    carla = api(cast.carla)
    assert carla.get("me/feeds/").body == {"feeds": []}
    assert carla.get(f"me/feeds/{theirs.pk}/").status == 404
    assert carla.post(f"me/feeds/{theirs.pk}/renew/", {}).status == 404
    assert carla.call("delete", f"me/feeds/{theirs.pk}/").status == 404
    for group_id in (cast.maths.pk, cast.next_door.pk, 99_999):
        assert carla.post("me/feeds/", {"group": group_id}).status == 404
    assert CalendarFeed.objects.count() == 1


def test_a_feed_of_a_group_that_one_left_shows_nothing(cast: TestCast, api: ApiCalls) -> None:
    actions.make_feed(group_id=cast.reading.pk, by=cast.carla, now=NOW)
    carla = api(cast.carla)
    assert [one["shows"] for one in carla.get("me/feeds/").body["feeds"]] == [True]
    Seat.objects.filter(user=cast.carla).update(until_date=factories.LONG_AGO)
    assert [one["shows"] for one in carla.get("me/feeds/").body["feeds"]] == [False]


def test_a_list_of_feeds_costs_the_same_however_long(cast: TestCast, api: ApiCalls) -> None:
    actions.make_feed(by=cast.carla, now=NOW)
    carla = api(cast.carla)
    assert len(carla.get("me/feeds/").body["feeds"]) == 1
    one = carla.cost("me/feeds/")
    for group in (cast.reading, cast.maths):
        Seat.objects.get_or_create(
            school=group.school, group=group, user=cast.carla, defaults={"from_date": factories.LONG_AGO}
        )
        actions.make_feed(group_id=group.pk, by=cast.carla, now=NOW)
    assert (carla.cost("me/feeds/"), len(carla.get("me/feeds/").body["feeds"])) == (one, 3)


def test_the_next_meeting_with_what_will_be_read(cast: TestCast, api: ApiCalls) -> None:
    agreement = factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])))
    meeting = factories.meeting(cast.reading, title="Toetsen")
    factories.meeting(cast.reading, TODAY + dt.timedelta(days=2), state="cancelled")
    factories.meeting(cast.maths, TODAY + dt.timedelta(days=1))
    told = api(cast.carla).get("me/next-meeting/").body["meeting"]
    assert told["page"].endswith(f"/s/de-wilg/meetings/{meeting.pk}/")
    expected = {
        "id": meeting.pk,
        "school": "de-wilg",
        "group_name": "Begrijpend lezen",
        "is_chair": False,
        "starts_at": "2026-12-01T14:15:00Z",
        "local_start": "2026-12-01T15:15:00+01:00",
        "time": "15:15",
        "days": 7,
        "is_going_on": False,
        "aspect": "openness",
        "aspect_name": "Openness",
        "title": "Toetsen",
        "agreements": [{"id": agreement.pk, "text": agreement.text, "last": None}],
    }
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize("name", ["anna", "gerda", "hugo", "bram"])
def test_without_a_seat_there_is_none(cast: TestCast, api: ApiCalls, name: str) -> None:
    factories.meeting(cast.reading)
    assert api(cast.people[name]).get("me/next-meeting/").body == {"meeting": None}


def test_it_is_the_first_of_all_schools_while_one_sits_there(cast: TestCast, api: ApiCalls) -> None:
    seat = Seat.objects.get(user=cast.carla)
    later = factories.meeting(cast.reading)
    going_on = factories.meeting(cast.reading, TODAY, dt.time(9, 30))
    carla = api(cast.carla)
    told = carla.get("me/next-meeting/").body["meeting"]
    assert (told["id"], told["is_going_on"], told["days"]) == (going_on.pk, True, 0)
    Seat.objects.filter(pk=seat.pk).update(until_date=TODAY)
    going_on.delete()
    assert later.day > TODAY
    assert carla.get("me/next-meeting/").body == {"meeting": None}


def test_it_costs_the_same_in_many_groups(cast: TestCast, api: ApiCalls) -> None:
    factories.meeting(cast.reading)
    carla = api(cast.carla)
    assert carla.get("me/next-meeting/").body["meeting"]
    one = carla.cost("me/next-meeting/")
    for name in ("Spelling", "Gym"):
        group = factories.group(cast.reading.school, name, chair=cast.els)
        Seat.objects.create(school=group.school, group=group, user=cast.carla, from_date=factories.LONG_AGO)
        factories.meeting(group)
    assert carla.cost("me/next-meeting/") == one
