"""Visitors of a site, through its proxy, until a file tells them to stop: who read, who wrote, and what went wrong.

`python -m benchmarks.walk.visitors SITE CERTIFICATE TOKEN GOAL STOP`, on the network of the site; prints JSON.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

PAGES = ("/", "/about/", "/cards/", "/help/")
READERS = 3
_PAUSE = 0.05
_PAUSE_OF_WRITER = 0.15  # 400 a minute: under the limit of a caller
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


@dataclass
class Visitors:
    """What they found."""

    site: str
    trusted: ssl.SSLContext
    token: str
    goal: str
    stop: Path
    read: int = 0
    slowest: float = 0.0
    assets: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
        """One request on a line of its own; status 0 where the line broke."""
        began = time.monotonic()
        try:
            plain = socket.create_connection(("127.0.0.1", 443), timeout=30)
            line = http.client.HTTPConnection(self.site)
            line.sock = self.trusted.wrap_socket(plain, server_hostname=self.site)
            line.request(method, path, body, headers)
            answer = line.getresponse()
            found = (answer.status, answer.read())
            line.close()
        except (OSError, http.client.HTTPException) as error:
            found = (0, type(error).__name__.encode())
        with self.lock:
            self.slowest = max(self.slowest, time.monotonic() - began)
        return found

    def expect(self, wanted: int, method: str, path: str, body: str | None = None, **headers: str) -> bytes | None:
        """Ask, and note what was not as it should be."""
        status, text = self.ask(method, path, body, **headers)
        if status == wanted:
            return text
        with self.lock:
            self.failed.append(f"{method} {path}: {status} {' '.join(text[:80].decode(errors='replace').split())}")
        return None

    def reader(self) -> None:
        """Read pages, each with the files that it names, right away."""
        for number in range(10**9):
            if self.stop.exists():
                return
            page = self.expect(200, "GET", PAGES[number % len(PAGES)])
            for name in set(_ASSET.findall(page.decode())) if page else ():
                self.expect(200, "GET", name)
                with self.lock:
                    self.read += 1
                    self.assets.add(name)
            with self.lock:
                self.read += 1
            time.sleep(_PAUSE)

    def writer(self) -> None:
        """Write notes on a goal, each once, and never again where it went wrong."""
        while not self.stop.exists():
            note = str(uuid.uuid4())
            body = json.dumps({"step": "on_the_way", "note": note})
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            path = f"/api/v1/schools/de-proef/goals/{self.goal}/updates/"
            if self.expect(201, "POST", path, body, **headers) is not None:
                self.written.append(note)
            time.sleep(_PAUSE_OF_WRITER)


def main() -> None:
    """Visit until told to stop."""
    site, certificate, token, goal, stop = sys.argv[1:]
    all_of_them = Visitors(site, ssl.create_default_context(cafile=certificate), token, goal, Path(stop))
    work: list[Callable[[], None]] = [*[all_of_them.reader] * READERS, all_of_them.writer]
    threads = [Thread(target=one) for one in work]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(
        json.dumps(
            {
                "read": all_of_them.read,
                "written": all_of_them.written,
                "failed": all_of_them.failed,
                "slowest": round(all_of_them.slowest, 2),
                "assets": len(all_of_them.assets),
            }
        )
    )


if __name__ == "__main__":
    main()
