"""The guided start: five steps at the group's own pace, whose drafts become goals in the end (G2-G4)."""

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
from workgroups.models import Agreement, FocusPeriod, Goal, GuidedStart, WorkGroup

pytestmark = pytest.mark.sqlite
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def period(cast: TestCast) -> FocusPeriod:
    """A card that Begrijpend lezen chose, without goals."""
    return factories.period(cast.reading, cast.aspects["openness"])


def by(cast: TestCast, who: str = "carla", now: dt.datetime = NOW) -> dict[str, Any]:
    return {"by": cast.hat(who), "now": now}


def fresh(start: GuidedStart) -> GuidedStart:
    return GuidedStart.objects.get(pk=start.pk)


def walked(cast: TestCast, period: FocusPeriod, *goals: str) -> GuidedStart:
    """A start at its last step, each goal with one agreement."""
    start = actions.begin_start(period=period, **by(cast))
    for text in goals:
        actions.draft_goal(start=start, text=text, go_on=False, **by(cast))
    for goal in queries.drafts_of(fresh(start)):
        text = f"Afspraak bij {goal.text}"
        actions.draft_agreement(start=start, goal=goal.id, text=text, tip=None, **by(cast))
    actions.go_to_step(start=start, step="agreements", at="read", **by(cast))
    return fresh(start)


def test_it_works(cast: TestCast, period: FocusPeriod) -> None:
    start = actions.begin_start(period=period, **by(cast))
    assert (start.step, start.state, start.running_since) == ("read", "running", NOW)
    tip = period.aspect.tips.get()
    actions.go_to_step(start=start, step="next", at="read", **by(cast))
    actions.write_why(start=start, why="De snelle praters", version=1, go_on=True, **by(cast))
    actions.go_to_step(start=start, step="next", at="scan", **by(cast))
    actions.draft_goal(start=start, text=" We vragen \n door ", go_on=True, **by(cast))
    (goal,) = queries.drafts_of(fresh(start))
    assert (fresh(start).step, goal.text) == ("agreements", "We vragen door")
    for text, grown in (("Eerst een vraag", tip), ("Een rondje", None)):
        actions.draft_agreement(start=start, goal=goal.id, text=text, tip=grown, **by(cast))
    assert not Goal.objects.exists()
    (made,) = actions.finish_start(start=start, **by(cast, "els", NOW + 18 * MINUTE))
    assert (made.text, made.period, made.set_on) == ("We vragen door", period, TODAY)
    assert list(Agreement.objects.order_by("slot").values_list("text", "tip")) == [
        ("Eerst een vraag", tip.pk),
        ("Een rondje", None),
    ]
    start = fresh(start)
    assert (start.state, start.spent, start.running_since, start.drafts) == ("done", 18 * 60, None, [])
    assert FocusPeriod.objects.get().why == "De snelle praters"


def test_beginning_twice_is_one_start(cast: TestCast, period: FocusPeriod) -> None:
    first = actions.begin_start(period=period, **by(cast))
    actions.go_to_step(start=first, step="next", at="read", **by(cast))
    again = actions.begin_start(period=period, **by(cast, "els", NOW + MINUTE))
    assert (again.pk, again.step, again.running_since) == (first.pk, "why", NOW)


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, period: FocusPeriod, who: str) -> None:
    start = factories.start(period)
    given: dict[str, Any] = {"start": start, **by(cast, who)}
    deeds: list[Any] = [
        lambda: actions.begin_start(period=period, **by(cast, who)),
        lambda: actions.go_to_step(step="next", at="goals", **given),
        lambda: actions.pause_start(**given),
        lambda: actions.resume_start(**given),
        lambda: actions.write_why(why="x", version=1, go_on=False, **given),
        lambda: actions.draft_goal(text="x", go_on=False, **given),
        lambda: actions.draft_agreement(goal=101, text="x", tip=None, **given),
        lambda: actions.rewrite_line(line=101, text="x", version=1, **given),
        lambda: actions.take_line_away(line=101, **given),
        lambda: actions.finish_start(**given),
    ]
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()
    assert fresh(start).version == 1


@pytest.mark.parametrize(
    ("step", "at", "there"),
    [("next", "read", "why"), ("back", "scan", "why"), ("goals", "read", "goals"), ("read", "agreements", "read")],
)
def test_it_moves_on_and_back_and_to_a_step(
    cast: TestCast, period: FocusPeriod, step: str, at: str, there: str
) -> None:
    start = factories.start(period, at)
    actions.go_to_step(start=start, step=step, at=at, **by(cast))
    assert (fresh(start).step, fresh(start).version) == (there, 2)


@pytest.mark.parametrize(
    ("step", "at"), [("next", "agreements"), ("back", "read"), ("sideways", "read"), ("", "read"), ("next", "nowhere")]
)
def test_there_is_no_step_beyond(cast: TestCast, period: FocusPeriod, step: str, at: str) -> None:
    start = factories.start(period, "agreements" if at == "agreements" else "read")
    with pytest.raises(actions.UnknownWord):
        actions.go_to_step(start=start, step=step, at=at, **by(cast))
    assert fresh(start).version == 1


def test_the_second_phone_does_not_skip_a_step(cast: TestCast, period: FocusPeriod) -> None:
    start = factories.start(period, "read")
    actions.go_to_step(start=start, step="next", at="read", **by(cast))
    with pytest.raises(actions.StartMoved):
        actions.go_to_step(start=start, step="next", at="read", **by(cast, "els"))
    assert fresh(start).step == "why"


def test_words_are_kept_where_another_phone_went_on_first(cast: TestCast, period: FocusPeriod) -> None:
    start = factories.start(period, "goals")
    actions.go_to_step(start=start, step="next", at="goals", **by(cast))
    actions.draft_goal(start=start, text="Ook dit", go_on=True, **by(cast, "els"))
    assert fresh(start).step == "agreements"
    assert [goal.text for goal in queries.drafts_of(fresh(start))] == ["Wij vragen door", "Ook dit"]


def test_it_pauses_and_goes_on_from_another_phone(cast: TestCast, period: FocusPeriod) -> None:
    start = factories.start(period)
    with pytest.raises(actions.StartRunning):
        actions.resume_start(start=start, **by(cast))
    actions.pause_start(start=start, **by(cast, now=NOW + 5 * MINUTE))
    paused = fresh(start)
    assert (paused.state, paused.running_since) == ("paused", None)
    day = NOW + dt.timedelta(days=1)
    assert queries.clock_of(paused, now=day).minutes == 5
    with pytest.raises(actions.StartPaused):
        actions.pause_start(start=start, **by(cast, "els"))
    with pytest.raises(actions.StartPaused):
        actions.go_to_step(start=start, step="next", at="goals", **by(cast))
    actions.draft_goal(start=start, text="Toch nog", go_on=True, **by(cast))  # a phone that was still typing
    assert (fresh(start).step, len(fresh(start).drafts)) == ("goals", 2)
    actions.resume_start(start=start, **by(cast, "els", day))
    assert queries.clock_of(fresh(start), now=day + 16 * MINUTE).minutes == 21
    assert queries.clock_of(fresh(start), now=day + 16 * MINUTE).is_over


def test_a_clock_that_is_ahead_counts_nothing_back(cast: TestCast, period: FocusPeriod) -> None:
    assert queries.clock_of(factories.start(period), now=NOW - MINUTE).seconds == 0


def test_the_mark_changes_with_words_steps_and_minutes_only(cast: TestCast, period: FocusPeriod) -> None:
    assert queries.mark_of_start(None, now=NOW) == "not-begun"
    start = factories.start(period)
    mark = queries.mark_of_start(start, now=NOW)
    assert queries.mark_of_start(start, now=NOW + MINUTE / 2) == mark
    assert queries.mark_of_start(start, now=NOW + MINUTE) != mark
    actions.draft_goal(start=start, text="x", go_on=False, **by(cast))
    assert queries.mark_of_start(fresh(start), now=NOW) != mark
    actions.pause_start(start=start, **by(cast))
    paused = queries.mark_of_start(fresh(start), now=NOW)
    assert queries.mark_of_start(fresh(start), now=NOW + 9 * MINUTE) == paused


def test_three_goals_is_the_most_with_those_that_stand(cast: TestCast, period: FocusPeriod) -> None:
    factories.goal(period, "Staat al")
    factories.goal(period, "Losgelaten", 1, state="dropped", ended_on=TODAY)
    start = factories.start(period, "goals", "een")
    actions.draft_goal(start=start, text="twee", go_on=False, **by(cast))
    actions.draft_goal(start=start, text="twee", go_on=False, **by(cast, "els"))  # a double click is one goal
    with pytest.raises(actions.EnoughGoals) as refused:
        actions.draft_goal(start=start, text="drie", go_on=True, **by(cast))
    assert refused.value.field == "text"
    assert [goal.text for goal in queries.drafts_of(fresh(start))] == ["een", "twee"]
    assert fresh(start).step == "goals"


def test_five_agreements_is_the_most_with_those_that_live(cast: TestCast, period: FocusPeriod) -> None:
    earlier = factories.goal(factories.period(cast.reading, cast.aspects["feedback"], state="closed", closed_on=TODAY))
    for slot in (1, 2, 3):
        factories.agreement(earlier, f"loopt door {slot}", slot)
    start = factories.start(period)
    for text in ("een", "twee", "twee"):
        actions.draft_agreement(start=start, goal=101, text=text, tip=None, **by(cast))
    assert queries.start_page(fresh(start), now=NOW).agreement_room == 0
    with pytest.raises(actions.EnoughAgreements):
        actions.draft_agreement(start=start, goal=101, text="drie", tip=None, **by(cast))


@pytest.mark.parametrize("text", ["", "  \n", "x" * 301])
def test_words_are_needed_and_fit(cast: TestCast, period: FocusPeriod, text: str) -> None:
    start = factories.start(period)
    for deed in (
        lambda: actions.draft_goal(start=start, text=text, go_on=False, **by(cast)),
        lambda: actions.draft_agreement(start=start, goal=101, text=text, tip=None, **by(cast)),
        lambda: actions.rewrite_line(start=start, line=101, text=text, version=1, **by(cast)),
    ):
        with pytest.raises((actions.EmptyText, actions.TextTooLong)) as refused:
            deed()
        assert refused.value.field == "text"


def test_two_people_rewriting_one_line_keep_both_texts(cast: TestCast, period: FocusPeriod) -> None:
    start = factories.start(period)
    actions.rewrite_line(start=start, line=101, text="Van Els", version=1, **by(cast, "els"))
    with pytest.raises(Conflict) as refused:
        actions.rewrite_line(start=start, line=101, text="Van Carla", version=1, **by(cast))
    assert (refused.value.theirs, refused.value.version) == ({"text": "Van Els"}, 2)
    actions.rewrite_line(start=start, line=101, text="Van Els", version=1, **by(cast))  # the same words are no conflict
    actions.rewrite_line(start=start, line=101, text="Van Carla", version=2, **by(cast))
    assert [goal.text for goal in queries.drafts_of(fresh(start))] == ["Van Carla"]


def test_a_line_is_taken_away_and_stays_gone(cast: TestCast, period: FocusPeriod) -> None:
    start = factories.start(period, "goals", "een", "twee")
    actions.draft_agreement(start=start, goal=101, text="bij een", tip=None, **by(cast))
    actions.draft_agreement(start=start, goal=102, text="bij twee", tip=None, **by(cast))
    (line,) = queries.drafts_of(fresh(start))[1].agreements
    for gone in (101, line.id, 101):
        actions.take_line_away(start=start, line=gone, **by(cast))
    (left,) = queries.drafts_of(fresh(start))
    assert (left.text, left.agreements) == ("twee", ())
    for deed in (
        lambda: actions.rewrite_line(start=start, line=101, text="toch", version=1, **by(cast)),
        lambda: actions.draft_agreement(start=start, goal=101, text="toch", tip=None, **by(cast)),
    ):
        with pytest.raises(actions.LineGone):
            deed()


def test_it_ends_with_a_goal_and_an_agreement_with_each(cast: TestCast, period: FocusPeriod) -> None:
    start = actions.begin_start(period=period, **by(cast))
    with pytest.raises(actions.NoGoalYet):
        actions.finish_start(start=start, **by(cast))
    start = walked(cast, period, "een", "twee")
    actions.take_line_away(start=start, line=queries.drafts_of(start)[1].agreements[0].id, **by(cast))
    with pytest.raises(actions.AgreementMissing):
        actions.finish_start(start=start, **by(cast))
    assert not Goal.objects.exists()


def test_a_goal_that_stands_is_enough(cast: TestCast, period: FocusPeriod) -> None:
    factories.goal(period)
    start = actions.begin_start(period=period, **by(cast))
    assert actions.finish_start(start=start, **by(cast)) == []
    assert fresh(start).state == "done"


def test_it_is_finished_whole_or_not_at_all(cast: TestCast, period: FocusPeriod) -> None:
    start = walked(cast, period, "een", "twee")
    factories.goal(period, "twee", 3)  # written beside the start, with the same words
    with pytest.raises(actions.SameGoal):
        actions.finish_start(start=start, **by(cast))
    assert (Goal.objects.count(), Agreement.objects.count(), fresh(start).state) == (1, 0, "running")
    assert len(fresh(start).drafts) == 2


def test_what_is_done_is_done(cast: TestCast, period: FocusPeriod) -> None:
    start = walked(cast, period, "een")
    actions.finish_start(start=start, **by(cast))
    for deed in (
        lambda: actions.finish_start(start=start, **by(cast)),
        lambda: actions.draft_goal(start=start, text="x", go_on=False, **by(cast)),
        lambda: actions.resume_start(start=start, **by(cast)),
        lambda: actions.pause_start(start=start, **by(cast)),
        lambda: actions.go_to_step(start=start, step="back", at="agreements", **by(cast)),
    ):
        with pytest.raises(actions.StartOver):
            deed()
    assert Goal.objects.count() == 1


def test_an_earlier_card_and_an_ended_group_start_nothing(cast: TestCast, period: FocusPeriod) -> None:
    closed = factories.period(cast.reading, cast.aspects["feedback"], state="closed", closed_on=TODAY)
    with pytest.raises(actions.PeriodClosed):
        actions.begin_start(period=closed, **by(cast))
    with pytest.raises(actions.PeriodClosed):
        actions.pause_start(start=factories.start(closed), **by(cast))
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(actions.GroupEnded):
        actions.begin_start(period=period, **by(cast))
