"""The post's heartbeat: when a round last ended, wherever it ran."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.cache import cache

# A round ends every fifteen seconds or so, and within a minute or two also when it has much to do.
PATIENCE = dt.timedelta(minutes=3)
_KEY = "post:beat"
_log = logging.getLogger(__name__)


def beat(now: dt.datetime) -> None:
    """Note that a round ended; a cache that is down must not hold up the letters."""
    try:
        cache.set(_KEY, now.isoformat(), timeout=None)
    except Exception as error:  # noqa: BLE001  # whatever the cache's own library raises
        _log.warning("The post's heartbeat could not be noted: %s.", type(error).__name__)


def last_beat() -> dt.datetime | None:
    """When a round of the post last ended; None when that is not known. Raises what a broken cache raises."""
    noted = cache.get(_KEY)
    return dt.datetime.fromisoformat(noted) if noted else None


def silence(now: dt.datetime) -> dt.timedelta | None:
    """How long ago a round last ended; None when that is not known, also because the cache is broken."""
    try:
        beat = last_beat()
    except Exception as error:  # noqa: BLE001  # whatever the cache's own library raises
        _log.warning("The post's heartbeat could not be read: %s.", type(error).__name__)
        return None
    return now - beat if beat else None


def is_too_long(silence: dt.timedelta | None) -> bool:
    """Whether a post that was silent for so long, or for nobody knows how long, stands still."""
    return silence is None or silence > PATIENCE


def stands_still(now: dt.datetime) -> bool:
    """Whether no round ended within the last three minutes, as far as anybody knows."""
    return is_too_long(silence(now))
