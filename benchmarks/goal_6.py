"""Goal 6: claiming 500 letters in a whole country's ledger, over claiming 500 in that of a hundredth of it.

Two databases on one server, filled alike (benchmarks/country.py), the one a hundred times the other: 2.5 million rows
in the ledger against 25,000, of which 1.1 million and 11,000 wait. In both 10,000 letters are due, spread over all
schools; one process claims batches of 500, each committed, its people and schools read; a pair's value is the middle
of ten claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import psycopg

from benchmarks import command, ratio, two
from benchmarks.stage import Stage

DUE, BATCH, CLAIMS = 10_000, 500, 10
# As if no other letter waited for today; the order has nothing to do with the order of the rows.
_DUE = """
UPDATE schools_delivery SET state = 'waiting', lease = NULL, leased_until = NULL, attempts = 0,
       next_try_at = now() - interval '1 minute', due_at = now() - interval '1 minute',
       expires_at = now() + interval '1 day'
 WHERE id IN (SELECT id FROM schools_delivery WHERE state <> 'sent' ORDER BY id * 7919 %% 1000003, id LIMIT %s)
"""
_LATER = """
UPDATE schools_delivery
   SET state = 'waiting', lease = NULL, leased_until = NULL, next_try_at = now() + interval '1 year'
 WHERE state <> 'sent' AND next_try_at < now() + interval '2 hours'
"""


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Milliseconds of both sides beside their ratio."""
    large, small = two.countries(size)
    in_large, in_small = (partial(claims, stage, address, size) for address in (large, small))
    larges, smalls = ratio.in_turns(size.pairs, in_large, in_small)
    yield ratio.Ratio("6", f"claiming 500 with {two.TIMES} times the data", ratio.over(larges, smalls), 1.3, 1.1, False)
    yield ratio.Ratio("", "... milliseconds of a claim: much data", larges)
    yield ratio.Ratio("", "... milliseconds of a claim: little data", smalls)


def claims(stage: Stage, address: str, size: command.Size) -> float:
    """Milliseconds of a claim in this database."""
    with psycopg.connect(address, autocommit=True) as database:
        database.execute(_LATER)
        database.execute(_DUE, [size.of(DUE, least=65)])
        database.execute("VACUUM ANALYZE schools_delivery")
    return float(stage.run("benchmarks.claims", str(CLAIMS), str(size.of(BATCH, least=5)), DATABASE_URL=address)["ms"])


if __name__ == "__main__":
    command.main(measure)
