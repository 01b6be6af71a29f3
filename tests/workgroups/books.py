"""Calendars read by two programs that know nothing of each other: icalendar and vobject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import icalendar
import vobject  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Read:
    """What a program understood of one meeting; times in UTC."""

    uid: str
    sequence: int
    starts: dt.datetime
    ends: dt.datetime
    state: str
    summary: str
    place: str
    description: str
    alarms: tuple[dt.timedelta, ...]


def with_icalendar(text: str | bytes) -> list[Read]:
    """Its zones are those of the tz database, by the zone's name."""
    found = []
    events: list[Any] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    for event in events:
        starts = event["DTSTART"].dt.astimezone(dt.UTC)
        ends = event["DTEND"].dt.astimezone(dt.UTC) if "DTEND" in event else starts + event["DURATION"].dt
        found.append(
            Read(
                str(event["UID"]),
                int(event["SEQUENCE"]),
                starts,
                ends,
                str(event["STATUS"]),
                str(event["SUMMARY"]),
                str(event.get("LOCATION", "")),
                str(event["DESCRIPTION"]),
                tuple(alarm["TRIGGER"].dt for alarm in event.walk("VALARM")),
            )
        )
    return found


def with_vobject(text: str | bytes) -> list[Read]:
    """Its zones are those that stand in the calendar itself."""
    book = vobject.readOne(text if isinstance(text, str) else text.decode())
    found = []
    for event in getattr(book, "vevent_list", []):
        starts = event.dtstart.value.astimezone(dt.UTC)
        ends = event.dtend.value.astimezone(dt.UTC) if hasattr(event, "dtend") else starts + event.duration.value
        found.append(
            Read(
                event.uid.value,
                int(event.sequence.value),
                starts,
                ends,
                event.status.value,
                event.summary.value,
                event.location.value if hasattr(event, "location") else "",
                event.description.value,
                tuple(alarm.trigger.value for alarm in getattr(event, "valarm_list", [])),
            )
        )
    return found


READERS: tuple[Callable[[str | bytes], list[Read]], ...] = (with_icalendar, with_vobject)


def read(text: str | bytes) -> list[Read]:
    """What both understood, which is the same."""
    one, other = (reader(text) for reader in READERS)
    assert one == other
    return one
