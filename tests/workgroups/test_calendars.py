"""A meeting as calendars read it: both changes of the clock, other zones, odd signs; and the address of a feed."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zoneinfo
from importlib import resources
from typing import Any

import icalendar
import pytest
from dateutil import tz
from django.conf import settings as config
from hypothesis import given, settings, strategies as st

from schools import post
from tests.workgroups import books
from workgroups import calendars, reminders
from workgroups.models import Meeting, WorkGroup

PAGE = "https://samenspraak.example/s/de-wilg/meetings/7/"
GROUP = WorkGroup(name="Begrijpend lezen")
ZONES = resources.files("tzdata").joinpath("zones").read_text().split()
HOUR = dt.timedelta(hours=1)


def meeting(day: str = "2026-12-01", time: str = "15:15", zone: str = "Europe/Amsterdam", **values: Any) -> Meeting:
    own_day, own_time = dt.date.fromisoformat(day), dt.time.fromisoformat(time)
    starts_at = reminders.instant(day=own_day, time=own_time, zone=zoneinfo.ZoneInfo(zone))
    schedule = {"day": own_day, "time": own_time, "time_zone": zone, "starts_at": starts_at}
    return Meeting(**{"group": GROUP, "uid": uuid.UUID(int=7), "place": "Teamkamer", **schedule, **values})


def part(of: Meeting, **values: Any) -> str:
    given: dict[str, Any] = {"method": "REQUEST", "address": PAGE, "language": "nl", **values}
    return calendars.part_of(of, **given).text


def lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_letter_carries_the_whole_meeting() -> None:
    found = lines(part(meeting(title="Over voorspellen", minutes=90)))
    assert found[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Samenspraak//Samenspraak//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
    ]
    assert set(found) >= {
        "UID:00000000-0000-0000-0000-000000000007@samenspraak",
        "SEQUENCE:1",
        "DTSTART;TZID=Europe/Amsterdam:20261201T151500",
        "DTEND;TZID=Europe/Amsterdam:20261201T164500",
        "SUMMARY:Begrijpend lezen: Over voorspellen",
        "LOCATION:Teamkamer",
        "STATUS:CONFIRMED",
        f"DESCRIPTION:{PAGE}",
        f"URL:{PAGE}",
        'ORGANIZER;CN="Begrijpend lezen":mailto:post@samenspraak.example',
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{post.ATTENDEE}",
    }
    assert found[-2:] == ["END:VCALENDAR", ""]


def test_clocks_turn_by_a_rule_and_not_on_single_days() -> None:
    zone = part(meeting()).partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0]
    rules = sorted(line for line in lines(zone) if line.startswith("RRULE"))
    assert rules == ["RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"]
    assert "RDATE" not in zone  # Outlook shifts meetings by an hour then


def test_the_one_attendee_stands_in_a_line_of_its_own() -> None:
    text = part(meeting(title="x" * 80))
    assert text.count(post.ATTENDEE) == 1
    assert text.split(post.ATTENDEE)[0].split("\r\n")[-1].startswith("ATTENDEE;")


def test_what_is_called_off_says_so_in_words_too() -> None:
    off = meeting(state="cancelled", schedule_version=3)
    found = lines(part(off, method="CANCEL", alarm_minutes=60))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3", "SUMMARY:Gaat niet door: Begrijpend lezen"} <= set(found)
    assert "BEGIN:VALARM" not in found


def test_agreements_and_an_alarm_only_where_wished() -> None:
    [plain] = books.read(part(meeting()))
    assert (plain.description, plain.alarms) == (PAGE, ())
    [wished] = books.read(part(meeting(), agreements=["Eerst een vraag; dan je mening", "Kort"], alarm_minutes=15))
    assert wished.description == f"Onze afspraken:\n- Eerst een vraag; dan je mening\n- Kort\n\n{PAGE}"
    assert wished.alarms == (dt.timedelta(minutes=-15),)
    [english] = books.read(part(meeting(), agreements=["Kort"], language="en"))
    assert english.description == f"What we agreed:\n- Kort\n\n{PAGE}"


def test_the_same_meeting_is_the_same_text_and_a_newer_version_has_a_newer_stamp() -> None:
    first, again, moved = part(meeting()), part(meeting()), part(meeting(schedule_version=2))
    assert first == again
    stamps = [next(line for line in lines(text) if line.startswith("DTSTAMP:")) for text in (first, moved)]
    assert stamps[0] < stamps[1]


@pytest.mark.parametrize(
    ("day", "time", "minutes", "starts", "ends"),
    [
        ("2027-03-27", "15:15", 60, "2027-03-27 14:15", "2027-03-27 15:15"),
        ("2027-03-28", "15:15", 60, "2027-03-28 13:15", "2027-03-28 14:15"),
        ("2027-03-28", "01:30", 60, "2027-03-28 00:30", "2027-03-28 01:30"),
        ("2026-10-25", "15:15", 60, "2026-10-25 14:15", "2026-10-25 15:15"),
        ("2026-10-25", "02:30", 15, "2026-10-25 00:30", "2026-10-25 00:45"),
        ("2026-10-25", "01:45", 90, "2026-10-24 23:45", "2026-10-25 01:15"),
        ("2028-02-29", "15:15", 60, "2028-02-29 14:15", "2028-02-29 15:15"),
    ],
)
def test_both_programs_read_the_right_instants_when_clocks_turn(
    day: str, time: str, minutes: int, starts: str, ends: str
) -> None:
    [found] = books.read(part(meeting(day, time, minutes=minutes)))
    assert (f"{found.starts:%Y-%m-%d %H:%M}", f"{found.ends:%Y-%m-%d %H:%M}") == (starts, ends)


def test_a_zone_without_summer_time_has_one_standard_time() -> None:
    text = part(meeting(zone="America/Curacao"))
    assert "DTSTART;TZID=America/Curacao:20261201T151500" in lines(text)
    assert (text.count("BEGIN:STANDARD"), text.count("BEGIN:DAYLIGHT"), text.count("RRULE")) == (1, 0, 0)
    [found] = books.read(text)
    assert f"{found.starts:%H:%M}" == "19:15"


def test_each_zone_stands_once_in_a_feed_however_many_meetings() -> None:
    rows = [calendars.Entry(meeting(zone=zone), PAGE) for zone in ("Europe/Amsterdam", "America/Curacao") * 3]
    text = calendars.feed(rows, name="Samenspraak", language="nl").decode()
    assert text.count("BEGIN:VTIMEZONE") == 2
    assert text.count("BEGIN:VEVENT") == 6
    assert "X-WR-CALNAME:Samenspraak" in lines(text)
    assert not [word for word in ("METHOD", "ATTENDEE", "ORGANIZER") if word in text]


def test_every_zone_of_the_database_turns_its_clocks_when_we_say() -> None:
    """From May 2027 on: whatever single exceptions lie before, such as Cuba's winter, no rule can tell."""
    assert len(ZONES) > 500
    for key in ZONES:
        with resources.files("tzdata").joinpath("zoneinfo", *key.split("/")).open("rb") as file:
            zone = zoneinfo.ZoneInfo.from_file(file, key)
        book = icalendar.Calendar({"prodid": "-", "version": "2.0"})
        book.add_component(calendars.time_zone(key))
        ours = tz.tzical(io.StringIO(book.to_ical().decode())).get(key)
        for instant in _telling(zone):
            wall = instant.astimezone(zone)
            if not wall.fold:
                assert ours.utcoffset(wall.replace(tzinfo=None)) == wall.utcoffset(), (key, wall)


def _telling(zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """Some days of two years, and the last and the first hour around each turn of the clock."""
    noons = [dt.datetime(2027, 5, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=day) for day in range(730)]
    found = noons[::90]
    for turn in _where_it_turns(zone, noons):
        hours = [turn - hour * HOUR for hour in range(26)]
        found += [one for hour in _where_it_turns(zone, hours) for one in (hour, hour + HOUR)]
    return found


def _where_it_turns(zone: zoneinfo.ZoneInfo, instants: list[dt.datetime]) -> list[dt.datetime]:
    ahead = [one.astimezone(zone).utcoffset() for one in instants]
    return [one for one, before, now in zip(instants[1:], ahead, ahead[1:], strict=False) if before != now]


_times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@settings(deadline=None)
@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2033, 12, 31)),
    _times,
    st.integers(5, 480),
    st.sampled_from(["Europe/Amsterdam", "America/Curacao"]),
)
def test_any_meeting_is_read_as_it_is_meant(day: dt.date, time: dt.time, minutes: int, zone: str) -> None:
    try:
        row = meeting(day.isoformat(), time.isoformat(), zone, minutes=minutes)
    except reminders.NoSuchTimeError:
        return
    [found] = books.read(part(row))
    assert (found.starts, found.ends) == (row.starts_at, row.ends_at)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=400), max_size=5))
def test_no_sign_breaks_out_of_its_line(name: str, title: str, place: str, agreements: list[str]) -> None:
    """Escaped and folded at 75 octets: what people typed stays what it is, without control signs."""
    row = meeting(group=WorkGroup(name=f"L{name}"), title=title, place=place)
    text = part(row, agreements=agreements)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("BEGIN:VEVENT") == text.count("\nUID:") == text.count("\nATTENDEE;") == 1
    [found] = books.read(text)
    assert found.place == " ".join(place.split()) or not place.isprintable()
    assert found.summary.startswith("L")
    assert found.description.endswith(PAGE)
    assert found.description.count("\n") == (len(agreements) + 2 if agreements else 0)


def test_the_end_of_an_address_opens_by_its_signature_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    key = uuid.uuid4()
    signed = calendars.sign(key)
    assert len(signed) == 43
    assert calendars.read(signed) == key
    monkeypatch.setattr(config, "API_TOKEN_PEPPER", "another secret")
    assert calendars.read(signed) is None


@given(st.uuids(), st.integers(0, 42), st.characters())
def test_one_other_sign_makes_it_nothing(key: uuid.UUID, at: int, sign: str) -> None:
    signed = calendars.sign(key)
    other = signed[:at] + sign + signed[at + 1 :]
    assert (calendars.read(other) == key) is (other == signed)
    assert other == signed or calendars.read(other) is None


@given(st.text())
def test_what_we_never_wrote_is_nothing(text: str) -> None:
    assert calendars.read(text) is None
