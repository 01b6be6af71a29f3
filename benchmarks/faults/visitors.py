"""People who look at pages all the while, through what stands before several web servers."""

from __future__ import annotations

import http.client
import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.urls import reverse

from benchmarks.faults.engine import PAGES
from benchmarks.faults.rows_parts import session_of_an_admin

_AT_ONCE = 4
_REFUSED, _BROKEN = "refused", "broken"


class Visitors:
    """Some people, each with the next page as soon as the last one is there.

    They ask the servers in turns. Where nobody takes the call the next one is asked, as any proxy does; whoever
    took the call must answer it.
    """

    def __init__(self, addresses: Sequence[str], path: str) -> None:
        """``path`` is a page for somebody who signed in; the others are for everybody."""
        self._addresses = addresses
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={session_of_an_admin()}"
        self._pages = itertools.cycle([path, reverse(settings.LOGIN_URL), path, "/readyz"])
        self._own = path
        self._turns = itertools.count()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.unserved = 0

    @contextmanager
    def looking(self) -> Iterator[None]:
        """From when all servers answer until the block ends."""
        for address in self._addresses:
            while not self.is_served(address):
                self._ended.wait(0.1)
        threads = [threading.Thread(target=self._look_on) for _one in range(_AT_ONCE)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()

    def is_served(self, address: str) -> bool:
        """Whether this server is there."""
        return self._ask(address, "/livez") == "200"

    def are_well(self) -> bool:
        """Everybody was answered each time, with the page that was asked for."""
        return not self.unserved and set(self.answers) <= {"200", _REFUSED} and self.answers["200"] > 0

    def said(self) -> str:
        """What they saw."""
        return ", ".join(f"{count} {what}" for what, count in sorted(self.answers.items())) or "none"

    def _look_on(self) -> None:
        while not self._ended.is_set():
            with self._lock:
                page, turn = next(self._pages), next(self._turns)
            self._visit(page, turn)

    def _visit(self, page: str, turn: int) -> None:
        for number in range(len(self._addresses)):
            said = self._ask(self._addresses[(turn + number) % len(self._addresses)], page)
            with self._lock:
                self.answers[said] += 1
            if said != _REFUSED:
                return
        with self._lock:
            self.unserved += 1

    def _ask(self, address: str, page: str) -> str:
        line = http.client.HTTPConnection(address, PAGES, timeout=30)
        try:
            line.connect()
        except OSError:
            return _REFUSED
        try:
            signed_in = {"Cookie": self._cookie} if page == self._own else {}
            line.request("GET", page, headers={"Host": "127.0.0.1", **signed_in})
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return _BROKEN
        finally:
            line.close()
        return str(answer.status)
