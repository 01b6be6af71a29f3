"""Goal 11: memory at rest of the web server and of the worker, and of a worker while 70,000 letters are due.

Megabytes of all processes of each together, pages that they share counted once (PSS): granian with one worker after
twenty pages; Celery with one process after a round without work; then the same worker in the first twenty seconds of
delivering, the larger of its two processes at its highest (RSS, as an operator's limit counts it).
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from http import HTTPStatus
from pathlib import Path

from benchmarks import command, country, crew, goal_1, ratio
from benchmarks.stage import Stage
from tests import parts

PEAK, SECONDS = 70_000, 20
WORKER = ("celery", "-A", "samenspraak", "worker", "--concurrency", "1", "-l", "WARNING", "--without-mingle")


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Each kind of process by itself."""
    goal_1.fill(size.of(PEAK, least=70))
    yield _size("web at rest", [web(stage) for _turn in range(size.pairs)], 140, 100)
    yield _size("worker at rest", [worker(stage) for _turn in range(size.pairs)], 140, 100)
    what = f"worker's process in the {SECONDS} first seconds of {size.of(PEAK, least=70):,} due"
    yield _size(what, [at_peak(stage, size) for _turn in range(min(size.pairs, 3))], 250, 150)


def web(stage: Stage) -> float:
    """Megabytes of the web server after twenty pages."""
    port = parts.free_port()
    words = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1")
    with stage.beside("granian", *words, "samenspraak.wsgi:application") as process:
        crew.until(lambda: _answers(port), pause=0.2)
        for _page in range(20):
            _answers(port)
        return sum(map(shared_fairly, family(process.pid)))


def worker(stage: Stage) -> float:
    """Megabytes of a worker that found nothing to do."""
    from samenspraak.celery import app  # noqa: PLC0415  # when Django is set up

    queue = crew.Queue("celery")
    country.make_due(0, now=country.now())
    with stage.beside(*WORKER) as process:
        crew.ready(app)
        app.send_task("schools.deliver")
        crew.until(queue.is_done)
        time.sleep(1)
        return sum(map(shared_fairly, family(process.pid)))


def at_peak(stage: Stage, size: command.Size) -> float:
    """Megabytes of a worker's process at its highest."""
    from samenspraak.celery import app  # noqa: PLC0415  # when Django is set up

    country.make_due(size.of(PEAK, least=70), now=country.now())
    with stage.beside(*WORKER) as process:
        crew.ready(app)
        app.send_task("schools.deliver")
        time.sleep(max(1, SECONDS * size.scale))
        return max(map(highest, family(process.pid)))


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def shared_fairly(pid: int) -> float:
    """Megabytes of a process, pages that several hold shared out among them."""
    return _megabytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def highest(pid: int) -> float:
    """The most megabytes that a process ever held."""
    return _megabytes(Path(f"/proc/{pid}/status"), "VmHWM:")


def _megabytes(file: Path, name: str) -> float:
    line = next(line for line in file.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _size(what: str, values: list[float], floor: float, moonshot: float) -> ratio.Ratio:
    return ratio.Ratio("11", f"megabytes: {what}", values, floor, moonshot, more_is_better=False)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with closing(line), suppress(OSError):
        line.request("GET", "/about/")
        return line.getresponse().status == HTTPStatus.OK
    return False


if __name__ == "__main__":
    command.main(measure)
