"""Feedback between two colleagues (A6): on request, in three parts, thanked; and invisible to everybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from schools.models import User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions as group_actions
from workgroups.actions import papers as actions
from workgroups.models import PeerFeedback, Seat
from workgroups.queries import peers

PARTS = {"affirm": "Je wachtte", "critique": "Na het eerste antwoord ging je door", "constructive": "Drie antwoorden?"}


@pytest.fixture
def dirk(cast: TestCast) -> User:
    """A third member of the group."""
    user = factories.person("Dirk", cast.schools["de-wilg"], Role.TEACHER)
    group = cast.reading
    Seat.objects.create(school=group.school, group=group, user=user, from_date=factories.LONG_AGO)
    cast.people["dirk"] = user
    return user


def ask(cast: TestCast, dirk: User, question: str = "Gaf ik ruimte?") -> PeerFeedback:
    return actions.ask_feedback(group=cast.reading, giver=dirk, question=question, by=cast.hat("carla"), now=NOW)


def give(cast: TestCast, row: PeerFeedback, by: str = "dirk", **values: str) -> PeerFeedback:
    return actions.give_feedback(request=row, **{**PARTS, "ground": "saw", **values}, by=cast.hat(by), now=NOW)


def test_the_database_too_holds_one_open_question_between_two(cast: TestCast, dirk: User) -> None:
    row = ask(cast, dirk)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    row.state = "declined"
    row.save(force_insert=True)


def test_it_works(cast: TestCast, dirk: User, django_assert_num_queries: Any) -> None:
    row = ask(cast, dirk)
    assert (row.state, row.asked_on, row.affirm) == ("asked", TODAY, "")
    assert peers.waiting_for(cast.hat("dirk"), cast.reading) == [row]
    assert give(cast, row).state == "given"
    assert actions.thank(request=row, by=cast.hat("carla"), now=NOW).state == "thanked"
    assert actions.thank(request=row, by=cast.hat("carla"), now=NOW).state == "thanked"
    for who in ("carla", "dirk"):
        member = cast.hat(who)
        with django_assert_num_queries(1):
            found = peers.exchanges_of(member, cast.reading)
        assert (found.waiting, found.asked or found.given) == ((), (row,))


def test_it_stays_between_the_two(cast: TestCast, dirk: User) -> None:
    row = give(cast, ask(cast, dirk))
    for who in ("els", "anna", "frank", "bram", "joris"):
        member = cast.hat(who)
        assert not peers.peers_for(member).exists()
        found = peers.exchanges_of(member, cast.reading)
        assert (found.waiting, found.asked, found.given) == ((), (), ())
        for act in (actions.thank, actions.take_back, actions.decline_feedback):
            with pytest.raises(PermissionDenied):
                act(request=row, by=member, now=NOW)
        with pytest.raises(PermissionDenied):
            give(cast, row, who)


@pytest.mark.parametrize("part", list(PARTS))
def test_all_three_parts_are_needed(cast: TestCast, dirk: User, part: str) -> None:
    row = ask(cast, dirk)
    with pytest.raises(group_actions.EmptyText) as refused:
        give(cast, row, **{part: "  "})
    assert refused.value.field == part
    row.refresh_from_db()
    assert (row.state, row.affirm) == ("asked", "")


def test_a_conclusion_is_not_yet_feedback(cast: TestCast, dirk: User) -> None:
    row = ask(cast, dirk)
    with pytest.raises(actions.OnlyConcluded):
        give(cast, row, ground="concluded")
    with pytest.raises(group_actions.UnknownWord):
        give(cast, row, ground="felt")
    assert give(cast, row, ground="asked").state == "given"


def test_it_starts_from_a_question_to_a_colleague_at_the_table(cast: TestCast, dirk: User) -> None:
    with pytest.raises(actions.NotYourself):
        ask(cast, cast.carla)
    with pytest.raises(actions.NotAtTheTable):
        ask(cast, cast.joris)
    with pytest.raises(group_actions.EmptyText):
        ask(cast, dirk, " ")
    for who in ("anna", "bram", "joris"):
        with pytest.raises(PermissionDenied):
            actions.ask_feedback(group=cast.reading, giver=dirk, question="?", by=cast.hat(who), now=NOW)
    assert not PeerFeedback.objects.exists()


def test_one_open_question_at_a_time(cast: TestCast, dirk: User) -> None:
    row = ask(cast, dirk)
    with pytest.raises(actions.AlreadyAsked):
        ask(cast, dirk, "En dit?")
    assert ask(cast, cast.els).giver == cast.els
    actions.take_back(request=row, by=cast.hat("carla"), now=NOW)
    assert ask(cast, dirk, "En dit?").state == "asked"


def test_not_now_needs_no_reason_and_ends_it(cast: TestCast, dirk: User) -> None:
    row = ask(cast, dirk)
    with pytest.raises(PermissionDenied):
        actions.decline_feedback(request=row, by=cast.hat("carla"), now=NOW)
    actions.decline_feedback(request=row, by=cast.hat("dirk"), now=NOW)
    with pytest.raises(actions.NotOpen):
        give(cast, row)
    with pytest.raises(actions.NotOpen):
        actions.take_back(request=row, by=cast.hat("carla"), now=NOW)
    assert peers.exchanges_of(cast.hat("dirk"), cast.reading).waiting == ()


def test_what_was_given_stands(cast: TestCast, dirk: User) -> None:
    row = give(cast, ask(cast, dirk))
    give(cast, row)  # the same again is once
    for late in (
        lambda: give(cast, row, affirm="Toch anders"),
        lambda: actions.decline_feedback(request=row, by=cast.hat("dirk"), now=NOW),
        lambda: actions.take_back(request=row, by=cast.hat("carla"), now=NOW),
    ):
        with pytest.raises(actions.NotOpen):
            late()


def test_who_left_the_table_reads_but_gives_no_more(cast: TestCast, dirk: User) -> None:
    row = ask(cast, dirk)
    Seat.objects.filter(user=dirk).update(until_date=factories.LONG_AGO)
    member = cast.hat("dirk")
    assert list(peers.peers_for(member)) == [row]
    with pytest.raises(PermissionDenied):
        give(cast, row)
