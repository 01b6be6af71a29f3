"""The table: each row a fault, what it did to the post, and whether that is what was promised."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.faults import (
    rows_hosts,
    rows_kill,
    rows_mail,
    rows_parts,
    rows_pool,
    rows_restore,
    rows_tests,
    rows_time,
)
from benchmarks.faults.stage import Result, Stage

Row = Callable[[Stage], Iterator[Result]]
ROWS: dict[str, Row] = {
    **rows_kill.ROWS,
    **rows_parts.ROWS,
    **rows_mail.ROWS,
    **rows_time.ROWS,
    **rows_tests.ROWS,
    **rows_hosts.ROWS,
    **rows_pool.ROWS,
    **rows_restore.ROWS,
}
_LINE = "{:<58} {:>6} {:>8} {:>5} {:>8} {:>9}  {}"


def run(stage: Stage, chosen: Sequence[str], *, seed: int) -> int:
    """Do the rows, and print each as it comes; 1 if one failed, or was asked for by its name and could not be done."""
    chosen = [row for name in chosen for row in ([name] if name in ROWS else _beginning_with(name) or [name])]
    if unknown := sorted(set(chosen) - ROWS.keys()):
        sys.exit(f"No such row: {', '.join(unknown)}. There are {', '.join(ROWS)}; 26 is part of each of them.")
    lease = 300 * stage.pace
    print(f"Scale {stage.scale:g}, lease {lease:g} s (every other wait in proportion), seed {seed}.\n", flush=True)
    print(_LINE.format("fault", "due", "accepted", "lost", "doubles", "worst", "verdict"), flush=True)
    failed = undone = 0
    for name in chosen or ROWS:
        began = time.monotonic()
        for one in ROWS[name](stage):
            undone += one.passed is None
            failed += not one.passed and (one.passed is not None or bool(chosen))
            _print(name, one, time.monotonic() - began)
            began = time.monotonic()
    print(f"\n{failed} failed." if failed else "\nAll as promised.", flush=True)
    if undone:
        print(f"{undone} could not be done here: see above.", flush=True)
    return min(failed, 1)


def _beginning_with(word: str) -> list[str]:
    """`hosts` is all rows that are called hosts-something."""
    return [name for name in ROWS if name.startswith(f"{word}-")]


def _print(name: str, one: Result, took: float) -> None:
    found = one.verdict
    verdict = "NOT DONE" if one.passed is None else "pass" if one.passed else "FAIL"
    counts = (found.due, found.accepted, found.lost, found.duplicates, f"{found.worst:.1f} s")
    print(_LINE.format(f"{name:>2} {one.fault}"[:58], *counts, verdict), flush=True)
    print(f"   {one.words}{'; ' if one.words else ''}took {took:.0f} s", flush=True)
    if one.passed is False:
        print(f"   states {dict(found.states)}, reasons {dict(found.reasons)}, audit {found.audit}", flush=True)
