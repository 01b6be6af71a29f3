"""Rows about several hosts: one loses its power, one is cut off, one dies with letters in hand, all are renewed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

from django.db import connection

from benchmarks.faults import hosts, points, verdict, visitors, world
from benchmarks.faults.fleet import Engine, Fleet, until
from benchmarks.faults.hosts import Host
from benchmarks.faults.rows_parts import idle
from benchmarks.faults.stage import LEASE, Result, Stage, soon, spread
from benchmarks.relay import ROOT

_Row = Callable[[Stage], Iterator[Result]]
_BOOTS = 30.0  # seconds in which a host is back, at the product's own pace
_ENGINES = ("worker", "beat")  # of each host: whoever is left has all it takes


def _with_hosts(row: _Row) -> _Row:
    """A machine that cannot have several hosts says so."""

    @wraps(row)
    def done(stage: Stage) -> Iterator[Result]:
        if hosts.is_inside():
            yield from row(stage)
        else:
            yield Result((row.__doc__ or "").rstrip("."), verdict.nothing(), None, hosts.WHY_NOT)

    return done


def _settle_in(fleet: Fleet, there: Sequence[Host], checkout: Path = ROOT, *, pages: bool = False) -> None:
    for host in there:
        for word in _ENGINES:
            fleet.add(word, place=host.place(checkout))
        if pages:
            fleet.add("pages", host.address, place=host.place(checkout))
    fleet.wait()


def _held_by(stage: Stage, engines: Sequence[Engine]) -> int:
    """How many lines to the mail server these hold open."""
    return sum(points.lines_to(stage.relay.port, *one.children()) for one in engines)


def _without_power(stage: Stage, fleet: Fleet, host: Host) -> int:
    """Gone at once, and no server is told; how many lines it held open then."""
    host.cut()
    engines = fleet.at(host.place())
    held = _held_by(stage, engines)
    fleet.kill(engines)
    return held


@_with_hosts
def power(stage: Stage) -> Iterator[Result]:
    """One of four hosts loses its power, again and again; the last one stays away."""
    due, times, every = stage.size(5000), stage.size(20, least=4), stage.wait(_BOOTS, least=4)
    here = world.gather(due)
    with hosts.cabled(4) as there, stage.engines(lines=4, delay=0.05) as fleet:
        _settle_in(fleet, there)
        moments = spread(soon(), len(here.groups), times * (every + 1))
        world.write_down(here, moments.__getitem__)
        allowed = 0
        for number in range(times):
            time.sleep(stage.chance.uniform(0.5, 1.5))
            gone = there[number % len(there)]
            allowed += _without_power(stage, fleet, gone)
            if number + 1 < times:
                time.sleep(every)
                gone.join()
                fleet.start(fleet.at(gone.place()))
        found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
    passed = found.is_clean and found.duplicates <= allowed and not found.doubled_at_one_try
    words = f"{times} times, {allowed} lines were open then; the last one stayed away"
    yield Result("a host of four loses its power", found, passed, words)


@_with_hosts
def cut_off(stage: Stage) -> Iterator[Result]:
    """A host of three is cut off past the lease and comes back, then another for some seconds."""
    due, lasts = stage.size(5000), stage.wait(1.5 * LEASE)
    here = world.gather(due)
    with hosts.cabled(3) as there, stage.engines(lines=4, delay=0.05) as fleet:
        _settle_in(fleet, there)
        moments = spread(soon(), len(here.groups), lasts + 30)
        world.write_down(here, moments.__getitem__)
        until(lambda: stage.relay.count() > due // 20, seconds=60, pause=0.02)
        allowed = 0
        for host, seconds in ((there[0], lasts), (there[1], 3.0), (there[2], 3.0)):
            engines = fleet.at(host.place())
            until(lambda at=engines: _held_by(stage, at) > 0, seconds=20, pause=0.02)  # type: ignore[misc]
            host.cut()
            allowed += _held_by(stage, engines)
            time.sleep(seconds)
            host.join()
        stage.finish(seconds=stage.wait(2 * LEASE) + 120)
        ended = [one.words[0] for one in fleet.engines if one.process.poll() is not None]
        silent = idle(stage, fleet, here)
        found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
    passed = found.is_clean and found.duplicates <= allowed and not (found.doubled_at_one_try or ended or silent)
    words = f"{allowed} lines were open then; engines that ended: {ended}, that send nothing more: {silent}"
    yield Result(f"cut off for {lasts:.0f} s, and two for 3 s", found, passed, words)


@_with_hosts
def claim(stage: Stage) -> Iterator[Result]:
    """A host loses its power with letters in hand: its transaction is open, and nobody tells the database."""
    due = stage.size(2000, least=240)
    here = world.gather(due)
    with hosts.cabled(2) as there, stage.engines(lines=4, point="held") as fleet:
        _settle_in(fleet, there)
        unlucky = fleet.at(there[0].place())[0].environment["FAULTS_NAME"]
        (fleet.folder / f"hold-{unlucky}").touch()
        start = soon()
        world.write_down(here, lambda _number: start)
        told = fleet.folder / f"holds-{unlucky}"
        caught = until(told.exists, seconds=60, pause=0.01)
        allowed = _without_power(stage, fleet, there[0])
        letters, began = int(told.read_text()) if caught else 0, time.monotonic()
        found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
        took = time.monotonic() - began
    most = stage.wait(120, least=3) + stage.wait(60, least=20)
    passed = caught and found.is_clean and found.duplicates <= allowed and took <= most
    words = f"{letters} letters in hand; all had left {took:.0f} s later, allowed {most:.0f} s"
    yield Result("no power in the middle of a claim", found, passed, words)


@_with_hosts
def rolling(stage: Stage) -> Iterator[Result]:
    """Version N serves, the database takes a step, one host after the other is renewed, and people look on."""
    before, told = _older(stage.folder)
    due, every = stage.size(5000), stage.wait(60, least=6)
    here = world.gather(due)
    with hosts.cabled(3) as there, stage.engines(lines=2, delay=0.05) as fleet:
        _settle_in(fleet, there, before, pages=True)
        looks = visitors.Visitors([host.address for host in there], f"/s/{here.schools[0].slug}/")
        with looks.looking():
            moments = spread(soon(), len(here.groups), (len(there) + 1) * (every + 5))
            world.write_down(here, moments.__getitem__)
            time.sleep(every / 2)
            with _a_step_of_the_database():
                slowest = 0.0
                for host in there:
                    time.sleep(every / 2)
                    old = fleet.at(host.place())
                    slowest = max(slowest, fleet.deploy(old, seconds=stage.wait(300, least=60), checkout=ROOT))
                    until(lambda at=host.address: looks.is_served(at), seconds=60)  # type: ignore[misc]
                time.sleep(every / 2)
                found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
    passed = found.is_clean and not found.duplicates and not fleet.stubborn and looks.are_well()
    words = f"{told}; the slowest took {slowest:.1f} s to end, {fleet.stubborn} had to be killed; pages: {looks.said()}"
    yield Result("a rolling deploy of three hosts", found, passed, words)


def _older(folder: Path) -> tuple[Path, str]:
    """A checkout of the last release, or before there is one of what came before the newest step of the database."""
    tag = _git("describe", "--tags", "--abbrev=0", "--match", "v*")
    newest = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    before = _git("rev-list", "--max-count=20", f"{newest}^").split() if newest else []
    for revision in [tag] if tag else before:
        target = _checkout(revision, folder / f"older-{revision[:12]}")
        if _stands(target):
            return target, f"from {tag or _git('log', '-1', '--format=%h of %cs', revision)} to what is here"
    return ROOT, "no history here: the same version twice"


def _checkout(revision: str, target: Path) -> Path:
    if not target.exists():
        target.mkdir()
        with subprocess.Popen(["git", "archive", revision], cwd=ROOT, stdout=subprocess.PIPE) as packed:
            subprocess.run(["tar", "-x", "-C", target], stdin=packed.stdout, check=True)
        shutil.rmtree(target / "benchmarks")  # what is tried is the product; who tries it stays the same
        (target / "benchmarks").symlink_to(ROOT / "benchmarks")
    return target


def _stands(checkout: Path) -> bool:
    """Whether all of it was there at that moment: between two releases a step may have been taken in two."""
    checked = [sys.executable, "manage.py", "check"]
    given = {**os.environ, "PYTHONPATH": ""}
    return not subprocess.run(checked, cwd=checkout, env=given, check=False, capture_output=True).returncode


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


@contextmanager
def _a_step_of_the_database() -> Iterator[None]:
    """What the next migration does to the busiest table while all are at work: a column with a value of its own."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE schools_delivery ADD COLUMN of_the_next varchar(20) DEFAULT '' NOT NULL")
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE schools_delivery DROP COLUMN of_the_next")


ROWS: dict[str, _Row] = {
    "hosts-power": power,
    "hosts-cut": cut_off,
    "hosts-claim": claim,
    "hosts-deploy": rolling,
}
