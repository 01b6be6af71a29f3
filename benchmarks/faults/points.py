"""Ten places where a process may be told to die, wrapped around the post's own doors from outside.

A point is armed by $FAULTS_POINT. The process dies there when an order lies in $FAULTS_ORDERS: whoever takes the file
away dies, so every order kills once. What it says is who: `child`, the process that works, or `group`, with its parent
as when the machine goes. Before it dies it writes down how many lines to the mail server it held open.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from kombu.transport.redis import Channel

from schools import post
from schools.post import check, claim, line, note

POINTS = {
    "P1": "tick taken",
    "P2": "after the claim",
    "P3": "inside the check",
    "P4": "after the check",
    "P5": "after RCPT",
    "P6": "text sent, no answer yet",
    "P7": "after 250",
    "P8": "inside the note",
    "P9": "after the note",
    "P10": "beat while publishing",
}
# Most passes go by, so that a kill meets the first letter of a round as well as the last.
_CHANCE = {"P1": 1.0, "P2": 0.5, "P3": 0.2, "P4": 0.5, "P10": 1.0}
_EACH_LETTER = 0.05
_LISTENING = "0A"
# What talks to the mail server: smtplib's own class is not asked for a letter that is ready as it is.
_Line: Any = line.EmailBackend(use_ssl=False).connection_class


def lines_to(port: int, *pids: int) -> int:
    """How many connections these processes hold open to a port, wherever it is: each looks at its own network."""
    return sum(_lines_of(pid, port) for pid in pids)


def _lines_of(pid: int, port: int) -> int:
    held = {_target(one) for one in Path(f"/proc/{pid}/fd").glob("*")}
    try:
        rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    except OSError:
        return 0  # it has ended
    mine = (row for row in rows if row[2].endswith(f":{port:04X}") and row[3] != _LISTENING)
    return sum(f"socket:[{row[9]}]" in held for row in mine)


def arm(point: str) -> None:
    """Wrap the one place where this process is to die; without a point nothing is wrapped."""
    if point:
        _WRAPPINGS[point]()


def pass_by(point: str) -> None:
    """Die here, if there is an order and this is the pass for it."""
    orders = Path(os.environ["FAULTS_ORDERS"])
    if random.random() > _CHANCE.get(point, _EACH_LETTER):
        return
    for order in sorted(orders.glob("order-*")):
        try:
            whom = order.read_text()
            order.unlink()
        except OSError:
            continue  # another process took it
        _die(point, whom, orders)


def _die(point: str, whom: str, orders: Path) -> None:
    port = int(os.environ["EMAIL_URL"].rpartition(":")[2])
    said = f"{time.time():.3f} {point} {whom} {lines_to(port, os.getpid())}\n"
    with (orders / "deaths").open("a") as deaths:
        deaths.write(said)
    if whom == "group":
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _around(
    owner: Any, name: str, *, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
) -> None:
    door = getattr(owner, name)

    @wraps(door)
    def wrapped(*args: Any, **values: Any) -> Any:
        if before:
            before()
        answer = door(*args, **values)
        if after:
            after()
        return answer

    setattr(owner, name, wrapped)


def _when_written(point: str) -> Callable[[], None]:
    """Only once the transaction that is open has ended well."""
    return lambda: transaction.on_commit(lambda: pass_by(point))


def _around_the_answer() -> None:
    """Right after the text went out, before the mail server's answer is read."""
    heard: dict[int, int] = {}
    data, getreply = _Line.data, _Line.getreply

    def hand_over(self: Any, msg: Any) -> Any:
        heard[id(self)] = 0
        try:
            return data(self, msg)
        finally:
            heard.pop(id(self), None)

    def hear(self: Any) -> Any:
        if id(self) in heard:
            heard[id(self)] += 1
            if heard[id(self)] == 2:  # the first answers the word DATA
                pass_by("P6")
        return getreply(self)

    _Line.data, _Line.getreply = hand_over, hear


def _inside(owner: Any, name: str, point: str) -> None:
    """Before or after any question that the door asks the database."""
    door = getattr(owner, name)

    def ask(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        pass_by(point)
        answer = execute(sql, values, many, context)
        pass_by(point)
        return answer

    @wraps(door)
    def wrapped(*args: Any, **values: Any) -> Any:
        with connection.execute_wrapper(ask):
            return door(*args, **values)

    setattr(owner, name, wrapped)


def _with_letters_in_hand() -> None:
    """Stand still in a transaction that took letters and has not ended, and say so: somebody takes the power away."""
    take = claim.claim

    @wraps(take)
    def stand_still(*args: Any, **values: Any) -> Any:
        rows = take(*args, **values)
        folder, name = Path(os.environ["FAULTS_ORDERS"]), os.environ["FAULTS_NAME"]
        for order in folder.glob(f"hold-{name}") if rows else ():
            order.write_text(str(len(rows)))
            order.rename(folder / f"holds-{name}")
            time.sleep(3600)
        return rows

    claim.claim = stand_still


def _around_the_broker() -> None:
    _around(Channel, "_put", before=lambda: pass_by("P10"), after=lambda: pass_by("P10"))


_WRAPPINGS: dict[str, Callable[[], None]] = {
    "P1": lambda: _around(post, "deliver_all", before=lambda: pass_by("P1")),
    "P2": lambda: _around(claim, "claim", after=_when_written("P2")),
    "P3": lambda: _inside(check, "sort_out", "P3"),
    "P4": lambda: _around(check, "sort_out", after=lambda: pass_by("P4")),
    "P5": lambda: _around(_Line, "rcpt", after=lambda: pass_by("P5")),
    "P6": _around_the_answer,
    "P7": lambda: _around(_Line, "data", after=lambda: pass_by("P7")),
    "P8": lambda: _inside(note, "sent", "P8"),
    "P9": lambda: _around(note, "sent", after=_when_written("P9")),
    "P10": _around_the_broker,
    "held": _with_letters_in_hand,  # no place to die at: see rows_hosts.py
}
