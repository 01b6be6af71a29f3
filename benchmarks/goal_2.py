"""Goal 2: what Celery takes for 70,000 tasks that do nothing, over our whole dispatch of 70,000 letters.

Both run in one Celery worker with two processes on Redis. The tasks wait in the queue before the worker starts, so
that publishing them costs nothing here; time runs from the first one taken to the last one done. Our dispatch runs from
two nudges to the last of 70,000 due letters leased: every claim in batches of 500, committed, its people read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks import command, country, crew, goal_1, ratio
from benchmarks.stage import Stage

LETTERS, APP = 70_000, "benchmarks.tutorial"


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Seconds of both sides beside their ratio."""
    letters = size.of(LETTERS, least=70)
    goal_1.fill(letters)
    theirs, mine = ratio.in_turns(size.pairs, lambda: nothings(stage, letters), lambda: dispatch(stage, letters))
    what = f"{letters:,} tasks that do nothing / our dispatch of {letters:,}"
    yield ratio.Ratio("2", what, ratio.over(theirs, mine), 5, 15)
    yield ratio.Ratio("", "... tasks a second", [letters / one for one in theirs])
    yield ratio.Ratio("", "... letters a second, ours", [letters / one for one in mine])


def nothings(stage: Stage, number: int) -> float:
    """Seconds for so many tasks that do nothing."""
    from benchmarks import tutorial  # noqa: PLC0415  # when Django is set up

    queue = crew.Queue(tutorial.app.conf.task_default_queue)
    with tutorial.app.producer_pool.acquire(block=True) as producer:
        for one in range(number):
            tutorial.nothing.apply_async((one,), producer=producer)
    with crew.at_work(stage, APP):
        crew.until(lambda: queue.length() < number, pause=0.002)
        return crew.until(queue.is_done, pause=0.005)


def dispatch(stage: Stage, letters: int) -> float:
    """Seconds until two processes leased so many letters."""
    from benchmarks import tutorial  # noqa: PLC0415  # when Django is set up

    country.make_due(letters, now=country.now())
    with crew.at_work(stage, APP):
        crew.ready(tutorial.app)
        began = time.monotonic()
        for _process in range(crew.PROCESSES):
            tutorial.claim_all.delay()
        crew.until(lambda: crew.none_left("waiting"))
        return time.monotonic() - began


if __name__ == "__main__":
    command.main(measure)
