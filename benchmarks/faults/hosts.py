"""Several hosts on one machine: network namespaces of our own, each with one cable to the same switch.

The whole run goes into a network of its own, where PostgreSQL, Redis and the mail server listen at one address of the
switch. A host is a namespace that lives as long as one process in it; so nothing is left behind, whatever ends us.
Root may do this, and elsewhere whoever the kernel lets have namespaces of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.fleet import HERE, Place
from benchmarks.relay import ROOT

_NET, _SWITCH = "192.0.2", "switch"  # addresses that no real network has (RFC 5737)
_INSIDE = "SAMENSPRAAK_OWN_NETWORK"
_WAYS = (
    ("unshare", "--net"),
    ("unshare", "--user", "--map-current-user", "--keep-caps", "--net"),
)
WHY_NOT = "several hosts want `ip` and `unshare`, and root or a kernel that lets people have namespaces of their own"


def address() -> str:
    """Where the servers of a run listen: on the switch, or where there is none on this machine alone."""
    return f"{_NET}.1" if is_inside() else HERE


def is_inside() -> bool:
    """Whether this program runs in a network of its own."""
    return _INSIDE in os.environ


def go_inside() -> None:
    """Start this program anew in a network of its own; goes on as it is where that may not be."""
    if is_inside():
        _ip("link", "set", "lo", "up")
        _ip("link", "add", _SWITCH, "type", "bridge")
        _ip("addr", "add", f"{_NET}.1/24", "dev", _SWITCH)
        _ip("link", "set", _SWITCH, "up")
    elif way := _way():
        os.environ[_INSIDE] = "yes"
        os.execvp(way[0], [*way, sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # this very program


def _way() -> tuple[str, ...] | None:
    if not (shutil.which("unshare") and shutil.which("ip") and shutil.which("nsenter")):
        return None
    tried = ("ip", "link", "add", "trial", "type", "bridge")
    return next((way for way in _WAYS if _works(*way, *tried)), None)


def _works(*words: str) -> bool:
    return not subprocess.run(words, check=False, capture_output=True).returncode


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@dataclass(frozen=True)
class Host:
    """One of them."""

    number: int
    keeper: int

    @property
    def address(self) -> str:
        return f"{_NET}.{10 + self.number}"

    def place(self, checkout: Path = ROOT) -> Place:
        """Where an engine runs on this host."""
        return Place(("nsenter", f"--net=/proc/{self.keeper}/ns/net", "--"), checkout)

    def cut(self) -> None:
        """Nothing gets there or from there any more, and nobody is told."""
        _ip("link", "set", self._cable, "down")

    def join(self) -> None:
        """The cable is in again."""
        _ip("link", "set", self._cable, "up")

    def plug_in(self) -> None:
        """Lay the cable."""
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", str(self.keeper))
        _ip("link", "set", self._cable, "master", _SWITCH)
        for words in (("link", "set", "lo", "up"), ("addr", "add", f"{self.address}/24", "dev", "eth0")):
            self._inside("ip", *words)
        self._inside("ip", "link", "set", "eth0", "up")
        self.join()

    @property
    def _cable(self) -> str:
        return f"cable{self.keeper}"  # never used twice: the last one of a number may still be going

    def _inside(self, *words: str) -> None:
        subprocess.run([*self.place().way, *words], check=True)


@contextmanager
def cabled(number: int) -> Iterator[list[Host]]:
    """So many hosts while the block lasts."""
    with ExitStack() as stack:
        hosts = [Host(one + 1, stack.enter_context(_namespace())) for one in range(number)]
        for host in hosts:
            host.plug_in()
        yield hosts


@contextmanager
def _namespace() -> Iterator[int]:
    """A namespace that ends with us: who keeps it open reads from us, and ends when there is nobody to read from."""
    ours = Path("/proc/self/ns/net").readlink()
    with subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as keeper:
        while Path(f"/proc/{keeper.pid}/ns/net").readlink() == ours:
            time.sleep(0.01)
        try:
            yield keeper.pid
        finally:
            keeper.kill()
