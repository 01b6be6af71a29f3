"""A round of the post: claim, check, send, note."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from schools import tenancy
from schools.models import Delivery
from schools.post import check, claim, envelope, heart, line, note, parcel
from schools.post.parcel import Parcel

BATCH = 500
TRIES_OF_A_LETTER_THAT_CANNOT_BE_WRITTEN = 3
MOST_DOUBTS = 2
# What was checked longer ago is checked again: a letter must not tell of a meeting that moved meanwhile.
FRESH = dt.timedelta(minutes=1)
_log = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of the letters that were claimed; ``unknown`` and ``postponed`` ones come back by themselves."""

    claimed: int = 0
    sent: int = 0
    dropped: int = 0
    failed: int = 0
    postponed: int = 0
    unknown: int = 0

    def add(self, other: Outcome) -> None:
        """Count another round too."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


class _Watch:
    """The round's time: it starts at the door's clock and runs on by itself."""

    def __init__(self, now: dt.datetime) -> None:
        self._start, self._ticks = now, time.monotonic()

    def now(self) -> dt.datetime:
        return self._start + self.passed()

    def passed(self) -> dt.timedelta:
        return dt.timedelta(seconds=time.monotonic() - self._ticks)


def deliver(*, now: dt.datetime, limit: int = BATCH, stop: Callable[[], bool] = lambda: False) -> Outcome:
    """One round: deliver up to ``limit`` letters that are due at ``now``.

    Safe to run in any number of processes at once and to kill at any moment: each letter is leased to one round,
    its note is written right after the mail server took it, and what a killed round held comes back when its lease
    runs out. ``stop`` is asked before each letter; what was not tried, or checked too long ago, goes back into the box.
    """
    watch = _Watch(now)
    with _ledger():
        batch = claim.claim(now=now, limit=limit)
    outcome = Outcome(claimed=len(batch))
    if not batch:
        return outcome
    with _ledger():
        found = check.sort_out(batch, now=now)
        _note_check(found, now, outcome)
    with line.Line() as open_line:
        _send_all(parcel.pack(found.ready, now=now), open_line, watch, stop, outcome)
    return outcome


def deliver_all(
    *,
    clock: Callable[[], dt.datetime] = claim.clock,
    limit: int = BATCH,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Rounds until nothing is due, time is up or ``stop`` says so; notes the heartbeat. Returns all outcomes added."""
    total, until = Outcome(), None if seconds is None else time.monotonic() + seconds

    def enough() -> bool:
        return stop() or (until is not None and time.monotonic() >= until)

    while not enough():
        now = clock()
        outcome = deliver(now=now, limit=limit, stop=enough)
        total.add(outcome)
        heart.beat(now)
        if not outcome.claimed:
            break
    return total


def _ledger() -> AbstractContextManager[None]:
    return tenancy.acting_for_system("post")


def _note_check(found: check.Sorted, now: dt.datetime, outcome: Outcome) -> None:
    for reason, rows in found.dropped.items():
        outcome.dropped += note.dropped(rows, reason=reason)
    for row in found.unwritten:
        _unwritten(row, now, outcome)
    for row in found.unheard_of:
        _postpone(row, now, "unknown kind of letter", outcome)
    for row in found.worn_out:
        note.failed(row, reason="too many tries")
        outcome.failed += 1


def _unwritten(row: Delivery, now: dt.datetime, outcome: Outcome) -> None:
    if row.attempts < TRIES_OF_A_LETTER_THAT_CANNOT_BE_WRITTEN:
        _postpone(row, now, "could not be written", outcome)
    else:
        note.failed(row, reason="could not be written")
        outcome.failed += 1


def _postpone(row: Delivery, now: dt.datetime, reason: str, outcome: Outcome) -> None:
    if note.postponed(row, now=now, reason=reason):
        outcome.postponed += 1
    else:
        outcome.failed += 1


def _send_all(
    parcels: list[Parcel],
    open_line: line.Line,
    watch: _Watch,
    stop: Callable[[], bool],
    outcome: Outcome,
) -> None:
    for place, one in enumerate(parcels):
        if stop() or watch.passed() > FRESH:
            with _ledger():
                note.untouched(row for left in parcels[place:] for row in left.rows)
            return
        try:
            _send(one, open_line, watch, outcome)
        except line.LineDownError as error:
            _log.warning("The mail server cannot be reached: %s.", error)
            with _ledger():
                for left in parcels[place:]:
                    _postpone_all(left, watch.now(), "mail server down", outcome)
            return


def _send(one: Parcel, open_line: line.Line, watch: _Watch, outcome: Outcome) -> None:
    """Send one message outside any transaction and note what became of it. Raises LineDownError untried."""
    if one.expires_at <= watch.now():
        with _ledger():
            _take_apart(one, watch.now(), outcome)
        return
    try:
        fate, why = open_line.send(_seal(one))
    except line.LineDownError:
        raise
    except Exception as error:  # noqa: BLE001  # an address or a sign that no mail can carry
        _log.error("Letter %s cannot be sent: %s.", one.lead.pk, type(error).__name__)  # its words name people
        with _ledger():
            for row in one.rows:
                _unwritten(row, watch.now(), outcome)
        return
    with _ledger():
        _note_fate(one, fate, why, watch, outcome)


def _take_apart(one: Parcel, now: dt.datetime, outcome: Outcome) -> None:
    """What has expired is dropped; what was to leave with it goes back into the box."""
    expired = [row for row in one.rows if row.expires_at <= now]
    outcome.dropped += note.dropped(expired, reason="expired")
    note.untouched(row for row in one.rows if row not in expired)


def _seal(one: Parcel) -> envelope.Message:
    user = one.lead.user
    return envelope.seal(
        one.letter,
        to=user.email if user and user.email else "",
        message_id=one.lead.message_id,
        date=one.lead.message_date or one.lead.due_at,
    )


def _postpone_all(one: Parcel, now: dt.datetime, reason: str, outcome: Outcome) -> None:
    for row in one.rows:
        _postpone(row, now, reason, outcome)


def _note_fate(one: Parcel, fate: line.Fate, why: str, watch: _Watch, outcome: Outcome) -> None:
    if fate is line.Fate.ACCEPTED:
        if note.sent(one.rows, at=watch.now()):
            outcome.sent += len(one.rows)
        else:
            _log.error("Letter %s left after its lease had passed to another round.", one.lead.pk)
    elif fate is line.Fate.LATER:
        _postpone_all(one, watch.now(), why, outcome)
    elif fate is line.Fate.UNKNOWN and max(row.doubts for row in one.rows) < MOST_DOUBTS:
        note.doubted(one.rows)
        outcome.unknown += len(one.rows)
    else:
        for row in one.rows:
            note.failed(row, reason=why)
        outcome.failed += len(one.rows)
