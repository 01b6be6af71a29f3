"""After a meeting that nobody closed the chair hears of it: once, by day, and nobody else does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail

from schools import post
from schools.models import Delivery, Holiday, School, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, letters, tasks
from workgroups.actions import nudges
from workgroups.models import Meeting, Seat, WorkGroup

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
ENDS = dt.datetime(2026, 12, 1, 15, 15, tzinfo=dt.UTC)  # Tuesday at 16.15
LEAVES = ENDS + 2 * HOUR
DOOR = 4  # queries to open and close it within another one


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """A meeting on Tuesday from 15.15 to 16.15; Els chairs its group, in which Carla sits too."""
    return factories.meeting(cast.reading)


def asked() -> list[Delivery]:
    return list(Delivery.objects.filter(kind="evaluate").select_related("user", "school").order_by("pk"))


def prepared(now: dt.datetime = LEAVES) -> post.Letter | post.Dropped:
    (row,) = asked()
    return letters.prepare("evaluate", [row], now)[row.pk]


@pytest.mark.sqlite
def test_the_chair_is_asked_once(cast: TestCast, meeting: Meeting) -> None:
    factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])), "Eerst een vraag")
    assert actions.ask_to_evaluate(now=ENDS - MINUTE) == 0
    assert [actions.ask_to_evaluate(now=ENDS + step * MINUTE) for step in (0, 5, 10)] == [1, 0, 0]
    (row,) = asked()
    assert (row.user, row.due_at, row.expires_at) == (cast.els, LEAVES, meeting.starts_at + 14 * DAY)
    assert post.deliver(now=LEAVES - MINUTE).sent == 0
    assert post.deliver(now=LEAVES).sent == 1
    (message,) = mail.outbox
    assert message.to == ["els@dewilg.example"]
    assert message.subject == "Terugkijken op jullie bijeenkomst van dinsdag 1 december"
    for words in (
        "Hoe ging het?",
        "1. Eerst een vraag\n",
        f"http://127.0.0.1:8000/s/de-wilg/meetings/{meeting.pk}/close/",
        "omdat je voorzitter bent van Begrijpend lezen",
    ):
        assert words in message.body
    assert actions.ask_to_evaluate(now=LEAVES + DAY) == 0


def test_it_names_nobody_and_not_what_was_said_last_time(cast: TestCast, meeting: Meeting) -> None:
    actions.ask_to_evaluate(now=ENDS)
    found = prepared()
    assert isinstance(found, post.Letter)
    assert not [word for word in ("Carla", "Els", "vorige keer") if word in found.text + found.html]


def test_what_was_closed_meanwhile_needs_no_letter(cast: TestCast, meeting: Meeting) -> None:
    actions.ask_to_evaluate(now=ENDS)
    actions.skip_closer(meeting=meeting, because="Geen tijd", by=cast.hat("carla"), now=ENDS + HOUR)
    assert prepared() == post.Dropped("the meeting is held")
    assert post.deliver(now=LEAVES).sent == 0


@pytest.mark.parametrize("state", ["held", "cancelled", "lapsed"])
def test_only_a_planned_meeting_asks(cast: TestCast, meeting: Meeting, state: str) -> None:
    Meeting.objects.update(state=state)
    assert actions.ask_to_evaluate(now=ENDS + HOUR) == 0


def test_a_group_or_school_that_ended_is_left_alone(cast: TestCast, meeting: Meeting) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    assert actions.ask_to_evaluate(now=ENDS) == 0
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="active", ended_on=None)
    School.objects.filter(pk=cast.reading.school_id).update(closed_on=TODAY)
    assert actions.ask_to_evaluate(now=ENDS) == 0


def test_a_chair_handed_over_hears_nothing_and_the_new_one_neither(cast: TestCast, meeting: Meeting) -> None:
    actions.ask_to_evaluate(now=ENDS)
    Seat.objects.filter(user=cast.els).update(is_chair=False)
    Seat.objects.filter(user=cast.carla).update(is_chair=True)
    assert prepared() == post.Dropped("no chair any more")
    post.deliver(now=LEAVES)
    assert actions.ask_to_evaluate(now=LEAVES + HOUR) == 0
    assert [(row.user, row.state) for row in asked()] == [(cast.els, "dropped")]


def test_a_meeting_put_off_after_its_end_is_asked_about_after_its_new_end(cast: TestCast, meeting: Meeting) -> None:
    actions.ask_to_evaluate(now=ENDS)
    new: dict[str, Any] = {"time": dt.time(15, 15), "minutes": 60, "place": "", "title": "", "by": cast.hat("els")}
    actions.move_meeting(meeting=meeting, day=meeting.day + DAY, **new, now=ENDS + HOUR)
    assert prepared() == post.Dropped("the meeting changed")
    post.deliver(now=LEAVES)
    assert actions.ask_to_evaluate(now=ENDS + DAY) == 1
    Delivery.objects.filter(kind="evaluate").update(state="sent", message_id="<1@x>", sent_at=NOW)
    meeting.refresh_from_db()
    actions.move_meeting(meeting=meeting, day=meeting.day + 2 * DAY, **new, now=ENDS + DAY + 3 * HOUR)
    assert actions.ask_to_evaluate(now=ENDS + 7 * DAY) == 0


def test_after_two_weeks_nobody_is_asked(cast: TestCast, meeting: Meeting) -> None:
    assert actions.ask_to_evaluate(now=meeting.starts_at + 14 * DAY) == 0


def test_who_does_not_want_to_be_asked_is_not(cast: TestCast, meeting: Meeting) -> None:
    assert post.sort_of("evaluate") == "evaluate"
    cast.els.unwanted_letters.create(sort="evaluate")
    actions.ask_to_evaluate(now=ENDS)
    assert post.deliver(now=LEAVES).sent == 0


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-12-01T18:15:00+01:00", "2026-12-01T18:15:00+01:00"),
        ("2026-12-01T19:59:59+01:00", "2026-12-01T19:59:59+01:00"),
        ("2026-12-01T20:00:00+01:00", "2026-12-02T07:00:00+01:00"),
        ("2026-12-02T06:59:00+01:00", "2026-12-02T07:00:00+01:00"),
        ("2026-12-04T21:00:00+01:00", "2026-12-07T07:00:00+01:00"),  # Friday night: not on Saturday
        ("2026-12-18T20:30:00+01:00", "2027-01-04T07:00:00+01:00"),  # before the holidays: after them
        ("2027-03-27T23:00:00+01:00", "2027-03-29T07:00:00+02:00"),  # the night that summer time begins
    ],
)
def test_it_leaves_by_day(cast: TestCast, moment: str, leaves: str) -> None:
    school = cast.schools["de-wilg"]
    Holiday.objects.create(school=school, name="Kerst", first_day=dt.date(2026, 12, 19), last_day=dt.date(2027, 1, 3))
    at = dt.datetime.fromisoformat(moment)
    found = nudges.by_day(at.astimezone(dt.UTC), school=school, before=at + 30 * DAY)
    assert found == dt.datetime.fromisoformat(leaves)


def test_where_no_school_day_comes_in_time_it_leaves_the_next_morning(cast: TestCast) -> None:
    friday = dt.datetime.fromisoformat("2026-12-04T21:00:00+01:00")
    found = nudges.by_day(friday, school=cast.schools["de-wilg"], before=friday + DAY)
    assert found == dt.datetime.fromisoformat("2026-12-05T07:00:00+01:00")


@pytest.mark.parametrize("count", [1, 3])
def test_asking_costs_the_same_for_any_number_of_schools(
    cast: TestCast, django_assert_num_queries: Any, count: int
) -> None:
    schools = list(School.objects.order_by("pk"))[:count]
    for place, school in enumerate(schools):
        chair = factories.person(f"Voor{place}", school)
        group = factories.group(school, f"Groep {place}", chair=chair)
        factories.meeting(group, TODAY, time=dt.time(7, 0))
    # A look, the chairs, the wishes, the letters; and what two doors and a transaction cost within another.
    with django_assert_num_queries(4 + 2 * DOOR + 2):
        assert actions.ask_to_evaluate(now=NOW) == count


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_one_query(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    for days in range(count):
        factories.meeting(cast.reading, TODAY - days * DAY, time=dt.time(7, 0))
    assert actions.ask_to_evaluate(now=NOW) == count
    with django_assert_num_queries(1 + DOOR):  # one look
        assert actions.ask_to_evaluate(now=NOW) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_costs_seven_queries_at_most(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    for days in range(count):
        factories.meeting(cast.reading, TODAY - days * DAY, time=dt.time(7, 0))
    actions.ask_to_evaluate(now=NOW)
    rows = asked()
    with django_assert_num_queries(4):  # no card chosen: nothing to ask of goals
        assert len(letters.prepare("evaluate", rows, NOW)) == count


def test_both_engines_do_it(cast: TestCast, meeting: Meeting) -> None:
    assert settings.PERIODIC_WORK["workgroups.ask_to_evaluate"] <= 600
    with time_machine.travel(ENDS, tick=False):
        tasks.ask_to_evaluate()
    assert [row.user for row in asked()] == [cast.els]


def test_each_reads_it_in_the_own_language(cast: TestCast, meeting: Meeting) -> None:
    User.objects.filter(pk=cast.els.pk).update(language="en")
    actions.ask_to_evaluate(now=ENDS)
    found = prepared()
    assert isinstance(found, post.Letter)
    assert found.subject == "Still to look back on: your meeting of Tuesday 1 December"


@pytest.mark.parametrize(("zone", "who"), [("Europe/Amsterdam", "carla"), ("America/Curacao", "els")])
def test_a_new_chair_is_asked_from_that_day_at_the_school_on(
    cast: TestCast, meeting: Meeting, zone: str, who: str
) -> None:
    """Half past midnight in Amsterdam; on Curacao it is still the day before."""
    School.objects.update(time_zone=zone)
    Seat.objects.filter(user=cast.els, group=cast.reading).update(until_date=meeting.day)
    Seat.objects.filter(user=cast.carla, group=cast.reading).update(from_date=meeting.day + DAY, is_chair=True)
    assert actions.ask_to_evaluate(now=dt.datetime(2026, 12, 1, 23, 30, tzinfo=dt.UTC)) == 1
    assert [row.user for row in asked()] == [cast.people[who]]
