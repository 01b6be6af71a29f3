"""Hands that work at the same time, each with a connection of its own, and stop before any question they ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from django.db import connection

Deed = Callable[[], None]
BLOCKED_AFTER = 0.03  # seconds without a sign: it waits for a row that another hand holds
PATIENCE = 30.0


class DroppedDeadError(BaseException):
    """The process was killed: what was not written for good never happened."""


class Hand:
    """A thread that does one deed at a time, as far as it is let."""

    def __init__(self) -> None:
        self._deeds: SimpleQueue[Deed | None] = SimpleQueue()
        self._may_go = threading.Semaphore(0)
        self._stands = threading.Event()  # before a question, or idle
        self._stands.set()
        self.busy = self._dies = False
        self.broken: list[BaseException] = []
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def begin(self, deed: Deed) -> None:
        """Begin, and stop before the first question; the hand must be idle."""
        self.busy = True
        self._stands.clear()
        self._deeds.put(deed)
        self._look()

    def go_on(self, steps: int = 1) -> None:
        """So many questions further, if nobody holds what is asked for."""
        for _step in range(steps):
            if not self.busy or not self._stands.is_set():
                break  # it is done, or still waits for a row
            self._stands.clear()
            self._may_go.release()
            self._look()
        else:
            return
        self._look()

    def die(self) -> None:
        """Drop dead where it stands."""
        if self.busy and self._stands.is_set():
            self._dies = True
            self.go_on()

    def stop(self) -> None:
        """The point before a question, or before what a transaction did is kept."""
        self._stands.set()
        self._may_go.acquire()
        if self._dies:
            self._dies = False
            raise DroppedDeadError

    def dismiss(self) -> None:
        """End the thread."""
        self._deeds.put(None)
        self._thread.join(PATIENCE)

    def _look(self) -> None:
        self._stands.wait(BLOCKED_AFTER)

    def _work(self) -> None:
        try:
            while deed := self._deeds.get():
                self._do(deed)
        finally:
            connection.close()

    def _do(self, deed: Deed) -> None:
        try:
            with connection.execute_wrapper(self._ask):
                deed()
        except DroppedDeadError:
            connection.close()
        except BaseException as error:  # noqa: BLE001  # told where it can be judged
            self.broken.append(error)
        self.busy = False
        self._stands.set()

    def _ask(self, execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        self.stop()
        return execute(sql, values, many, context)


def finish(*hands: Hand) -> None:
    """Let all of them go on, in turns, until they are done; that takes seconds, or somebody waits for ever."""
    until = time.monotonic() + PATIENCE
    while any(hand.busy for hand in hands):
        assert time.monotonic() < until, "they wait for each other"
        for hand in hands:
            hand.go_on(10)
