"""How long a service may take, and how many may wait: a slow one holds few of us, and those for a short time.

What asks runs on a thread of its own, so that nothing holds whoever waits: no name that is not found, no address that
does not answer, no answer that drips. When the time is up, its connection is cut.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress

from requests import RequestException, Response

LONGEST = 3.0  # seconds for all of one request, the wait for a turn included
FOR_A_TURN = 1.0
AT_ONE_HOST, IN_ALL = 2, 3  # of the four requests that one process answers at once

_asking: Counter[str] = Counter()
_turns = threading.Condition()


class UnreachableError(RequestException):
    """The address may not be asked, does not answer in time, or answers too much."""


def ask(host: str, request: Callable[[], Response]) -> Response:
    """What the request answers; raises what it raises, and UnreachableError where it takes too long or too many ask."""
    deadline = time.monotonic() + LONGEST
    with _turn(host):
        asker = _Asker(request)
        asker.start()
        try:
            return asker.answer.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            asker.hang_up()
            raise UnreachableError("too slow") from None


def hold(opened: socket.socket) -> None:
    """Let whoever waits cut this connection, which the present thread opened."""
    asker = threading.current_thread()
    if isinstance(asker, _Asker):
        asker.hold(opened)


class _Asker(threading.Thread):
    """Makes one request; ``answer`` is what comes of it."""

    def __init__(self, request: Callable[[], Response]) -> None:
        super().__init__(daemon=True)
        self.answer: Future[Response] = Future()
        self._request, self._is_over = request, threading.Event()
        self._held: list[socket.socket] = []

    def run(self) -> None:
        """Ask."""
        try:
            self.answer.set_result(self._request())
        except BaseException as wrong:  # noqa: BLE001  # raised again where somebody waits for it
            self.answer.set_exception(wrong)
        for held in self._held:
            held.close()

    def hold(self, opened: socket.socket) -> None:
        """Keep a handle of our own: TLS takes the first one over."""
        self._held.append(opened.dup())
        if self._is_over.is_set():
            self.hang_up()

    def hang_up(self) -> None:
        """Cut every connection: whoever reads from it ends at once."""
        self._is_over.set()
        for held in self._held:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


@contextmanager
def _turn(host: str) -> Iterator[None]:
    """One of the few turns; raises UnreachableError where none comes free soon."""
    with _turns:
        if not _turns.wait_for(lambda: _asking[host] < AT_ONE_HOST and _asking.total() < IN_ALL, FOR_A_TURN):
            raise UnreachableError("too many ask")
        _asking[host] += 1
    try:
        yield
    finally:
        with _turns:
            _asking[host] -= 1
            _turns.notify_all()
