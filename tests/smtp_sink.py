"""A lean mail server for tests: it keeps what it accepted, and refuses, stays silent or hangs up as it is told."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

# What a script may answer instead of a reply.
HANG_UP, SILENCE, TAKE_AND_HANG_UP = "hang up", "silence", "250|hang up"
Script = Callable[[str, str, int], str | None]


@dataclass(frozen=True)
class Accepted:
    """One message that the server said 250 to."""

    message_id: str
    recipient: str
    raw: bytes
    connection: int

    @property
    def parsed(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)


@dataclass
class Sink:
    """What arrived, and how to behave.

    ``script(stage, recipient, seen)`` is asked at the stages connect, mail, rcpt and data (the reply to the text), with
    how often that stage came before, and may answer a reply line, HANG_UP, SILENCE or TAKE_AND_HANG_UP (the message
    counts, the answer is lost); None means all is well.
    """

    port: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    connections: int = 0
    script: Script = lambda _stage, _recipient, _seen: None
    delay: float = 0.0
    seen: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [one.recipient for one in self.accepted]

    def verdict(self, stage: str, recipient: str) -> str | None:
        with self.lock:
            seen = self.seen.get(stage, 0)
            self.seen[stage] = seen + 1
        return self.script(stage, recipient, seen)


class _HungUpError(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    sink: Sink
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with self.sink.lock:
            self.sink.connections += 1
            self.number = self.sink.connections
        self.recipient = ""
        try:
            self._say("connect", "220 sink")
            while line := self.rfile.readline():
                word = line[:4].decode("ascii", "replace").upper().strip()
                if not self._answer(word, line):
                    return
        except (_HungUpError, OSError):
            return

    def _answer(self, word: str, line: bytes) -> bool:
        match word:
            case "MAIL":
                self._say("mail", "250 ok")
            case "RCPT":
                self.recipient = line.decode().partition("<")[2].partition(">")[0]
                self._say("rcpt", "250 ok")
            case "DATA":
                self._write("354 go on")
                self._take()
            case "QUIT":
                self._write("221 bye")
                return False
            case _:
                self._write("250 ok")
        return True

    def _take(self) -> None:
        raw = bytearray()
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _HungUpError  # in the middle of a text: nothing was handed over
            raw += line[1:] if line.startswith(b"..") else line
        time.sleep(self.sink.delay)
        verdict = self.sink.verdict("data", self.recipient)
        if verdict is None or verdict.startswith("250"):
            head = email.message_from_bytes(bytes(raw))
            with self.sink.lock:
                self.sink.accepted.append(Accepted(str(head["Message-ID"]), self.recipient, bytes(raw), self.number))
        self._follow(verdict, "250 taken")

    def _say(self, stage: str, usual: str) -> None:
        self._follow(self.sink.verdict(stage, self.recipient), usual)

    def _follow(self, verdict: str | None, usual: str) -> None:
        if verdict == SILENCE:
            time.sleep(3)
        if verdict in {HANG_UP, SILENCE, TAKE_AND_HANG_UP}:
            raise _HungUpError
        self._write(verdict or usual)

    def _write(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def running() -> Iterator[Sink]:
    """A sink on a free port of 127.0.0.1 while the block lasts."""
    sink = Sink()

    class Talk(_Talk):
        pass

    Talk.sink = sink
    with _Server(("127.0.0.1", 0), Talk) as server:
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()


def settings_for(sink: Sink, *, timeout: int = 2) -> dict[str, Any]:
    """Django settings that send to the sink."""
    return {
        "EMAIL_BACKEND": "schools.post.line.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": sink.port,
        "EMAIL_TIMEOUT": timeout,
    }
