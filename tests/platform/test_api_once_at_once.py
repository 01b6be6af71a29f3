"""The same call several times at the same moment is done once, and each is answered the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from schools import tenancy
from schools.models import KeptAnswer
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast, gather
from workgroups import actions
from workgroups.models import GoalUpdate

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture
def cast() -> TestCast:
    """The cast as rows that everybody can see."""
    with tenancy.acting_for_system("tests"):
        return gather()


@pytest.fixture
def path(cast: TestCast) -> str:
    """Where notes on a goal go."""
    with tenancy.acting_for_system("tests"):
        goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    return f"schools/de-wilg/goals/{goal.pk}/updates/"


def _at_once(calls: int, path: str, cast: TestCast, monkeypatch: pytest.MonkeyPatch, *, breaks: int = 0) -> list[Any]:
    """Each in its own thread; the first to arrive goes slowly, so that the others find it at work."""
    start, done = threading.Barrier(calls), []
    update = actions.update_goal

    def slowly(**values: Any) -> Any:
        threading.Event().wait(0.3)
        done.append(1)
        if len(done) <= breaks:
            raise RuntimeError
        return update(**values)

    def send(_number: int) -> Any:
        try:
            caller = Caller(cast.carla, by="session")
            caller.client.raise_request_exception = False
            start.wait(timeout=10)
            body = {"step": "on_the_way", "note": "Wij."}
            told: dict[str, Any] = {
                "content_type": "application/json",
                "headers": {**caller.headers, "Idempotency-Key": KEY},
            }
            return caller.client.post(f"/api/v1/{path}", body, **told)
        finally:
            connection.close()

    monkeypatch.setattr(actions, "update_goal", slowly)
    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(send, range(calls)))


def _kept() -> tuple[int, int]:
    with tenancy.acting_for_system("tests"):
        return GoalUpdate.objects.count(), KeptAnswer.objects.count()


def test_it_is_done_once(api: Any, cast: TestCast, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = _at_once(4, path, cast, monkeypatch)
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.content for one in answers}) == 1
    assert sorted("Idempotent-Replayed" in one.headers for one in answers) == [False, True, True, True]
    assert _kept() == (1, 1)


def test_where_the_first_breaks_another_does_it(
    api: Any, cast: TestCast, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = _at_once(3, path, cast, monkeypatch, breaks=1)
    assert sorted(one.status_code for one in answers) == [201, 201, 500]
    assert _kept() == (1, 1)


def test_who_waits_too_long_is_told(api: Any, cast: TestCast, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.actions.calls.PATIENCE", "50ms")
    answers = _at_once(2, path, cast, monkeypatch)
    assert sorted(one.status_code for one in answers) == [201, 409]
    refused = next(one for one in answers if one.status_code == 409)
    assert (refused.json()["code"], refused["Retry-After"]) == ("still_running", "1")
    assert _kept() == (1, 1)
