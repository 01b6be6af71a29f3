"""People answer and the clock closes at the same moment: one picture comes of it, with every answer or without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from observations import actions
from observations.models import Elector, ScanAnswer, ScanReading, SelfScan, Snapshot
from schools import tenancy
from schools.refusals import Refused
from schools.roles import Member
from tests import factories
from tests.conftest import TestCast, gather
from tests.observations import rounds
from tests.observations.rounds import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[type[Exception] | None]:
    """Each deed in its own thread and transaction; None for each that was done, else the refusal."""
    start = Barrier(len(deeds))

    def do(deed: Deed) -> type[Exception] | None:
        try:
            with tenancy.acting_for_system("tests"):
                start.wait(timeout=10)
                deed()
        except Refused as refused:
            return type(refused)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.fixture
def cast() -> TestCast:
    """The cast as rows that everybody can see."""
    with tenancy.acting_for_system("tests"):
        return gather()


def answering(scan: SelfScan, by: Member, now: dt.datetime = NOW) -> Deed:
    return lambda: rounds.answer(scan, by.user, 3, by=by, now=now, manner="x")


def test_the_last_two_answers_at_once_close_it_once(cast: TestCast) -> None:
    with tenancy.acting_for_system("tests"):
        people = rounds.colleagues(cast, 6)
        scan = rounds.answered(rounds.opened(cast), people[:4], 3)
        hats = [factories.hat(user, scan.school) for user in people[4:]]
    assert at_once(*(answering(scan, by) for by in hats)) == [None, None]
    with tenancy.acting_for_system("tests"):
        assert Snapshot.objects.get(scan=scan).respondents == 6
        assert ScanReading.objects.filter(snapshot__scan=scan).count() == 3
        assert not [table for table in (ScanAnswer, Elector) if table.objects.exists()]


def test_an_answer_as_the_chair_closes_is_in_or_refused(cast: TestCast) -> None:
    with tenancy.acting_for_system("tests"):
        people = rounds.colleagues(cast, 6)
        scan = rounds.answered(rounds.opened(cast), people[:4], 3)
        late, chair = factories.hat(people[4], scan.school), cast.hat("els")
    answered, closed = at_once(answering(scan, late), lambda: actions.close_scan(scan=scan, by=chair, now=NOW))
    assert (answered in {None, actions.LateAnswer}, closed) == (True, None)
    with tenancy.acting_for_system("tests"):
        assert Snapshot.objects.get(scan=scan).respondents == (5 if answered is None else 4)
        assert not ScanAnswer.objects.exists()


def test_two_rounds_at_once_are_one(cast: TestCast) -> None:
    with tenancy.acting_for_system("tests"):
        rounds.colleagues(cast, 4)
        by = cast.hat("carla")
    found = at_once(*[lambda: rounds.opened(cast, by=by)] * 2)
    assert sorted(map(str, found)) == sorted(map(str, [None, actions.ScanUnderWay]))


def test_two_devices_of_one_person_keep_one_answer(cast: TestCast) -> None:
    with tenancy.acting_for_system("tests"):
        rounds.colleagues(cast, 4)
        scan, by = rounds.opened(cast), cast.hat("carla")
    assert at_once(answering(scan, by), answering(scan, by)) == [None, None]
    with tenancy.acting_for_system("tests"):
        assert ScanAnswer.objects.filter(user=cast.carla).count() == 3


def test_two_clocks_close_it_once(cast: TestCast) -> None:
    with tenancy.acting_for_system("tests"):
        people = rounds.colleagues(cast, 5)
        scan = rounds.answered(rounds.opened(cast), people[:4], 3)
    due = NOW + rounds.WEEK
    assert at_once(*[lambda: actions.close_due_scans(now=due)] * 2) == [None, None]
    with tenancy.acting_for_system("tests"):
        assert Snapshot.objects.filter(scan=scan).count() == 1
