"""The last look before a letter leaves: is it still wanted, can it arrive, and what does it say now?"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from django.db import connection, transaction

from schools.models import BoardMembership, Delivery, Membership, UnwantedLetters
from schools.post import kinds

MOST_TRIES = 30  # without a note of their end: a letter that takes the process down would be claimed for ever
_Spans = dict[tuple[int, int | None], list[tuple[dt.date, dt.date | None]]]
_log = logging.getLogger(__name__)


@dataclass
class Sorted:
    """A batch after the check: what may leave, what is not wanted and why, and what could not be written."""

    ready: list[tuple[Delivery, kinds.Letter]] = field(default_factory=list)
    dropped: dict[str, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    unwritten: list[Delivery] = field(default_factory=list)
    worn_out: list[Delivery] = field(default_factory=list)
    unheard_of: list[Delivery] = field(default_factory=list)


def sort_out(rows: Sequence[Delivery], *, now: dt.datetime) -> Sorted:
    """Check a batch and render what may leave, the most urgent first. Two queries, and what the kinds ask.

    Dropped are expired letters, those whose reader has no account, address or membership of the school any more (or of
    its board, where the letter is for that too) or does not want letters of this sort, and what the letter's own floor
    does not want. A kind unheard of is a newer
    worker's to write: it goes back into the box. One letter that cannot be written stops no other.
    """
    found = Sorted()
    spans, over, unwanted = _memberships(rows), _of_boards(rows), _unwanted(rows)
    by_kind: dict[str, list[Delivery]] = defaultdict(list)
    for row in rows:
        if reason := _objection(row, now, spans, over) or _wish(row, unwanted):
            found.dropped[reason].append(row)
        elif kinds.preparer(row.kind) is None:
            found.unheard_of.append(row)
        elif row.attempts > MOST_TRIES:
            found.worn_out.append(row)
        else:
            by_kind[row.kind].append(row)
    for alike in by_kind.values():
        alike.sort(key=lambda row: (row.subject_id, row.pk))
        words = _write(alike, now)
        for row in alike:
            _place(row, words.get(row.pk), found)
    found.ready.sort(key=lambda pair: (pair[0].expires_at, pair[0].due_at, pair[0].pk))
    return found


def _objection(row: Delivery, now: dt.datetime, spans: _Spans, over: _Spans) -> str:
    """Why this letter must not leave, or nothing."""
    today = row.school.today(now)
    held = list(spans.get((row.school_id, row.user_id), []))
    if kinds.is_for_board(row.kind):
        held += over.get((row.school.board_id, row.user_id), [])
    objections = (
        (row.expires_at <= now, "expired"),
        (row.user is None or not row.user.is_active, "account ended"),
        (row.user is None or not row.user.email, "no e-mail address"),
        (row.school.closed_on is not None and row.school.closed_on <= today, "school closed"),
        (not any(first <= today and (not last or today <= last) for first, last in held), "left the school"),
    )
    return next((reason for holds, reason in objections if holds), "")


def _wish(row: Delivery, unwanted: Collection[tuple[int | None, str]]) -> str:
    """That its reader turned this sort of letters off, or nothing."""
    return "not wanted" if (row.user_id, kinds.sort_of(row.kind)) in unwanted else ""


def _unwanted(rows: Sequence[Delivery]) -> Collection[tuple[int | None, str]]:
    """The sorts among these that their readers turned off. One query; none where nobody can."""
    sorts = {kinds.sort_of(row.kind) for row in rows} - {""}
    if not sorts:
        return frozenset()
    noes = UnwantedLetters.objects.filter(user__in={row.user_id for row in rows}, sort__in=sorts)
    return frozenset(noes.values_list("user_id", "sort"))


def _memberships(rows: Sequence[Delivery]) -> _Spans:
    spans: _Spans = defaultdict(list)
    theirs = Membership.objects.filter(
        school__in={row.school_id for row in rows}, user__in={row.user_id for row in rows}
    )
    for school, user, first, last in theirs.values_list("school_id", "user_id", "from_date", "until_date"):
        spans[school, user].append((first, last))
    return spans


def _of_boards(rows: Sequence[Delivery]) -> _Spans:
    """When readers were admins of the school's board, for letters that reach these too. One query, or none."""
    spans: _Spans = defaultdict(list)
    theirs = [row for row in rows if kinds.is_for_board(row.kind)]
    if not theirs:
        return spans
    over = BoardMembership.objects.filter(
        board__in={row.school.board_id for row in theirs}, user__in={row.user_id for row in theirs}
    )
    for board, user, first, last in over.values_list("board_id", "user_id", "from_date", "until_date"):
        spans[board, user].append((first, last))
    return spans


def _write(rows: list[Delivery], now: dt.datetime) -> Mapping[int, kinds.Letter | kinds.Dropped]:
    """Letters of one kind, rendered together; where that breaks down, each half by itself."""
    prepare = kinds.preparer(rows[0].kind)
    try:
        with _savepoint():
            return prepare(rows, now) if prepare else {}
    except Exception as error:  # noqa: BLE001  # a floor above may fail in any way
        if len(rows) == 1:
            _log.error("%s letter %s cannot be written: %s", rows[0].kind, rows[0].pk, _where(error))
            return {}
        middle = len(rows) // 2
        return {**_write(rows[:middle], now), **_write(rows[middle:], now)}


def _place(row: Delivery, words: kinds.Letter | kinds.Dropped | None, found: Sorted) -> None:
    if words is None:
        found.unwritten.append(row)
    elif isinstance(words, kinds.Dropped):
        found.dropped[words.reason].append(row)
    else:
        found.ready.append((row, words))


def _savepoint() -> AbstractContextManager[None]:
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _where(error: Exception) -> str:
    """The error's kind and place: its own words may name people."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, line {last.lineno}"
