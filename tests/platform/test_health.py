"""Probes: they need no host name and no session, and say which part fails and nothing more."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from schools import post

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def test_livez_touches_nothing(client: Client) -> None:
    # Without the db fixture any question to the database would fail this test.
    answer = client.get("/livez", headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


def test_readyz_asks_the_database(client: Client, db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert client.get("/readyz").json() == {"status": "ok"}


def test_readyz_says_that_the_database_fails(client: Client, db: None) -> None:
    def break_down(*_args: Any) -> None:
        raise DatabaseError("secret details")

    with connection.execute_wrapper(break_down):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "part": "database"})


def test_post_is_well_after_a_round(client: Client, db: None) -> None:
    post.beat(timezone.now() - dt.timedelta(seconds=40))
    answer = client.get("/healthz/post")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert 40 <= answer.json()["seconds_since_the_last_round"] < 60


@pytest.mark.parametrize("silent", [dt.timedelta(minutes=4), None])
def test_post_fails_after_a_silence(client: Client, db: None, silent: dt.timedelta | None) -> None:
    cache.clear()
    if silent:
        post.beat(timezone.now() - silent)
    answer = client.get("/healthz/post")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "part": "post"})


def test_post_says_that_the_broker_fails(client: Client, db: None, settings: Any) -> None:
    post.beat(timezone.now())
    settings.CELERY_BROKER_URL = NOBODY_LISTENS
    answer = client.get("/healthz/post")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "part": "broker"})


def test_post_says_that_the_cache_fails(client: Client, db: None, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOBODY_LISTENS}
    }
    answer = client.get("/healthz/post")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "part": "cache"})


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz/post"])
def test_probes_only_look(client: Client, db: None, path: str) -> None:
    assert client.post(path).status_code == 404
