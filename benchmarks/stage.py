"""What every measurement runs on: PostgreSQL that writes as it does at work, Redis and the sink, all its own.

PostgreSQL keeps its own defaults (fsync, synchronous commit, logged tables) but for room to fill the country.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from benchmarks import relay
from benchmarks.faults import fleet
from tests import parts
from tests.run import OUR_SETTINGS

# What is measured connects as the application does; only who fills the tables is their owner.
_BEHIND_THE_WALL: dict[str, str] = {}
CARE = {"max_wal_size": "8GB", "shared_buffers": "512MB", "maintenance_work_mem": "512MB", "work_mem": "64MB"}


@dataclass(frozen=True)
class Stage:
    """The servers that run, and a folder for what is thrown away."""

    relay: relay.Relay
    folder: Path

    def run(self, module: str, *arguments: str, **environment: str) -> dict[str, Any]:
        """Run a module of ours in a process of its own, here and now; gives the JSON of its last line."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=parts.ROOT,
            env={**os.environ, **_BEHIND_THE_WALL, **environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    @contextmanager
    def beside(self, *command: str, way: Sequence[str] = (), **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a program beside us while the block lasts, ``way`` leads to its host; what it says goes into a file."""
        with (self.folder / "beside.log").open("ab") as log:
            process = subprocess.Popen(
                [*way, sys.executable, "-m", *command],
                cwd=parts.ROOT,
                env={**os.environ, **_BEHIND_THE_WALL, **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                yield process
            finally:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, and do not wait for what it still has in hand."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running(*, address: str = fleet.HERE) -> Iterator[Stage]:
    """Servers of our own at this address, an empty database with all its tables, and Django set up on them."""
    found = parts.find()
    if found.postgresql is None or found.redis is None:
        sys.exit("Measuring needs PostgreSQL and Redis on this machine; `make test` installs them for root on Debian.")
    with ExitStack() as stack:
        folder = stack.enter_context(parts.scratch_folder())
        server = stack.enter_context(fleet.postgresql(found.postgresql, folder, address=address, care=CARE))
        broker = stack.enter_context(fleet.redis(found.redis, folder, address=address))
        mail = stack.enter_context(relay.running(address=address))
        database = f"postgresql://samenspraak@{address}:{server.port}/postgres"
        queue = f"redis://{address}:{broker.port}/0"
        _copy_the_tests(database, found.postgresql)
        _settle(folder / "demo", DATABASE_URL=database, REDIS_URL=queue, EMAIL_URL=mail.url)
        yield Stage(mail, folder)
        django.db.connections.close_all()


def _copy_the_tests(database: str, programs: Path) -> None:
    """The tables that tests.run made, where it started us: to go through every step takes longer than all the rest."""
    name, server = os.environ.get("TEST_DB_TEMPLATE"), os.environ.get("DATABASE_URL", "").rpartition("/")[0]
    if not name or not (programs / "pg_dump").exists():
        return
    owner = {key: value for key, value in os.environ.items() if key not in OUR_SETTINGS}
    dump: list[str | Path] = [programs / "pg_dump", "--no-owner", "--no-privileges", f"{server}/{name}"]
    with subprocess.Popen(dump, env=owner, stdout=subprocess.PIPE) as tables:
        take: list[str | Path] = [programs / "psql", "-qX", "-v", "ON_ERROR_STOP=1", database]
        subprocess.run(take, env=owner, stdin=tables.stdout, stdout=subprocess.DEVNULL, check=True)


def _settle(demo: Path, **addresses: str) -> None:
    """Point this process and its children at these servers, whatever the terminal has set."""
    (demo / "static").mkdir(parents=True)
    for name in OUR_SETTINGS:
        os.environ.pop(name, None)
    os.environ.update(addresses, SAMENSPRAAK_MODE="demo", DEMO_DIR=str(demo), LOG_LEVEL="WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "samenspraak.settings"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(parts.ROOT), str(parts.ROOT / "platform")])
    sys.path.insert(0, str(parts.ROOT / "platform"))
    django.setup()
    call_command("migrate", verbosity=0)
    walled = import_module("tests.walled")  # when Django is set up
    walled.make_role()
    _BEHIND_THE_WALL[walled.ASKED_FIRST] = walled.BEHIND_IT
