"""Goals (G4a) with their agreements (G4b), and how far they are."""

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
from workgroups.models import FocusPeriod, Goal, GoalUpdate

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def period(cast: TestCast) -> FocusPeriod:
    return factories.period(cast.reading, cast.aspects["openness"])


def add(cast: TestCast, period: FocusPeriod, text: str = "Doel", *agreements: str, **values: Any) -> Goal:
    given = {"agreements": agreements or (f"Afspraak bij {text}",), "by": cast.hat("carla"), "now": NOW}
    return actions.set_goal(**{"period": period, "text": text, **given, **values})


def test_it_works(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period, " Iedereen   praat mee ", "Eerst een vraag", "  ", "Dan je mening")
    assert (goal.text, goal.position, goal.state, goal.set_on) == ("Iedereen praat mee", 1, "live", TODAY)
    assert [(one.text, one.slot) for one in goal.agreements.order_by("slot")] == [
        ("Eerst een vraag", 1),
        ("Dan je mening", 2),
    ]


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, period: FocusPeriod, who: str) -> None:
    goal, by = add(cast, period), cast.hat(who)
    with pytest.raises(PermissionDenied):
        add(cast, period, "Nog een", by=by)
    with pytest.raises(PermissionDenied):
        actions.edit_goal(goal=goal, text="Anders", version=1, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.end_goal(goal=goal, how="reached", by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.update_goal(goal=goal, step="not_yet", note="", by=by, now=NOW)


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"text": " "}, actions.EmptyText, "text"),
        ({"text": "x" * 301}, actions.TextTooLong, "text"),
        ({"agreements": []}, actions.AgreementMissing, "agreements"),
        ({"agreements": ["", "  "]}, actions.AgreementMissing, "agreements"),
        ({"agreements": ["a", "a"]}, actions.SameAgreement, "agreements"),
        ({"agreements": list("abcdef")}, actions.EnoughAgreements, "agreements"),
        ({"agreements": ["x" * 301]}, actions.TextTooLong, "agreements"),
    ],
)
def test_a_refusal_names_its_field_and_keeps_nothing(
    cast: TestCast, period: FocusPeriod, values: dict[str, Any], refusal: Any, field: str
) -> None:
    with pytest.raises(refusal) as refused:
        add(cast, period, **{"text": "Doel", **values})
    assert refused.value.field == field
    assert not Goal.objects.exists()


def test_three_goals_are_enough(cast: TestCast, period: FocusPeriod) -> None:
    goals = [add(cast, period, text) for text in ("een", "twee", "drie")]
    assert [goal.position for goal in goals] == [1, 2, 3]
    with pytest.raises(actions.EnoughGoals):
        add(cast, period, "vier")
    actions.end_goal(goal=goals[0], how="reached", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.EnoughGoals):
        add(cast, period, "vier")
    actions.end_goal(goal=goals[1], how="dropped", by=cast.hat("els"), now=NOW)
    assert add(cast, period, "vier").position == 2


def test_the_same_goal_twice_is_one(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period, "Doel", "a")
    with pytest.raises(actions.SameGoal):
        add(cast, period, "Doel", "b")
    actions.end_goal(goal=goal, how="dropped", by=cast.hat("els"), now=NOW)
    assert add(cast, period, "Doel", "b").pk


def test_goals_belong_to_the_card_of_now(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period)
    FocusPeriod.objects.filter(pk=period.pk).update(state="closed", closed_on=TODAY)
    with pytest.raises(actions.PeriodClosed):
        add(cast, period, "Nog een")
    with pytest.raises(actions.GoalEnded):
        actions.update_goal(goal=goal, step="not_yet", note="", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.GoalOver):
        actions.agree_on(goal=goal, text="Nog iets", tip=None, by=cast.hat("els"), now=NOW)


@pytest.mark.parametrize("how", ["reached", "dropped"])
def test_a_goal_ends_once_and_its_agreements_live_on(cast: TestCast, period: FocusPeriod, how: str) -> None:
    goal, els = add(cast, period), cast.hat("els")
    actions.end_goal(goal=goal, how=how, by=els, now=NOW)
    goal.refresh_from_db()
    assert (goal.state, goal.ended_on) == (how, TODAY)
    for again in ("reached", "dropped"):
        with pytest.raises(actions.GoalEnded):
            actions.end_goal(goal=goal, how=again, by=els, now=NOW)
    with pytest.raises(actions.GoalEnded):
        actions.update_goal(goal=goal, step="not_yet", note="", by=els, now=NOW)
    assert [one.text for one in queries.focus_of(cast.reading).carried] == ["Afspraak bij Doel"]


def test_a_goal_ends_in_one_of_two_ways(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period)
    for how in ("live", "habit", ""):
        with pytest.raises(actions.UnknownWord):
            actions.end_goal(goal=goal, how=how, by=cast.hat("els"), now=NOW)


def test_a_note_says_how_far_a_goal_is(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period)
    update = actions.update_goal(
        goal=goal, step="on_the_way", note=" Het lukt al vaker. ", by=cast.hat("carla"), now=NOW
    )
    assert (update.step, update.note, update.by) == ("on_the_way", "Het lukt al vaker.", cast.carla)
    actions.update_goal(goal=goal, step="reached", note="", by=cast.hat("els"), now=LATER)
    goal.refresh_from_db()
    assert goal.state == "live"
    page = queries.goal_page(goal)
    assert [one.step for one in page.updates] == ["reached", "on_the_way"]
    focus = queries.focus_of(cast.reading)
    assert focus.goals[0].step == "reached"
    assert focus.goals[0].latest == page.updates[0]


def test_a_double_click_is_one_note(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period)
    for who, now in (("carla", NOW), ("carla", NOW), ("els", NOW), ("carla", LATER)):
        actions.update_goal(goal=goal, step="not_yet", note="Nog niet", by=cast.hat(who), now=now)
    assert GoalUpdate.objects.count() == 3


def test_a_note_is_refused_with_a_sentence(cast: TestCast, period: FocusPeriod) -> None:
    goal, els = add(cast, period), cast.hat("els")
    with pytest.raises(actions.UnknownWord):
        actions.update_goal(goal=goal, step="halfway", note="", by=els, now=NOW)
    with pytest.raises(actions.TextTooLong):
        actions.update_goal(goal=goal, step="not_yet", note="x" * 501, by=els, now=NOW)


def test_a_goal_gets_other_words(cast: TestCast, period: FocusPeriod) -> None:
    goal, carla = add(cast, period), cast.hat("carla")
    edited = actions.edit_goal(goal=goal, text=" Wij  praten mee ", version=1, by=carla, now=NOW)
    goal.refresh_from_db()
    assert (goal.text, goal.version, edited) == ("Wij praten mee", 2, goal)
    assert actions.edit_goal(goal=goal, text="Wij praten mee", version=1, by=carla, now=NOW).version == 2


def test_two_who_edit_it_both_keep_their_words(cast: TestCast, period: FocusPeriod) -> None:
    goal = add(cast, period)
    actions.edit_goal(goal=goal, text="Van Carla", version=1, by=cast.hat("carla"), now=NOW)
    for version in (1, None, 3):
        with pytest.raises(Conflict) as refused:
            actions.edit_goal(goal=goal, text="Van Els", version=version, by=cast.hat("els"), now=NOW)
        assert (refused.value.theirs, refused.value.version) == ({"text": "Van Carla"}, 2)
    assert actions.edit_goal(goal=goal, text="Van Els", version=2, by=cast.hat("els"), now=NOW).version == 3


def test_other_words_are_refused_with_a_sentence(cast: TestCast, period: FocusPeriod) -> None:
    goal, other = add(cast, period), add(cast, period, "Ander doel")
    given: dict[str, Any] = {"goal": goal, "version": 1, "by": cast.hat("carla"), "now": NOW}
    for text, refusal in ((" ", actions.EmptyText), ("x" * 301, actions.TextTooLong), (other.text, actions.SameGoal)):
        with pytest.raises(refusal):
            actions.edit_goal(**given, text=text)
    actions.end_goal(goal=goal, how="reached", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.GoalEnded):
        actions.edit_goal(**given, text="Toch")
