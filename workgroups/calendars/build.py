"""Meetings as a calendar: the part of a letter that puts one in, and feeds to subscribe to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Literal

import icalendar
from django.utils import translation

from schools import post
from workgroups.calendars import entries
from workgroups.calendars.entries import Entry
from workgroups.calendars.zones import time_zone
from workgroups.models import Meeting

Method = Literal["REQUEST", "CANCEL"]
_MADE_BY = "-//Samenspraak//Samenspraak//NL"
_LOOKS_AGAIN = dt.timedelta(hours=1)


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
        event = entries.written(Entry(meeting, address, agreements, alarm_minutes), entries.asked(meeting))
    text = f"{_head(method)}{_zone_text(meeting.time_zone)}{event}{_END}"
    return post.CalendarPart(method=method, text=text)


def feed(shown: Iterable[Entry], *, name: str, language: str) -> bytes:
    """A calendar to subscribe to, by this name. Same entries, same bytes."""
    rows = list(shown)
    book = _book(row.meeting for row in rows)
    for title in ("name", "x-wr-calname"):
        book.add(title, entries.clean(name))
    book.add("refresh-interval", icalendar.vDuration(_LOOKS_AGAIN), parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", icalendar.vDuration(_LOOKS_AGAIN))
    with translation.override(language):
        events = "".join(map(entries.written, rows))
    return f"{_open(book)}{events}{_END}".encode()


@lru_cache(maxsize=64)
def _zone_text(key: str) -> str:
    """A zone as calendars read it; it takes longer to write than the meeting itself."""
    return str(time_zone(key).to_ical().decode())


@cache
def _head(method: Method) -> str:
    """The lines above the first zone, which are the same for every letter."""
    book = _book([])
    book.add("method", method)
    return _open(book)


_END = "END:VCALENDAR\r\n"


def _open(book: icalendar.Calendar) -> str:
    """The book without its last line: entries come behind it."""
    return str(book.to_ical().decode()).removesuffix(_END)


def _book(meetings: Iterable[Meeting]) -> icalendar.Calendar:
    book = icalendar.Calendar()
    book.add("prodid", _MADE_BY)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    for key in sorted({meeting.time_zone for meeting in meetings}):
        book.add_component(time_zone(key))
    return book
