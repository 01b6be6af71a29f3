"""Goal 3: our reminders a second over those of the pipeline that a tutorial teaches, on the same two cores.

Both deliver the same 7,000 due reminders to the same sink, by one Celery worker with two processes, from the first
nudge until the last row is noted as sent. Ours runs the product's own worker; the other is benchmarks/tutorial.py.
Sink, PostgreSQL and Redis share the cores, so this is what a machine does, not what a process does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import command, country, crew, goal_1, ratio
from benchmarks.stage import Stage

LETTERS = 7_000


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Letters a second of both sides beside their ratio."""
    letters = size.of(LETTERS, least=70)
    goal_1.fill(letters)
    mine, theirs = ratio.in_turns(size.pairs, lambda: ours(stage, letters), lambda: tutorial(stage, letters))
    yield ratio.Ratio("3", "reminders a second / those of a tutorial's pipeline", ratio.over(mine, theirs), 18, 50)
    yield ratio.Ratio("", "... reminders a second: ours", mine)
    yield ratio.Ratio("", "... reminders a second: the tutorial's", theirs)


def ours(stage: Stage, letters: int) -> float:
    """Letters a second of the product's worker; it has a nudge for each process."""
    from samenspraak.celery import app  # noqa: PLC0415  # when Django is set up

    def nudge() -> None:
        for _process in range(crew.PROCESSES):
            app.send_task("schools.deliver")

    return _rate(stage, "samenspraak", app, letters, nudge)


def tutorial(stage: Stage, letters: int) -> float:
    """Letters a second of the tutorial's."""
    from benchmarks import tutorial as taught  # noqa: PLC0415  # when Django is set up

    # A tutorial knows of no doors, so no wall stands before it either.
    return _rate(stage, "benchmarks.tutorial", taught.app, letters, taught.remind_all.delay, PGOPTIONS="")


def _rate(stage: Stage, name: str, app: Any, letters: int, start: Callable[[], Any], **environment: str) -> float:
    country.make_due(letters, now=country.now())
    stage.relay.clear()
    with crew.at_work(stage, name, **environment):
        crew.ready(app)
        began = time.monotonic()
        start()
        crew.until(lambda: crew.none_left("waiting") and crew.none_left("leased"))
        seconds = time.monotonic() - began
    arrived = stage.relay.count()
    if arrived != letters:
        message = f"{arrived} letters arrived of {letters}."
        raise RuntimeError(message)
    return letters / seconds


if __name__ == "__main__":
    command.main(measure)
