"""The sink as a process of its own, and what a measurement asks of it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Accepted:
    """One message the mail server took: seconds since the epoch, and its size in bytes."""

    at: float
    message_id: str
    recipient: str
    size: int


@dataclass(frozen=True)
class Relay:
    """A mail server that runs."""

    port: int
    pid: int
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"smtp://{self.address}:{self.port}"

    def count(self) -> int:
        """How many messages it accepted since the last ``clear``."""
        return int(self._order("XCOUNT"))

    def accepted(self) -> list[Accepted]:
        """What it accepted since the last ``clear``, in this order."""
        rows = (line.split(" ") for line in self._order("XLIST", until=".\n").splitlines() if line != ".")
        return [Accepted(float(at), number, whom, int(size)) for at, number, whom, size in rows]

    def clear(self) -> None:
        """Forget what was accepted."""
        self._order("XCLEAR")

    def delay(self, seconds: float) -> None:
        """Answer each letter so much later from now on."""
        self._order(f"XDELAY {seconds}")

    def keep_texts(self, folder: Path | None) -> None:
        """Put each accepted message into this folder from now on: a file by its number and address."""
        if folder:
            folder.mkdir(exist_ok=True)
        self._order(f"XFOLDER {folder or ''}".strip())

    def rules(self, *rules: str) -> None:
        """Go by these rules from now on, and by none before; without any, take everything."""
        self._order(f"XRULES {'|'.join(rules)}")

    def _order(self, words: str, *, until: str = "\n") -> str:
        with socket.create_connection((self.address, self.port), timeout=60) as line, line.makefile("rb") as heard:
            heard.readline()
            line.sendall(f"{words}\n".encode())
            told = heard.readline()
            while until == ".\n" and told != b".\n" and not told.endswith(b"\n.\n"):
                told += heard.readline()
            return told.decode().strip()


@contextmanager
def running(
    *,
    address: str = "127.0.0.1",
    delay: float = 0.0,
    keep: Path | None = None,
    folder: Path | None = None,
    rules: Sequence[str] = (),
) -> Iterator[Relay]:
    """A sink on a free port while the block lasts; see benchmarks/sink.py for the words."""
    command = [sys.executable, "-m", "benchmarks.sink", "--address", address, "--delay", str(delay)]
    command += ["--keep", str(keep)] if keep else []
    command += ["--folder", str(folder)] if folder else []
    command += [word for rule in rules for word in ("--rule", rule)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as sink:
        try:
            yield Relay(int(sink.stdout.readline() if sink.stdout else 0), sink.pid, address)
        finally:
            sink.terminate()
            sink.communicate()
