"""The shared cache of limits and counts, which lets people in while Redis is away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError, TimeoutError as RedisTimeoutError

from schools import limits

_log = logging.getLogger(__name__)


class _Own(LocMemCache):
    """Of this process alone."""

    def count(self, key: str, seconds: int, now: float) -> limits.Counted:
        """Count one more, as ``limits.count``."""
        return limits.count_by_hand(self, key, seconds, now)


class SturdyCache(RedisCache):
    """Redis; while it cannot be reached each process counts for itself, so that a sign-in never breaks on it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Keep a cache of this process beside it."""
        super().__init__(server, params)
        self._own = _Own("beside-redis", {})

    def _try(self, name: str, call: Callable[..., Any], *args: Any, **values: Any) -> Any:
        try:
            return call(*args, **values)
        except (RedisConnectionError, RedisTimeoutError) as error:
            _log.warning("The cache cannot be reached (%s); this process counts for itself.", type(error).__name__)
            return getattr(self._own, name)(*args, **values)

    @cached_property
    def _line(self) -> Redis:
        client: Redis = self._cache.get_client(write=True)  # to make one for each question takes longer than the answer
        return client

    def count(self, key: str, seconds: int, now: float) -> limits.Counted:
        """Count one more, as ``limits.count``: one trip, and at the first of a span two."""
        found: limits.Counted = self._try("count", self._count, key, seconds, now)
        return found

    def _count(self, key: str, seconds: int, _now: float) -> limits.Counted:
        name = self.make_and_validate_key(key)
        both = self._line.pipeline(transaction=False)
        both.incr(name)
        both.pttl(name)
        number, left = both.execute()
        if left < 0:  # new, or whoever began it went away before it had an end
            self._line.expire(name, seconds)
            left = seconds * 1000
        return number, left / 1000

    def add(self, *args: Any, **values: Any) -> bool:
        """Set it if nothing is there."""
        return bool(self._try("add", super().add, *args, **values))

    def get(self, *args: Any, **values: Any) -> Any:
        """What is there."""
        return self._try("get", super().get, *args, **values)

    def set(self, *args: Any, **values: Any) -> None:
        """Put it there."""
        self._try("set", super().set, *args, **values)

    def touch(self, *args: Any, **values: Any) -> bool:
        """Keep it longer."""
        return bool(self._try("touch", super().touch, *args, **values))

    def delete(self, *args: Any, **values: Any) -> bool:
        """Take it away."""
        return bool(self._try("delete", super().delete, *args, **values))

    def get_many(self, *args: Any, **values: Any) -> dict[Any, Any]:
        """What is there of several."""
        return dict(self._try("get_many", super().get_many, *args, **values))

    def set_many(self, *args: Any, **values: Any) -> list[Any]:
        """Put several there."""
        return list(self._try("set_many", super().set_many, *args, **values))

    def delete_many(self, *args: Any, **values: Any) -> None:
        """Take several away."""
        self._try("delete_many", super().delete_many, *args, **values)

    def has_key(self, *args: Any, **values: Any) -> bool:
        """Whether it is there."""
        return bool(self._try("has_key", super().has_key, *args, **values))

    def incr(self, *args: Any, **values: Any) -> int:
        """Count one more."""
        return int(self._try("incr", super().incr, *args, **values))
