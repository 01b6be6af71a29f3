"""Writing down again: what waits moves, what was dropped comes back, what people took back stays back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from schools import post
from schools.models import Delivery, School
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import DAY, KIND, letter

pytestmark = pytest.mark.sqlite
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def wilg(cast: TestCast) -> School:
    return cast.schools["de-wilg"]


def entry(*people: Any, subject: int = 7, version: int = 1, **values: Any) -> post.Entry:
    times = {"due_at": NOW + HOUR, "expires_at": NOW + DAY, **values}
    return post.Entry(KIND, subject, version, frozenset(one.pk for one in people), **times)


def write(school: School, entries: Iterable[post.Entry]) -> None:
    post.write_all(entries, school_id=school.pk, now=NOW)


def row(subject: int = 7) -> Delivery:
    return Delivery.objects.get(subject_id=subject)


def test_what_waits_untried_moves_to_its_new_time(cast: TestCast, wilg: School) -> None:
    write(wilg, [entry(cast.carla)])
    write(wilg, [entry(cast.carla, due_at=NOW + 2 * HOUR, expires_at=NOW + 2 * DAY)])
    now = row()
    assert (now.state, now.due_at, now.next_try_at) == ("waiting", NOW + 2 * HOUR, NOW + 2 * HOUR)
    assert now.expires_at == NOW + 2 * DAY


@pytest.mark.parametrize(
    "values",
    [
        {"state": "waiting", "attempts": 2, "reason": "mail server said 450"},
        {"state": "leased", "attempts": 1, "lease": "5f7a1a3e-3a1c-4f6c-9a57-0d5f4f0a4c11", "leased_until": NOW + HOUR},
        {"state": "sent", "message_id": "<1@x>", "sent_at": NOW},
        {"state": "failed", "reason": "mail server said 550"},
    ],
)
def test_what_was_tried_stays_as_it_is(cast: TestCast, wilg: School, values: dict[str, Any]) -> None:
    before = letter(cast.carla, wilg, subject=7, **values)
    write(wilg, [entry(cast.carla)])
    after = row()
    assert (after.state, after.due_at, after.attempts) == (before.state, before.due_at, before.attempts)
    assert after.reason == before.reason


def test_what_was_dropped_waits_again(cast: TestCast, wilg: School) -> None:
    letter(cast.carla, wilg, subject=7, state="dropped", reason="not wanted", attempts=1, doubts=1)
    write(wilg, [entry(cast.carla)])
    again = row()
    assert (again.state, again.reason) == ("waiting", "")
    assert (again.attempts, again.doubts) == (1, 1)  # it may have left: of a change its reader has to hear
    assert again.next_try_at == NOW + HOUR


def test_what_people_took_back_learns_its_time_and_stays_back(cast: TestCast, wilg: School) -> None:
    write(wilg, [entry(cast.carla)])
    assert post.drop(kinds=[KIND], subject_ids=[7], reason=post.TAKEN_BACK) == 1
    write(wilg, [entry(cast.carla, due_at=NOW + 3 * HOUR)])
    assert (row().state, row().reason, row().due_at) == ("dropped", post.TAKEN_BACK, NOW + 3 * HOUR)
    assert post.send_after_all(kind=KIND, subject_id=7, version=1, now=NOW) == 1
    assert (row().state, row().reason, row().next_try_at) == ("waiting", "", NOW + 3 * HOUR)


def test_after_all_is_at_once_where_its_time_is_past(cast: TestCast, wilg: School) -> None:
    write(wilg, [entry(cast.carla)])
    post.drop(kinds=[KIND], subject_ids=[7], reason=post.TAKEN_BACK)
    later = NOW + 2 * HOUR
    assert post.send_after_all(kind=KIND, subject_id=7, version=1, now=later) == 1
    assert (row().due_at, row().next_try_at) == (later, later)


def test_after_all_forgets_no_try(cast: TestCast, wilg: School) -> None:
    letter(cast.carla, wilg, subject=7, attempts=2, doubts=1)
    post.drop(kinds=[KIND], subject_ids=[7], reason=post.TAKEN_BACK)
    assert post.send_after_all(kind=KIND, subject_id=7, version=1, now=NOW) == 1
    assert (row().attempts, row().doubts) == (2, 1)


def test_after_all_is_too_late_once_it_has_expired(cast: TestCast, wilg: School) -> None:
    write(wilg, [entry(cast.carla)])
    post.drop(kinds=[KIND], subject_ids=[7], reason=post.TAKEN_BACK)
    assert post.send_after_all(kind=KIND, subject_id=7, version=1, now=NOW + DAY) == 0
    assert row().state == "dropped"


def test_after_all_leaves_alone_what_the_post_dropped(cast: TestCast, wilg: School) -> None:
    letter(cast.carla, wilg, subject=7, state="dropped", reason="the meeting changed")
    assert post.send_after_all(kind=KIND, subject_id=7, version=1, now=NOW) == 0


def test_many_meetings_are_one_query(cast: TestCast, wilg: School, django_assert_num_queries: Any) -> None:
    people = (cast.carla, cast.els, cast.joris)
    with django_assert_num_queries(3):  # one, in a savepoint
        write(wilg, [entry(*people, subject=subject) for subject in range(60)])
    assert Delivery.objects.count() == 180
    with django_assert_num_queries(1):
        assert post.drop(kinds=[KIND, "other"], subject_ids=range(60), reason="moved") == 180


def test_taking_back_can_be_for_some_people(cast: TestCast, wilg: School) -> None:
    write(wilg, [entry(cast.carla, cast.els)])
    assert post.drop(kinds=[KIND], subject_ids=[7], user_ids=[cast.els.pk], reason="no seat any more") == 1
    assert Delivery.objects.get(state="dropped").user_id == cast.els.pk


def test_more_than_a_thousand_at_once(cast: TestCast, wilg: School) -> None:
    write(wilg, [entry(cast.carla, subject=subject) for subject in range(1_001)])
    assert Delivery.objects.count() == 1_001
