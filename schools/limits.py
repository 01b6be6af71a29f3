"""How often within a span that begins with the first time: one number for each key, in the cache that all share."""

from __future__ import annotations

import math
from collections.abc import Callable

from django.core.cache.backends.base import BaseCache

Counted = tuple[int, float]
Count = Callable[[str, int, float], Counted]


def count(kept: BaseCache, key: str, seconds: int, now: float) -> Counted:
    """Count one more; gives how many there are now, and for how many seconds this span goes on.

    By the cache's own ``count``, if it has one (samenspraak.cache): one trip, and no call of two at a moment is lost.
    """
    own: Count | None = getattr(kept, "count", None)
    return own(key, seconds, now) if own else count_by_hand(kept, key, seconds, now)


def count_by_hand(kept: BaseCache, key: str, seconds: int, now: float) -> Counted:
    """The same in any cache of the framework. Two trips; of two at the same moment one may be lost."""
    number, ends = kept.get(key) or (0, now + seconds)
    if ends <= now:
        number, ends = 0, now + seconds
    kept.set(key, (number + 1, ends), math.ceil(ends - now))
    return number + 1, ends - now
