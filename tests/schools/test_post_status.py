"""manage.py post status: what operators, and the programs that watch for them, are told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from schools import post, tenancy
from schools.models import School
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import DAY, letter

pytestmark = pytest.mark.sqlite
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_ten(fresh_cache: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def wilg(cast: TestCast) -> School:
    return cast.schools["de-wilg"]


def told(*words: str) -> tuple[int, str]:
    """The exit code, and what was said."""
    said = StringIO()
    try:
        call_command("post", "status", *words, stdout=said)
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def counted() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told("--json")[1])
    return found


def end(cast: TestCast, school: School, state: str, reason: str = "", *, subjects: range, **values: Any) -> None:
    sent = {"message_id": "<1@x>", "sent_at": NOW} if state == "sent" else {}
    for subject in subjects:
        letter(cast.carla, school, subject=subject, state=state, reason=reason, **sent, **values)


def test_all_is_well(cast: TestCast, wilg: School) -> None:
    post.beat(NOW - MINUTE)
    letter(cast.carla, wilg, subject=1, due_at=NOW + DAY / 2)
    letter(cast.els, wilg, subject=2, due_at=NOW - 9 * MINUTE)
    code, said = told()
    assert (code, said.splitlines()[:3]) == (
        0,
        ["The post works: the last round ended 60 seconds ago.", "waiting  2", "late     0"],
    )


@pytest.mark.parametrize(("silent", "seconds"), [(None, None), (3 * MINUTE + dt.timedelta(seconds=1), 181)])
def test_a_post_that_stands_still_is_told(cast: TestCast, silent: dt.timedelta | None, seconds: int | None) -> None:
    if silent:
        post.beat(NOW - silent)
    code, said = told()
    assert code == 1
    assert said.startswith("The post stands still: ")
    assert (counted()["well"], counted()["seconds_since_the_last_round"]) == (False, seconds)


def test_a_broken_cache_counts_as_not_known(cast: TestCast, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert told()[0] == 1
    assert counted()["seconds_since_the_last_round"] is None


def test_late_letters_are_told_by_what_their_last_try_met(cast: TestCast, wilg: School) -> None:
    post.beat(NOW)
    for subject, reason in enumerate(["mail server down", "", "mail server down"]):
        letter(cast.carla, wilg, subject=subject, reason=reason, due_at=NOW - (10 + subject) * MINUTE)
    on_its_way = {"state": "leased", "lease": "12345678123456781234567812345678", "leased_until": NOW + MINUTE}
    letter(cast.els, wilg, subject=9, due_at=NOW - 20 * MINUTE, **on_its_way)
    code, said = told()
    assert code == 1
    assert "late     4\n         2 no try yet\n         2 mail server down\n" in said
    assert "the oldest late letter was due at 2026-11-24 09:40\n" in said
    found = counted()
    assert (found["well"], found["late"], found["late_by_reason"]) == (False, 4, {"mail server down": 2, "": 2})
    assert found["oldest_late"] == (NOW - 20 * MINUTE).isoformat()


def test_ends_are_counted_by_reason_and_since_when_they_were_due(cast: TestCast, wilg: School) -> None:
    post.beat(NOW)
    end(cast, wilg, "sent", subjects=range(3))
    end(cast, wilg, "failed", "mail server said 550", subjects=range(3, 5))
    end(cast, wilg, "dropped", "expired", subjects=range(5, 6))
    end(cast, wilg, "dropped", "the meeting changed", subjects=range(6, 9), due_at=NOW + DAY)
    end(cast, wilg, "failed", "no answer", subjects=range(20, 23), due_at=NOW - 8 * DAY)
    found = counted()
    assert found["sent"] == 3
    assert found["failed"] == {"mail server said 550": 2}
    assert found["dropped"] == {"the meeting changed": 3, "expired": 1}
    code, said = told("--days", "9")
    assert code == 0
    assert "failed   5\n         3 no answer\n         2 mail server said 550\n" in said


def test_it_asks_the_same_for_any_number(cast: TestCast, wilg: School, django_assert_num_queries: Any) -> None:
    for subjects in (range(1), range(1, 4)):
        end(cast, wilg, "failed", "no answer", subjects=subjects)
        letter(cast.els, wilg, subject=subjects.start + 50, due_at=NOW - DAY)
        with tenancy.acting_for_system("tests"), django_assert_num_queries(5):
            post.status(now=NOW, since=NOW - DAY)


def test_it_names_nobody(cast: TestCast, wilg: School) -> None:
    letter(cast.carla, wilg, due_at=NOW - DAY, reason="no answer")
    for words in ((), ("--json",)):
        said = told(*words)[1].lower()
        assert not any(name in said for name in ("carla", "wilg", "@"))
