"""Told to end, the pages' server answers what it has in hand and takes nothing more: with the options of its unit."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from tests import parts

# The product itself, but each answer waits as long as this file is there.
SLOW = """
import pathlib, time
from samenspraak.wsgi import application as product

SHUT = pathlib.Path(__file__).with_name("shut")

def application(environ, start_response):
    began = time.monotonic()
    while SHUT.exists() and time.monotonic() < began + 60:
        time.sleep(0.02)
    return product(environ, start_response)
"""
IN_HAND = 12  # more than the unit has threads: some still wait in the queue
UNIT = parts.ROOT / "deploy" / "systemd" / "samenspraak-web@.service"


def command(port: int) -> list[str]:
    text = UNIT.read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"^ExecStart=\S+/granian (.*)$", text, re.MULTILINE)
    assert found
    words = found[1].replace("%i", str(port)).replace("samenspraak.wsgi:application", "slow:application")
    return [sys.executable, "-m", "granian", *words.split()]


def answers(port: int) -> int:
    """The status, or 0 where nobody takes the call."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=80)
    try:
        line.request("GET", "/livez")
        return line.getresponse().status
    except (ConnectionRefusedError, ConnectionResetError):
        return 0
    finally:
        line.close()


def takes_calls(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=20).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return False
    return True


def has_in_hand(port: int, number: int) -> bool:
    """Whether the server has read all that so many callers said; where no system tells, it has had the time."""
    told = Path("/proc/net/tcp")
    if not told.exists():
        time.sleep(2)
        return True
    rows = [line.split() for line in told.read_text().splitlines()[1:]]
    mine = [(row[3], row[4].partition(":")[2]) for row in rows if row[1].endswith(f":{port:04X}")]
    return sum(state == "01" for state, _unread in mine) == number and {unread for _state, unread in mine} == {"0" * 8}


def until(true: Callable[[], bool], server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_in_hand_is_answered_and_nothing_more_is_taken(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    shut, port, told = tmp_path / "shut", parts.free_port(), list[int]()
    folders = os.pathsep.join(map(str, (parts.ROOT, parts.ROOT / "platform", tmp_path)))
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command(port), env=os.environ | {"PYTHONPATH": folders}, stdout=log, stderr=log)
    try:
        until(lambda: answers(port) == 200, server)
        shut.touch()
        asking = [Thread(target=lambda: told.append(answers(port))) for _one in range(IN_HAND)]
        for one in asking:
            one.start()
        until(lambda: has_in_hand(port, IN_HAND), server)
        server.send_signal(signal.SIGTERM)
        until(lambda: not takes_calls(port), server)
        assert told == []
        shut.unlink()
        for one in asking:
            one.join()
        assert told == [200] * IN_HAND
        assert server.wait(20) == 0
    finally:
        server.kill()
        server.wait()
