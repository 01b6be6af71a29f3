"""Choosing the one card a group works on (G1), and why (G2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from schools.refusals import Conflict
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.models import Agreement, FocusPeriod, Guest, GuidedStart, WorkGroup


def choose(cast: TestCast, **values: Any) -> FocusPeriod:
    given = {"group": cast.reading, "aspect": cast.aspects["openness"], "why": "", "endings": {}, "goal_endings": {}}
    return actions.choose_aspect(**{**given, "by": cast.hat("carla"), "now": NOW, **values})


def test_it_works(cast: TestCast) -> None:
    period = choose(cast, why=" Omdat we elkaar niet horen. ")
    assert (period.state, period.why, period.started_on) == ("live", "Omdat we elkaar niet horen.", TODAY)
    assert queries.focus_of(cast.reading).aspect == cast.aspects["openness"]


@pytest.mark.parametrize("who", ["anna", "frank", "joris"])
def test_it_needs_a_seat(cast: TestCast, who: str) -> None:
    period = choose(cast)
    with pytest.raises(PermissionDenied):
        choose(cast, by=cast.hat(who), aspect=cast.aspects["feedback"])
    with pytest.raises(PermissionDenied):
        actions.say_why(period=period, why="Ik weet het beter", version=1, by=cast.hat(who), now=NOW)


def test_a_guest_reads_and_does_not_write(cast: TestCast) -> None:
    period = choose(cast)
    Guest.objects.create(school=period.school, group=cast.reading, user=cast.bram, from_date=TODAY)
    bram = cast.hat("bram")
    assert FocusPeriod.objects.visible_to(bram).get() == period
    with pytest.raises(PermissionDenied):
        actions.say_why(period=period, why="Hallo", version=1, by=bram, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.set_goal(period=period, text="Doel", agreements=["Afspraak"], by=bram, now=NOW)


def test_another_card_closes_the_one_before(cast: TestCast) -> None:
    first = choose(cast)
    goal = actions.set_goal(
        period=first, text="Iedereen praat mee", agreements=["a", "b", "c"], by=cast.hat("carla"), now=NOW
    )
    a, b, c = goal.agreements.order_by("slot")
    endings = {a.pk: "live", b.pk: "habit", c.pk: "dropped"}
    second = choose(cast, aspect=cast.aspects["feedback"], endings=endings, goal_endings={goal.pk: "reached"})
    first.refresh_from_db()
    assert (first.state, first.closed_on, second.state) == ("closed", TODAY, "live")
    kept = dict(Agreement.objects.values_list("text", "state"))
    assert kept == {"a": "live", "b": "habit", "c": "dropped"}
    a.refresh_from_db()
    assert (a.goal, a.slot) == (goal, 1)
    focus = queries.focus_of(cast.reading)
    assert (focus.period, focus.goals) == (second, ())
    assert [one.text for one in focus.carried] == ["a"]


@pytest.mark.parametrize(
    "answers",
    [{}, {"a": "live"}, {"a": "live", "b": "changed"}, {"a": "live", "b": "live", "other": "dropped"}],
)
def test_every_live_agreement_needs_an_answer(cast: TestCast, answers: dict[str, str]) -> None:
    period = choose(cast)
    goal = factories.goal(period)
    rows = {"a": factories.agreement(goal, "a", 1), "b": factories.agreement(goal, "b", 2)}
    rows["other"] = factories.agreement(factories.goal(factories.period(cast.maths, cast.aspects["feedback"])), "other")
    endings = {rows[name].pk: how for name, how in answers.items()}
    with pytest.raises(actions.EndingsMissing) as refused:
        choose(cast, aspect=cast.aspects["feedback"], endings=endings)
    assert refused.value.field == "endings"
    assert FocusPeriod.objects.get(group=cast.reading) == period
    assert set(Agreement.objects.values_list("state", flat=True)) == {"live"}


def test_the_same_card_again_only_after_a_goal(cast: TestCast) -> None:
    period = choose(cast)
    with pytest.raises(actions.SameCard):
        choose(cast)
    goal = factories.goal(period)
    assert choose(cast, goal_endings={goal.pk: "reached"}).pk != period.pk


@pytest.mark.parametrize("answers", [{}, {"a": "reached"}, {"a": "live", "b": "reached"}, {"a": "", "b": ""}])
def test_every_live_goal_ends_with_its_card(cast: TestCast, answers: dict[str, str]) -> None:
    period = choose(cast)
    rows = {name: factories.goal(period, name, place) for place, name in enumerate("ab", start=1)}
    factories.goal(period, "c", 3, state="reached", ended_on=TODAY)
    given = {"aspect": cast.aspects["feedback"]}
    with pytest.raises(actions.GoalEndingsMissing) as refused:
        choose(cast, **given, goal_endings={rows[name].pk: how for name, how in answers.items()})
    assert refused.value.field == "goal_endings"
    assert FocusPeriod.objects.get(group=cast.reading) == period
    other = factories.goal(factories.period(cast.maths, cast.aspects["feedback"]))
    choose(cast, **given, goal_endings={rows["a"].pk: "reached", rows["b"].pk: "dropped", other.pk: "dropped"})
    assert sorted(period.goals.values_list("text", "state")) == [("a", "reached"), ("b", "dropped"), ("c", "reached")]
    other.refresh_from_db()
    assert other.state == "live"


def test_another_card_stops_the_clock_of_the_start(cast: TestCast) -> None:
    period = choose(cast)
    factories.start(period, running_since=NOW - dt.timedelta(minutes=3))
    choose(cast, aspect=cast.aspects["feedback"])
    start = GuidedStart.objects.get(period=period)
    assert (start.state, start.spent, start.running_since) == ("paused", 180, None)
    assert start.drafts
    with pytest.raises(actions.PeriodClosed):
        actions.resume_start(start=start, by=cast.hat("carla"), now=NOW)


def test_why_can_be_said_later_but_not_of_an_earlier_card(cast: TestCast) -> None:
    first, carla = choose(cast), cast.hat("carla")
    assert actions.say_why(period=first, why="Daarom", version=1, by=carla, now=NOW).why == "Daarom"
    assert actions.say_why(period=first, why="Daarom", version=1, by=carla, now=NOW).version == 2
    for version in (1, None):
        with pytest.raises(Conflict) as refused:
            actions.say_why(period=first, why="Hierom", version=version, by=carla, now=NOW)
        assert (refused.value.theirs, refused.value.version) == ({"why": "Daarom"}, 2)
    with pytest.raises(actions.TextTooLong):
        actions.say_why(period=first, why="x" * 301, version=1, by=carla, now=NOW)
    choose(cast, aspect=cast.aspects["feedback"])
    with pytest.raises(actions.PeriodClosed):
        actions.say_why(period=first, why="Toch", version=1, by=carla, now=NOW)
    first.refresh_from_db()
    assert first.why == "Daarom"


def test_an_ended_group_chooses_no_card(cast: TestCast) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(actions.GroupEnded):
        choose(cast)
