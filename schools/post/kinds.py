"""What the floors above tell the post: which kinds of letters there are, which are still wanted, and their words."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

from schools.models import Delivery

# Stands in a calendar part where the reader's address comes: ATTENDEE;...:mailto:{ATTENDEE}
ATTENDEE = "attendee@letter.invalid"
_FOOT = "\n-- \n"  # as letters/base.txt begins it


@dataclass(frozen=True)
class CalendarPart:
    """What a calendar reads: a whole iCalendar text (lines end in CRLF) whose one attendee is ``ATTENDEE``."""

    method: Literal["REQUEST", "CANCEL"]
    text: str


@dataclass(frozen=True)
class Letter:
    """The words of a letter; everybody who reads the same words may share one. ``address``: the page it is about."""

    subject: str
    text: str
    html: str
    calendar: CalendarPart | None = None
    address: str = ""

    @property
    def words(self) -> str:
        """Its text without the foot, which says why one gets it and how to get no more."""
        return self.text.partition(_FOOT)[0].strip()


@dataclass(frozen=True)
class Dropped:
    """The letter is not wanted any more; the reason is a few words without names."""

    reason: str


Prepare = Callable[[Sequence[Delivery], dt.datetime], Mapping[int, Letter | Dropped]]

Digest = Literal["earlier", "later"]
# For whoever wants letters together: stops every sort at once. No sort of its own.
EVERY = "every"


@dataclass(frozen=True)
class Sort:
    """What a person can turn off by itself: letters of one or more kinds, with a title and a sentence about them."""

    name: str
    title: str | Promise
    help: str | Promise


@dataclass(frozen=True)
class _Kind:
    prepare: Prepare
    sort: str
    digest: Digest | None
    for_board: bool


_KINDS: dict[str, _Kind] = {}
_SORTS: dict[str, Sort] = {}


def register(
    kind: str, prepare: Prepare, *, sort: str = "", digest: Digest | None = None, for_board: bool = False
) -> None:
    """Tell the post of a kind of letter; called from AppConfig.ready.

    ``prepare(deliveries, now)`` gets letters of this kind only, each with its ``user`` and ``school`` at hand, and
    answers by the delivery's id: a Letter, or Dropped with the reason. It renders once per subject and language, and
    sends nothing. A kind without a ``sort`` cannot be turned off. Where people want the letters of a day together,
    one of ``digest`` "later" waits for that moment, one of "earlier" leaves at the last such moment before its time,
    and any other leaves at its own time. Letters ``for_board`` also reach admins of the school's board, who may be
    nobody at the school itself.
    """
    _KINDS[kind] = _Kind(prepare, sort, digest, for_board)


def register_sort(name: str, *, title: str | Promise, help: str | Promise) -> None:  # noqa: A002  # what a form calls it
    """Tell the post of a sort that people can turn off; called from AppConfig.ready."""
    if any(mark(name) == mark(other) for other in {*_SORTS, EVERY} - {name}):
        raise ValueError(f"The sort {name} has the same mark as another one: call it otherwise.")
    _SORTS[name] = Sort(name, title, help)


def preparer(kind: str) -> Prepare | None:
    """How letters of this kind are prepared; None for a kind that no floor knows."""
    known = _KINDS.get(kind)
    return known.prepare if known else None


def sorts() -> list[Sort]:
    """What can be turned off, in the order in which the floors told of it."""
    return list(_SORTS.values())


def sort_of(kind: str) -> str:
    """The sort that a kind belongs to; an empty one where nobody can turn it off."""
    known = _KINDS.get(kind)
    return known.sort if known else ""


def is_for_board(kind: str) -> bool:
    """Whether letters of this kind also reach the admins of the board."""
    known = _KINDS.get(kind)
    return bool(known and known.for_board)


def digest_of(kind: str) -> Digest | None:
    """How letters of this kind come together with others."""
    known = _KINDS.get(kind)
    return known.digest if known else None


def mark(sort: str) -> bytes:
    """A sort's name in two bytes, for links; no two sorts share one."""
    return hashlib.sha256(sort.encode()).digest()[:2]
