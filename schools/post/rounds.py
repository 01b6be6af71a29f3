"""A round of the post: claim, check, send, note."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, connection

from schools.models import Delivery
from schools.post import check, claim, envelope, heart, line, note, parcel
from schools.post.ahead import Ahead
from schools.post.ledger import open_ledger
from schools.post.lines import Answer, Lines
from schools.post.parcel import Parcel

BATCH = 1_000
TRIES_OF_A_LETTER_THAT_CANNOT_BE_WRITTEN = 3
MOST_DOUBTS = 2
# What was checked longer ago is checked again: a letter must not tell of a meeting that moved meanwhile.
FRESH = dt.timedelta(minutes=1)
AWAY_AT_MOST = 60.0  # seconds that we wait for the database with a note in hand
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
        self.start, self._ticks = now, time.monotonic()

    def now(self) -> dt.datetime:
        return self.start + self.passed()

    def passed(self) -> dt.timedelta:
        return dt.timedelta(seconds=time.monotonic() - self._ticks)


@dataclass
class _Batch:
    """Letters that were claimed and checked when the watch started, and what became of them there."""

    watch: _Watch
    outcome: Outcome
    parcels: list[Parcel] = field(default_factory=list)


class _Run:
    """What is under way: a batch, and those that were taken in behind it."""

    def __init__(
        self, batch: _Batch, *, stop: Callable[[], bool], more: Callable[[_Run], _Batch | None] = lambda _run: None
    ) -> None:
        """``stop`` is asked before each letter, and so is ``more`` for the next batch."""
        self.parcels: deque[Parcel] = deque()
        self.outcome = Outcome()
        self._stop, self._more = stop, more
        self._take_in(batch)

    def take(self) -> Parcel | None:
        """The next one that may leave; nothing where there is none just now, or what is left must be checked anew."""
        while not self._stop():
            if more := self._more(self):
                self._take_in(more)
            now = self.watch.now()
            if not self.parcels or now - self.parcels[0].checked_at > FRESH:
                return None
            one = self.parcels.popleft()
            if one.expires_at > now:
                return one
            _take_apart(one, now, self.outcome)
        return None

    def _take_in(self, batch: _Batch) -> None:
        self.watch, self.latest = batch.watch, batch.outcome.claimed
        self.parcels += batch.parcels
        self.outcome.add(batch.outcome)


def deliver(*, now: dt.datetime, limit: int = BATCH, stop: Callable[[], bool] = lambda: False) -> Outcome:
    """One round: deliver up to ``limit`` letters that are due at ``now``.

    Safe to run in any number of processes at once and to kill at any moment: each letter is leased to one round,
    its note is written right after the mail server took it, and what a killed round held comes back when its lease
    runs out. ``stop`` is asked before each letter; what was not tried, or checked too long ago, goes back into the box.
    """
    run = _Run(_make_ready(now=now, limit=limit), stop=stop)
    with Lines() as lines:
        _send_all(run, lines)
    return run.outcome


def deliver_all(
    *,
    clock: Callable[[], dt.datetime] = claim.clock,
    limit: int = BATCH,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Rounds until nothing is due, time is up or ``stop`` says so; notes the heartbeat. Returns all outcomes added.

    While the lines are busy with the second half of a full batch, the next one is made ready; no line waits for the
    last letter of another.
    """
    total, until = Outcome(), None if seconds is None else time.monotonic() + seconds
    ahead = Ahead(lambda: _make_ready(now=clock(), limit=limit))

    def enough() -> bool:
        return stop() or (until is not None and time.monotonic() >= until)

    def more(run: _Run) -> _Batch | None:
        if run.latest < limit or lines.have_broken:
            return None
        if len(run.parcels) <= limit // 2:
            ahead.start()
        if run.parcels or not ahead.is_ready():
            return None
        heart.beat(run.watch.start)
        return ahead.next()

    with Lines() as lines, _ending(ahead, total):
        while not enough():
            run = _Run(ahead.next(), stop=enough, more=more)
            was_empty = not run.outcome.claimed
            _send_all(run, lines)
            total.add(run.outcome)
            heart.beat(run.watch.start)
            if was_empty:
                break
    return total


def _make_ready(*, now: dt.datetime, limit: int) -> _Batch:
    """Claim letters and check them."""
    watch = _Watch(now)
    with open_ledger():
        rows = claim.claim(now=now, limit=limit)
    batch = _Batch(watch, Outcome(claimed=len(rows)))
    if rows:
        with open_ledger():
            found = check.sort_out(rows, now=now)
            _note_check(found, now, batch.outcome)
        batch.parcels += map(envelope.sealed, parcel.pack(found.ready, now=now))
    return batch


@contextmanager
def _ending(ahead: Ahead[_Batch], total: Outcome) -> Iterator[None]:
    """What was made ready and is not to be sent any more goes back into the box, also where a round broke down."""
    try:
        yield
    except BaseException:
        with suppress(Exception):  # its leases run out then
            if left := ahead.end():
                _put_back(left.parcels)
        raise
    if left := ahead.end():
        _put_back(left.parcels)
        total.add(left.outcome)


def _put_back(parcels: Collection[Parcel]) -> None:
    if parcels:
        with open_ledger():
            note.untouched(row for left in parcels for row in left.rows)


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


def _send_all(run: _Run, lines: Lines) -> None:
    """Send outside any transaction, and note each answer as it comes."""
    try:
        for answers in lines.send(run.parcels, take=run.take):
            _note_for_sure(answers, run.watch, run.outcome)
    except line.LineDownError as error:
        _log.warning("The mail server cannot be reached: %s.", error)
        with open_ledger():
            for left in run.parcels:
                _postpone_all(left, run.watch.now(), "mail server down", run.outcome)
    else:
        _put_back(run.parcels)


def _note_for_sure(answers: list[Answer], watch: _Watch, outcome: Outcome) -> None:
    """Note them, also when the database goes away just now and comes back: what is not noted would leave twice."""
    until = time.monotonic() + AWAY_AT_MOST
    while True:
        told = Outcome()
        try:
            _note(answers, watch, told)
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            _log.warning("The database does not take our notes (%s); we try again.", type(error).__name__)
            connection.close()
            time.sleep(0.5)
        else:
            outcome.add(told)
            return


def _note(answers: list[Answer], watch: _Watch, outcome: Outcome) -> None:
    """Together or not at all: in one transaction, or in one statement where all is well."""
    if all(one.fate is line.Fate.ACCEPTED for one in answers) and all(len(one.parcel.rows) == 1 for one in answers):
        _note_answers(answers, watch, outcome)
        return
    with open_ledger():
        _note_answers(answers, watch, outcome)


def _note_answers(answers: list[Answer], watch: _Watch, outcome: Outcome) -> None:
    """Those that were accepted in one statement, the others by themselves."""
    accepted = [one.parcel for one in answers if one.fate is line.Fate.ACCEPTED]
    _note_sent(accepted, watch, outcome)
    for one in answers:
        if one.fate is None:
            error = type(one.error).__name__  # its words name people
            _log.error("Letter %s cannot be sent: %s.", one.parcel.lead.pk, error)
            for row in one.parcel.rows:
                _unwritten(row, watch.now(), outcome)
        elif one.fate is not line.Fate.ACCEPTED:
            _note_fate(one.parcel, one.fate, one.why, watch, outcome)


def _note_sent(accepted: list[Parcel], watch: _Watch, outcome: Outcome) -> None:
    singles = [one.lead for one in accepted if len(one.rows) == 1]
    left, noted = len(singles), note.sent(singles, at=watch.now())
    for one in accepted:
        if len(one.rows) > 1:
            left, noted = left + len(one.rows), noted + note.sent_as_one(one.rows, at=watch.now())
    outcome.sent += noted
    if noted < left:
        _log.error("Letters left after their lease had passed to another round: %s.", left - noted)


def _take_apart(one: Parcel, now: dt.datetime, outcome: Outcome) -> None:
    """What has expired is dropped; what was to leave with it goes back into the box.

    Other letters are under way meanwhile and want their notes: so where the database is away just then, it is left to
    the next claim, which finds these when their lease has run out.
    """
    expired = [row for row in one.rows if row.expires_at <= now]
    try:
        with open_ledger():
            dropped = note.dropped(expired, reason="expired")
            note.untouched(row for row in one.rows if row not in expired)
    except (OperationalError, InterfaceError) as error:
        if connection.in_atomic_block:
            raise
        _log.warning("The database does not take what has expired (%s).", type(error).__name__)
        connection.close()
    else:
        outcome.dropped += dropped


def _postpone_all(one: Parcel, now: dt.datetime, reason: str, outcome: Outcome) -> None:
    for row in one.rows:
        _postpone(row, now, reason, outcome)


def _note_fate(one: Parcel, fate: line.Fate, why: str, watch: _Watch, outcome: Outcome) -> None:
    if fate is line.Fate.LATER:
        _postpone_all(one, watch.now(), why, outcome)
    elif fate is line.Fate.UNKNOWN and max(row.doubts for row in one.rows) < MOST_DOUBTS:
        note.doubted(one.rows)
        outcome.unknown += len(one.rows)
    else:
        for row in one.rows:
            note.failed(row, reason=why)
        outcome.failed += len(one.rows)
