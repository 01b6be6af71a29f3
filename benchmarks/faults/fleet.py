"""The servers and engines of a run: started, stopped, killed and started again.

Plain Python on purpose: this runs before anything of the product does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock, Thread

from benchmarks.relay import ROOT
from tests import parts

_Command = list[str | Path]
HERE = "127.0.0.1"


def until(true: Callable[[], bool], *, seconds: float, pause: float = 0.1) -> bool:
    """Wait until it is so; False when it is not by then."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@dataclass
class Server:
    """A server that may be stopped and started again on the same port and, if it has any, with the same data."""

    command: _Command
    folder: Path
    ready: _Command
    port: int
    address: str
    account: str | None = None  # of the system, for a program that root may not run
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder.parent / f"{self.folder.name}.log").open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.account,
            )
        if not until(self._answers, seconds=60):
            sys.exit(f"{Path(self.command[0]).name} did not start: see {log.name}.")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Tell it to end, and wait until it has: SIGINT is a clean end, SIGQUIT makes PostgreSQL break off."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=60)

    def _answers(self) -> bool:
        return subprocess.run(self.ready, check=False, capture_output=True).returncode == 0


@contextmanager
def postgresql(
    programs: Path, folder: Path, *, address: str = HERE, care: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A throwaway PostgreSQL that keeps what it promised to keep: a crash costs it nothing. ``care``: its settings."""
    data = folder / "postgresql"
    data.mkdir()
    account = "postgres" if os.geteuid() == 0 else None
    if account:
        shutil.chown(data, account)
    locale = "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"
    initdb: _Command = [programs / "initdb", "-D", data, "-U", "samenspraak", "-A", "trust", "-E", "UTF8", "--no-sync"]
    initdb.append(f"--locale={locale}")
    subprocess.run(initdb, cwd=data, user=account, capture_output=True, check=True)
    with (data / "pg_hba.conf").open("a") as let_in:
        let_in.write(f"host all all {address}/24 trust\n")
    port = parts.free_port()
    asked = {"fsync": "off"} if care is None else care
    settings = {"listen_addresses": address, "unix_socket_directories": "", "max_connections": "300", **asked}
    command: _Command = [programs / "postgres", "-D", data, "-p", str(port)]
    server = Server(
        [*command, *(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))],
        data,
        [programs / "pg_isready", "-q", "-h", address, "-p", str(port)],
        port,
        address,
        account,
    )
    with _kept(server):
        yield server


@contextmanager
def redis(program: Path, folder: Path, *, address: str = HERE) -> Iterator[Server]:
    """A throwaway Redis that forgets everything when it ends."""
    data = folder / "redis"
    data.mkdir()
    port = parts.free_port()
    command: _Command = [program, "--port", str(port), "--bind", address, "--save", "", "--appendonly", "no"]
    command += ["--protected-mode", "no"]  # who reaches this address is one of us
    server = Server(command, data, ["redis-cli", "-h", address, "-p", str(port), "ping"], port, address)
    with _kept(server):
        yield server


@contextmanager
def _kept(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


@dataclass(frozen=True)
class Place:
    """Where an engine runs: on which host (the words that lead there), and the checkout that it is started from."""

    way: tuple[str, ...] = ()
    checkout: Path = ROOT


@dataclass
class Engine:
    """One process of ours with what it started, and the words that start it anew."""

    words: list[str]
    environment: dict[str, str]
    log: Path
    place: Place
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def signal(self, number: signal.Signals, *, group: bool = True) -> None:
        """Send it to the process, or to it and its children."""
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.pid, number)

    def children(self) -> list[int]:
        """The processes that it started itself."""
        try:
            told = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except OSError:
            return []
        return [int(pid) for pid in told.split()]


@dataclass
class Fleet:
    """The engines of a run; whoever dies is started again, as a service manager would."""

    environment: dict[str, str]
    folder: Path
    engines: list[Engine] = field(default_factory=list)
    restarts: int = 0
    stubborn: int = 0
    _ended: Event = field(default_factory=Event)
    _deploying: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    def add(self, *words: str, number: int = 1, place: Place | None = None, **environment: str) -> None:
        """Start so many: worker, beat, loop, web or pages."""
        for _one in range(number):
            name = f"{words[0]}-{len(self.engines)}"
            values = {**self.environment, **environment, "FAULTS_NAME": name}
            self.engines.append(_start(list(words), values, self.folder / f"{name}.log", place or Place()))

    def these(self, word: str) -> list[Engine]:
        """The engines of one sort."""
        return [one for one in self.engines if one.words[0] == word]

    def at(self, place: Place) -> list[Engine]:
        """The engines of one host."""
        return [one for one in self.engines if one.place.way == place.way]

    def wait(self) -> None:
        """Until all of them take work."""
        names = [one.environment["FAULTS_NAME"] for one in self.engines]
        if not until(lambda: all((self.folder / f"ready-{name}").exists() for name in names), seconds=180):
            sys.exit(f"An engine did not start: see {self.folder}.")

    def keep(self) -> None:
        """From now on restart whoever dies."""
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def deploy(self, old: Sequence[Engine], *, seconds: float, checkout: Path | None = None) -> float:
        """End these with SIGTERM and start them anew, maybe from another checkout; returns how long the slowest took.

        Who does not end in time is killed, and counted as stubborn.
        """
        with self._deploying:
            began = time.monotonic()
            for one in old:
                one.signal(signal.SIGTERM, group=False)
            for one in old:
                try:
                    one.process.wait(timeout=max(1.0, seconds - (time.monotonic() - began)))
                except subprocess.TimeoutExpired:
                    self.stubborn += 1
                    one.signal(signal.SIGKILL)
                    one.process.wait()
            took = time.monotonic() - began
            self.start(old, checkout=checkout)
        return took

    def kill(self, those: Sequence[Engine]) -> None:
        """As if their host had lost its power."""
        for one in those:
            one.signal(signal.SIGKILL)
            one.process.wait()

    def start(self, those: Sequence[Engine], *, checkout: Path | None = None) -> None:
        """Start anew what has ended."""
        for number, one in enumerate(self.engines):
            if one in those:
                place = replace(one.place, checkout=checkout or one.place.checkout)
                self.engines[number] = _start(one.words, one.environment, one.log, place)

    def end(self) -> None:
        """End them all, and wait."""
        self._ended.set()
        if self._thread:
            self._thread.join()
        for one in self.engines:
            one.signal(signal.SIGCONT)
            one.signal(signal.SIGKILL)
            one.process.wait()
        self.engines.clear()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            with self._deploying:
                ended = [one for one in self.engines if one.process.poll() is not None]
                for one in ended:
                    one.signal(signal.SIGKILL)  # children that it left behind
                self.start(ended)
                self.restarts += len(ended)


def _start(words: list[str], environment: dict[str, str], log: Path, place: Place) -> Engine:
    (log.parent / f"ready-{environment['FAULTS_NAME']}").unlink(missing_ok=True)
    folders = (str(place.checkout), str(place.checkout / "platform"))
    with log.open("a") as lines:
        process = subprocess.Popen(
            [*place.way, sys.executable, "-m", "benchmarks.faults.engine", *words],
            cwd=place.checkout,
            env={**environment, "PYTHONPATH": os.pathsep.join(folders)},
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
    return Engine(words, environment, log, place, process)
