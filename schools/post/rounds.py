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
from schools.post import check, claim, envelope, heart, line, note
from schools.post.kinds import Letter

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
        _send_all(found.ready, open_line, watch, stop, outcome)
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
    ready: list[tuple[Delivery, Letter]],
    open_line: line.Line,
    watch: _Watch,
    stop: Callable[[], bool],
    outcome: Outcome,
) -> None:
    for place, (row, letter) in enumerate(ready):
        if stop() or watch.passed() > FRESH:
            with _ledger():
                note.untouched(row for row, _letter in ready[place:])
            return
        try:
            _send(row, letter, open_line, watch, outcome)
        except line.LineDownError as error:
            _log.warning("The mail server cannot be reached: %s.", error)
            with _ledger():
                for left, _letter in ready[place:]:
                    _postpone(left, watch.now(), "mail server down", outcome)
            return


def _send(row: Delivery, letter: Letter, open_line: line.Line, watch: _Watch, outcome: Outcome) -> None:
    """Send one letter outside any transaction and note what became of it. Raises LineDownError untried."""
    if row.expires_at <= watch.now():
        with _ledger():
            outcome.dropped += note.dropped([row], reason="expired")
        return
    try:
        fate, why = open_line.send(_seal(row, letter))
    except line.LineDownError:
        raise
    except Exception as error:  # noqa: BLE001  # an address or a sign that no mail can carry
        _log.error("Letter %s cannot be sent: %s.", row.pk, type(error).__name__)  # its words name people
        with _ledger():
            _unwritten(row, watch.now(), outcome)
        return
    with _ledger():
        _note_fate(row, fate, why, watch, outcome)


def _seal(row: Delivery, letter: Letter) -> envelope.Message:
    return envelope.seal(
        letter,
        to=row.user.email if row.user and row.user.email else "",
        message_id=row.message_id,
        date=row.message_date or row.due_at,
    )


def _note_fate(row: Delivery, fate: line.Fate, why: str, watch: _Watch, outcome: Outcome) -> None:
    if fate is line.Fate.ACCEPTED:
        if note.sent(row, at=watch.now()):
            outcome.sent += 1
        else:
            _log.error("Letter %s left after its lease had passed to another round.", row.pk)
    elif fate is line.Fate.LATER:
        _postpone(row, watch.now(), why, outcome)
    elif fate is line.Fate.UNKNOWN and row.doubts < MOST_DOUBTS:
        note.doubted(row)
        outcome.unknown += 1
    else:
        note.failed(row, reason=why)
        outcome.failed += 1
