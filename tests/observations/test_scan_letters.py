"""A sealed self-scan is open: everybody who may answer hears it, once, and nothing ever looks at who did."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail

from observations import actions, letters, queries
from observations.models import ScanAnswer
from schools import post
from schools.models import Delivery
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds
from workgroups.models import Seat, WorkGroup

NOW = factories.NOW  # Tuesday at 10.00
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
DUE = NOW + HOUR


def written() -> list[Delivery]:
    return list(Delivery.objects.filter(kind="scan_opened").select_related("user", "school").order_by("user_id"))


def why_not() -> set[str]:
    found = letters.prepare_scans(written(), DUE).values()
    return {one.reason if isinstance(one, post.Dropped) else "" for one in found}


@pytest.mark.sqlite
def test_everybody_who_may_answer_hears_it_once(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    assert {row.user for row in written()} == set(people)
    assert {(row.due_at, row.expires_at) for row in written()} == {(DUE, scan.closes_at)}
    assert post.deliver(now=DUE - HOUR / 60).sent == 0
    assert post.deliver(now=DUE).sent == 5
    assert post.deliver(now=DUE + DAY).sent == 0
    assert sorted(to for message in mail.outbox for to in message.to) == sorted(user.email or "" for user in people)
    assert len({re.sub("/stop/[^/]+/", "", str(message.body)) for message in mail.outbox}) == 1
    for words in (
        "tot dinsdag 1 december, 10.00 uur",
        "Kaart 2: Reflecting",
        f"http://127.0.0.1:8000/s/de-wilg/scans/{scan.pk}/",
        "ook wie al antwoord gaf",
    ):
        assert words in mail.outbox[0].body


def test_it_is_the_same_whoever_answered(cast: TestCast, django_assert_num_queries: Any) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    before, rows = letters.prepare_scans(written(), DUE), written()
    for user in people[:3]:
        rounds.answer(scan, user, 3)
    assert ScanAnswer.objects.exists()
    with django_assert_num_queries(2) as asked:
        assert letters.prepare_scans(rows, DUE) == before
    assert not [one for one in asked.captured_queries if "answer" in one["sql"] or "elector" in one["sql"]]
    assert post.deliver(now=DUE).sent == 5


def test_no_moment_of_the_day_is_kept(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast, now=NOW + dt.timedelta(minutes=17, seconds=5))
    (due,) = {row.due_at for row in written()}
    assert due == NOW + HOUR


@pytest.mark.parametrize(
    ("opened", "leaves"),
    [
        ("2026-11-24T10:31:00+01:00", "2026-11-24T12:00:00+01:00"),
        ("2026-11-24T18:29:00+01:00", "2026-11-24T19:00:00+01:00"),
        ("2026-11-24T18:31:00+01:00", "2026-11-25T07:00:00+01:00"),
        ("2026-11-25T02:00:00+01:00", "2026-11-25T07:00:00+01:00"),
        ("2026-11-27T22:00:00+01:00", "2026-11-30T07:00:00+01:00"),
    ],
)
def test_it_leaves_by_day_and_lets_the_room_be(cast: TestCast, opened: str, leaves: str) -> None:
    rounds.colleagues(cast, 4)
    now = dt.datetime.fromisoformat(opened).astimezone(dt.UTC)
    rounds.opened(cast, now=now, closes_at=now + 7 * DAY)
    assert {row.due_at for row in written()} == {dt.datetime.fromisoformat(leaves)}


def test_a_round_in_the_room_writes_nothing(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast, closes_at=NOW + HOUR / 4)
    assert not written()


def test_together_nobody_is_written_to(cast: TestCast) -> None:
    rounds.opened(cast, way="together", closes_at=None)
    assert not written()


def test_a_round_that_is_over_is_not_told_of(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    assert why_not() == {""}
    rounds.answered(scan, people, 3)
    assert why_not() == {"the self-scan is over"}
    assert post.deliver(now=DUE).sent == 0


def test_who_left_and_a_group_that_ended_hear_nothing(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    Seat.objects.filter(user=people[3]).update(until_date=factories.TODAY - DAY)
    assert why_not() == {"", "left the group"}
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=factories.TODAY)
    assert why_not() == {"the group has ended"}
    queries.scans_by_id([scan.pk])[scan.pk].delete()
    assert why_not() == {"the self-scan is gone"}


def test_a_starting_picture_names_all_six_cards(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast, None)
    row = written()[0]
    found = letters.prepare_scans([row], DUE)[row.pk]
    assert isinstance(found, post.Letter)
    assert "alle zes de kaarten" in found.text
    assert 'class="panel' not in found.html


def test_one_can_turn_it_off(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    people[0].unwanted_letters.create(sort="scan")
    rounds.opened(cast)
    assert post.deliver(now=DUE).sent == 3


def test_a_round_that_was_not_opened_writes_nothing(cast: TestCast) -> None:
    rounds.colleagues(cast, 3)
    with pytest.raises(actions.TooFewSeats):
        rounds.opened(cast)
    assert not written()
