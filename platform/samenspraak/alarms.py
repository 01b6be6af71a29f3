"""Errors of the log, noted in the shared cache until a letter tells of them: kinds and places, no content.

Where the cache is away each process notes for itself, and the log has it all in any case. What is here is loaded
before the models are.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache

from samenspraak import logs

KEPT = dt.timedelta(days=2).total_seconds()
MOST_KINDS = 20
_TURN = "alarms:turn"


@dataclass(frozen=True)
class Fault:
    """What breaks in one way: who wrote it down, what kind of error, where; and how often since the last letter."""

    logger: str
    kind: str
    place: str
    route: str
    times: int


class Handler(logging.Handler):
    """Notes errors of the log. It asks neither the database nor the mail server, and never breaks what it tells of."""

    def emit(self, record: logging.LogRecord) -> None:
        """Note it."""
        with suppress(Exception):
            error = record.exc_info[1] if record.exc_info else None
            kind = type(error).__name__ if error else record.levelname.lower()
            place = logs.place(error) if error else f"{record.module}:{record.lineno} {record.funcName}"
            note(record.name, kind, place, getattr(record, "task", "") or _route(record))


def note(logger: str, kind: str, place: str, route: str = "", *, times: int = 1) -> None:
    """Count one more of this fault; new ones beyond twenty since the last letter are told as one."""
    turn = _turn()
    sign = json.dumps([logger, kind, place, route])
    key = f"alarms:{turn}:{hashlib.sha256(sign.encode()).hexdigest()[:32]}"
    if cache.add(key, 0, timeout=KEPT):
        cache.add(f"alarms:{turn}:kinds", 0, timeout=KEPT)
        number = cache.incr(f"alarms:{turn}:kinds")
        if number > MOST_KINDS:
            cache.delete(key)
            note_more(times)
            return
        cache.set(f"alarms:{turn}:{number}", (key, sign), timeout=KEPT)
    try:
        cache.incr(key, times)
    except ValueError:  # somebody just found that there are twenty kinds already
        note_more(times)


def note_more(times: int) -> None:
    """Count errors that are not told by themselves."""
    turn = _turn()
    cache.add(f"alarms:{turn}:more", 0, timeout=KEPT)
    cache.incr(f"alarms:{turn}:more", times)


def noted() -> bool:
    """Whether anything was noted since the last letter."""
    return bool(cache.get(f"alarms:{_turn()}:kinds"))


def take() -> tuple[list[Fault], int]:
    """What was noted since this was last asked, the most frequent first, and how many errors were of further kinds."""
    turn = _turn()
    cache.incr(_TURN)
    number = min(int(cache.get(f"alarms:{turn}:kinds") or 0), MOST_KINDS)
    named = cache.get_many([f"alarms:{turn}:{one}" for one in range(1, number + 1)]).values()
    counts = cache.get_many([key for key, _sign in named])
    faults = [_fault(sign, counts.get(key) or 1) for key, sign in named]
    more = int(cache.get(f"alarms:{turn}:more") or 0)
    return sorted(faults, key=lambda one: (-one.times, one.logger, one.place)), more


def _fault(sign: str, times: int) -> Fault:
    logger, kind, place, route = json.loads(sign)
    return Fault(logger, kind, place, route, times)


def _turn() -> int:
    cache.add(_TURN, 1, timeout=None)
    return int(cache.get(_TURN) or 1)


def _route(record: logging.LogRecord) -> str:
    """The address of the page that broke, where one did."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return match.view_name if match else ""
