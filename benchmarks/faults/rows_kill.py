"""Rows 1, 2 and 12: processes that die in the middle of something, or are told to end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.faults import points, world
from benchmarks.faults.fleet import Fleet, until
from benchmarks.faults.stage import LEASE, Result, Stage, soon, spread, to_do

WORKERS = 4
_AFTER_THE_LAST_KILL = 600.0
# The next batch is claimed and checked beside the lines (docs/decisions/0039): P2 to P4 may find a letter under way.
_AT_MOST_ONE_A_LINE = {"P2", "P3", "P4", "P6", "P7", "P8"}


def kill_at_points(stage: Stage) -> Iterator[Result]:
    """Row 1, with one line for each process: what a point may double is then exact. And with four lines."""
    for point in points.POINTS:
        yield _killed_at(stage, point, lines=1)
    for point in ("P5", "P7", "P9"):
        yield _killed_at(stage, point, lines=4)


def _killed_at(stage: Stage, point: str, *, lines: int) -> Result:
    due, kills = stage.size(5000), stage.size(20, least=4)
    here = world.gather(due)
    with stage.engines(workers=WORKERS, beats=1, lines=lines, point=point, delay=0.01) as fleet:
        fleet.keep()
        times = spread(soon(), len(here.groups), stage.wait(30) * kills if point in {"P1", "P10"} else 5.0)
        world.write_down(here, times.__getitem__)
        _order_deaths(stage, fleet.folder, kills)
        last = time.monotonic()
        found = stage.finish(seconds=stage.wait(_AFTER_THE_LAST_KILL) + 60)
        after = time.monotonic() - last
        deaths, lines_held = _deaths(fleet.folder)
    allowed = lines_held if point in _AT_MOST_ONE_A_LINE else lines_held - deaths if lines > 1 else 0
    passed = found.is_clean and found.duplicates <= allowed and not found.doubled_at_one_try and deaths >= kills
    words = f"{deaths} kills, {allowed} doubles allowed; all at their end {after:.0f} s after the last kill"
    name = f"kill -9, {point} {points.POINTS[point]}, {lines} line{'s' * (lines > 1)} each"
    return Result(name, found, passed and after <= stage.wait(_AFTER_THE_LAST_KILL, least=120), words)


def _order_deaths(stage: Stage, folder: Path, number: int) -> None:
    """One after the other; every fourth takes the worker's parent along."""
    for one in range(number):
        order = folder / f"order-{one}"
        written = folder / f"unread-{one}"
        written.write_text("group" if one % 4 == 0 else "child")
        written.rename(order)
        if not until(lambda path=order: not path.exists() or to_do() == 0, seconds=stage.wait(2 * LEASE) + 60):  # type: ignore[misc]
            break
        order.unlink(missing_ok=True)
        time.sleep(stage.chance.uniform(0.1, 0.6))


def _deaths(folder: Path) -> tuple[int, int]:
    """How many died at the point, and how many lines they held open."""
    try:
        told = [line.split() for line in (folder / "deaths").read_text().splitlines()]
    except FileNotFoundError:
        return 0, 0
    return len(told), sum(int(words[-1]) for words in told)


def storm(stage: Stage) -> Iterator[Result]:
    """Row 2: anybody, at any moment."""
    due, kills = stage.size(20_000), stage.size(200, least=10)
    here = world.gather(due)
    with stage.engines(workers=6, beats=1, lines=4, delay=0.05) as fleet:
        fleet.keep()
        start = soon()
        world.write_down(here, lambda _number: start)
        allowed = made = 0
        while made < kills and to_do():
            time.sleep(stage.chance.uniform(0.05, 0.4))
            held = _kill_somebody(stage, fleet)
            made, allowed = made + (held is not None), allowed + (held or 0)
        found = stage.finish(seconds=stage.wait(_AFTER_THE_LAST_KILL) + 300)
    passed = found.is_clean and found.duplicates <= allowed and not found.doubled_at_one_try
    yield Result("kill -9 storm, 6 workers", found, passed, f"{made} kills, {allowed} lines were open then")


def _kill_somebody(stage: Stage, fleet: Fleet) -> int | None:
    """The process that works, or now and then its parent too; how many lines it held open, None where it was gone."""
    engine = stage.chance.choice(fleet.these("worker"))
    children = engine.children()
    if not children:
        return None
    held = points.lines_to(stage.relay.port, *children)
    if stage.chance.random() < 0.2:
        engine.signal(signal.SIGKILL)
    else:
        with suppress(ProcessLookupError):
            os.kill(children[0], signal.SIGKILL)
    return held


def frozen(stage: Stage) -> Iterator[Result]:
    """A worker that stands still past its lease, as a machine under a snapshot does, and then goes on."""
    due = stage.size(2000, least=200)
    here = world.gather(due)
    with stage.engines(workers=2, beats=1, lines=2, delay=0.05) as fleet:
        start = soon()
        world.write_down(here, lambda _number: start)
        until(lambda: stage.relay.count() > due // 10, seconds=60, pause=0.05)
        engine = fleet.these("worker")[0]
        held = points.lines_to(stage.relay.port, *engine.children())
        engine.signal(signal.SIGSTOP)
        time.sleep(stage.wait(LEASE) * 1.5)
        engine.signal(signal.SIGCONT)
        found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
    passed = found.is_clean and found.duplicates <= held and not found.doubled_at_one_try
    yield Result("a worker frozen past its lease, then thawed", found, passed, f"{held} lines were open")


def deploys(stage: Stage) -> Iterator[Result]:
    """Row 12: all workers are told to end every half minute."""
    due, times, every = stage.size(5000), stage.size(20, least=4), stage.wait(30, least=8)
    here = world.gather(due)
    with stage.engines(workers=WORKERS, beats=1, lines=2, delay=0.05) as fleet:
        moments = spread(soon(), len(here.groups), times * every)
        world.write_down(here, moments.__getitem__)
        slowest = 0.0
        for _one in range(times):
            time.sleep(every)
            slowest = max(slowest, fleet.deploy(fleet.these("worker"), seconds=stage.wait(300, least=120)))
        found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
    passed = found.is_clean and not found.duplicates and not fleet.stubborn
    words = (
        f"{times} times every {every:g} s; the slowest took {slowest:.1f} s to end, {fleet.stubborn} had to be killed"
    )
    yield Result("SIGTERM to all workers", found, passed, words)


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "1": kill_at_points,
    "2": storm,
    "12": deploys,
    "frozen": frozen,
}
