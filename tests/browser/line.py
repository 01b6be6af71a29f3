"""The line between a browser and the site, which tests can cut, clog, and make lie about what arrived."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

OWN_TO_A_LEG = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Line(ThreadingHTTPServer):
    """Stands at an address of its own before the site.

    ``state``: up, cut, lying (502 in place of what the site answered) or silent. ``loses``: a method that is cut alone.
    """

    daemon_threads = False  # closing waits for what is on its way: it must not meet the next test's tables
    block_on_close = True

    def __init__(self, site: str) -> None:
        self.site = urlsplit(site).netloc
        self.state = "up"
        self.loses = ""
        self.writes: list[tuple[str, str, int]] = []
        super().__init__(("127.0.0.1", 0), _Leg)

    @property
    def address(self) -> str:
        """Where browsers find it."""
        return f"http://127.0.0.1:{self.server_port}"

    @contextmanager
    def cut(self) -> Iterator[None]:
        """No network in here."""
        self.state = "cut"
        try:
            yield
        finally:
            self.state = "up"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is none of the tests' business."""


class _Leg(BaseHTTPRequestHandler):
    """One request on its way; each has a connection to itself."""

    server: Line

    def handle_one_request(self) -> None:
        if self.server.state == "cut":
            self.close_connection = True
            self.rfile.peek(1)  # type: ignore[attr-defined]
            return
        super().handle_one_request()

    def _carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == self.server.loses:
            return
        if self.server.state == "silent":
            _hold(self.server)
            return
        site = http.client.HTTPConnection(self.server.site)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN_TO_A_LEG}
        site.request(self.command, self.path, body or None, headers)
        answer = site.getresponse()
        words = answer.read()
        site.close()
        if self.command not in {"GET", "HEAD"}:
            self.server.writes.append((self.command, self.path, answer.status))
        if self.server.state == "lying":
            self.send_error(502)
        elif self.server.state == "up":
            self._pass_on(answer, words)

    def _pass_on(self, answer: http.client.HTTPResponse, words: bytes) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OWN_TO_A_LEG:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    do_GET = do_HEAD = do_POST = do_PUT = _carry  # noqa: N815

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def _hold(line: Line) -> None:
    while line.state == "silent":
        time.sleep(0.05)


@contextmanager
def before(site: str) -> Iterator[Line]:
    """A line to the site, up."""
    line = Line(site)
    thread = threading.Thread(target=line.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield line
    line.state = "up"
    line.shutdown()
    line.server_close()
    thread.join()
