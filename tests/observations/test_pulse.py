"""Trust (P7) and the three aims (P4-P6): asked of all who sit, answered alone, and nothing of it hangs on anybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from observations import actions, queries, tasks
from observations.actions import pulse as rules
from observations.actions.contents import BadDegree
from observations.actions.scan import BadClosingTime
from observations.models import Pulse, PulseAnswer, PulseElector, PulseReading
from observations.models.pulse import QUESTIONS, PulseKind
from schools import tenancy
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations.pulses import CLOSES, answer, closed, five, opened, seat
from workgroups import actions as work
from workgroups.models import Guest, Seat, WorkGroup


def state(pulse: Pulse) -> str:
    return Pulse.objects.get(pk=pulse.pk).state


def readings(pulse: Pulse) -> list[int]:
    return [line.halves for line in queries.pulse_lines(pulse)]


def test_it_works(cast: TestCast) -> None:
    pulse = closed(cast, five(cast), 4, 4, 3, 3, 2)
    assert pulse.state == "closed"
    assert readings(pulse) == [6, 6, 6, 6]
    assert pulse.closed_on == TODAY


def test_every_kind_has_its_sentences(cast: TestCast) -> None:
    assert {kind: len(QUESTIONS[kind]) for kind in PulseKind} == {"trust": 4, "aims": 3}
    assert len(readings(closed(cast, five(cast), 1, 2, 2, 3, 4, kind="aims"))) == 3


def test_the_single_answers_are_gone_when_it_closes(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    for user in people[:4]:
        answer(cast, pulse, user, 3)
    assert (PulseAnswer.objects.count(), PulseElector.objects.count(), PulseReading.objects.count()) == (16, 5, 0)
    answer(cast, pulse, people[4], 3)
    assert (PulseAnswer.objects.count(), PulseElector.objects.count(), PulseReading.objects.count()) == (0, 0, 4)


@pytest.mark.parametrize(("degree", "shown"), [(1, 3), (2, 4), (4, 7)])
def test_the_ends_of_the_scale_are_never_shown(cast: TestCast, degree: int, shown: int) -> None:
    assert set(readings(closed(cast, five(cast), *[degree] * 5))) == {shown}


def test_an_answer_may_change_while_it_is_open(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    answer(cast, pulse, people[0], 1)
    answer(cast, pulse, people[0], 4, 3, 2, 1)
    hat = factories.hat(people[0], cast.schools["de-wilg"])
    assert queries.own_pulse_answers(pulse, hat) == dict(zip(QUESTIONS["trust"], (4, 3, 2, 1), strict=True))
    assert PulseAnswer.objects.count() == 4


@pytest.mark.parametrize(("answered", "ends"), [(3, "void"), (4, "closed")])
def test_the_time_closes_it_with_four_answers_and_voids_it_with_fewer(cast: TestCast, answered: int, ends: str) -> None:
    people = five(cast)
    pulse = opened(cast)
    for user in people[:answered]:
        answer(cast, pulse, user, 2)
    assert actions.close_due_pulses(now=CLOSES - dt.timedelta(seconds=1)) == 0
    assert actions.close_due_pulses(now=CLOSES) == 1
    assert actions.close_due_pulses(now=CLOSES) == 0
    assert state(pulse) == ends
    assert bool(readings(pulse)) == (ends == "closed")
    assert not PulseAnswer.objects.exists()
    assert not PulseElector.objects.exists()


def test_who_left_no_longer_counts(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    for user, degree in zip(people[1:], (1, 1, 1, 4), strict=True):
        answer(cast, pulse, user, degree)
    Seat.objects.filter(user=people[4]).update(until_date=TODAY - dt.timedelta(days=1))
    actions.close_due_pulses(now=CLOSES)
    assert state(pulse) == "void"


def test_once_somebody_left_it_waits_for_its_time(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    Seat.objects.filter(user=people[4]).update(until_date=TODAY - dt.timedelta(days=1))
    for user in people[:4]:
        answer(cast, pulse, user, 3)
    assert state(pulse) == "open"
    actions.close_due_pulses(now=CLOSES)
    assert state(pulse) == "closed"


def test_fewer_than_four_seats_only_talk(cast: TestCast) -> None:
    seat(cast, "Aisha")
    with pytest.raises(rules.TooFewForPulse):
        opened(cast)
    seat(cast, "Bas")
    assert opened(cast).state == "open"


def test_one_of_a_kind_is_open_at_a_time(cast: TestCast) -> None:
    five(cast)
    opened(cast)
    with pytest.raises(rules.PulseIsOpen):
        opened(cast)
    assert opened(cast, "aims").state == "open"


def test_results_lie_three_weeks_apart(cast: TestCast) -> None:
    people = five(cast)
    closed(cast, people, 3, 3, 3, 3, 3)
    later = NOW + dt.timedelta(days=20)
    with pytest.raises(rules.PulseTooSoon) as refused:
        opened(cast, now=later, closes_at=later + dt.timedelta(days=1))
    assert "15 " in str(refused.value)
    later += dt.timedelta(days=1)
    assert opened(cast, now=later, closes_at=later + dt.timedelta(days=1)).state == "open"


def test_one_without_a_result_may_start_again_at_once(cast: TestCast) -> None:
    five(cast)
    opened(cast)
    actions.close_due_pulses(now=CLOSES)
    assert opened(cast, now=CLOSES, closes_at=CLOSES + dt.timedelta(days=1)).state == "open"


@pytest.mark.parametrize("length", [dt.timedelta(minutes=4), dt.timedelta(days=22), dt.timedelta(days=-1)])
def test_it_closes_within_three_weeks(cast: TestCast, length: dt.timedelta) -> None:
    five(cast)
    with pytest.raises(BadClosingTime):
        opened(cast, closes_at=NOW + length)


def test_what_does_not_fit_is_refused_and_nothing_is_kept(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    hat = factories.hat(people[0], cast.schools["de-wilg"])
    given: dict[str, Any] = {"pulse": pulse, "by": hat, "now": NOW}
    with pytest.raises(rules.PulseAnswersMissing):
        actions.answer_pulse(answers={"dare": 3}, **given)
    with pytest.raises(rules.PulseAnswersMissing):
        actions.answer_pulse(answers=dict.fromkeys(QUESTIONS["aims"], 3), **given)
    for degree in (0, 5):
        with pytest.raises(BadDegree):
            answer(cast, pulse, people[0], degree)
    with pytest.raises(rules.PulseOver):
        answer(cast, pulse, people[0], 3, now=CLOSES)
    with pytest.raises(work.UnknownWord):
        opened(cast, "mood")
    assert not PulseAnswer.objects.exists()


def test_who_came_later_takes_part_in_the_next_one(cast: TestCast) -> None:
    five(cast)
    pulse = opened(cast)
    with pytest.raises(rules.NoPulseVoice):
        answer(cast, pulse, seat(cast, "Dirk"), 3)


def test_it_needs_a_seat(cast: TestCast) -> None:
    five(cast)
    for name in ("joris", "anna", "frank"):
        with pytest.raises(PermissionDenied):
            opened(cast, by=cast.hat(name))
    pulse = opened(cast)
    with pytest.raises(PermissionDenied):
        answer(cast, pulse, cast.joris, 3)


def test_an_ended_group_asks_no_more(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(work.GroupEnded):
        opened(cast, "aims")
    with pytest.raises(work.GroupEnded):
        answer(cast, pulse, people[0], 3)


def test_next_door_guest_and_leader_see_nothing(cast: TestCast) -> None:
    pulse = closed(cast, five(cast), 1, 1, 2, 2, 2)
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    for name, slug in (("bram", "de-wilg"), ("anna", "de-wilg"), ("joris", "de-wilg"), ("daan", "de-beuk")):
        hat = cast.hat(name, slug)
        assert not PulseReading.objects.visible_to(hat).exists()
        with pytest.raises(Http404):
            queries.pulse_for(hat, pulse.pk)
    assert PulseReading.objects.visible_to(cast.hat("carla")).count() == 4
    assert queries.pulse_for(cast.hat("carla"), pulse.pk) == pulse


def test_each_reads_the_own_answers_alone(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    answer(cast, pulse, people[2], 1)
    for user in people:
        hat = factories.hat(user, cast.schools["de-wilg"])
        assert bool(queries.own_pulse_answers(pulse, hat)) == (user == people[2])
        assert PulseAnswer.objects.visible_to(hat).exists() == (user == people[2])


def test_low_trust_blocks_nothing(cast: TestCast) -> None:
    closed(cast, five(cast), 1, 1, 1, 1, 1)
    desk = queries.pulse_desks(cast.reading, today=TODAY)[0]
    assert (desk.kind, queries.is_low(queries.pulse_lines(desk.results[0]))) == ("trust", True)
    hat = cast.hat("carla")
    period = work.choose_aspect(
        group=cast.reading,
        aspect=cast.aspects["feedback"],
        why="",
        endings={},
        goal_endings={},
        by=hat,
        now=NOW,
    )
    assert period.aspect.key == "feedback"


def test_the_group_is_offered_what_it_is_time_for(cast: TestCast) -> None:
    people = five(cast)

    def offer(days: int = 0) -> Any:
        return queries.pulse_offer(cast.reading, today=TODAY + dt.timedelta(days=days))

    assert offer() == PulseKind.TRUST
    trust = opened(cast)
    assert offer() == trust
    for user in people:
        answer(cast, trust, user, 3)
    assert offer() is None
    factories.period(cast.reading, cast.aspects["openness"])
    assert offer() is None
    assert offer(days=90) == PulseKind.AIMS
    closed(cast, people, 3, 3, 3, 3, 3, kind="aims")
    assert offer(days=181) is None
    assert offer(days=182) == PulseKind.AIMS


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_desks_are_two_queries(cast: TestCast, rounds: int, django_assert_num_queries: Any) -> None:
    people = five(cast)
    for _round in range(rounds):
        closed(cast, people, 3, 3, 3, 3, 3)
        Pulse.objects.update(closed_on=TODAY - dt.timedelta(days=30))
    with django_assert_num_queries(2):
        desks = queries.pulse_desks(cast.reading, today=TODAY)
    assert [len(desk.results) for desk in desks] == [rounds, 0]


def test_the_clock_closes_it(cast: TestCast) -> None:
    five(cast)
    pulse = opened(cast)
    Pulse.objects.update(closes_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    held = tenancy._inside.set(None)
    try:
        tasks.close_due_pulses()
    finally:
        tenancy._inside.reset(held)
    assert state(pulse) == "void"
