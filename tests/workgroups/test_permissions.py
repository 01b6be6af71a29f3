"""Who may do what: the table of the domain, row by row, for everybody of the cast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.conftest import TestCast
from tests.factories import LONG_AGO, TODAY
from workgroups import permissions
from workgroups.models import Guest, Meeting

# Els chairs, Carla sits in the group, Bram visits it, Joris teaches here, Anna leads, Frank runs the school; Gerda
# is of the board, Hugo keeps the site running, Daan teaches next door, Irma at another board's school.
INSIDE = {"els", "carla", "bram"}
ALL = {"els", "carla", "bram", "joris", "anna", "frank", "gerda", "hugo", "daan", "irma"}
MAY: dict[Callable[..., bool], set[str]] = {
    permissions.may_read_directory: {"els", "carla", "bram", "joris", "anna", "frank"},
    permissions.may_enter: INSIDE,
    permissions.may_describe_group: {"els", "anna", "frank"},
    permissions.may_write_why: {"els"},
    permissions.may_read_seats: INSIDE | {"anna", "frank"},
    permissions.may_seat: {"els", "anna", "frank"},
    permissions.may_end_seat: {"els", "frank"},
    permissions.may_hand_over_chair: {"els", "frank"},
    permissions.may_read_meetings: INSIDE | {"anna", "frank"},
    permissions.may_plan_meetings: {"els"},
    permissions.may_read_goals: INSIDE,
    permissions.may_know_card: INSIDE | {"joris", "anna"},
    permissions.may_write_goals: {"els", "carla"},
    permissions.may_hold_meetings: {"els", "carla"},
}
SCHOOLS = {"daan": "de-beuk", "irma": "de-eik"}


@pytest.fixture
def visited(cast: TestCast) -> TestCast:
    """The cast, with Bram as the guest of the group."""
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=LONG_AGO)
    return cast


@pytest.mark.parametrize("who", sorted(ALL))
@pytest.mark.parametrize("may", MAY, ids=lambda may: may.__name__)
def test_the_table(visited: TestCast, may: Callable[..., bool], who: str) -> None:
    member = visited.hat(who, SCHOOLS.get(who, "de-wilg"))
    assert may(member, visited.reading) is (who in MAY[may])


@pytest.mark.parametrize("who", sorted(ALL))
def test_starting_a_group(cast: TestCast, who: str) -> None:
    member = cast.hat(who, SCHOOLS.get(who, "de-wilg"))
    assert permissions.may_start_group(member) is (who in {"anna", "frank"})


def test_a_row_of_the_group_asks_the_same(visited: TestCast) -> None:
    goal = factories.goal(factories.period(visited.reading, visited.aspects["openness"]))
    assert permissions.may_write_goals(visited.hat("carla"), goal)
    assert not permissions.may_write_goals(visited.hat("joris"), goal)
    assert permissions.may_read_goals(visited.hat("bram"), goal)


def test_a_leader_with_a_seat_has_the_rights_of_the_seat(cast: TestCast) -> None:
    assert not permissions.may_read_goals(cast.hat("anna"), cast.reading)
    group = factories.group(cast.schools["de-wilg"], "Directie", chair=cast.anna)
    assert permissions.may_write_goals(cast.hat("anna"), group)
    assert not permissions.may_read_goals(cast.hat("anna"), cast.reading)


def test_a_role_at_one_school_is_none_at_another(cast: TestCast) -> None:
    factories.person("Karin", cast.schools["de-beuk"], role="leader")  # type: ignore[arg-type]
    karin = factories.hat(cast.anna, cast.schools["de-beuk"])
    for may in MAY:
        assert not may(karin, cast.reading)
    assert not permissions.may_seat(cast.hat("anna"), cast.next_door)


def test_who_left_has_nothing_left(visited: TestCast) -> None:
    Guest.objects.update(until_date=LONG_AGO)
    assert not permissions.may_enter(visited.hat("bram"), visited.reading)


def test_what_may_be_seen_is_what_opens(visited: TestCast) -> None:
    row = factories.meeting(visited.reading)
    factories.meeting(visited.next_door)
    expected: dict[str, Any] = {"els": 1, "carla": 1, "bram": 1, "anna": 1, "frank": 1, "joris": 0, "gerda": 0}
    for who, count in expected.items():
        assert Meeting.objects.dated_for(visited.hat(who)).count() == count
    inside = [who for who in sorted(ALL - {"daan", "irma"}) if row in Meeting.objects.visible_to(visited.hat(who))]
    assert set(inside) == INSIDE


def test_a_demand_that_fails_is_forbidden() -> None:
    permissions.demand(True)
    with pytest.raises(PermissionDenied):
        permissions.demand(False)


def test_days_count(cast: TestCast) -> None:
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=TODAY)
    assert permissions.may_enter(cast.hat("bram"), cast.reading)
