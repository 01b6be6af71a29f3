"""A mail server that takes everything and costs next to nothing: `python -m benchmarks.sink --port 0`.

It prints its port and keeps time, Message-ID, recipient and size of each message it accepted: a message counts from
when its text is here, before the answer leaves. Rules make it refuse, hang up or stay silent. The same port takes
orders: XCOUNT, XLIST, XCLEAR, XFOLDER [<folder>], XDELAY <seconds>, XRULES [<rule>|<rule> ...]; `benchmarks.relay`
speaks them.

A rule is <stage>:<whom>:<reply>. Stages are connect, mail, rcpt and text. Whom is `all`, `first` (once for each
recipient), `1/12` (every twelfth that comes) or a part of the address. The reply is a line such as `451 later`, or
`hang up`, `silence` (no answer, the line stays open) or `take, hang up` (accepted, and the answer is lost).
"""

from __future__ import annotations

import argparse
import os
import re
import selectors
import signal
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

HANG_UP, SILENCE, TAKE_AND_HANG_UP = "hang up", "silence", "take, hang up"
_END, _GO_ON, _TAKEN = b"\r\n.\r\n", b"354 go on\r\n", b"250 taken\r\n"
_NUMBER = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Rule:
    """What to answer instead of a plain yes."""

    stage: str
    whom: str
    reply: str
    seen: set[str] = field(default_factory=set)
    came: int = 0

    @classmethod
    def read(cls, words: str) -> Rule:
        stage, whom, reply = words.split(":", 2)
        return cls(stage.strip(), whom.strip(), reply.strip())

    def holds(self, recipient: str) -> bool:
        self.came += 1
        if self.whom == "first":
            fresh = recipient not in self.seen
            self.seen.add(recipient)
            return fresh
        if self.whom.startswith("1/"):
            return self.came % int(self.whom[2:]) == 0
        return self.whom == "all" or self.whom in recipient


@dataclass
class Kept:
    """What was accepted, one line each; also in a file that is written before the answer leaves."""

    file: int | None = None
    folder: Path | None = None
    lines: list[bytes] = field(default_factory=list)

    def add(self, text: bytes, recipient: str) -> None:
        found = _NUMBER.search(text, 0, text.find(b"\r\n\r\n"))
        number = found[1] if found else b"-"
        line = b"%.6f %s %s %d\n" % (time.time(), number, recipient.encode(), len(text))
        self.lines.append(line)
        if self.file is not None:
            os.write(self.file, line)
        if self.folder:
            (self.folder / f"{len(self.lines):06}_{recipient}").write_bytes(text.replace(b"\r\n..", b"\r\n."))


class Sink:
    """One thread for all lines: a message costs four reads and four writes."""

    def __init__(
        self,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        kept: Kept,
        delay: float = 0.0,
        rules: list[Rule] | None = None,
    ) -> None:
        self.kept, self.delay, self.rules = kept, delay, rules or []
        self.ended = False
        self._late: deque[tuple[float, _Talk, bytes]] = deque()
        self._selector = selectors.DefaultSelector()
        self._door = socket.create_server((address, port), backlog=256)
        self._door.settimeout(0)
        self._selector.register(self._door, selectors.EVENT_READ, None)
        self.port: int = self._door.getsockname()[1]

    def serve(self) -> None:
        """Until somebody sets ``ended``, or whoever started it is gone."""
        parent = os.getppid()
        while not self.ended and os.getppid() == parent:
            wait = max(0.0, self._late[0][0] - time.monotonic()) if self._late else 0.5
            for key, _events in self._selector.select(wait):
                if key.data is None:
                    self._welcome()
                elif not key.data.hear():
                    self.forget(key.data)
            self._answer_late()

    def reply(self, stage: str, recipient: str) -> str:
        """What a rule says here; nothing when all is well."""
        return next((rule.reply for rule in self.rules if rule.stage == stage and rule.holds(recipient)), "")

    def later(self, talk: _Talk, words: bytes) -> None:
        """Answer when the delay is over; it is the same for all, so they wait in a row."""
        self._late.append((time.monotonic() + self.delay, talk, words))

    def forget(self, talk: _Talk) -> None:
        """The line is gone."""
        self._selector.unregister(talk.line)
        talk.line.close()

    def _welcome(self) -> None:
        line, _address = self._door.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(0)
        talk = _Talk(line, self)
        self._selector.register(line, selectors.EVENT_READ, talk)
        if not talk.follow(self.reply("connect", ""), b"220 sink\r\n"):
            self.forget(talk)

    def _answer_late(self) -> None:
        now = time.monotonic()
        while self._late and self._late[0][0] <= now:
            _when, talk, words = self._late.popleft()
            with suppress(OSError):  # gone meanwhile
                talk.line.send(words)


class _Talk:
    """One line to somebody who has letters."""

    def __init__(self, line: socket.socket, sink: Sink) -> None:
        self.line, self._sink = line, sink
        self._heard = bytearray()
        self._in_text = False
        self._recipient = ""

    def hear(self) -> bool:
        """Take what came and answer it; False when the line is to end."""
        try:
            came = self.line.recv(1 << 18)
            self._heard += came
            return bool(came) and self._go_on()
        except (OSError, ValueError):
            return False

    def follow(self, reply: str, usual: bytes) -> bool:
        """Answer as usual or as a rule says; False when the line is to end."""
        if reply == SILENCE:
            return True
        if reply == HANG_UP:
            return False
        return self._say(f"{reply}\r\n".encode() if reply else usual)

    def _go_on(self) -> bool:
        while self._heard:
            end = self._heard.find(_END) if self._in_text else self._heard.find(b"\n")
            if end < 0:
                return True
            taken = bytes(self._heard[: end + (5 if self._in_text else 1)])
            del self._heard[: len(taken)]
            if not (self._take(taken[2:-3]) if self._in_text else self._answer(taken)):
                return False
        return True

    def _answer(self, line: bytes) -> bool:
        match line[:4].upper():
            case b"MAIL":
                return self.follow(self._sink.reply("mail", ""), b"250 ok\r\n")
            case b"RCPT":
                self._recipient = line.decode().partition("<")[2].partition(">")[0]
                return self.follow(self._sink.reply("rcpt", self._recipient), b"250 ok\r\n")
            case b"DATA":
                self._in_text = True
                self._heard[:0] = b"\r\n"  # so that an empty text ends like any other
                return self._say(_GO_ON)
            case b"QUIT":
                self._say(b"221 bye\r\n")
                return False
        return self._obey(line.decode().strip()) if line[:1] == b"X" else self._say(b"250 ok\r\n")

    def _take(self, text: bytes) -> bool:
        self._in_text = False
        reply = self._sink.reply("text", self._recipient)
        if not reply or reply == TAKE_AND_HANG_UP:
            self._sink.kept.add(text, self._recipient)
        if reply == TAKE_AND_HANG_UP:
            return False
        if reply or not self._sink.delay:
            return self.follow(reply, _TAKEN)
        self._sink.later(self, _TAKEN)
        return True

    def _obey(self, order: str) -> bool:
        word, _blank, rest = order.partition(" ")
        lines = self._sink.kept.lines
        match word:
            case "XCOUNT":
                return self._say(b"%d\n" % len(lines))
            case "XLIST":
                return self._say(b"".join(lines) + b".\n")
            case "XCLEAR":
                lines.clear()
            case "XFOLDER":
                self._sink.kept.folder = Path(rest) if rest else None
            case "XDELAY":
                self._sink.delay = float(rest)
            case "XRULES":
                self._sink.rules = [Rule.read(words) for words in rest.split("|") if words.strip()]
        return self._say(b"done\n")

    def _say(self, words: bytes) -> bool:
        if len(words) > 1 << 12:  # a long list: the line may be full meanwhile
            self.line.settimeout(None)
            self.line.sendall(words)
            self.line.settimeout(0)
        else:
            self.line.send(words)
        return True


def main() -> None:
    """Serve until SIGTERM, Ctrl-C or the end of the starting process; then print how many were accepted."""
    told = _told()
    file = os.open(told.keep, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if told.keep else None
    kept = Kept(file, told.folder)
    sink = Sink(
        address=told.address,
        port=told.port,
        kept=kept,
        delay=told.delay,
        rules=[Rule.read(words) for words in told.rule],
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: setattr(sink, "ended", True))
    print(sink.port, flush=True)
    sink.serve()
    with suppress(BrokenPipeError):  # nobody listens any more
        print(f"accepted: {len(kept.lines)}", flush=True)


def _told() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--port", type=int, default=0, help="0 takes a free one")
    words.add_argument("--address", default="127.0.0.1", help="where it listens")
    words.add_argument("--delay", type=float, default=0.0, help="seconds until each letter's answer")
    words.add_argument("--keep", type=Path, help="append a line for each accepted message to this file")
    words.add_argument("--folder", type=Path, help="put each accepted message here as a file")
    words.add_argument("--rule", action="append", default=[], help="see above; may be given several times")
    return words.parse_args()


if __name__ == "__main__":
    main()
