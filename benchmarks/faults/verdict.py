"""What became of a run: lost, doubled, late; judged by what the mail server accepted, not by what we noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from benchmarks.faults import world
from benchmarks.relay import Accepted
from schools import tenancy
from schools.models import Delivery

_ENDED_WITH_A_REASON = ("failed", "dropped")

# Ids that the mail server accepted and no row speaks of; and rows that say they left, of which it knows nothing. A row
# of which nobody knows, or with a try that ended without a note, may have left: the refusal that a letter failed with
# is a try, the look that dropped it is none.
_AUDIT = """
WITH accepted AS (SELECT unnest(%s::text[]) AS id),
     noted AS (SELECT message_id AS id, state, attempts, doubts FROM schools_delivery WHERE message_id <> '')
SELECT (SELECT count(*) FROM accepted WHERE id NOT IN (
           SELECT id FROM noted WHERE state IN ('sent', 'leased') OR doubts > 0
               OR attempts > CASE state WHEN 'failed' THEN 1 ELSE 0 END)),
       (SELECT count(*) FROM noted WHERE state = 'sent' AND id NOT IN (SELECT id FROM accepted)),
       (SELECT count(*) FROM schools_delivery WHERE state = 'sent' AND message_id = '')
"""


@dataclass
class Verdict:
    """The counts of one run; delays in seconds from the time a letter was due to the time it was accepted."""

    due: int
    accepted: int
    lost: int
    duplicates: int
    delays: list[float] = field(repr=False)
    states: Counter[str] = field(repr=False)
    reasons: Counter[str] = field(repr=False)
    doubled_at_one_try: int = 0
    audit: tuple[int, int, int] = (0, 0, 0)

    @property
    def worst(self) -> float:
        """The longest delay."""
        return max(self.delays, default=0.0)

    def share(self, part: float) -> float:
        """The delay that so much of the letters did not pass."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    @property
    def is_clean(self) -> bool:
        """Nothing lost, all at their end, and the ledger says what the mail server says."""
        return not (self.lost or any(self.audit) or self.states["waiting"] or self.states["leased"])


def of(accepted: Sequence[Accepted]) -> Verdict:
    """Judge the run whose ledger stands in the database."""
    rows = world.rows()
    first: dict[str, float] = {}
    for one in accepted:
        first.setdefault(one.message_id, one.at)
    copies = Counter(one.message_id for one in accepted)
    gone = [row for row in rows if row.message_id not in first and not _has_ended(row)]
    twice = [row for row in rows if copies[row.message_id] > 1]
    return Verdict(
        due=len(rows),
        accepted=len(accepted),
        lost=len(gone),
        duplicates=len(accepted) - len(copies),
        delays=[first[row.message_id] - row.due_at.timestamp() for row in rows if row.message_id in first],
        states=Counter(row.state for row in rows),
        reasons=Counter(row.reason for row in rows if row.reason),
        doubled_at_one_try=sum(row.attempts < 2 for row in twice),
        audit=_audit(list(first)),
    )


def nothing() -> Verdict:
    """Of what was not done."""
    return Verdict(0, 0, 0, 0, [], Counter(), Counter())


def _has_ended(row: Delivery) -> bool:
    return row.state in _ENDED_WITH_A_REASON and bool(row.reason)


def _audit(ids: list[str]) -> tuple[int, int, int]:
    with tenancy.acting_for_system("faults"), connection.cursor() as cursor:
        cursor.execute(_AUDIT, [ids])
        unknown, unseen, without = cursor.fetchone()
    return unknown, unseen, without
