"""A meeting as an entry in a calendar: known by its uid for ever, each change of its schedule one number higher."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache, lru_cache
from typing import Literal

import icalendar
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from schools import post
from workgroups.calendars.zones import time_zone
from workgroups.models import Meeting
from workgroups.models.meeting import MeetingState

Method = Literal["REQUEST", "CANCEL"]
_FOLDS = 75  # bytes
_MADE_BY = "-//Samenspraak//Samenspraak//NL"
_LOOKS_AGAIN = dt.timedelta(hours=1)
# Calendars keep the newest of two stamps: this one rises with the version and is the same whenever we write it.
_FIRST_STAMP = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Entry:
    """A meeting for one reader: the page that the entry links to, and what the reader wants in it.

    ``agreements`` are the words of the group's agreements, none where the reader does not want them;
    a calendar rings ``alarm_minutes`` before the meeting, or not. The meeting has its ``group`` at hand.
    """

    meeting: Meeting
    address: str
    agreements: Sequence[str] = ()
    alarm_minutes: int | None = None


def part_of(
    meeting: Meeting,
    *,
    method: Method,
    address: str,
    language: str,
    agreements: Sequence[str] = (),
    alarm_minutes: int | None = None,
) -> post.CalendarPart:
    """The meeting as a part of a letter about it: REQUEST puts it into a calendar or moves it, CANCEL calls it off.

    The one attendee is ``post.ATTENDEE``, whom the post replaces by each reader. Same arguments, same text.
    """
    with translation.override(language):
        event = _event(Entry(meeting, address, agreements, alarm_minutes))
    event.add("organizer", _organizer(meeting))
    event.add("attendee", icalendar.vCalAddress(f"mailto:{post.ATTENDEE}", params=_ASKS_NO_ANSWER))
    text = f"{_head(method)}{_zone_text(meeting.time_zone)}{_written(event)}{_END}"
    return post.CalendarPart(method=method, text=text)


def feed(entries: Iterable[Entry], *, name: str, language: str) -> bytes:
    """A calendar to subscribe to, by this name. Same entries, same bytes."""
    rows = list(entries)
    with translation.override(language):
        events = [_event(row) for row in rows]
    book = _book(events, [row.meeting for row in rows])
    for title in ("name", "x-wr-calname"):
        book.add(title, _clean(name))
    book.add("refresh-interval", icalendar.vDuration(_LOOKS_AGAIN), parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", icalendar.vDuration(_LOOKS_AGAIN))
    return bytes(book.to_ical())


def _written(event: icalendar.Event) -> str:
    """As the library writes it, which looks at each sign of each line; short ones need no folding."""
    lines = [line for line in event.content_lines() if line]
    return "".join(
        f"{line if line.isascii() and len(line) < _FOLDS else line.to_ical().decode()}\r\n" for line in lines
    )


@lru_cache(maxsize=64)
def _zone_text(key: str) -> str:
    """A zone as calendars read it; it takes longer to write than the meeting itself."""
    return str(time_zone(key).to_ical().decode())


@cache
def _head(method: Method) -> str:
    """The lines above the first zone, which are the same for every letter."""
    book = _book([], [])
    book.add("method", method)
    return str(book.to_ical().decode()).removesuffix(_END)


_END = "END:VCALENDAR\r\n"
_ASKS_NO_ANSWER = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}


def _book(events: Iterable[icalendar.Event], meetings: Iterable[Meeting]) -> icalendar.Calendar:
    book = icalendar.Calendar()
    book.add("prodid", _MADE_BY)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    for key in sorted({meeting.time_zone for meeting in meetings}):
        book.add_component(time_zone(key))
    for event in events:
        book.add_component(event)
    return book


def _event(entry: Entry) -> icalendar.Event:
    meeting = entry.meeting
    is_off = meeting.state == MeetingState.CANCELLED
    event = icalendar.Event()
    event.add("uid", f"{meeting.uid}@samenspraak")
    event.add("sequence", meeting.schedule_version)
    event.add("dtstamp", _FIRST_STAMP + dt.timedelta(seconds=meeting.schedule_version))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("summary", _summary(meeting, is_off=is_off))
    event.add("description", _description(entry))
    event.add("url", entry.address)
    if meeting.place:
        event.add("location", _clean(meeting.place))
    _add_time(event, meeting)
    if entry.alarm_minutes is not None and not is_off:
        event.add_component(_alarm(entry.alarm_minutes, meeting))
    return event


def _add_time(event: icalendar.Event, meeting: Meeting) -> None:
    event.add("dtstart", dt.datetime.combine(meeting.day, meeting.time, tzinfo=meeting.zone))
    ends = meeting.ends_at.astimezone(meeting.zone)
    if ends.fold:  # this hour comes twice in the night; calendars would take the first
        event.add("duration", dt.timedelta(minutes=meeting.minutes))
    else:
        event.add("dtend", ends)


def _summary(meeting: Meeting, *, is_off: bool) -> str:
    """The group, and what the meeting is about; called off in words too, as not every calendar strikes it out."""
    words = _clean(": ".join(filter(None, (meeting.group.name, meeting.title))))
    return _("Cancelled: %(meeting)s") % {"meeting": words} if is_off else words


def _description(entry: Entry) -> str:
    agreed = [_clean(text) for text in entry.agreements]
    parts = ["\n".join((_("What we agreed:"), *(f"- {text}" for text in agreed)))] if agreed else []
    return "\n\n".join((*parts, entry.address))


def _alarm(minutes: int, meeting: Meeting) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -dt.timedelta(minutes=minutes))
    alarm.add("description", _summary(meeting, is_off=False))
    return alarm


def _organizer(meeting: Meeting) -> icalendar.vCalAddress:
    """The group, at the address from which its letters come."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = _clean(meeting.group.name).replace('"', "'")
    return icalendar.vCalAddress(f"mailto:{address}", params={"CN": name})


def _clean(text: str) -> str:
    """The words in one line, without signs that a calendar could take for the end of it."""
    signs = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join("".join(signs).split())
