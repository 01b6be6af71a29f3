"""A run: a world, the engines on it, what is done to them meanwhile, and the verdict."""

from __future__ import annotations

import datetime as dt
import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import Error, connection

from benchmarks.faults import verdict, world
from benchmarks.faults.fleet import Fleet, Server, until
from benchmarks.relay import Relay
from schools import post
from tests import walled

LEASE = 300.0  # the product's own, in seconds
TICK = 15.0


@dataclass(frozen=True)
class Result:
    """One line of the table; ``passed`` is None for what this machine cannot do."""

    fault: str
    verdict: verdict.Verdict
    passed: bool | None
    words: str = ""


@dataclass
class Stage:
    """The servers of all runs, how large a run is, and how fast its waits pass.

    ``scale`` is the part of the stated size; ``pace`` the part of each stated wait: of the lease, the pauses after a
    refusal, the length of an outage.
    """

    database: Server
    broker: Server
    relay: Relay
    folder: Path
    scale: float
    pace: float
    chance: random.Random
    runs: int = 0
    logs: list[Path] = field(default_factory=list)

    def size(self, stated: int, *, least: int = 1) -> int:
        """So many at this scale."""
        return max(least, round(stated * self.scale))

    def wait(self, stated: float, *, least: float = 0.0) -> float:
        """So many seconds at this pace."""
        return max(least, stated * self.pace)

    @contextmanager
    def engines(self, *, workers: int = 0, beats: int = 0, loops: int = 0, **values: str | float) -> Iterator[Fleet]:
        """These engines while the block lasts, ready to take work.

        ``values``: lines (to the mail server, of each process), tick (seconds between nudges), batch (letters to a
        round; 0 leaves it as it is), processes (of each worker), point (where to die), delay (of the mail server).
        """
        self.runs += 1
        folder = self.folder / f"run-{self.runs}"
        folder.mkdir()
        self.relay.rules()
        self.relay.clear()
        self.relay.delay(float(values.get("delay", 0)))
        self.order("FLUSHALL\r\n")
        fleet = Fleet(self._environment(folder, values), folder)
        try:
            fleet.add("worker", number=workers)
            fleet.add("beat", number=beats)
            fleet.add("loop", number=loops)
            fleet.wait()
            yield fleet
        finally:
            fleet.end()

    def _environment(self, folder: Path, values: dict[str, str | float]) -> dict[str, str]:
        given = {
            walled.ASKED_FIRST: walled.BEHIND_IT,
            "FAULTS_ORDERS": folder,
            "FAULTS_PACE": self.pace,
            "FAULTS_TICK": values.get("tick", max(1.0, TICK * self.pace)),
            "FAULTS_BATCH": values.get("batch", 100),
            "FAULTS_PROCESSES": values.get("processes", 1),
            "FAULTS_POINT": values.get("point", ""),
            "MAIL_CONNECTIONS": values.get("lines", 1),
        }
        return os.environ | {name: str(value) for name, value in given.items()}

    def order(self, words: str) -> None:
        """Tell Redis something, in its own words."""
        with socket.create_connection((self.broker.address, self.broker.port), timeout=10) as line:
            line.sendall(words.encode())
            line.recv(64)

    def finish(self, *, seconds: float) -> verdict.Verdict:
        """Wait until every letter is at its end, or time is up; and judge."""
        until(lambda: to_do() == 0, seconds=seconds, pause=0.5)
        time.sleep(0.5)  # what is on a line now gets there
        return verdict.of(self.relay.accepted())


def to_do() -> int:
    """How many letters are not at their end; -1 while the database is away."""
    try:
        return world.still_to_do()
    except Error:
        with suppress(Error):
            connection.close()
        return -1


def soon(seconds: float = 1.0) -> dt.datetime:
    """A moment from now, by the clock that the post goes by."""
    return post.clock() + dt.timedelta(seconds=seconds)


def spread(start: dt.datetime, groups: int, seconds: float) -> list[dt.datetime]:
    """As many moments as groups, evenly over so many seconds."""
    return [start + dt.timedelta(seconds=seconds * number / max(1, groups)) for number in range(groups)]
