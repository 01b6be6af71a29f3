"""The cache of limits: shared through Redis, and no reason to keep people out when Redis is away."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client, override_settings

from samenspraak.cache import SturdyCache
from schools import limits
from tests import parts
from tests.conftest import TestCast

AWAY = {
    "default": {
        "BACKEND": "samenspraak.cache.SturdyCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 0.2},
    }
}


@pytest.mark.redis
def test_it_is_shared() -> None:
    assert isinstance(caches["default"], SturdyCache)
    caches["default"].set("shared", "by all", 5)
    assert SturdyCache(settings.REDIS_URL, {}).get("shared") == "by all"


def test_it_counts_by_itself_when_redis_is_away() -> None:
    cache = SturdyCache(f"redis://127.0.0.1:{parts.free_port()}/0", {})
    assert cache.add("count", 1, 5)
    assert cache.incr("count") == 2
    assert cache.get("count") == 2
    assert cache.get_many(["count", "nothing"]) == {"count": 2}
    assert cache.touch("count", 5)
    assert cache.has_key("count")
    assert cache.delete("count")
    assert cache.get("count") is None
    assert cache.set_many({"a": 1}) == []
    cache.delete_many(["a"])
    assert cache.get("a") is None


@pytest.mark.redis
def test_it_counts_within_a_span_that_ends() -> None:
    cache, key = SturdyCache(settings.REDIS_URL, {}), f"span-{uuid.uuid4().hex}"
    numbers, ends = zip(*(cache.count(key, 60, 0) for _time in range(3)), strict=True)
    assert numbers == (1, 2, 3)
    assert 59 < ends[2] <= ends[1] <= ends[0] == 60
    cache.delete(key)
    assert cache.count(key, 60, 0)[0] == 1


@pytest.mark.redis
def test_a_count_without_an_end_gets_one() -> None:
    cache, key = SturdyCache(settings.REDIS_URL, {}), f"span-{uuid.uuid4().hex}"
    cache.set(key, 700, None)
    assert cache.count(key, 1, 0) == (701, 1)
    assert 0 < cache.count(key, 1, 0)[1] <= 1


@pytest.mark.parametrize("away", [False, True])
def test_a_span_begins_anew_in_any_cache(*, away: bool) -> None:
    nobody = SturdyCache(f"redis://127.0.0.1:{parts.free_port()}/0", {})
    kept = nobody if away else LocMemCache(uuid.uuid4().hex, {})
    assert [limits.count(kept, "span", 60, now) for now in (1000, 1000, 1059.5)] == [(1, 60), (2, 60), (3, 0.5)]
    assert limits.count(kept, "span", 60, 1060) == (1, 60)


@override_settings(CACHES=AWAY)
def test_people_sign_in_while_redis_is_away(cast: TestCast, client: Client) -> None:
    cast.carla.set_password("een lang wachtwoord")
    cast.carla.save()
    answer = client.post("/account/login/", {"login": cast.carla.email, "password": "een lang wachtwoord"})
    assert answer.status_code == 302
    assert client.get("/s/de-wilg/").status_code == 200
