"""What letters about meetings bring for a calendar: for whom, and how it follows the meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest

from schools import post
from schools.models import Delivery, LetterWishes, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, letters
from workgroups.models import Meeting

DUE = dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC)
FORM: dict[str, Any] = {"minutes": 60, "place": "Teamkamer", "title": ""}


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """A planned meeting of a group with an agreement."""
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    factories.agreement(goal, "Eerst een vraag", 1)
    day, time = TODAY + dt.timedelta(days=7), dt.time(15, 15)
    return actions.plan_meeting(group=cast.reading, day=day, time=time, **FORM, by=cast.hat("els"), now=NOW)


def sent(kind: str, user: User) -> post.Letter:
    row = Delivery.objects.select_related("user", "school").get(kind=kind, user=user)
    found = letters.prepare(kind, [row], DUE)[row.pk]
    assert isinstance(found, post.Letter)
    return found


def entry(letter: post.Letter) -> Any:
    assert letter.calendar is not None
    return icalendar.Calendar.from_ical(letter.calendar.text)


def event(letter: post.Letter) -> Any:
    (found,) = entry(letter).walk("VEVENT")
    return found


def test_it_follows_the_meeting(cast: TestCast, meeting: Meeting) -> None:
    first = sent("reminder", cast.carla)
    assert (first.calendar.method, entry(first)["METHOD"]) == ("REQUEST", "REQUEST")  # type: ignore[union-attr]
    assert event(first)["DTSTART"].dt.isoformat() == "2026-12-01T15:15:00+01:00"
    Delivery.objects.update(state="sent", message_id="<1@x>", sent_at=NOW)
    els = cast.hat("els")
    actions.move_meeting(meeting=meeting, day=meeting.day, time=dt.time(16, 0), **FORM, by=els, now=DUE)
    moved = sent("moved", cast.carla)
    assert entry(moved)["METHOD"] == "REQUEST"
    assert event(moved)["DTSTART"].dt.isoformat() == "2026-12-01T16:00:00+01:00"
    actions.cancel_meeting(meeting=meeting, by=els, now=DUE)
    off = sent("cancelled", cast.carla)
    assert (off.calendar.method, event(off)["STATUS"]) == ("CANCEL", "CANCELLED")  # type: ignore[union-attr]
    versions = [event(letter) for letter in (first, moved, off)]
    assert len({one["UID"] for one in versions}) == 1
    assert [one["SEQUENCE"] for one in versions] == [1, 2, 3]


def test_it_holds_what_the_reader_wants(cast: TestCast, meeting: Meeting) -> None:
    assert "Eerst een vraag" not in event(sent("reminder", cast.carla))["DESCRIPTION"]
    assert not entry(sent("reminder", cast.carla)).walk("VALARM")
    LetterWishes.objects.create(user=cast.carla, agreements_in_calendar=True, alarm_minutes=30)
    found = sent("reminder", cast.carla)
    assert "Eerst een vraag" in event(found)["DESCRIPTION"]
    (alarm,) = entry(found).walk("VALARM")
    assert alarm["TRIGGER"].dt == -dt.timedelta(minutes=30)
    assert not entry(sent("reminder", cast.els)).walk("VALARM")


@pytest.mark.parametrize("kind", ["reminder", "invitation", "moved", "cancelled"])
def test_who_does_not_want_it_gets_the_words_alone(cast: TestCast, meeting: Meeting, kind: str) -> None:
    LetterWishes.objects.create(user=cast.carla, calendar_part=False)
    if kind == "cancelled":
        Meeting.objects.update(state="cancelled")
    Delivery.objects.update(kind=kind)
    assert sent(kind, cast.carla).calendar is None
    assert sent(kind, cast.els).calendar is not None


def test_readers_who_want_the_same_share_one_letter(
    cast: TestCast, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    for user in (cast.joris, cast.anna):
        actions.seat(group=cast.reading, user=user, by=cast.hat("els"), now=NOW)
    for user in (cast.joris, cast.anna):
        LetterWishes.objects.create(user=user, alarm_minutes=15)
    rows = list(Delivery.objects.filter(kind="reminder").select_related("user", "school"))
    assert len(rows) == 4
    with django_assert_num_queries(6):
        found = letters.prepare("reminder", rows, DUE)
    by_reader = {row.user: found[row.pk] for row in rows}
    assert by_reader[cast.carla] is by_reader[cast.els]
    assert by_reader[cast.joris] is by_reader[cast.anna]
    plain, ringing = by_reader[cast.carla], by_reader[cast.anna]
    assert isinstance(plain, post.Letter)
    assert isinstance(ringing, post.Letter)
    assert plain.html is ringing.html
    assert plain.calendar != ringing.calendar


def test_it_names_nobody(cast: TestCast, meeting: Meeting) -> None:
    calendar = sent("reminder", cast.carla).calendar
    assert calendar is not None
    assert not [name for name in ("Carla", "Els", "dewilg.example") if name in calendar.text]
