"""The demo's two processes, web server and worker: started together, watched, ended together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from samenspraak.demo import stage

HOST = "127.0.0.1"  # never another: the demo's passwords lie open
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_START = 120
SECONDS_TO_STOP = 6


@dataclass(frozen=True)
class Child:
    """One process the demo started, leader of a group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def run(*, folder: Path, port: int, now: datetime, say: Callable[[str], None]) -> None:
    """Run the demo until it is interrupted; raises DemoError when it cannot start or a process dies."""
    _check_free(port)
    stage.make_folder(folder)
    with stage.held(folder):
        say(f"Setting the stage in {folder}; the first time this takes some seconds ...")
        stage.prepare(now=now)
        # From here on an ending is a note to read, not an exception: no child slips away between two lines.
        with _noted_endings() as endings:
            with _company(folder, port) as children:
                if _await_answer(port, children, endings):
                    say(_welcome(folder))
                    _watch(children, endings)
            with suppress(OSError):  # the terminal may be gone
                say("The demo has stopped; nothing of it runs any more.")


def _check_free(port: int) -> None:
    """Raise DemoError when PORT is no port or somebody listens there."""
    try:
        with socket.socket() as caller:
            caller.settimeout(1)
            taken = caller.connect_ex((HOST, port)) == 0
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
    except (OSError, OverflowError):
        taken = True
    if taken or not port:
        raise stage.DemoError(f"Port {port} is taken, or no port to use: choose another, such as make demo PORT=8001.")


@contextmanager
def _noted_endings() -> Iterator[list[int]]:
    endings: list[int] = []
    before = {number: signal.signal(number, lambda seen, _frame: endings.append(seen)) for number in ENDINGS}
    try:
        yield endings
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _company(folder: Path, port: int) -> Iterator[list[Child]]:
    """Start web server and worker; whatever happens in the block, end them and all they started."""
    environment = os.environ | {
        "SAMENSPRAAK_MODE": "demo",
        "DEMO_DIR": str(folder),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "samenspraak.settings",
        "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), str(settings.PACKAGE_DIR.parent)]),
        "PYTHONUNBUFFERED": "1",
    }
    children: list[Child] = []
    try:
        for name, command in (("web", _web_server(port)), ("worker", _worker(folder))):
            log = folder / f"{name}.log"
            with log.open("wb") as lines:
                process = subprocess.Popen(  # noqa: S603  # our own two commands
                    [sys.executable, "-m", *command],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=lines,
                    stderr=lines,
                    start_new_session=True,
                )
            children.append(Child(name, process, log))
        yield children
    finally:
        _end(children)


def _web_server(port: int) -> list[str]:
    # No list of who asked for what, and when: it would name whom the product leaves unnamed.
    options = "--interface wsgi --blocking-threads 4 --no-ws --no-access-log"
    return ["granian", *options.split(), "--host", HOST, "--port", str(port), "samenspraak.wsgi:application"]


def _worker(folder: Path) -> list[str]:
    options = "--beat --pool threads --concurrency 2 --without-gossip --without-mingle --without-heartbeat -l INFO"
    return ["celery", "-A", "samenspraak", "worker", *options.split(), "--schedule", str(folder / "beat")]


def _end(children: list[Child]) -> None:
    """Ask all to stop, give them some seconds together, then sweep up what is left of their groups."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def _await_answer(port: int, children: list[Child], endings: list[int]) -> bool:
    """Wait for the first good answer; False when somebody ended the demo meanwhile."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if endings:
            return False
        _check_alive(children)
        if _answers(port):
            return True
        time.sleep(0.2)
    raise stage.DemoError(f"The web server does not answer: {children[0].log} may say why.")


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _watch(children: list[Child], endings: list[int]) -> None:
    # A closed terminal does not always send a signal: make, as its first process, keeps the signal to itself.
    at_terminal = os.isatty(0)
    while not endings and os.isatty(0) == at_terminal:
        _check_alive(children)
        time.sleep(0.2)


def _check_alive(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            raise stage.DemoError(f"The {child.name} process stopped by itself: {child.log} may say why.")


def _welcome(folder: Path) -> str:
    sign_ins = folder / "sign-ins.txt"
    known = (
        sign_ins.read_text(encoding="utf-8")
        if sign_ins.exists()
        else "The sign-ins are gone: make demo-reset tells the story anew."
    )
    return f"""
Samenspraak runs at {settings.PUBLIC_URL}/ (only on this machine; Ctrl-C stops it).

{known.strip()}

Every letter that leaves lies in {folder / "mail"} and shows at {settings.PUBLIC_URL}{reverse("mailbox")}.
The reminders of one meeting are due in a minute and a half: watch them arrive there. Then move that meeting as
els@dewilg.example: two minutes later everybody has a letter about it, and whoever follows the calendar sees it too.
"""
