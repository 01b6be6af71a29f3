"""Letters a second with one, two and four worker hosts: `python -m benchmarks.per_host` (PYTHONPATH=.:platform).

Each host is a network namespace with a cable of its own to PostgreSQL, Redis and the sink; on it one worker with one
process and the lines it opens by itself. Counted is what the sink accepts in some seconds in the middle of the work,
with more letters due than can leave; once by a far mail server (100 ms a letter), and once by one that answers at once.

All hosts share the processors of this machine. Against the far one a host waits for its lines, so what is seen there
is what one more host gives; against the near one they soon are out of processor time, and what is seen is whether they
stand in each other's way.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from django.conf import settings
from redis import Redis

from benchmarks import command, country, crew, goal_1, ratio, stage
from benchmarks.faults import hosts
from benchmarks.faults.hosts import Host

HOSTS = (1, 2, 4)
LETTERS, WARM, SECONDS = 20_000, 2, 6
WORKER = ("celery", "-A", "samenspraak", "worker", "--concurrency", "1", "-l", "WARNING", "--without-mingle")
MAIL_SERVERS = {"far, 100 ms a letter": 0.1, "near": 0.0}


def measure(stand: stage.Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Letters a second, and how many times those of one host."""
    letters = size.of(LETTERS, least=600)
    goal_1.fill(letters)
    with hosts.cabled(max(HOSTS)) as there:
        for name, delay in MAIL_SERVERS.items():
            stand.relay.delay(delay)
            found: dict[int, list[float]] = {number: [] for number in HOSTS}
            for turn in range(size.pairs):
                for number in HOSTS if turn % 2 == 0 else HOSTS[::-1]:
                    found[number].append(_rate(stand, there[:number], letters))
            for number, values in found.items():
                yield ratio.Ratio("hosts", f"letters a second with {number}, {name}", values)
                if number > 1:
                    yield ratio.Ratio("", f"... times one host's, {name}", ratio.over(values, found[1]))


def _rate(stand: stage.Stage, there: Sequence[Host], letters: int) -> float:
    from samenspraak.celery import app  # noqa: PLC0415  # when Django is set up

    country.make_due(letters, now=country.now())
    Redis.from_url(settings.REDIS_URL).flushdb()  # whatever the last ones had in hand
    with ExitStack() as stack:
        for host in there:
            name = ("-n", f"host-{host.number}@hosts")
            worker = stack.enter_context(stand.beside(*WORKER, *name, way=host.place().way))
            stack.callback(os.killpg, worker.pid, signal.SIGKILL)  # it would end its round first
        crew.until(lambda: len(app.control.ping(timeout=0.5) or []) == len(there), pause=0.1)
        for _host in there:
            app.send_task("schools.deliver")
        time.sleep(WARM)
        began, before = time.monotonic(), stand.relay.count()
        crew.until(lambda: time.monotonic() > began + SECONDS or crew.none_left("waiting"), pause=0.5)
        return (stand.relay.count() - before) / (time.monotonic() - began)


if __name__ == "__main__":
    hosts.go_inside()
    if not hosts.is_inside():
        sys.exit(f"Not here: {hosts.WHY_NOT}.")
    command.main(measure, address=hosts.address())
