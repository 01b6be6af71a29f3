"""Celery workers that a measurement starts, and how it sees that they are done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from benchmarks.stage import Stage

PROCESSES = 2


@contextmanager
def at_work(stage: Stage, app: str, **environment: str) -> Iterator[int]:
    """A worker with two processes for an app of Celery; gives its process id."""
    words = ("celery", "-A", app, "worker", "--concurrency", str(PROCESSES), "-l", "WARNING", "--without-mingle")
    with stage.beside(*words, **environment) as process:
        yield process.pid


def ready(app: Celery) -> None:
    """Wait for a worker that answers."""
    until(lambda: bool(app.control.ping(timeout=0.5)), pause=0.1)


def until(true: Callable[[], bool], *, pause: float = 0.01, seconds: float = 1800) -> float:
    """Wait until it is so; returns the seconds that took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            message = "It did not happen in time."
            raise TimeoutError(message)
        time.sleep(pause)
    return time.monotonic() - began


def none_left(state: str) -> bool:
    """Whether no letter stands in this state; one look at the index of what is to be done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM schools_delivery WHERE state = %s LIMIT 1", [state])
        return cursor.fetchone() is None


class Queue:
    """What waits at the broker, in a queue or in the hands of a worker."""

    def __init__(self, name: str) -> None:
        self._name, self._broker = name, redis.Redis.from_url(settings.REDIS_URL)

    def length(self) -> int:
        waiting: int = self._broker.llen(self._name)
        return waiting

    def is_done(self) -> bool:
        """Whether nothing waits and nobody holds anything."""
        return not self.length() and not self._broker.hlen("unacked")
