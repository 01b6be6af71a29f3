"""Writing letters down, and taking them back while they wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Greatest

from schools import holidays, tenancy
from schools.models import Delivery, LetterWishes, School
from schools.models.post import DeliveryState
from schools.post import kinds as known, moments

# The reason of letters that people took back on purpose: only ``send_after_all`` sends them.
TAKEN_BACK = "taken back"

_POST = "post"
_IN_THE_BOX = (DeliveryState.WAITING, DeliveryState.HELD)
_AT_ONCE = 1_000  # letters in one statement
_COLUMNS = (
    "key", "kind", "subject_id", "version", "school_id", "user_id",
    "due_at", "next_try_at", "expires_at", "together",
    "state", "reason", "attempts", "doubts", "message_id",
)  # fmt: skip
_WRITE = f"""
INSERT INTO schools_delivery AS old ({", ".join(_COLUMNS)}) VALUES %s
ON CONFLICT (key) DO UPDATE
   SET due_at = excluded.due_at, next_try_at = excluded.due_at, expires_at = excluded.expires_at,
       together = excluded.together,
       state = CASE WHEN old.reason = '{TAKEN_BACK}' THEN old.state ELSE excluded.state END,
       reason = CASE WHEN old.reason = '{TAKEN_BACK}' THEN old.reason ELSE excluded.reason END
 WHERE old.state = 'dropped'
    OR (old.state = 'waiting' AND old.attempts = 0
        AND (old.due_at, old.expires_at, old.together) <> (excluded.due_at, excluded.expires_at, excluded.together))
"""  # noqa: S608  # names of our own


@dataclass(frozen=True)
class Entry:
    """One letter to some people: of which kind, about which row in which version, due when, of use until when."""

    kind: str
    subject_id: int
    version: int
    user_ids: Collection[int]
    due_at: dt.datetime
    expires_at: dt.datetime


def open_ledger() -> AbstractContextManager[None]:
    """The one door of the post to the letters of all schools."""
    return tenancy.acting_for_system(_POST)


def change_ledger(statement: str) -> int:
    """Open that door for one statement without places for values; returns how many letters it changed."""
    return tenancy.change_for_system(_POST, statement)


def write_down(
    *,
    kind: str,
    subject_id: int,
    version: int,
    school_id: int,
    user_ids: Iterable[int],
    due_at: dt.datetime,
    expires_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Write one letter down for each of these people; see ``write_for_schools``."""
    entry = Entry(kind, subject_id, version, frozenset(user_ids), due_at, expires_at)
    write_all([entry], school_id=school_id, now=now)


def write_all(entries: Iterable[Entry], *, school_id: int, now: dt.datetime) -> None:
    """Write letters of one school down; see ``write_for_schools``."""
    write_for_schools({school_id: entries}, now=now)


@transaction.atomic
def write_for_schools(entries: Mapping[int, Iterable[Entry]], *, now: dt.datetime) -> None:
    """Write letters down, by the school that they belong to, save those that would have expired already.

    The same letter (kind, subject, version, person) is never written twice. One that is on its way, was sent or tried
    stays as it is; one that still waits untried moves to its new time; one that was dropped waits again, unless people
    took it back (TAKEN_BACK): that learns its new time and stays. What was tried stays noted: it may have left.
    Whoever wants letters together gets those of a kind that can wait or go ahead at that moment. Call it in the
    transaction of the letters' cause.

    One query for a thousand letters, one for people's wishes, and two more for each school in which somebody wants
    letters together.
    """
    live = {pk: [one for one in theirs if one.expires_at > now and one.user_ids] for pk, theirs in entries.items()}
    hours = _digest_hours([one for theirs in live.values() for one in theirs])
    rows: dict[str, tuple[Any, ...]] = {}
    for school_id, theirs in live.items():
        rows |= _rows(theirs, school_id, hours, now)
    _insert([rows[key] for key in sorted(rows)])


def drop(
    *,
    kinds: Collection[str],
    subject_ids: Collection[int],
    user_ids: Collection[int] | None = None,
    version_below: int | None = None,
    reason: str,
) -> int:
    """Take back the letters of these kinds about these subjects that wait or are held; returns how many. One query.

    With ``user_ids`` only these people's. Those on their way are checked once more before they leave, or have left.
    What is dropped waits again as soon as it is written down again, save with the reason TAKEN_BACK.
    """
    rows = Delivery.objects.filter(kind__in=kinds, subject_id__in=subject_ids, state__in=_IN_THE_BOX)
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    if version_below is not None:
        rows = rows.filter(version__lt=version_below)
    return rows.update(state=DeliveryState.DROPPED, reason=reason)


def send_after_all(*, kind: str, subject_id: int, version: int, now: dt.datetime) -> int:
    """What people took back waits again, and leaves at once where its time is past; returns how many. One query."""
    rows = Delivery.objects.filter(kind=kind, subject_id=subject_id, version=version, expires_at__gt=now)
    time = Greatest("due_at", Value(now), output_field=DateTimeField())
    return rows.filter(state=DeliveryState.DROPPED, reason=TAKEN_BACK).update(
        state=DeliveryState.WAITING, reason="", due_at=time, next_try_at=time
    )


def _rows(
    entries: Sequence[Entry], school_id: int, hours: Mapping[int, dt.time], now: dt.datetime
) -> dict[str, tuple[Any, ...]]:
    """What the ledger is to hold of one school, by key."""
    waits = any(user_id in hours for one in entries for user_id in one.user_ids)
    school = School.objects.get(pk=school_id) if waits else None
    off = _days_off(entries, school)
    rows: dict[str, tuple[Any, ...]] = {}
    for one in entries:
        for user_id in one.user_ids:
            due_at = _together(one, hours.get(user_id), school, off, now)
            key = f"{one.kind}:{one.subject_id}:{one.version}:{user_id}:mail"
            rows[key] = _row(key, one, school_id, user_id, due_at)
    return rows


def _digest_hours(entries: Sequence[Entry]) -> Mapping[int, dt.time]:
    """Who of these people wants letters together, and at what time of day."""
    people = {user_id for one in entries if known.digest_of(one.kind) for user_id in one.user_ids}
    if not people:
        return {}
    wishes = LetterWishes.objects.filter(user_id__in=people, digest_at__isnull=False)
    return {user_id: at for user_id, at in wishes.values_list("user_id", "digest_at") if at}


def _days_off(entries: Sequence[Entry], school: School | None) -> frozenset[dt.date]:
    days = [one.due_at.date() for one in entries if known.digest_of(one.kind) == "earlier"]
    if school is None or not days:
        return frozenset()
    return holidays.days_off(school, min(days) - moments.LOOKS_BACK, max(days) + moments.DAY)


def _together(
    one: Entry, at: dt.time | None, school: School | None, off: frozenset[dt.date], now: dt.datetime
) -> dt.datetime | None:
    digest = known.digest_of(one.kind)
    if digest is None or at is None or school is None:
        return None
    return moments.together(
        digest, due_at=one.due_at, expires_at=one.expires_at, at=at, zone=school.zone, days_off=off, now=now
    )


def _row(key: str, one: Entry, school_id: int, user_id: int, together: dt.datetime | None) -> tuple[Any, ...]:
    adapt = connection.ops.adapt_datetimefield_value
    due_at = adapt(together or one.due_at)
    about = (key, one.kind, one.subject_id, one.version, school_id, user_id)
    return (*about, due_at, due_at, adapt(one.expires_at), together is not None, "waiting", "", 0, 0, "")


def _insert(rows: Iterable[tuple[Any, ...]]) -> None:
    left = iter(rows)
    places = f"({', '.join(['%s'] * len(_COLUMNS))})"
    with connection.cursor() as cursor:
        while batch := list(islice(left, _AT_ONCE)):
            cursor.execute(_WRITE % ", ".join([places] * len(batch)), [value for row in batch for value in row])
