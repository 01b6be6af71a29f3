"""What of the rounds waits for somebody: the own answers, and for the chair the picture; nothing of anybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from observations import actions, queries
from observations.models import SelfScan
from tests import factories
from tests.conftest import TestCast
from tests.observations import pulses, rounds
from tests.observations.rounds import NOW, WEEK
from workgroups.models import Guest, Seat, WorkGroup

MINUTE = dt.timedelta(minutes=1)


def waits(cast: TestCast, who: str, now: dt.datetime = NOW) -> tuple[int, int, int]:
    """How many rounds to answer, pictures to open and pulses to answer wait for somebody of the cast."""
    found = queries.own_rounds(cast.hat(who), now=now)
    return len(found.scans), len(found.closed), len(found.pulses)


def reload(scan: SelfScan) -> SelfScan:
    return SelfScan.objects.select_related("group", "school", "aspect").get(pk=scan.pk)


@pytest.mark.sqlite
def test_it_works(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((1, 0, 0), (1, 0, 0))
    rounds.answered(scan, people[1:], 3)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((1, 0, 0), (0, 0, 0))
    rounds.answer(scan, cast.els, 3)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((0, 1, 0), (0, 0, 0))
    actions.reveal_scan(scan=reload(scan), by=cast.hat("els"), now=NOW)
    assert waits(cast, "els") == (0, 0, 0)


def test_all_six_wait_until_the_last_card(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast, None)
    *most, last = queries.aspects_of(scan)
    for aspect in most:
        rounds.answer(scan, cast.carla, 3, aspect=aspect)
    assert waits(cast, "carla") == (1, 0, 0)
    rounds.answer(scan, cast.carla, None, aspect=last)
    assert waits(cast, "carla") == (0, 0, 0)


def test_nothing_waits_once_the_time_is_over(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast)
    pulses.opened(cast)
    assert waits(cast, "carla", NOW + WEEK - MINUTE) == (1, 0, 1)
    assert waits(cast, "carla", NOW + WEEK) == (0, 0, 0)


def test_who_came_later_is_not_asked(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast)
    pulses.opened(cast)
    Seat.objects.create(school=cast.reading.school, group=cast.reading, user=cast.joris, from_date=factories.LONG_AGO)
    assert waits(cast, "joris") == (0, 0, 0)


def test_together_it_waits_for_every_seat(cast: TestCast) -> None:
    scan = rounds.opened(cast, way="together", closes_at=None)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((1, 0, 0), (1, 0, 0))
    rounds.answer(scan, cast.els, 3)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((0, 0, 0), (0, 0, 0))


def test_a_pulse_waits_for_ones_own_answers(cast: TestCast) -> None:
    people = pulses.five(cast)
    pulse = pulses.opened(cast)
    for user in people[2:]:
        pulses.answer(cast, pulse, user, 2)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((0, 0, 1), (0, 0, 1))
    pulses.answer(cast, pulse, cast.els, 2)
    assert (waits(cast, "els"), waits(cast, "carla")) == ((0, 0, 0), (0, 0, 1))


def test_a_group_that_ended_asks_nothing(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast)
    pulses.opened(cast)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=factories.TODAY)
    assert waits(cast, "carla") == (0, 0, 0)


@pytest.mark.parametrize("who", ["bram", "anna", "joris", "frank"])
def test_it_needs_a_seat(cast: TestCast, who: str) -> None:
    rounds.colleagues(cast, 4)
    rounds.opened(cast)
    pulses.opened(cast)
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.TODAY)
    assert waits(cast, who) == (0, 0, 0)


@pytest.mark.parametrize("many", [1, 3])
def test_few_queries(cast: TestCast, many: int, django_assert_num_queries: Any) -> None:
    colleagues = rounds.colleagues(cast, 4)
    names = [f"Groep {number}" for number in range(1, many)]
    others = [factories.group(cast.reading.school, name, members=tuple(colleagues)) for name in names]
    groups = [cast.reading, *others]
    for place, group in enumerate(groups):
        rounds.opened(cast, None if place else "openness", group=group, by=cast.hat("carla"))
        values: dict[str, Any] = {"kind": "trust", "closes_at": NOW + WEEK, "by": cast.hat("carla"), "now": NOW}
        actions.open_pulse(group=group, **values)
    hat = cast.hat("carla")
    with django_assert_num_queries(3):
        found = queries.own_rounds(hat, now=NOW)
        assert [scan.group.name for scan in found.scans] == [group.name for group in groups]
    assert len(found.pulses) == many
