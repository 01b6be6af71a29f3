"""A round of the self-scan, from the first answer to the picture that the group reads together (G3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from cards.models import Aspect, Behaviour, Edition
from observations import actions, queries
from observations.models import Elector, ScanAnswer, ScanReading, SelfScan
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds
from tests.observations.rounds import NOW, WEEK
from workgroups.actions import GroupEnded, TextTooLong, UnknownWord
from workgroups.models import Guest, Seat

TODAY = factories.TODAY


def state(scan: SelfScan) -> str:
    return SelfScan.objects.values_list("state", flat=True).get(pk=scan.pk)


def nothing_is_left(scan: SelfScan) -> bool:
    rows = ScanAnswer.objects.filter(scan=scan), Elector.objects.filter(scan=scan)
    return not any(found.exists() for found in rows)


@pytest.mark.sqlite
def test_it_works(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    assert (scan.state, scan.opened_on) == ("open", TODAY)
    for user, degree in zip(people, (1, 2, 2, 4), strict=True):
        assert state(scan) == "open"
        scan = rounds.answer(scan, user, degree, manner=f"Zo hoor ik het: {degree}")
    assert (state(scan), scan.state, scan.closed_on) == ("closed", "closed", TODAY)
    assert nothing_is_left(scan)
    assert queries.reveal_of(scan) is None

    scan = actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW)
    assert (state(scan), scan.state) == ("revealed", "revealed")
    told = queries.reveal_of(scan)
    assert told is not None
    assert (told.way, told.day, told.respondents) == ("sealed", TODAY, 4)
    assert [(row.halves, row.spread) for row in told.rows] == [(5, "")] * 3
    assert sorted(told.rows[0].remarks) == [f"Zo hoor ik het: {degree}" for degree in (1, 2, 2, 4)]
    assert 2 <= len(told.questions) <= 3


@pytest.mark.sqlite
def test_together_one_answer_is_the_picture(cast: TestCast) -> None:
    scan = rounds.opened(cast, way="together", closes_at=None)
    scan = rounds.answer(scan, cast.els, 4, None, 1, manner="We vragen door.")
    assert (state(scan), scan.state) == ("revealed", "revealed")
    told = queries.reveal_of(scan)
    assert told is not None
    assert (told.way, told.respondents) == ("together", None)
    assert [row.halves for row in told.rows] == [8, 2, None]
    assert {row.spread for row in told.rows} == {""}
    assert [row.remarks for row in told.rows] == [("We vragen door.",)] * 3
    assert nothing_is_left(scan)


def test_a_starting_picture_asks_all_six_one_card_at_a_time(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast, None)
    rounds.answered(scan, people[:3], 3)
    hat = factories.hat(people[3], scan.school)
    for key, aspect in cast.aspects.items():
        where = queries.standing(scan, hat, today=TODAY)
        assert where.my_next_aspect is not None
        assert (where.my_next_aspect.key, where.i_am_done, state(scan)) == (key, False, "open")
        rounds.answer(scan, people[3], 2, aspect=aspect)
    assert state(scan) == "closed"
    assert ScanReading.objects.filter(snapshot__scan=scan).count() == sum(factories.SHAPE.values())


def test_answers_may_change_until_it_closes(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    rounds.answered(scan, people[:4], 1)
    rounds.answered(scan, people[:4], 3, manner="Anders.")
    assert ScanAnswer.objects.filter(scan=scan).count() == 12
    scan = actions.close_scan(scan=scan, by=cast.hat("els"), now=NOW)
    told = queries.reveal_of(actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW))
    assert told is not None
    assert {(row.halves, row.remarks) for row in told.rows} == {(6, ("Anders.",) * 4)}


def test_each_reads_the_own_answers_alone(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    rounds.answered(scan, people[2:4], 4, manner="geheim")
    rounds.answer(scan, cast.carla, 2, manner="van mij")
    assert {given.manner for given in queries.own_answers(scan, cast.hat("carla")).values()} == {"van mij"}
    assert queries.own_answers(scan, cast.hat("els")) == {}
    with pytest.raises(Http404):
        queries.scan_for(cast.hat("anna"), scan.pk)


def test_the_group_reads_its_shared_answers(cast: TestCast) -> None:
    scan = rounds.opened(cast, None, way="together")
    rounds.answer(scan, cast.els, 2, aspect=cast.aspects["openness"])
    assert len(queries.own_answers(scan, cast.hat("carla"))) == 4
    where = queries.standing(scan, cast.hat("carla"), today=TODAY)
    assert where.my_next_aspect == cast.aspects["reflecting"]
    assert where.enough is None


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_answering_alone_needs_four_seats(cast: TestCast) -> None:
    rounds.colleagues(cast, 3)
    with pytest.raises(actions.TooFewSeats):
        rounds.opened(cast)
    rounds.opened(cast, way="together")


def test_seats_of_tomorrow_and_yesterday_do_not_count(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    day = dt.timedelta(days=1)
    Seat.objects.filter(user=people[3]).update(from_date=TODAY + day)
    Seat.objects.filter(user=people[4]).update(until_date=TODAY - day)
    with pytest.raises(actions.TooFewSeats):
        rounds.opened(cast)


@pytest.mark.parametrize("ahead", [dt.timedelta(minutes=4), dt.timedelta(days=21, seconds=1), -WEEK, None])
def test_it_closes_within_three_weeks(cast: TestCast, ahead: dt.timedelta | None) -> None:
    rounds.colleagues(cast, 4)
    with pytest.raises(actions.BadClosingTime):
        rounds.opened(cast, closes_at=None if ahead is None else NOW + ahead)


@pytest.mark.parametrize("ahead", [dt.timedelta(minutes=5), dt.timedelta(days=21)])
def test_five_minutes_and_three_weeks_are_fine(cast: TestCast, ahead: dt.timedelta) -> None:
    rounds.colleagues(cast, 4)
    assert rounds.opened(cast, closes_at=NOW + ahead).closes_at == NOW + ahead


def test_a_talk_together_has_no_closing_time(cast: TestCast) -> None:
    assert rounds.opened(cast, way="together", closes_at=NOW + WEEK).closes_at is None


def test_one_round_at_a_time(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    with pytest.raises(actions.ScanUnderWay):
        rounds.opened(cast, "feedback", way="together")
    rounds.answered(scan, people, 2)
    assert queries.scan_under_way(cast.reading) == scan
    with pytest.raises(actions.ScanUnderWay):
        rounds.opened(cast, "feedback", way="together")


def test_only_cards_of_the_groups_own_deck(cast: TestCast) -> None:
    edition = Edition.objects.create(key="other", version="1", title={"nl": "-"}, source={"nl": "-"})
    other = Aspect.objects.create(edition=edition, key="openness", number=1, texts={"nl": {"name": "-"}})
    with pytest.raises(actions.UnknownKey):
        rounds.opened(cast, way="together", aspect=other)
    with pytest.raises(UnknownWord):
        rounds.opened(cast, way="ranked")


def test_an_ended_group_opens_and_answers_nothing(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    cast.reading.state, cast.reading.ended_on = "ended", TODAY
    cast.reading.save()
    with pytest.raises(GroupEnded):
        rounds.answer(scan, cast.carla, 3)
    actions.drop_scan(scan=scan, by=cast.hat("els"), now=NOW)
    with pytest.raises(GroupEnded):
        rounds.opened(cast)


# --- Answering --------------------------------------------------------------------------------------------------------


def test_it_needs_a_seat(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    Guest.objects.create(school=scan.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    for name in ("anna", "bram", "frank", "joris"):
        with pytest.raises(PermissionDenied):
            rounds.answer(scan, getattr(cast, name), 3)
        with pytest.raises(PermissionDenied):
            rounds.opened(cast, by=cast.hat(name))
        with pytest.raises(Http404):
            queries.scan_for(cast.hat(name), scan.pk)


def test_next_door_sees_nothing(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    daan = cast.hat("daan", "de-beuk")
    with pytest.raises(Http404):
        queries.scan_for(daan, scan.pk)
    assert not queries.scans(daan).exists()
    with pytest.raises(PermissionDenied):
        rounds.answer(scan, cast.daan, 3, by=daan)


def test_who_joins_later_waits_for_the_next_round(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    new = factories.person("Nieuw", scan.school)
    Seat.objects.create(school=scan.school, group=cast.reading, user=new, from_date=TODAY)
    with pytest.raises(actions.NoVoice):
        rounds.answer(scan, new, 3)
    where = queries.standing(scan, factories.hat(new, scan.school), today=TODAY)
    assert (where.is_elector, where.i_am_done, where.my_next_aspect) == (False, False, None)


def test_a_card_is_answered_whole(cast: TestCast) -> None:
    rounds.colleagues(cast, 4)
    scan, card = rounds.opened(cast), cast.aspects["reflecting"]
    given = rounds.answers(card, 3)
    foreign = Behaviour.objects.get(key="feedback-b1").pk
    for wrong in ({}, dict([*given.items()][:2]), {**given, foreign: actions.Answer(3)}):
        with pytest.raises(actions.DegreesMissing):
            actions.answer_scan(scan=scan, aspect=card, answers=wrong, by=cast.hat("carla"), now=NOW)
    with pytest.raises(actions.UnknownKey):
        rounds.answer(scan, cast.carla, 3, aspect=cast.aspects["feedback"])
    for degree in (0, 5):
        with pytest.raises(actions.BadDegree):
            rounds.answer(scan, cast.carla, degree)
    with pytest.raises(TextTooLong):
        rounds.answer(scan, cast.carla, 3, manner="x" * 301)
    assert not ScanAnswer.objects.exists()


def test_a_late_answer_is_refused(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    rounds.answer(scan, cast.carla, 3, now=NOW + WEEK - dt.timedelta(seconds=1))
    with pytest.raises(actions.LateAnswer):
        rounds.answer(scan, people[2], 3, now=NOW + WEEK)
    rounds.answered(scan, people[:4], 3)
    actions.close_scan(scan=scan, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.LateAnswer):
        rounds.answer(scan, people[4], 3)
    assert nothing_is_left(scan)


def test_cannot_say_is_an_answer_and_leaves_a_gap(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast)
    rounds.answered(scan, people[:2], None, 2, 2)
    rounds.answered(scan, people[2:], 3, 3, 2)
    told = queries.reveal_of(actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW))
    assert told is not None
    assert told.respondents == 5
    assert [(row.behaviour.key[-2:], row.halves) for row in told.rows] == [("b2", 5), ("b3", 4), ("b1", None)]
