"""The second look at the ledger: what should be in it and is not is written down anew, and is an error of ours."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from schools.post import restored
from schools.post.ledger import open_ledger

Find = Callable[[dt.datetime], Collection[int]]
Mend = Callable[[int, dt.datetime], int]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Mending:
    find: Find
    mend: Mend


_MENDINGS: dict[str, _Mending] = {}


def register_mending(name: str, *, find: Find, mend: Mend) -> None:
    """Tell the post how a floor above mends its letters; called from AppConfig.ready.

    ``find(now)`` answers the ids of whatever may lack letters, cheaply and without a lock. ``mend(id, now)`` looks once
    more, in a transaction of its own, writes down what lacks, and answers how many letters that were.
    """
    _MENDINGS[name] = _Mending(find, mend)


def reconcile(*, now: dt.datetime) -> int:
    """Compare what should be in the ledger with what is, and mend it; returns the number of letters written down.

    Each of them is logged as an error. What breaks down stops no other. Safe to run twice and in parallel. What was
    held after a restore until it lost its use comes to its end.
    """
    mended = 0
    with open_ledger():
        restored.end_useless(now=now)
    for name, floor in _MENDINGS.items():
        with open_ledger():
            found = floor.find(now)
        for one in found:
            mended += _mend(name, floor, one, now)
    return mended


def _mend(name: str, floor: _Mending, one: int, now: dt.datetime) -> int:
    try:
        with open_ledger():
            written = floor.mend(one, now)
    except Exception as error:  # noqa: BLE001  # a floor above may fail in any way
        _log.error("The letters of %s %s cannot be mended: %s.", name, one, type(error).__name__)
        return 0
    return written
