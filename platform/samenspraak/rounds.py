"""What is seen of periodic work from outside: one line for each round, with numbers only, whichever engine ran it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from celery import signals

from samenspraak import logs, metrics
from schools.management import clockwork

DONE, BROKEN = "done", "broken"
_rounds = logging.getLogger("samenspraak.rounds")
_began: dict[str, float] = {}


def connect() -> None:
    """Be told of rounds of the second engine; those of a worker come by its signals."""
    clockwork.register_watcher(tell)


def tell(task: str, seconds: float, found: object, error: BaseException | None) -> None:
    """Write the line, and count. ``found`` may tell numbers by name; an error is told by its kind and places."""
    state = BROKEN if error else DONE
    metrics.work(task, state, seconds)
    told: dict[str, Any] = {"task": task, "state": state, "ms": round(seconds * 1000, 1)}
    if isinstance(found, Mapping):
        told["letters"] = {name: number for name, number in found.items() if number and isinstance(number, int)}
    if error:
        _rounds.error("round", exc_info=error, extra=told)
    else:
        _rounds.info("round", extra=told)


@signals.task_prerun.connect
def _begin(task_id: str, **_values: object) -> None:
    _began[task_id] = time.monotonic()


@signals.task_postrun.connect
def _end(task_id: str, task: Any, retval: object, **_values: object) -> None:
    seconds = time.monotonic() - _began.pop(task_id, time.monotonic())
    error = retval if isinstance(retval, BaseException) else None
    with logs.about(round=task_id[:16]):
        tell(task.name, seconds, retval, error)
