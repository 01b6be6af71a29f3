"""A school changes its rule while a chair or a clerk is at work: nobody waits for ever, no group keeps the old rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from schools import tenancy
from tests.conftest import TestCast, gather
from tests.factories import NOW, TODAY
from tests.workgroups.hands import Hand, finish
from workgroups import actions
from workgroups.models import ReminderRule
from workgroups.reminders import Rule

GROUP = {"theme": "Zinnen", "kind": "plc", "present_practice": "", "desired_practice": ""}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="several at once need a server"),
]


@pytest.fixture
def cast() -> TestCast:
    with tenancy.acting_for_system("tests"):
        return gather()


@pytest.fixture
def leader_and_chair() -> Iterator[tuple[Hand, Hand]]:
    hands = Hand(), Hand()
    yield hands
    for hand in hands:
        hand.dismiss()
    connection.close()


def does(deed: Callable[..., Any], **given: Any) -> Callable[[], None]:
    def act() -> None:
        with tenancy.acting_for_system("tests"):
            deed(**given, now=NOW)

    return act


def meet(leader: Hand, other: Hand, deed: Callable[[], None], *, step: int, rule: Rule, cast: TestCast) -> None:
    """The leader changes the school's rule when the other has asked so many questions."""
    other.begin(deed)
    other.go_on(step)
    leader.begin(does(actions.remind_school, rule=rule, by=cast.hat("anna")))
    leader.go_on(40)
    finish(leader, other)
    assert [leader.broken, other.broken] == [[], []]


def test_a_plan_and_a_rule_never_wait_for_each_other(cast: TestCast, leader_and_chair: tuple[Hand, Hand]) -> None:
    how = {"time": dt.time(15, 15), "minutes": 60, "place": "", "title": "", "by": cast.hat("els")}
    for step in range(1, 16):
        day = TODAY + dt.timedelta(days=step)
        plan = does(actions.plan_meeting, group=cast.reading, day=day, **how)
        meet(*leader_and_chair, plan, step=step, rule=Rule(None, None, step), cast=cast)


def test_a_new_group_never_begins_with_the_old_rule(cast: TestCast, leader_and_chair: tuple[Hand, Hand]) -> None:
    for step in range(1, 12):
        start = does(actions.start_group, **GROUP, name=f"Schrijven {step}", chair=cast.els, by=cast.hat("anna"))
        meet(*leader_and_chair, start, step=step, rule=Rule(None, None, step), cast=cast)
        assert hours_of_followers(cast) == {step}


def test_a_group_never_goes_back_to_the_old_rule(cast: TestCast, leader_and_chair: tuple[Hand, Hand]) -> None:
    chair = cast.hat("els")
    for step in range(1, 12):
        does(actions.remind_group, group=cast.reading, rule=Rule(1, dt.time(12, 0)), by=chair)()
        back = does(actions.remind_group, group=cast.reading, rule=None, by=chair)
        meet(*leader_and_chair, back, step=step, rule=Rule(None, None, step), cast=cast)
        assert hours_of_followers(cast) == {step}


def hours_of_followers(cast: TestCast) -> set[int | None]:
    with tenancy.acting_for_system("tests"):
        follow = ReminderRule.objects.filter(school=cast.schools["de-wilg"], follows_school=True)
        return set(follow.values_list("hours_before", flat=True))
