"""What now? The most urgent first, for one's own groups only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schools.models import User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.models import Opener, WorkGroup
from workgroups.queries import Ask, WhatsNow

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.sqlite


def now_for(cast: TestCast, who: str, *, now: dt.datetime = NOW) -> WhatsNow:
    return queries.whats_now(cast.hat(who), today=TODAY, now=now)


def asks(cast: TestCast, who: str, *, now: dt.datetime = NOW) -> list[Ask]:
    return [waiting.ask for waiting in now_for(cast, who, now=now).waiting]


def whole(group: WorkGroup, cast: TestCast) -> None:
    """A card, a goal and an agreement."""
    factories.agreement(factories.goal(factories.period(group, cast.aspects["openness"])))


def test_a_new_group_chooses_its_card_and_its_chair_plans(cast: TestCast) -> None:
    assert asks(cast, "els") == [Ask.CHOOSE, Ask.PLAN]
    assert asks(cast, "carla") == [Ask.CHOOSE]


def test_after_the_card_comes_a_goal_and_then_an_agreement(cast: TestCast) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    assert asks(cast, "carla") == [Ask.SET_GOAL]
    goal = factories.goal(period)
    assert asks(cast, "carla") == [Ask.AGREE]
    factories.agreement(goal)
    assert asks(cast, "carla") == []
    actions.end_goal(goal=goal, how="reached", by=cast.hat("els"), now=NOW)
    assert asks(cast, "carla") == [Ask.SET_GOAL]


def test_the_meeting_of_today_is_opened_and_closed(cast: TestCast) -> None:
    whole(cast.reading, cast)
    meeting = factories.meeting(cast.reading, TODAY, dt.time(15, 15))  # it is ten o'clock
    starts = meeting.starts_at
    assert asks(cast, "carla") == [Ask.OPEN]
    assert asks(cast, "carla", now=starts - DAY / 2 - DAY / 24) == []
    assert asks(cast, "carla", now=starts + DAY / 48) == [Ask.OPEN]
    Opener.objects.create(school=meeting.school, group=cast.reading, meeting=meeting, opened_at=NOW)
    assert asks(cast, "carla") == []
    assert asks(cast, "carla", now=starts + DAY / 48) == []  # the conversation itself
    assert asks(cast, "carla", now=starts + DAY / 32) == [Ask.CLOSE]  # a quarter of an hour before its end
    assert asks(cast, "carla", now=starts + DAY) == [Ask.CLOSE]
    found = now_for(cast, "carla", now=starts + DAY).waiting[0]
    assert (found.meeting, found.group, found.focus.agreements[0].text) == (
        meeting,
        cast.reading,
        "Eerst een vraag, dan je mening",
    )
    actions.skip_closer(meeting=meeting, because="Ziek", by=cast.hat("els"), now=starts)
    assert asks(cast, "carla", now=starts + DAY) == []


def test_without_agreements_there_is_nothing_to_open(cast: TestCast) -> None:
    factories.meeting(cast.reading, TODAY, dt.time(10, 30))
    assert asks(cast, "carla") == [Ask.CHOOSE]
    assert asks(cast, "carla", now=NOW + DAY / 24) == [Ask.CHOOSE]
    assert asks(cast, "carla", now=NOW + DAY / 18) == [Ask.CLOSE, Ask.CHOOSE]


def test_a_short_meeting_is_not_closed_before_it_begins(cast: TestCast) -> None:
    whole(cast.reading, cast)
    meeting = factories.meeting(cast.reading, TODAY, dt.time(15, 15), minutes=5)
    Opener.objects.create(school=meeting.school, group=cast.reading, meeting=meeting, opened_at=NOW)
    assert asks(cast, "carla", now=meeting.starts_at - DAY / 1440) == []
    assert asks(cast, "carla", now=meeting.starts_at) == [Ask.CLOSE]


def test_a_meeting_goes_on_from_its_start_until_its_end(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY, dt.time(15, 15))
    for moment, expected in ((meeting.starts_at - DAY / 1440, [False]), (meeting.starts_at, [True])):
        assert [up.going_on for up in now_for(cast, "carla", now=moment).next] == expected
    assert now_for(cast, "carla", now=meeting.ends_at).next == ()


def test_the_next_meetings_come_with_card_and_agreements(cast: TestCast) -> None:
    whole(cast.reading, cast)
    actions.seat(group=cast.maths, user=cast.carla, by=cast.hat("joris"), now=NOW)
    factories.meeting(cast.reading, TODAY + 9 * DAY)
    later = factories.meeting(cast.reading, TODAY + 2 * DAY)
    sooner = factories.meeting(cast.maths, TODAY + DAY)
    factories.meeting(cast.reading, TODAY + DAY, state="cancelled")
    factories.meeting(cast.next_door, TODAY + DAY)
    found = now_for(cast, "carla")
    assert [(up.meeting, up.group, up.days) for up in found.next] == [
        (sooner, cast.maths, 1),
        (later, cast.reading, 2),
    ]
    assert found.first == found.next[0]
    assert found.next[0].focus.aspect is None
    assert found.next[1].focus.aspect == cast.aspects["openness"]
    assert [tile.goal.text for tile in found.goals] == ["Iedereen komt aan het woord"]


def test_the_most_urgent_comes_first(cast: TestCast) -> None:
    whole(cast.reading, cast)
    actions.seat(group=cast.maths, user=cast.els, by=cast.hat("joris"), now=NOW)
    factories.meeting(cast.maths, TODAY - DAY)
    factories.meeting(cast.reading, TODAY, dt.time(15, 15))
    assert asks(cast, "els") == [Ask.OPEN, Ask.CLOSE, Ask.CHOOSE]


@pytest.mark.parametrize("who", ["anna", "frank", "bram"])
def test_who_sits_nowhere_is_asked_nothing(cast: TestCast, who: str) -> None:
    whole(cast.reading, cast)
    factories.meeting(cast.reading, TODAY)
    assert now_for(cast, who) == WhatsNow(sits=False, next=(), waiting=(), goals=())


def test_an_ended_group_asks_nothing(cast: TestCast) -> None:
    factories.meeting(cast.reading, TODAY)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    assert now_for(cast, "els") == WhatsNow(sits=False, next=(), waiting=(), goals=())


@pytest.mark.parametrize("groups", [1, 3])
def test_the_number_of_queries_is_fixed(cast: TestCast, groups: int, django_assert_num_queries: Any) -> None:
    zoe: User = factories.person("Zoe", cast.schools["de-wilg"])
    for number in range(groups):
        group = factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=zoe)
        whole(group, cast)
        for days in (-1, 0, 3):
            factories.meeting(group, TODAY + days * DAY)
        goal = queries.goals_for(factories.hat(zoe, group.school), group_id=group.pk).get()
        actions.update_goal(goal=goal, step="not_yet", note="", by=factories.hat(zoe, group.school), now=NOW)
    member = factories.hat(zoe, cast.schools["de-wilg"])
    with django_assert_num_queries(7):
        found = queries.whats_now(member, today=TODAY, now=NOW)
        assert len([waiting.meeting.starts_at for waiting in found.waiting if waiting.meeting]) == 2 * groups
        assert len([up.focus.aspect.name for up in found.next if up.focus.aspect]) == groups
        assert [tile.goal.latest.by for tile in found.goals if tile.goal.latest] == [zoe] * groups
