"""What the clock brings besides letters, done in this process: the second engine asks the same table as beat."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from threading import Event

from celery import current_app
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import autodiscover_modules

LETTERS = "schools.deliver"
# The work's name, how many seconds it took, what it gave back, and what it broke on.
Watcher = Callable[[str, float, object, BaseException | None], None]
_WATCHERS: list[Watcher] = []
_log = logging.getLogger(__name__)


def besides_letters() -> dict[str, float]:
    """The periodic work by its task's name, without the letters: seconds from round to round."""
    return {name: float(every) for name, every in settings.PERIODIC_WORK.items() if name != LETTERS}


def register_watcher(watcher: Watcher) -> None:
    """Tell it of every round of this process from now on."""
    if watcher not in _WATCHERS:
        _WATCHERS.append(watcher)


def timed(name: str, work: Callable[[], object]) -> None:
    """Do it once, and tell how it went; raises what the work raises."""
    began, found, broken = time.monotonic(), None, None
    try:
        found = work()
    except BaseException as error:
        broken = error
        raise
    finally:
        for watcher in _WATCHERS:
            watcher(name, time.monotonic() - began, found, broken)


def run(work: Mapping[str, float], ended: Event) -> None:
    """Do each work at once and then whenever its time comes, one after the other, until told to end.

    Work that breaks down stops no other and is done again at its next time.
    """
    autodiscover_modules("tasks")
    turns = dict.fromkeys(work, time.monotonic())
    try:
        while work and not ended.wait(max(0.0, min(turns.values()) - time.monotonic())):
            name = min(turns, key=lambda one: turns[one])
            _do(name)
            turns[name] = time.monotonic() + work[name]
    finally:
        connections.close_all()  # this thread's own


def _do(name: str) -> None:
    close_old_connections()
    try:
        timed(name, current_app.tasks[name].run)
    except Exception as error:  # noqa: BLE001  # a floor above may fail in any way, and the database may be away
        _log.error("%s broke down: %s.", name, type(error).__name__)  # its words may name people
