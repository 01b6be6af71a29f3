"""How long each kind of data is kept, and the one clock by which it goes.

Every floor tells here which kinds it holds, and of each table that no clock empties, why. What people read about it
(pages, papers, the API) is said with these words.
"""

from __future__ import annotations

import datetime as dt
import enum
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise, lazy

from schools import tenancy
from schools.models import Receipt

MONTHS = 12
YEAR = dt.timedelta(days=365)
AHEAD = dt.timedelta(days=30)
RECIPIENTS_KEPT = dt.timedelta(days=30)
SECONDS = 120
_AT_ONCE, _ROUNDS = 500, 40
_ANY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_log = logging.getLogger(__name__)

Words = str | Promise
Due = Callable[[dt.datetime], models.QuerySet[Any]]
# How many rows went, by the school they were of; None for rows of no school, and where nobody is to know.
Gone = Mapping[int | None, int]
Forget = Callable[[dt.datetime, int], Gone]


class Told(enum.Enum):
    """Who of a school reads how many rows of a kind go: nobody where the number itself would tell of a person."""

    NOBODY = "nobody"
    ADMINS = "admins"
    SCHOOL = "school"


@dataclass(frozen=True)
class Kept:
    """One kind of data: what it is, how long it is kept (both in words), and in which tables (``app.Model``).

    ``due(now)``: the rows whose time is over at that moment, also one that is still to come. ``forget(now, most)``:
    let at most so many of them go. ``alone``: it opens its own door and transactions.
    """

    key: str
    what: Words
    kept: Words
    tables: tuple[str, ...]
    due: Due
    forget: Forget
    told: Told = Told.NOBODY
    at_once: int = _AT_ONCE
    alone: bool = False


_KINDS: dict[str, Kept] = {}
_WITH: dict[str, str] = {}
_STAYS: dict[str, str] = {}


def register(*kinds: Kept) -> None:
    """Tell of these kinds; called from AppConfig.ready."""
    _KINDS.update({kind.key: kind for kind in kinds})


def goes_with(key: str, *tables: str) -> None:
    """Tell of tables whose rows have no time of their own: each goes with a row of that kind."""
    _WITH.update(dict.fromkeys(tables, key))


def stays(because: str, *tables: str) -> None:
    """Tell of tables that no clock empties, and why."""
    _STAYS.update(dict.fromkeys(tables, because))


def classes() -> tuple[Kept, ...]:
    """All kinds, floor by floor, in a fixed order. No query."""
    return tuple(_KINDS.values())


def by_length() -> list[tuple[str, list[Kept]]]:
    """The kinds that are kept equally long together, in the reader's language. No query."""
    found: dict[str, list[Kept]] = {}
    for one in classes():
        found.setdefault(str(one.kept), []).append(one)
    return list(found.items())


def kind(key: str) -> Kept:
    """The kind with this key."""
    return _KINDS[key]


def told_in(table: str) -> list[str]:
    """The kinds in which a table is told, or the reason why it stays; nothing where nobody thought of it. No query."""
    held = [one.key for one in classes() if table in one.tables]
    return held or [told for told in (_WITH.get(table), _STAYS.get(table)) if told]


def companions(key: str) -> list[str]:
    """The tables whose rows go with those of a kind. No query."""
    return [table for table, with_key in _WITH.items() if with_key == key]


def words(key: str) -> Words:
    """How long a kind is kept, in the reader's language, also before the floors have told of it."""
    return lazy(lambda: str(kind(key).kept), str)()


def saying(sentence: Words, **numbers: int) -> Words:
    """A sentence of which the numbers are those that the clock goes by."""
    return lazy(lambda: str(sentence) % numbers, str)()


def deleted(key: str, *, what: Words, kept: Words, due: Due, told: Told = Told.NOBODY, at_once: int = _AT_ONCE) -> Kept:
    """A kind whose rows are deleted when their time is over."""
    return Kept(key, what, kept, (due(_ANY).model._meta.label,), due, deleting(due), told, at_once)


def deleting(due: Due) -> Forget:
    """Delete what is due, with all that goes with it; what somebody holds just now waits for the next round."""

    def forget(now: dt.datetime, most: int) -> Gone:
        held = held_rows(due(now), most)
        if held:
            due(now).filter(pk__in=[row.pk for row in held]).delete()
        return by_school(held)

    return forget


def held_rows(rows: models.QuerySet[Any], most: int) -> list[Any]:
    """At most so many of the rows, held so that nobody else changes them or lets them go meanwhile. One query."""
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:most])


def by_school(rows: Iterable[Any]) -> Gone:
    """How many rows, by school. No query."""
    return Counter(getattr(row, "school_id", None) for row in rows)


def today(now: dt.datetime) -> dt.date:
    """The day by which the clock counts days."""
    return timezone.localdate(now)


@transaction.atomic
def forget(key: str, *, now: dt.datetime) -> int:
    """Let one batch of one kind go, within the caller's door and without a receipt; returns how many rows."""
    return sum(kind(key).forget(now, kind(key).at_once).values())


def forget_due(*, now: dt.datetime, seconds: float = SECONDS, only: Collection[str] = ()) -> Counter[str]:
    """Let go of everything whose time is over, or of some kinds ``only``; returns how many rows, by kind.

    It goes in small batches, each with its receipt in a transaction of its own. What breaks down stops no other kind.
    After so many seconds the rest waits for the next round, which begins with another kind. Safe to run twice and in
    parallel.
    """
    gone: Counter[str] = Counter()
    until = time.monotonic() + seconds
    for one in _in_turn(now, only):
        try:
            for number in _batches(one, now):
                gone[one.key] += number
                if time.monotonic() > until:
                    break
        except Exception as error:  # noqa: BLE001  # a floor above may fail in any way
            _log.error("What is over of %s does not go: %s.", one.key, type(error).__name__)
        if time.monotonic() > until:
            _log.warning("Letting go takes long: the rest waits for the next round.")
            break
    return +gone


def _in_turn(now: dt.datetime, only: Collection[str]) -> list[Kept]:
    kinds = [one for one in classes() if not only or one.key in only]
    first = int(now.timestamp()) // 3600 % len(kinds) if kinds else 0
    return [*kinds[first:], *kinds[:first]]


def _batches(one: Kept, now: dt.datetime) -> Iterator[int]:
    """Batch after batch, until nothing is left or it is enough for one round; each time how many rows went."""
    for _round in range(_ROUNDS):
        gone = _batch(one, now)
        if not sum(gone.values()):
            return
        yield sum(gone.values())


def _batch(one: Kept, now: dt.datetime) -> Gone:
    if one.alone:
        gone = one.forget(now, one.at_once)
    with at_the_clock(), transaction.atomic():
        if not one.alone:
            gone = one.forget(now, one.at_once)
        _note(one, gone, now)
    return gone


def at_the_clock() -> AbstractContextManager[None]:
    """The one door of the clock to what all schools keep."""
    return tenancy.acting_for_system("retention")


def _note(one: Kept, gone: Gone, now: dt.datetime) -> None:
    if one.tables == (Receipt._meta.label,):
        return
    told: Counter[int | None] = Counter()
    for school_id, number in gone.items():
        told[None if one.told is Told.NOBODY else school_id] += number
    Receipt.objects.bulk_create(
        Receipt(day=today(now), kind=one.key, school_id=school_id, number=number)
        for school_id, number in told.items()
        if number
    )
