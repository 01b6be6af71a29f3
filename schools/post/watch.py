"""Whoever measures is told how each letter ended, and how long after its time: numbers and reasons, nobody's name."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

# The end (sent, failed, dropped), the reason, and for each letter the seconds from due to sent (0 at other ends).
Watcher = Callable[[str, str, Sequence[float]], None]
_WATCHERS: list[Watcher] = []
_log = logging.getLogger(__name__)


def register_watcher(watcher: Watcher) -> None:
    """Tell it of every end from now on, in the process that notes it; what it raises holds up no letter."""
    if watcher not in _WATCHERS:
        _WATCHERS.append(watcher)


def is_watched() -> bool:
    """Whether anybody wants to know."""
    return bool(_WATCHERS)


def tell(end: str, reason: str, seconds: Sequence[float]) -> None:
    """Tell them all."""
    for watcher in _WATCHERS:
        try:
            watcher(end, reason, seconds)
        except Exception as error:  # noqa: BLE001  # whatever counts may have a full disk of its own
            _log.error("An end of letters could not be counted: %s.", type(error).__name__)
