"""A meeting as an entry in a calendar: known by its uid for ever, each change of its schedule one number higher."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parseaddr

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from schools import post
from workgroups.models import Meeting
from workgroups.models.meeting import MeetingState

_FOLDS = 75  # bytes
# Calendars keep the newest of two stamps: this one rises with the version and is the same whenever we write it.
_FIRST_STAMP = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_WALL = "%Y%m%dT%H%M%S"


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


def written(entry: Entry, asked: Sequence[str] = ()) -> str:
    """The entry as it stands in a calendar (RFC 5545), with what it asks of whom.

    The lines are ours, since they are always the same ones; how words, names and long lines are written is the
    library's, which takes seven times as long to make lines as these.
    """
    lines = ("BEGIN:VEVENT", *_lines(entry), *asked, *_alarm(entry), "END:VEVENT")
    return "".join(map(_folded, lines))


def asked(meeting: Meeting) -> tuple[str, str]:
    """The group asks, at the address from which its letters come; ``post.ATTENDEE`` need not answer."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = icalendar.Parameters({"CN": clean(meeting.group.name).replace('"', "'")}).to_ical().decode()
    return (
        f"ORGANIZER;{name}:mailto:{address}",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{post.ATTENDEE}",
    )


def clean(text: str) -> str:
    """The words in one line, without signs that a calendar could take for the end of it."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    signs = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join("".join(signs).split())


def _lines(entry: Entry) -> Iterator[str]:
    meeting = entry.meeting
    is_off = meeting.state == MeetingState.CANCELLED
    stamp = _FIRST_STAMP + dt.timedelta(seconds=meeting.calendar_number)
    yield f"UID:{meeting.uid}@samenspraak"
    yield f"SEQUENCE:{meeting.calendar_number}"
    yield f"DTSTAMP:{stamp:{_WALL}}Z"
    yield f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}"
    yield f"SUMMARY:{_escaped(_summary(meeting, is_off=is_off))}"
    yield f"DESCRIPTION:{_escaped(_description(entry))}"
    yield f"URL:{entry.address}"
    if meeting.place:
        yield f"LOCATION:{_escaped(clean(meeting.place))}"
    yield f"DTSTART;TZID={meeting.time_zone}:{dt.datetime.combine(meeting.day, meeting.time):{_WALL}}"
    ends = meeting.ends_at.astimezone(meeting.zone)
    if ends.fold:  # this hour comes twice in the night; calendars would take the first
        yield f"DURATION:{_length(dt.timedelta(minutes=meeting.minutes))}"
    else:
        yield f"DTEND;TZID={meeting.time_zone}:{ends:{_WALL}}"


def _alarm(entry: Entry) -> tuple[str, ...]:
    if entry.alarm_minutes is None or entry.meeting.state == MeetingState.CANCELLED:
        return ()
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(_summary(entry.meeting, is_off=False))}",
        f"TRIGGER:{_length(-dt.timedelta(minutes=entry.alarm_minutes))}",
        "END:VALARM",
    )


def _summary(meeting: Meeting, *, is_off: bool) -> str:
    """The group, and what the meeting is about; called off in words too, as not every calendar strikes it out."""
    words = clean(": ".join(filter(None, (meeting.group.name, meeting.title))))
    return _("Cancelled: %(meeting)s") % {"meeting": words} if is_off else words


def _description(entry: Entry) -> str:
    agreed = [clean(text) for text in entry.agreements]
    parts = ["\n".join((_("What we agreed:"), *(f"- {text}" for text in agreed)))] if agreed else []
    return "\n\n".join((*parts, entry.address))


def _escaped(words: str) -> str:
    return str(icalendar.vText(words).to_ical().decode())


def _length(time: dt.timedelta) -> str:
    return str(icalendar.vDuration(time).to_ical().decode())  # type: ignore[no-untyped-call]


def _folded(line: str) -> str:
    """Short lines need no folding, for which the library looks at each sign of a line."""
    if line.isascii() and len(line) < _FOLDS:
        return f"{line}\r\n"
    return f"{icalendar.parser.Contentline(line).to_ical().decode()}\r\n"  # type: ignore[no-untyped-call]
