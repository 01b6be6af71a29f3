"""What the floors above tell the post: which kinds of letters there are, which are still wanted, and their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schools.models import Delivery


# Stands in a calendar part where the reader's address comes: ATTENDEE;...:mailto:{ATTENDEE}
ATTENDEE = "attendee@letter.invalid"


@dataclass(frozen=True)
class CalendarPart:
    """What a calendar reads: a whole iCalendar text (lines end in CRLF) whose one attendee is ``ATTENDEE``."""

    method: Literal["REQUEST", "CANCEL"]
    text: str


@dataclass(frozen=True)
class Letter:
    """The words of a letter; everybody who reads the same words may share one."""

    subject: str
    text: str
    html: str
    calendar: CalendarPart | None = None


@dataclass(frozen=True)
class Dropped:
    """The letter is not wanted any more; the reason is a few words without names."""

    reason: str


Prepare = Callable[[Sequence[Delivery], dt.datetime], Mapping[int, Letter | Dropped]]

_KINDS: dict[str, Prepare] = {}


def register(kind: str, prepare: Prepare) -> None:
    """Tell the post of a kind of letter; called from AppConfig.ready.

    ``prepare(deliveries, now)`` gets letters of this kind only, each with its ``user`` and ``school`` at hand, and
    answers by the delivery's id: a Letter, or Dropped with the reason. It renders once per subject and language, and
    sends nothing.
    """
    _KINDS[kind] = prepare


def preparer(kind: str) -> Prepare | None:
    """How letters of this kind are prepared; None for a kind that no floor knows."""
    return _KINDS.get(kind)
