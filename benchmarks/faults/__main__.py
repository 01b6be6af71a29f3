"""`make faults`, or a choice: make faults ARGS="--rows 1 8 --scale 0.1 --lease 20 --seed 7".

Starts PostgreSQL, Redis and a mail server of its own, does to the engines what the rows say, prints a line for each
and ends with 1 if one fails. At --scale 1 --lease 300 all is as stated; that takes hours.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from benchmarks import relay
from benchmarks.faults import fleet, hosts, said
from tests import parts


def main() -> int:
    told = _told()
    if not told.rows or any(row.startswith("hosts") for row in told.rows):
        hosts.go_inside()
    found = parts.find()
    if found.postgresql is None or found.redis is None:
        sys.exit(f"Missing on this machine: {', '.join(found.missing)}.")
    with ExitStack() as stack:
        folder = told.keep or stack.enter_context(parts.scratch_folder())
        folder.mkdir(exist_ok=True, mode=0o711)
        database = stack.enter_context(fleet.postgresql(found.postgresql, folder, address=hosts.address()))
        broker = stack.enter_context(fleet.redis(found.redis, folder, address=hosts.address()))
        mail = stack.enter_context(relay.running(address=hosts.address()))
        _set_up(database, broker, mail, folder, pace=told.lease / 300)
        stage = import_module("benchmarks.faults.stage").Stage(
            database, broker, mail, folder, told.scale, told.lease / 300, random.Random(told.seed)
        )
        code = int(import_module("benchmarks.faults.table").run(stage, told.rows, seed=told.seed))
        lines, findings = said.look_through(folder)
        print(
            f"Row 67: {lines} lines of logs, {len(findings)} of them with a name, an address or a token.",
            *findings[:20],
        )
        return code or bool(findings)


def _set_up(database: fleet.Server, broker: fleet.Server, mail: relay.Relay, folder: Path, *, pace: float) -> None:
    os.environ |= {
        "SAMENSPRAAK_MODE": "demo",
        "DEMO_DIR": str(folder / "demo"),
        "DATABASE_URL": f"postgresql://samenspraak@{database.address}:{database.port}/postgres",
        "REDIS_URL": f"redis://{broker.address}:{broker.port}/0",
        "EMAIL_URL": mail.url,
        "DJANGO_SETTINGS_MODULE": "samenspraak.settings",
        "PYTHONPATH": os.pathsep.join([str(relay.ROOT), str(relay.ROOT / "platform")]),
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "json",  # as production writes it
    }
    sys.path.insert(0, str(relay.ROOT / "platform"))
    (folder / "demo").mkdir(exist_ok=True)
    engine = import_module("benchmarks.faults.engine")
    os.environ |= {"FAULTS_PACE": str(pace), "FAULTS_TICK": "15", "FAULTS_BATCH": "0"}
    engine.set_up()
    engine.call_command("migrate", verbosity=0)
    import_module("tests.walled").make_role()


def _told() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rows", nargs="+", default=[], help="only these, by their names in docs/faults.md; else all")
    words.add_argument("--scale", type=float, default=0.1, help="part of the stated sizes")
    words.add_argument("--lease", type=float, default=30.0, help="seconds; all other waits shrink with it")
    words.add_argument("--seed", type=int, default=random.randrange(1000), help="what chance starts from")
    words.add_argument("--keep", type=Path, help="leave the logs of all engines in this new folder")
    return words.parse_args()


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda told, _frame: sys.exit(128 + told))  # what was started is ended first
    sys.exit(main())
