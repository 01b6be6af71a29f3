"""What a person's calendar may fetch: by the address alone, and only as long as the person may read it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.test import Client
from django.urls import reverse

from schools.models import LetterWishes, Membership, School, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.workgroups import books
from workgroups import actions, calendars
from workgroups.models import CalendarFeed, Meeting, Seat, WorkGroup

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def address(feed: CalendarFeed) -> str:
    return reverse("calendar-feed", args=[calendars.sign(feed.key)])


def fetch(feed: CalendarFeed) -> list[books.Read]:
    answer = Client().get(address(feed))
    assert answer.status_code == 200
    return books.read(answer.content)


def places(feed: CalendarFeed) -> list[str]:
    return [row.place for row in fetch(feed)]


def seat(group: WorkGroup, user: User, **values: Any) -> Seat:
    return Seat.objects.create(school=group.school, group=group, user=user, **{"from_date": TODAY, **values})


def test_it_works(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, title="Over voorspellen")
    answer = Client().get(address(actions.make_feed(by=cast.carla, now=NOW)))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex"
    [found] = books.read(answer.content)
    assert found.uid == f"{meeting.uid}@samenspraak"
    assert found.summary == "Begrijpend lezen: Over voorspellen"
    assert found.description.endswith(f"/s/de-wilg/meetings/{meeting.pk}/")


def test_it_shows_three_months_back_and_all_to_come_also_what_is_off(cast: TestCast) -> None:
    states = {-91: "held", -89: "held", -20: "lapsed", 7: "planned", 14: "cancelled", 500: "planned"}
    for days, state in states.items():
        factories.meeting(cast.reading, TODAY + days * DAY, state=state, place=str(days))
    rows = fetch(actions.make_feed(by=cast.carla, now=NOW))
    assert [row.place for row in rows] == ["-89", "-20", "7", "14", "500"]
    assert [row.place for row in rows if row.state == "CANCELLED"] == ["14"]


def test_one_feed_holds_the_own_groups_of_all_schools(cast: TestCast) -> None:
    """And a feed of one group only that one; each named."""
    beuk = cast.schools["de-beuk"]
    Membership.objects.create(school=beuk, user=cast.carla, role="teacher", from_date=TODAY)
    seat(cast.next_door, cast.carla)
    for group in (cast.reading, cast.maths, cast.next_door, cast.elsewhere):
        factories.meeting(group, place=group.name)
    whole = actions.make_feed(by=cast.carla, now=NOW)
    one = actions.make_feed(group_id=cast.next_door.pk, by=cast.carla, now=NOW)
    assert set(places(whole)) == {"Begrijpend lezen", "Spelling"}
    assert places(one) == ["Spelling"]
    for feed, name in ((whole, b"Samenspraak"), (one, b"Samenspraak: Spelling")):
        assert b"X-WR-CALNAME:%b\r\n" % name in Client().get(address(feed)).content


def test_it_names_nobody(cast: TestCast) -> None:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    factories.agreement(goal)
    meeting = factories.meeting(cast.reading)
    LetterWishes.objects.create(user=cast.carla, agreements_in_calendar=True, alarm_minutes=60)
    body = Client().get(address(actions.make_feed(by=cast.carla, now=NOW))).content.decode()
    assert meeting.place in body
    for person in cast.people.values():
        words = [word for word in (person.given_name, person.family_name, person.email) if word]
        assert not [word for word in words if word in body]


def test_agreements_and_an_alarm_come_where_the_person_wants_them(cast: TestCast) -> None:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    factories.agreement(goal, "Eerst een vraag")
    factories.agreement(goal, "Kort van stof", slot=2)
    factories.meeting(cast.reading)
    mine, theirs = (actions.make_feed(by=user, now=NOW) for user in (cast.carla, cast.els))
    LetterWishes.objects.create(user=cast.carla, agreements_in_calendar=True, alarm_minutes=60)
    [found] = fetch(mine)
    assert "- Eerst een vraag\n- Kort van stof\n" in found.description
    assert found.alarms == (dt.timedelta(hours=-1),)
    [found] = fetch(theirs)
    assert ("Eerst" in found.description, found.alarms) == (False, ())


def test_it_speaks_the_persons_language(cast: TestCast) -> None:
    factories.meeting(cast.reading, state="cancelled")
    feed = actions.make_feed(by=cast.carla, now=NOW)
    assert fetch(feed)[0].summary == "Gaat niet door: Begrijpend lezen"
    User.objects.filter(pk=cast.carla.pk).update(language="en")
    assert fetch(feed)[0].summary == "Cancelled: Begrijpend lezen"
    assert Client().get(address(feed))["Content-Language"] == "en"


def _leave_the_group(cast: TestCast) -> None:
    Seat.objects.filter(user=cast.carla).update(until_date=TODAY - DAY)


def _leave_the_school(cast: TestCast) -> None:
    Membership.objects.filter(user=cast.carla).update(until_date=TODAY - DAY)


def _close_the_school(cast: TestCast) -> None:
    School.objects.filter(slug="de-wilg").update(closed_on=TODAY)


@pytest.mark.parametrize("happen", [_leave_the_group, _leave_the_school, _close_the_school])
def test_it_empties_the_moment_one_may_not_read_it_any_more(cast: TestCast, happen: Any) -> None:
    factories.meeting(cast.reading)
    whole = actions.make_feed(by=cast.carla, now=NOW)
    one = actions.make_feed(group_id=cast.reading.pk, by=cast.carla, now=NOW)
    assert [len(fetch(feed)) for feed in (whole, one)] == [1, 1]
    happen(cast)
    assert [len(fetch(feed)) for feed in (whole, one)] == [0, 0]
    assert b"lezen" not in Client().get(address(one)).content


def test_only_the_days_of_the_seat_count(cast: TestCast) -> None:
    """What was before one joined, comes after one's last day, or begins later is not one's own."""
    Seat.objects.filter(user=cast.carla).update(from_date=TODAY - 7 * DAY, until_date=TODAY + 7 * DAY)
    for days in (-8, -7, 7, 8):
        factories.meeting(cast.reading, TODAY + days * DAY, place=str(days))
    seat(cast.maths, cast.carla, from_date=TODAY + DAY)
    factories.meeting(cast.maths, TODAY + 2 * DAY)
    assert places(actions.make_feed(by=cast.carla, now=NOW)) == ["-7", "7"]


def test_a_seat_ends_with_its_own_schools_day(cast: TestCast) -> None:
    """On Curacao it is still yesterday evening."""
    School.objects.filter(slug="de-wilg").update(time_zone="America/Curacao")
    factories.meeting(cast.reading, TODAY - 20 * DAY)
    Seat.objects.filter(user=cast.carla).update(until_date=TODAY - DAY)
    feed = actions.make_feed(by=cast.carla, now=NOW)
    with time_machine.travel(dt.datetime(2026, 11, 24, 3, 59, tzinfo=dt.UTC), tick=False):
        assert len(fetch(feed)) == 1
    with time_machine.travel(dt.datetime(2026, 11, 24, 4, 1, tzinfo=dt.UTC), tick=False):
        assert fetch(feed) == []


def test_what_is_revoked_unknown_or_of_nobody_answers_alike(cast: TestCast) -> None:
    """Also to somebody signed in, and by every method."""
    factories.meeting(cast.reading)
    gone, ended = actions.make_feed(by=cast.carla, now=NOW), actions.make_feed(by=cast.els, now=NOW)
    actions.remove_feed(feed_id=gone.pk, by=cast.carla)
    User.objects.filter(pk=cast.els.pk).update(is_active=False)
    signed = [calendars.sign(gone.key), calendars.sign(ended.key), calendars.sign(uuid.uuid4())]
    nothing = [*signed, ended.key.hex, str(ended.key), "x", "a" * 43, "é" * 43, "a" * 2000]
    answers = [Client().get(reverse("calendar-feed", args=[end])) for end in nothing]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_table_alone_opens_nothing(cast: TestCast, settings: Any) -> None:
    factories.meeting(cast.reading)
    feed = actions.make_feed(by=cast.carla, now=NOW)
    stolen = address(feed)
    settings.API_TOKEN_PEPPER = "a guess"
    guessed = address(feed)
    settings.API_TOKEN_PEPPER = "the secret of this site"
    assert [Client().get(one).status_code for one in (stolen, guessed, address(feed))] == [404, 404, 200]


def test_it_says_that_nothing_changed(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading)
    where = address(actions.make_feed(by=cast.carla, now=NOW))
    first = Client().get(where)
    with time_machine.travel(NOW + DAY, tick=False):
        again = Client().get(where, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    actions.move_meeting(
        meeting=meeting,
        day=meeting.day + DAY,
        time=meeting.time,
        minutes=60,
        place="Teamkamer",
        title="",
        by=cast.hat("els"),
        now=NOW,
    )
    moved = Client().get(where, headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200
    [before], [after] = books.read(first.content), books.read(moved.content)
    assert (after.uid, after.sequence, after.starts) == (before.uid, before.sequence + 1, before.starts + DAY)


def test_it_only_reads(cast: TestCast) -> None:
    where = address(actions.make_feed(by=cast.carla, now=NOW))
    head = Client().head(where)
    assert (head.status_code, head.content) == (200, b"")
    assert [getattr(Client(), method)(where).status_code for method in ("post", "put", "delete")] == [405, 405, 405]


def test_a_visitor_who_is_somebody_else_reads_the_same(cast: TestCast, as_: Any) -> None:
    """The address says whose calendar it is, and a session changes nothing."""
    factories.meeting(cast.reading)
    where = address(actions.make_feed(by=cast.carla, now=NOW))
    assert as_(cast.irma).get(where).content == Client().get(where).content


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_many_groups_and_meetings(
    cast: TestCast, number: int, django_assert_num_queries: Any
) -> None:
    LetterWishes.objects.create(user=cast.carla, agreements_in_calendar=True)
    for each in range(number - 1):
        group = factories.group(cast.schools["de-wilg"], f"Groep {each}", members=(cast.carla,))
        factories.meeting(group)
    for week in range(1, number + 1):
        factories.meeting(cast.reading, TODAY + week * 7 * DAY)
    where = address(actions.make_feed(by=cast.carla, now=NOW))
    with django_assert_num_queries(13):
        answer = Client().get(where)
    assert len(books.read(answer.content)) == 2 * number - 1


def test_making_it_again_changes_nothing_and_a_new_address_ends_the_old(cast: TestCast) -> None:
    for group in (None, cast.reading):
        group_id = group.pk if group else None
        old = actions.make_feed(group_id=group_id, by=cast.carla, now=NOW)
        assert actions.make_feed(group_id=group_id, by=cast.carla, now=NOW) == old
        new = actions.renew_feed(feed_id=old.pk, by=cast.carla, now=NOW)
        assert (new.group, new.user) == (group, cast.carla)
        assert [Client().get(address(feed)).status_code for feed in (old, new)] == [404, 200]


def test_nobody_touches_anothers_feed_or_follows_anothers_group(cast: TestCast) -> None:
    feed = actions.make_feed(by=cast.carla, now=NOW)
    for deed in (
        lambda: actions.renew_feed(feed_id=feed.pk, by=cast.els, now=NOW),
        lambda: actions.remove_feed(feed_id=feed.pk, by=cast.els),
        lambda: actions.make_feed(group_id=cast.maths.pk, by=cast.carla, now=NOW),
        lambda: actions.make_feed(group_id=10**30, by=cast.carla, now=NOW),
    ):
        with pytest.raises(Http404):
            deed()
    assert CalendarFeed.objects.get() == feed
    assert Meeting.objects.count() == 0
