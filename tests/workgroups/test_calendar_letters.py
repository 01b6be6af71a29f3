"""What mail programs put into a calendar: the letters about one meeting, as they leave, and the feed beside them."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from typing import Any

import icalendar
import pytest
from django.core import mail

from schools import post
from schools.models import LetterWishes, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.workgroups import books
from workgroups import actions, calendars, queries
from workgroups.actions import notices
from workgroups.models import Meeting

DAY = dt.timedelta(days=1)
FORM: dict[str, Any] = {
    "day": TODAY + 7 * DAY,
    "time": dt.time(15, 15),
    "minutes": 75,
    "place": "Teamkamer",
    "title": "",
}
DUE = dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])), "Eerst een vraag")
    return actions.plan_meeting(group=cast.reading, **FORM, by=cast.hat("els"), now=NOW)


def leave(now: dt.datetime) -> dict[str, Any]:
    """Let the post work, and open the newest letter of everybody: the part for calendars, by address."""
    before = len(mail.outbox)
    post.deliver(now=now)
    found = {}
    for message in mail.outbox[before:]:
        opened = email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)
        parts = [part for part in opened.walk() if part.get_content_type() == "text/calendar"]
        found[opened["To"]] = parts[0] if parts else None
    return found


def said(part: Any) -> books.Read:
    [read] = books.read(part.get_content())
    return read


def in_feed(user: User, *, now: dt.datetime) -> books.Read:
    shown = queries.calendar_of(actions.make_feed(by=user, now=NOW), now=now)
    [read] = books.read(calendars.feed(shown.entries, name=shown.name, language="nl"))
    return read


def test_a_reminder_a_move_and_a_cancellation_are_one_meeting(cast: TestCast, meeting: Meeting) -> None:
    """Its UID stays, its number rises, and feed and letter say the same: also after it was called off."""
    els, seen = cast.hat("els"), []

    def look(now: dt.datetime, method: str) -> None:
        part = leave(now)["carla@dewilg.example"]
        assert part["Content-Type"].params["method"] == method
        seen.append(said(part))
        assert seen[-1] == in_feed(cast.carla, now=now)

    look(DUE, "REQUEST")
    at = DUE + dt.timedelta(hours=1)
    actions.move_meeting(meeting=meeting, **FORM | {"time": dt.time(16, 0), "place": "Lokaal 3"}, by=els, now=at)
    look(at + notices.SETTLES, "REQUEST")
    at += dt.timedelta(hours=1)
    actions.cancel_meeting(meeting=Meeting.objects.get(), by=els, now=at)
    look(at + notices.SETTLES, "CANCEL")
    assert len({one.uid for one in seen}) == 1
    assert [one.sequence for one in seen] == [1, 2, 3]
    assert [one.state for one in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [one.place for one in seen] == ["Teamkamer", "Lokaal 3", "Lokaal 3"]
    assert seen[1].starts == dt.datetime(2026, 12, 1, 15, 0, tzinfo=dt.UTC)


def test_each_reader_is_the_one_attendee_and_the_group_the_organizer(cast: TestCast, meeting: Meeting) -> None:
    for address, part in leave(DUE).items():
        [event] = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")
        assert event["ATTENDEE"] == f"mailto:{address}"
        assert event["ORGANIZER"] == "mailto:post@samenspraak.example"
        assert event["ORGANIZER"].params["CN"] == "Begrijpend lezen"


def test_each_reader_gets_what_the_own_wishes_say(cast: TestCast, meeting: Meeting) -> None:
    LetterWishes.objects.create(user=cast.carla, agreements_in_calendar=True, alarm_minutes=60)
    LetterWishes.objects.create(user=cast.els, calendar_part=False)
    parts = leave(DUE)
    assert parts["els@dewilg.example"] is None
    carla = said(parts["carla@dewilg.example"])
    assert "Onze afspraken:\n- Eerst een vraag" in carla.description
    assert carla.alarms == (dt.timedelta(hours=-1),)
