"""The next batch, made ready on a thread of its own while the lines are busy with this one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import connection

_Batch = TypeVar("_Batch")


class Ahead(Generic[_Batch]):
    """Makes batches, one ahead of who asks for them once ``start`` was called."""

    def __init__(self, make: Callable[[], _Batch]) -> None:
        """Nothing is made yet."""
        self._make = make
        self._thread: ThreadPoolExecutor | None = None
        self._coming: Future[_Batch] | None = None

    def start(self) -> None:
        """Begin with the next batch, if that is not under way and another connection would see the same rows."""
        if self._coming is None and connection.vendor == "postgresql" and not connection.in_atomic_block:
            self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="ahead")
            self._coming = self._thread.submit(self._make)

    def is_ready(self) -> bool:
        """Whether the batch that was begun can be had without waiting and without an error."""
        return self._coming is not None and self._coming.done() and self._coming.exception() is None

    def next(self) -> _Batch:
        """The batch that was begun, or one that is made now; raises what its making raised."""
        coming, self._coming = self._coming, None
        return coming.result() if coming else self._make()

    def end(self) -> _Batch | None:
        """Make no more; gives the batch that was begun and nobody asked for."""
        if self._thread:
            self._thread.submit(_hang_up)
            self._thread.shutdown()
        return self.next() if self._coming else None


def _hang_up() -> None:
    connection.close()  # this thread's own
