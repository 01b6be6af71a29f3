"""The group looks at shared feedback together: one answer per point, and a point becomes its own plan (C14, C15)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from observations import queries
from observations.actions import NotPossibleNow, debrief as actions
from observations.models import Debrief, PointAnswer, Visit
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups import actions as planning
from workgroups.models import Agreement, FocusPeriod, Goal

NOW = factories.NOW
STRONG, CHANCE = 1, 2


@pytest.fixture
def visit(cast: TestCast) -> Visit:
    """Bram shared one pair: a strong point on openness, an improvement point on analysing."""
    return steps.shared(cast)


@pytest.fixture
def period(cast: TestCast) -> FocusPeriod:
    """The group works on analysing."""
    return factories.period(cast.reading, cast.aspects["analysing"])


def do(cast: TestCast, deed: Any, visit: Visit, who: str = "carla", **given: Any) -> Any:
    return deed(visit=visit, by=cast.hat(who), now=NOW, **given)


def answered(cast: TestCast, visit: Visit, place: int, answer: str = "recognised") -> PointAnswer:
    row: PointAnswer = do(cast, actions.answer_point, visit, place=place, answer=answer)
    return row


def take_as_goal(cast: TestCast, visit: Visit, period: FocusPeriod, **given: Any) -> Goal:
    plan: dict[str, Any] = {
        "place": CHANCE,
        "period": period,
        "text": "Eerst weten we",
        "agreements": ["We zeggen wat we zagen"],
    }
    goal: Goal = do(cast, actions.take_as_goal, visit, **{**plan, **given})
    return goal


def test_it_works(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    do(cast, actions.begin_debrief, visit)
    answered(cast, visit, STRONG)
    do(cast, actions.show_point, visit, "els", place=CHANCE)
    answered(cast, visit, CHANCE, "curious")
    goal = take_as_goal(cast, visit, period)
    agreement = do(cast, actions.take_as_agreement, visit, place=STRONG, goal=goal, text="We blijven doorvragen")
    do(cast, actions.end_debrief, visit)
    visit.refresh_from_db()
    assert visit.state == "closed"
    assert Debrief.objects.get().shows == 0
    feedback = queries.feedback_of(visit)
    assert feedback is not None
    said = [point.said for point in feedback.points if point.said]
    assert [(one.answer, one.goal, one.agreement) for one in said] == [
        ("recognised", None, agreement),
        ("curious", goal, None),
    ]
    assert [one.text for one in goal.agreements.order_by("slot")] == ["We zeggen wat we zagen", "We blijven doorvragen"]


def test_the_feedback_itself_stays_as_it_was(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    answered(cast, visit, CHANCE)
    take_as_goal(cast, visit, period)
    feedback = queries.feedback_of(visit)
    assert feedback is not None
    assert [point.text for point in feedback.points] == [steps.PAIR.strong, steps.PAIR.improvement]


def test_one_answer_per_point_and_the_last_one_stands(cast: TestCast, visit: Visit) -> None:
    first = answered(cast, visit, STRONG, "surprised")
    again = do(cast, actions.answer_point, visit, "els", place=STRONG, answer="curious")
    assert first == again == PointAnswer.objects.get()
    assert PointAnswer.objects.get().answer == "curious"


def test_neither_who_nor_what_time_is_kept(cast: TestCast, visit: Visit) -> None:
    answered(cast, visit, STRONG)
    row = PointAnswer.objects.values().get()
    kept = {"id", "school_id", "group_id", "pair_id", "side", "answer", "answered_on", "goal_id", "agreement_id"}
    assert set(row) == kept
    assert type(row["answered_on"]) is dt.date


def test_a_second_phone_joins_and_steps_along(cast: TestCast, visit: Visit) -> None:
    do(cast, actions.begin_debrief, visit)
    do(cast, actions.show_point, visit, place=CHANCE)
    debrief = do(cast, actions.begin_debrief, visit, "els")
    assert debrief.shows == CHANCE
    before = Debrief.objects.get().version
    do(cast, actions.show_point, visit, "els", place=CHANCE)
    assert Debrief.objects.get().version == before


def test_screens_hear_of_everything_that_shows(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    do(cast, actions.begin_debrief, visit)
    marks = [Debrief.objects.get().version]
    for deed in (
        lambda: do(cast, actions.show_point, visit, place=CHANCE),
        lambda: answered(cast, visit, CHANCE),
        lambda: answered(cast, visit, CHANCE, "curious"),
        lambda: take_as_goal(cast, visit, period),
        lambda: do(cast, actions.end_debrief, visit),
    ):
        deed()
        marks.append(Debrief.objects.get().version)
    assert marks == sorted(set(marks))
    answered(cast, visit, CHANCE, "curious")
    assert Debrief.objects.get().version == marks[-1]


@pytest.mark.parametrize("who", ["bram", "anna", "frank", "joris", "daan"])
@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("begin_debrief", {}),
        ("show_point", {"place": 1}),
        ("answer_point", {"place": 1, "answer": "curious"}),
        ("end_debrief", {}),
    ],
)
def test_it_needs_a_seat(cast: TestCast, visit: Visit, who: str, deed: str, given: dict[str, Any]) -> None:
    """Bram, who gave it, reads along and nothing more (C6)."""
    do(cast, actions.begin_debrief, visit)
    school = "de-beuk" if who == "daan" else "de-wilg"
    with pytest.raises(PermissionDenied):
        getattr(actions, deed)(visit=visit, by=cast.hat(who, school), now=NOW, **given)
    assert not PointAnswer.objects.exists()


def test_only_members_take_a_point_over(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    """A visitor offers words, the group makes goals (C15)."""
    answered(cast, visit, CHANCE)
    goal = factories.goal(period)
    for who in ("bram", "anna", "joris"):
        by: dict[str, Any] = {"by": cast.hat(who), "now": NOW, "visit": visit, "place": CHANCE, "text": "Voor jullie"}
        with pytest.raises(PermissionDenied):
            actions.take_as_goal(period=period, agreements=["Voor jullie"], **by)
        with pytest.raises(PermissionDenied):
            actions.take_as_agreement(goal=goal, **by)
    assert Goal.objects.count() == 1
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("state", ["proposed", "accepted", "listening"])
def test_nothing_before_it_is_shared(cast: TestCast, state: str) -> None:
    visit = getattr(steps, state)(cast)
    with pytest.raises(NotPossibleNow):
        do(cast, actions.begin_debrief, visit)
    assert not Debrief.objects.exists()


def test_nothing_while_the_visitor_still_writes(cast: TestCast) -> None:
    with pytest.raises(NotPossibleNow):
        answered(cast, steps.noted(cast).visit, STRONG)


@pytest.mark.parametrize("place", [0, 3, 6])
def test_only_points_that_were_given(cast: TestCast, visit: Visit, place: int) -> None:
    do(cast, actions.begin_debrief, visit)
    for deed, given in ((actions.show_point, {}), (actions.answer_point, {"answer": "curious"})):
        with pytest.raises(planning.UnknownWord):
            do(cast, deed, visit, place=place, **given)


def test_only_the_three_answers(cast: TestCast, visit: Visit) -> None:
    with pytest.raises(planning.UnknownWord):
        answered(cast, visit, STRONG, "great")


def test_no_steps_without_a_begin(cast: TestCast, visit: Visit) -> None:
    with pytest.raises(NotPossibleNow):
        do(cast, actions.show_point, visit, place=1)
    with pytest.raises(NotPossibleNow):
        do(cast, actions.end_debrief, visit)


def test_an_end_is_an_end_and_they_may_look_again(cast: TestCast, visit: Visit) -> None:
    do(cast, actions.begin_debrief, visit)
    do(cast, actions.end_debrief, visit)
    do(cast, actions.end_debrief, visit, "els")
    with pytest.raises(NotPossibleNow):
        do(cast, actions.show_point, visit, place=1)
    assert do(cast, actions.begin_debrief, visit).shows == 1
    answered(cast, visit, STRONG)
    do(cast, actions.end_debrief, visit)
    visit.refresh_from_db()
    assert visit.state == "closed"


def test_an_ended_group_adds_nothing(cast: TestCast, visit: Visit) -> None:
    planning.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=NOW)
    with pytest.raises(planning.GroupEnded):
        do(cast, actions.begin_debrief, visit)


def test_first_the_answer_then_the_plan(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    with pytest.raises(actions.NotAnswered):
        take_as_goal(cast, visit, period)
    with pytest.raises(actions.NotAnswered):
        do(cast, actions.take_as_agreement, visit, place=CHANCE, goal=factories.goal(period), text="Wij wachten")


def test_a_point_is_taken_over_once(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    answered(cast, visit, CHANCE)
    goal = take_as_goal(cast, visit, period)
    with pytest.raises(actions.AlreadyTaken):
        take_as_goal(cast, visit, period, text="Nog eens")
    given: dict[str, Any] = {"place": CHANCE, "goal": goal}
    do(cast, actions.take_as_agreement, visit, text="Wij wachten", **given)
    with pytest.raises(actions.AlreadyTaken):
        do(cast, actions.take_as_agreement, visit, text="Wij wachten langer", **given)


def test_a_goal_is_about_the_card_in_focus(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    answered(cast, visit, STRONG)
    with pytest.raises(actions.AnotherCard):
        take_as_goal(cast, visit, period, place=STRONG)
    assert not Goal.objects.exists()


def test_the_caps_of_the_plan_hold(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    answered(cast, visit, CHANCE)
    goals = [factories.goal(period, f"Doel {number}", number) for number in (1, 2, 3)]
    with pytest.raises(planning.EnoughGoals):
        take_as_goal(cast, visit, period)
    for slot in range(1, 6):
        factories.agreement(goals[0], f"Afspraak {slot}", slot)
    with pytest.raises(planning.EnoughAgreements):
        do(cast, actions.take_as_agreement, visit, place=CHANCE, goal=goals[0], text="Nog een")
    said = PointAnswer.objects.get()
    assert (said.goal, said.agreement) == (None, None)


def test_the_plan_of_another_group_is_no_place_for_it(cast: TestCast, visit: Visit) -> None:
    answered(cast, visit, CHANCE)
    theirs = factories.period(cast.maths, cast.aspects["analysing"])
    with pytest.raises(PermissionDenied):
        take_as_goal(cast, visit, theirs)


def test_an_answer_outlives_what_it_became(cast: TestCast, visit: Visit, period: FocusPeriod) -> None:
    answered(cast, visit, CHANCE)
    take_as_goal(cast, visit, period).delete()
    assert PointAnswer.objects.get().goal is None


def test_nothing_of_it_reaches_the_leader(cast: TestCast, visit: Visit) -> None:
    """The profile tells the answers only where it is asked to."""
    answered(cast, visit, CHANCE, "surprised")
    plain = queries.profile_of(cast.reading)
    whole = queries.profile_of(cast.reading, with_answers=True)
    assert {point.said for line in plain.aspects for point in (*line.strong, *line.improvement)} == {""}
    assert {point.said for line in whole.aspects for point in (*line.strong, *line.improvement)} == {"", "surprised"}
