"""How a round of the self-scan ends: on time, with enough voices, without a trace; and what the group then reads."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from observations import actions, queries, tasks
from observations.models import Elector, Remark, ScanAnswer, ScanReading, SelfScan, Snapshot
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds
from tests.observations.rounds import NOW, WEEK
from workgroups import actions as group_actions
from workgroups.models import Seat

TODAY = factories.TODAY


def state(scan: SelfScan) -> str:
    return SelfScan.objects.values_list("state", flat=True).get(pk=scan.pk)


def nothing_is_left(scan: SelfScan) -> bool:
    rows = ScanAnswer.objects.filter(scan=scan), Elector.objects.filter(scan=scan)
    return not any(found.exists() for found in rows)


# --- Closing ----------------------------------------------------------------------------------------------------------


def test_the_chair_closes_once_there_is_enough(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 6)
    scan, chair = rounds.opened(cast, None), cast.hat("els")
    rounds.answered(scan, people[:3], 3)
    rounds.answer(scan, people[3], 3, aspect=cast.aspects["openness"])
    assert queries.standing(scan, chair, today=TODAY).enough is False
    with pytest.raises(actions.NotEnough):
        actions.close_scan(scan=scan, by=chair, now=NOW)
    rounds.answer(scan, people[3], 3)
    assert queries.standing(scan, chair, today=TODAY).enough is True
    assert queries.standing(scan, cast.hat("carla"), today=TODAY).enough is None
    for act in (actions.close_scan, actions.drop_scan, actions.reveal_scan):
        with pytest.raises(PermissionDenied):
            act(scan=scan, by=cast.hat("carla"), now=NOW)
    assert actions.close_scan(scan=scan, by=chair, now=NOW).state == "closed"


def test_the_chair_hears_enough_after_the_own_answers(cast: TestCast) -> None:
    """Of five, "enough" without the chair's own answers would say that all the others have answered."""
    people = rounds.colleagues(cast, 5)
    scan, chair = rounds.opened(cast), cast.hat("els")
    rounds.answered(scan, people[1:], 3)
    assert queries.standing(scan, chair, today=TODAY).enough is None
    with pytest.raises(actions.OwnAnswersFirst):
        actions.close_scan(scan=scan, by=chair, now=NOW)
    assert actions.close_scan(scan=scan, by=chair, now=NOW + WEEK).state == "closed"


def test_a_chair_who_joined_later_hears_it_all_the_same(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 6)
    scan, chair = rounds.opened(cast), cast.hat("els")
    Elector.objects.filter(scan=scan, user=cast.els).delete()
    rounds.answered(scan, people[1:5], 3)
    assert queries.standing(scan, chair, today=TODAY).enough is True


@pytest.mark.parametrize("answered", [2, 3])
def test_ending_a_seat_does_not_try_out_whose_answer_it_was(cast: TestCast, answered: int) -> None:
    """Of five, four answered; whether the chair's "enough" fell with the seat would say that this one had."""
    people = rounds.colleagues(cast, 5)
    scan, chair = rounds.opened(cast), cast.hat("els")
    rounds.answered(scan, [one for one in people if one != people[answered]], 3)
    assert queries.standing(scan, chair, today=TODAY).enough is True
    seat = Seat.objects.get(group=cast.reading, user=people[3])
    group_actions.leave(seat=seat, by=chair, now=NOW)
    assert queries.standing(scan, chair, today=TODAY).enough is None
    with pytest.raises(actions.SomebodyLeft):
        actions.close_scan(scan=scan, by=chair, now=NOW)
    group_actions.seat(group=cast.reading, user=people[3], by=chair, now=NOW)
    assert queries.standing(scan, chair, today=TODAY).enough is True


def test_only_full_answers_count(cast: TestCast) -> None:
    """Four answered all six cards, a fifth three of them: each line is a picture of the same four."""
    people = rounds.colleagues(cast, 6)
    scan = rounds.opened(cast, None)
    rounds.answered(scan, people[:4], 3, manner="heel")
    rounds.answer(scan, people[4], 1, aspect=cast.aspects["openness"], manner="half")
    assert actions.close_due_scans(now=NOW + WEEK) == 1
    assert Snapshot.objects.get(scan=scan).respondents == 4
    assert set(ScanReading.objects.values_list("halves", flat=True)) == {6}
    assert set(Remark.objects.values_list("text", flat=True)) == {"heel"}


@pytest.mark.parametrize(("count", "becomes"), [(0, "void"), (3, "void"), (4, "closed")])
def test_its_time_closes_it(cast: TestCast, count: int, becomes: str) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.answered(rounds.opened(cast), people[:count], 3, manner="geheim") if count else rounds.opened(cast)
    other = rounds.opened(cast, group=cast.maths, by=cast.hat("joris"), way="together")
    assert actions.close_due_scans(now=NOW + WEEK - dt.timedelta(seconds=1)) == 0
    assert actions.close_due_scans(now=NOW + WEEK) == 1
    assert (state(scan), state(other)) == (becomes, "open")
    assert nothing_is_left(scan)
    assert Remark.objects.exists() == (becomes == "closed")
    assert actions.close_due_scans(now=NOW + WEEK) == 0


def test_the_clock_does_it_by_itself(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.answered(rounds.opened(cast), people[:4], 3)
    with time_machine.travel(NOW + WEEK):
        tasks.close_due_scans()
    assert state(scan) == "closed"


def test_the_display_hides_who_stands_alone(cast: TestCast) -> None:
    """All alike, and all but one (fault 70): both read as the clamp says."""
    people = rounds.colleagues(cast, 4)
    for last in (4, 3):
        scan = rounds.answered(rounds.opened(cast, way="sealed"), people[:3], 4)
        scan = rounds.answer(scan, people[3], last)
        assert set(ScanReading.objects.filter(snapshot__scan=scan).values_list("halves", flat=True)) == {7}
        actions.drop_scan(scan=scan, by=cast.hat("els"), now=NOW)


def test_without_the_worker_the_chair_closes_what_is_due(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan = actions.close_scan(scan=rounds.opened(cast), by=cast.hat("els"), now=NOW + WEEK)
    assert scan.state == "void"


def test_who_left_meanwhile_has_no_voice(cast: TestCast) -> None:
    """The fifth answered, the sixth did not, and both left: the round tells by nothing who of them was missing."""
    people = rounds.colleagues(cast, 6)
    scan = rounds.opened(cast)
    rounds.answer(scan, people[4], 1, manner="weg")
    Seat.objects.filter(user__in=people[4:]).update(until_date=TODAY - dt.timedelta(days=1))
    scan = rounds.answered(scan, people[:4], 3)
    assert scan.state == "open"
    actions.close_due_scans(now=NOW + WEEK)
    scan.refresh_from_db()
    assert scan.state == "closed"
    assert Snapshot.objects.get(scan=scan).respondents == 4
    assert set(ScanReading.objects.values_list("halves", flat=True)) == {6}
    assert not Remark.objects.exists()


def test_three_who_stay_get_no_picture(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    rounds.answer(scan, people[3], 2)
    Seat.objects.filter(user=people[3]).update(until_date=TODAY - dt.timedelta(days=1))
    scan = rounds.answered(scan, people[:3], 3)
    actions.close_due_scans(now=NOW + WEEK)
    scan.refresh_from_db()
    assert (scan.state, nothing_is_left(scan), Snapshot.objects.exists()) == ("void", True, False)
    assert rounds.opened(cast, way="together").state == "open"


def test_dropping_leaves_nothing(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    chair = cast.hat("els")
    scan = rounds.answered(rounds.opened(cast), people[:2], 3, manner="geheim")
    assert actions.drop_scan(scan=scan, by=chair, now=NOW).state == "void"
    closed = rounds.answered(rounds.opened(cast), people, 3, manner="geheim")
    assert Remark.objects.count() == 12
    actions.drop_scan(scan=closed, by=chair, now=NOW)
    assert nothing_is_left(scan)
    assert not [table for table in (Snapshot, ScanReading, Remark) if table.objects.exists()]


def test_no_jump_from_one_state_to_any_other(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    chair, scan = cast.hat("els"), rounds.opened(cast)
    with pytest.raises(actions.ScanOver):
        actions.reveal_scan(scan=scan, by=chair, now=NOW)
    scan = actions.reveal_scan(scan=rounds.answered(scan, people, 3), by=chair, now=NOW)
    for act in (actions.close_scan, actions.drop_scan, actions.reveal_scan):
        with pytest.raises(actions.ScanOver):
            act(scan=scan, by=chair, now=NOW)
    together = rounds.opened(cast, way="together")
    with pytest.raises(actions.ScanOver):
        actions.close_scan(scan=together, by=chair, now=NOW)
    actions.drop_scan(scan=together, by=chair, now=NOW)
    with pytest.raises(actions.ScanOver):
        rounds.answer(together, cast.carla, 3)


# --- Three weeks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("reflecting", "reflecting"), (None, "feedback"), ("feedback", None)])
def test_sealed_rounds_on_a_card_lie_three_weeks_apart(cast: TestCast, first: str | None, second: str | None) -> None:
    people = rounds.colleagues(cast, 4)
    rounds.revealed(cast, people, first)
    aspect = cast.aspects[second] if second else None
    allowed = TODAY + dt.timedelta(days=21)
    assert queries.sealed_from(cast.reading, aspect, today=TODAY) == allowed
    assert queries.sealed_from(cast.reading, aspect, today=allowed) is None
    with pytest.raises(actions.TooSoon) as refused:
        rounds.opened(cast, second, now=NOW + dt.timedelta(days=20))
    assert "15" in str(refused.value)
    assert rounds.opened(cast, second, now=NOW + dt.timedelta(days=21)).state == "open"


def test_another_card_together_or_a_round_without_picture_does_not_wait(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    rounds.revealed(cast, people)
    rounds.answer(rounds.opened(cast, way="together"), cast.carla, 3)
    actions.drop_scan(scan=rounds.opened(cast, "feedback"), by=cast.hat("els"), now=NOW)
    assert rounds.opened(cast, "feedback").state == "open"


def test_a_start_uses_a_young_picture_again(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    card = cast.aspects["reflecting"]
    assert queries.young_picture(cast.reading, card, today=TODAY) is None
    scan = rounds.answered(rounds.opened(cast, None), people, 3)
    assert queries.young_picture(cast.reading, card, today=TODAY) is None
    actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW)
    assert queries.young_picture(cast.reading, card, today=TODAY + dt.timedelta(days=20)) == scan
    assert queries.young_picture(cast.reading, card, today=TODAY + dt.timedelta(days=21)) is None
    assert queries.young_picture(cast.maths, card, today=TODAY) is None


# --- What it shows ----------------------------------------------------------------------------------------------------


def test_remarks_lie_in_no_order(cast: TestCast, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written in the order of the shuffle, which here turns them round."""
    monkeypatch.setattr(
        "secrets.SystemRandom.shuffle", lambda _self, rows: rows.sort(key=lambda row: row[1], reverse=True)
    )
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    for number, user in enumerate(people):
        scan = rounds.answer(scan, user, 3, manner=str(number))
    written = Remark.objects.order_by("pk").values_list("text", flat=True)
    assert list(written) == ["3"] * 3 + ["2"] * 3 + ["1"] * 3 + ["0"] * 3


def test_questions_come_from_what_is_shown(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 8)
    scan = rounds.opened(cast)
    rounds.answered(scan, people[:4], 4, 1, 1)
    rounds.answered(scan, people[4:], 4, 4, 1)
    told = queries.reveal_of(actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW))
    assert told is not None
    assert [(row.halves, row.spread) for row in told.rows] == [(7, "alike"), (3, "alike"), (5, "mixed")]
    asked = zip((1, 3, 2), told.questions, strict=True)
    assert all(f"reflecting {number}" in question for number, question in asked)


def test_who_could_say_nothing_gets_a_question_too(cast: TestCast) -> None:
    scan = rounds.answer(rounds.opened(cast, way="together"), cast.els, None)
    told = queries.reveal_of(scan)
    assert told is not None
    assert len(told.questions) == 1


def test_the_own_mirror_over_the_rounds(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    assert queries.own_mirror(cast.reading).is_empty
    rounds.revealed(cast, people, None)
    later = NOW + dt.timedelta(days=31)
    hidden = rounds.answered(rounds.opened(cast, now=later), people, 2)
    assert len(queries.own_mirror(cast.reading).looks) == 1
    actions.drop_scan(scan=hidden, by=cast.hat("els"), now=later)
    scan = rounds.answer(rounds.opened(cast, way="together", now=later), cast.carla, 4, 1, 1, now=later)
    mirror = queries.own_mirror(cast.reading)
    assert [(look.way, look.respondents) for look in mirror.looks] == [("sealed", 4), ("together", None)]
    assert mirror.looks[1].scan_id == scan.pk
    lines = {line.key: line.values for line in mirror.aspects}
    assert lines["reflecting"] == (6, 4)
    assert lines["feedback"] == (6, None)
    assert queries.own_mirror(cast.maths).is_empty


def test_few_queries(cast: TestCast, django_assert_num_queries: Any) -> None:
    """However many answered, and however many rounds there were."""
    people = rounds.colleagues(cast, 8)
    chair, carla = cast.hat("els"), cast.hat("carla")
    scan = queries.scan_for(chair, rounds.opened(cast, None).pk)
    rounds.answer(scan, cast.els, 3)
    for user in people[2:6]:
        rounds.answer(scan, user, 3, manner="x")
        with django_assert_num_queries(10):
            queries.standing(scan, chair, today=TODAY)
        with django_assert_num_queries(4):
            queries.standing(scan, carla, today=TODAY)
    actions.drop_scan(scan=scan, by=chair, now=NOW)
    for _round in range(3):
        scan = rounds.answer(rounds.opened(cast, way="together"), cast.carla, 3, manner="x")
        with django_assert_num_queries(3):
            queries.reveal_of(scan)
        with django_assert_num_queries(3):
            queries.own_mirror(cast.reading)
        with django_assert_num_queries(1):
            queries.scans_of(cast.reading)
