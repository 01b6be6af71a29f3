"""The predicates by themselves: what a group keeps to itself comes only from a seat or an accepted visit."""

from __future__ import annotations

import pytest

from observations import permissions
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps

EVERYBODY = {"anna", "bram", "carla", "els", "frank", "joris"}


def allowed(cast: TestCast, predicate: object, *about: object, **more: object) -> set[str]:
    return {who for who in EVERYBODY if predicate(cast.hat(who), *about, **more)}  # type: ignore[operator]


def test_who_may_do_what_with_a_visit(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    assert allowed(cast, permissions.may_propose_visit, cast.reading) == {"anna", "bram"}
    assert allowed(cast, permissions.may_answer_visit, visit) == {"els"}
    assert allowed(cast, permissions.may_postpone_visit, visit) == {"carla", "els"}
    assert allowed(cast, permissions.may_withdraw_visit, visit) == {"bram", "carla", "els"}
    assert allowed(cast, permissions.may_log_observation, visit) == {"bram"}
    assert allowed(cast, permissions.may_read_feedback, visit) == {"bram", "carla", "els"}


@pytest.mark.parametrize("shares", [True, False])
def test_who_may_read_a_profile(cast: TestCast, shares: bool) -> None:
    steps.accepted(cast)
    leaders = {"anna"} if shares else set()
    assert allowed(cast, permissions.may_read_profile, cast.reading) == {"bram", "carla", "els"}
    assert allowed(cast, permissions.may_read_shared_profile, cast.reading, shares=shares) == leaders
    deciders = {"els"} if shares else {"carla", "els"}
    assert allowed(cast, permissions.may_decide_sharing, cast.reading, shares=shares) == deciders


def test_nothing_holds_across_schools(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    here, there = cast.hat("bram"), cast.hat("bram", "de-beuk")
    assert permissions.may_log_observation(here, visit)
    assert not permissions.may_log_observation(there, visit)
    assert not permissions.may_propose_visit(there, cast.reading)
    assert not permissions.may_read_profile(there, cast.reading)


def test_a_visitor_who_gets_a_seat_is_no_visitor_any_more(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    cast.reading.seats.create(school=cast.reading.school, user=cast.bram, from_date=factories.LONG_AGO)
    assert not permissions.may_log_observation(cast.hat("bram"), visit)
    assert not permissions.may_propose_visit(cast.hat("bram"), cast.reading)
