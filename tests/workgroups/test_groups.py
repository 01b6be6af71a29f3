"""Starting a group and filling its table."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.models import ReminderRule, Seat, WorkGroup

YESTERDAY = TODAY - dt.timedelta(days=1)
FORM: dict[str, Any] = {
    "name": "Schrijven",
    "theme": "Teksten bespreken",
    "kind": "learning_team",
    "present_practice": "",
    "desired_practice": "",
    "now": NOW,
}


def seat_of(group: WorkGroup, who: Any) -> Seat:
    return Seat.objects.get(group=group, user=who, until_date__isnull=True)


@pytest.mark.parametrize("who", ["anna", "frank"])
def test_a_group_starts_with_its_chair_and_its_reminder(cast: TestCast, who: str) -> None:
    group = actions.start_group(**FORM | {"name": "  Schrijven \n samen "}, chair=cast.carla, by=cast.hat(who))
    assert (group.name, group.school) == ("Schrijven samen", cast.schools["de-wilg"])
    assert seat_of(group, cast.carla).is_chair
    assert ReminderRule.objects.get(group=group).days_before == 1
    assert cast.hat("carla").chairs(group.pk)


@pytest.mark.parametrize("who", ["carla", "els", "bram"])
def test_starting_a_group_needs_a_leader_or_an_admin(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.start_group(**FORM, chair=cast.carla, by=cast.hat(who))


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"name": "   "}, actions.EmptyText, "name"),
        ({"theme": ""}, actions.EmptyText, "theme"),
        ({"name": "x" * 81}, actions.TextTooLong, "name"),
        ({"kind": "club"}, actions.UnknownWord, "kind"),
        ({"name": "Rekenen"}, actions.NameTaken, "name"),
    ],
)
def test_a_refusal_names_its_field(cast: TestCast, values: dict[str, str], refusal: Any, field: str) -> None:
    with pytest.raises(refusal) as refused:
        actions.start_group(**FORM | values, chair=cast.carla, by=cast.hat("anna"))
    assert refused.value.field == field
    assert str(refused.value.sentence)


def test_the_name_of_an_ended_group_is_free_again(cast: TestCast) -> None:
    WorkGroup.objects.filter(pk=cast.maths.pk).update(state="ended", ended_on=TODAY)
    assert actions.start_group(**FORM | {"name": "Rekenen"}, chair=cast.carla, by=cast.hat("anna")).pk


def test_the_chair_works_at_the_school(cast: TestCast) -> None:
    with pytest.raises(actions.NotInSchool) as refused:
        actions.start_group(**FORM, chair=cast.daan, by=cast.hat("anna"))
    assert refused.value.field == "chair"


def test_the_chair_describes_the_group(cast: TestCast) -> None:
    group = actions.describe_group(
        group=cast.reading, **FORM | {"present_practice": "Zo gaat het nu."}, by=cast.hat("els")
    )
    group.refresh_from_db()
    assert (group.name, group.present_practice) == ("Schrijven", "Zo gaat het nu.")
    for who in ("carla", "joris", "bram"):
        with pytest.raises(PermissionDenied):
            actions.describe_group(group=cast.reading, **FORM, by=cast.hat(who))
    with pytest.raises(PermissionDenied):
        actions.describe_group(group=cast.reading, **FORM, by=cast.hat("anna"))  # the why is the group's own
    with pytest.raises(actions.NameTaken):
        actions.describe_group(group=cast.reading, **FORM | {"name": "Rekenen"}, by=cast.hat("els"))


def test_nothing_is_added_to_an_ended_group(cast: TestCast) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(actions.GroupEnded):
        actions.describe_group(group=cast.reading, **FORM, by=cast.hat("els"))
    with pytest.raises(actions.GroupEnded):
        actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)


@pytest.mark.parametrize("who", ["els", "anna", "frank"])
def test_chair_leader_and_admin_give_seats(cast: TestCast, who: str) -> None:
    seat = actions.seat(group=cast.reading, user=cast.joris, by=cast.hat(who), now=NOW)
    assert (seat.from_date, seat.is_chair) == (TODAY, False)
    assert cast.hat("joris").sits_in(cast.reading.pk)


def test_a_seat_is_refused_with_a_sentence(cast: TestCast) -> None:
    with pytest.raises(actions.AlreadySeated):
        actions.seat(group=cast.reading, user=cast.carla, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.NotInSchool):
        actions.seat(group=cast.reading, user=cast.daan, by=cast.hat("els"), now=NOW)
    for who in ("carla", "joris", "bram"):
        with pytest.raises(PermissionDenied):
            actions.seat(group=cast.reading, user=cast.joris, by=cast.hat(who), now=NOW)


@pytest.mark.parametrize("who", ["els", "frank"])
def test_who_leaves_is_out_at_once_and_can_come_back(cast: TestCast, who: str) -> None:
    actions.leave(seat=seat_of(cast.reading, cast.carla), by=cast.hat(who), now=NOW)
    assert not cast.hat("carla").sits_in(cast.reading.pk)
    assert Seat.objects.get(group=cast.reading, user=cast.carla).until_date == YESTERDAY
    actions.seat(group=cast.reading, user=cast.carla, by=cast.hat("els"), now=NOW)
    assert cast.hat("carla").sits_in(cast.reading.pk)


def test_who_joined_today_leaves_without_a_trace(cast: TestCast) -> None:
    seat = actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)
    actions.leave(seat=seat, by=cast.hat("els"), now=NOW)
    assert not Seat.objects.filter(group=cast.reading, user=cast.joris).exists()


def test_leaving_is_refused_with_a_sentence(cast: TestCast) -> None:
    with pytest.raises(actions.ChairStays):
        actions.leave(seat=seat_of(cast.reading, cast.els), by=cast.hat("frank"), now=NOW)
    seat = seat_of(cast.reading, cast.carla)
    for who in ("carla", "anna", "joris"):
        with pytest.raises(PermissionDenied):
            actions.leave(seat=seat, by=cast.hat(who), now=NOW)
    actions.leave(seat=seat, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.SeatEnded):
        actions.leave(seat=seat, by=cast.hat("els"), now=NOW)


def test_the_chair_hands_over(cast: TestCast) -> None:
    actions.hand_over_chair(group=cast.reading, to=seat_of(cast.reading, cast.carla), by=cast.hat("els"), now=NOW)
    assert cast.hat("carla").chairs(cast.reading.pk)
    assert not cast.hat("els").chairs(cast.reading.pk)
    assert cast.hat("els").sits_in(cast.reading.pk)


def test_the_chair_goes_to_a_seat_of_this_group_only(cast: TestCast) -> None:
    for seat in (seat_of(cast.maths, cast.joris), seat_of(cast.next_door, cast.daan)):
        with pytest.raises(actions.SeatEnded):
            actions.hand_over_chair(group=cast.reading, to=seat, by=cast.hat("els"), now=NOW)
    assert cast.hat("els").chairs(cast.reading.pk)
    with pytest.raises(PermissionDenied):
        actions.hand_over_chair(group=cast.reading, to=seat_of(cast.reading, cast.carla), by=cast.hat("carla"), now=NOW)


def test_who_can_be_seated(cast: TestCast) -> None:
    names = [user.given_name for user in queries.may_be_seated(cast.reading, today=TODAY)]
    assert names == ["Anna", "Bram", "Frank", "Joris"]
    factories.person("Zoe", cast.schools["de-wilg"], is_active=False)
    assert queries.may_be_seated(cast.reading, today=TODAY).count() == 4


def test_who_sits_in_the_group(cast: TestCast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        rows = queries.seats_of(cast.reading, today=TODAY)
        assert [(seat.user.given_name, seat.is_chair) for seat in rows] == [("Els", True), ("Carla", False)]
    assert queries.chairs_of([cast.reading.pk, cast.maths.pk], today=TODAY) == {
        cast.reading.pk: cast.els,
        cast.maths.pk: cast.joris,
    }
