"""People come and go by date, the chair goes round, and everybody says what they may be asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from schools import post
from schools.models import Delivery
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, letters, queries
from workgroups.models import Closer, Seat, WorkGroup

DAY = dt.timedelta(days=1)
NEXT_MONTH = TODAY + 30 * DAY


def seat_of(group: WorkGroup, who: Any) -> Seat:
    row: Seat = Seat.objects.filter(group=group, user=who).latest("pk")
    return row


def seated(cast: TestCast, day: dt.date) -> set[str]:
    return {seat.user.given_name for seat in queries.seats_of(cast.reading, today=day)}


def held(group: WorkGroup, at: dt.datetime) -> None:
    meeting = factories.meeting(group, at.date(), state="held")
    Closer.objects.create(school=group.school, group=group, meeting=meeting, closed_at=at)


# --- coming and going


def test_a_seat_begins_on_a_later_day(cast: TestCast) -> None:
    actions.seat(group=cast.reading, user=cast.joris, from_date=NEXT_MONTH, by=cast.hat("els"), now=NOW)
    assert not cast.hat("joris").sits_in(cast.reading.pk)
    assert seated(cast, TODAY) == {"Els", "Carla"}
    assert seated(cast, NEXT_MONTH) == {"Els", "Carla", "Joris"}
    places = queries.table_of(cast.reading, member=cast.hat("els"), today=TODAY)
    assert [(one.seat.user.given_name, one.is_coming) for one in places][-1] == ("Joris", True)


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY + 400 * DAY])
def test_a_seat_begins_and_ends_within_a_year(cast: TestCast, day: dt.date) -> None:
    with pytest.raises(actions.OddDay) as refused:
        actions.seat(group=cast.reading, user=cast.joris, from_date=day, by=cast.hat("els"), now=NOW)
    assert refused.value.field == "from_date"
    with pytest.raises(actions.OddDay) as refused:
        actions.leave(seat=seat_of(cast.reading, cast.carla), last_day=day, by=cast.hat("els"), now=NOW)
    assert refused.value.field == "last_day"


def test_who_comes_later_gets_no_second_seat(cast: TestCast) -> None:
    actions.seat(group=cast.reading, user=cast.joris, from_date=NEXT_MONTH, by=cast.hat("els"), now=NOW)
    assert cast.joris not in queries.may_be_seated(cast.reading, today=TODAY)
    with pytest.raises(actions.AlreadySeated):
        actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)


def test_a_seat_ends_after_its_last_day(cast: TestCast) -> None:
    seat = seat_of(cast.reading, cast.carla)
    actions.leave(seat=seat, last_day=NEXT_MONTH, by=cast.hat("els"), now=NOW)
    assert seated(cast, NEXT_MONTH) == {"Els", "Carla"}
    assert seated(cast, NEXT_MONTH + DAY) == {"Els"}
    assert cast.hat("carla").sits_in(cast.reading.pk)
    again = actions.seat(group=cast.reading, user=cast.carla, from_date=NEXT_MONTH + DAY, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.AlreadySeated):
        actions.stay(seat=seat, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.AlreadySeated):
        actions.leave(seat=seat, last_day=NEXT_MONTH + 9 * DAY, by=cast.hat("els"), now=NOW)
    actions.leave(seat=again, by=cast.hat("els"), now=NOW)
    actions.stay(seat=seat, by=cast.hat("els"), now=NOW)
    assert seated(cast, NEXT_MONTH + DAY) == {"Els", "Carla"}


def test_who_left_does_not_stay_after_all(cast: TestCast) -> None:
    seat = seat_of(cast.reading, cast.carla)
    actions.leave(seat=seat, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.SeatEnded):
        actions.stay(seat=seat, by=cast.hat("els"), now=NOW)


def test_the_chair_has_no_last_day(cast: TestCast) -> None:
    with pytest.raises(actions.ChairStays):
        actions.leave(seat=seat_of(cast.reading, cast.els), last_day=NEXT_MONTH, by=cast.hat("els"), now=NOW)


@pytest.mark.parametrize("who", ["carla", "anna", "joris", "bram"])
def test_taking_a_last_day_back_needs_chair_or_admin(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.stay(seat=seat_of(cast.reading, cast.carla), by=cast.hat(who), now=NOW)


# --- their letters


def test_letters_go_to_who_sits_there_on_the_day_of_the_meeting(cast: TestCast) -> None:
    actions.leave(seat=seat_of(cast.reading, cast.carla), last_day=TODAY + 5 * DAY, by=cast.hat("els"), now=NOW)
    actions.seat(group=cast.reading, user=cast.joris, from_date=TODAY + 6 * DAY, by=cast.hat("els"), now=NOW)
    actions.plan_meeting(
        group=cast.reading,
        day=TODAY + 7 * DAY,
        time=dt.time(15),
        minutes=60,
        place="",
        title="",
        by=cast.hat("els"),
        now=NOW,
    )
    heard = set(Delivery.objects.filter(kind="reminder").values_list("user__given_name", flat=True))
    assert heard == {"Els", "Joris"}


def test_who_has_left_by_then_is_not_reminded(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY + DAY)
    seat = seat_of(cast.reading, cast.carla)
    post.write_down(
        kind="reminder",
        subject_id=meeting.pk,
        version=1,
        school_id=meeting.school_id,
        user_ids=[cast.carla.pk],
        due_at=NOW,
        expires_at=meeting.starts_at,
        now=NOW,
    )
    letter = Delivery.objects.get()
    assert isinstance(letters.prepare("reminder", [letter], NOW)[letter.pk], post.Letter)
    actions.leave(seat=seat, last_day=TODAY, by=cast.hat("els"), now=NOW)
    assert letters.prepare("reminder", [letter], NOW)[letter.pk] == post.Dropped("no seat any more by then")


# --- the chair goes round


def test_the_chair_goes_round_by_name(cast: TestCast) -> None:
    Seat.objects.create(school=cast.reading.school, group=cast.reading, user=cast.joris, from_date=factories.LONG_AGO)
    after = []
    for _turn in range(3):
        next_one = queries.next_in_turn(queries.seats_of(cast.reading, today=TODAY))
        assert next_one is not None
        after.append(next_one.user.given_name)
        chair = next(name for name in ("els", "joris", "carla") if cast.hat(name).chairs(cast.reading.pk))
        actions.hand_over_chair(group=cast.reading, to=next_one, by=cast.hat(chair), now=NOW)
    assert after == ["Joris", "Carla", "Els"]


def test_nobody_is_next_at_an_empty_table(cast: TestCast) -> None:
    assert queries.next_in_turn(queries.seats_of(cast.maths, today=TODAY)) is None


def test_it_is_offered_once_after_each_closed_meeting(cast: TestCast) -> None:
    def offered(now: dt.datetime = NOW) -> bool:
        group = WorkGroup.objects.get(pk=cast.reading.pk)
        return queries.group_inside(group, member=cast.hat("els"), today=TODAY, now=now).life.chair

    held(cast.reading, NOW - DAY)
    assert not offered()
    actions.rotate_chair(group=cast.reading, rotates=True, by=cast.hat("els"), now=NOW)
    assert not offered()  # from the next meeting on
    held(cast.reading, NOW + DAY)
    assert offered()
    actions.keep_chair(group=cast.reading, by=cast.hat("els"), now=NOW + 2 * DAY)
    assert not offered()
    held(cast.reading, NOW + 3 * DAY)
    assert offered()
    actions.rotate_chair(group=cast.reading, rotates=False, by=cast.hat("els"), now=NOW + 3 * DAY)
    assert not offered()


def test_only_the_chair_lets_it_go_round(cast: TestCast) -> None:
    for who in ("carla", "anna", "frank", "bram"):
        with pytest.raises(PermissionDenied):
            actions.rotate_chair(group=cast.reading, rotates=True, by=cast.hat(who), now=NOW)
        with pytest.raises(PermissionDenied):
            actions.keep_chair(group=cast.reading, by=cast.hat(who), now=NOW)


def test_who_leaves_soon_or_comes_later_gets_no_chair(cast: TestCast) -> None:
    later = actions.seat(group=cast.reading, user=cast.joris, from_date=NEXT_MONTH, by=cast.hat("els"), now=NOW)
    carla = seat_of(cast.reading, cast.carla)
    actions.leave(seat=carla, last_day=NEXT_MONTH, by=cast.hat("els"), now=NOW)
    for seat in (later, carla):
        with pytest.raises(actions.SeatNotOpen):
            actions.hand_over_chair(group=cast.reading, to=seat, by=cast.hat("els"), now=NOW)
    assert cast.hat("els").chairs(cast.reading.pk)


# --- what they may ask me


def test_the_own_line_stays_in_the_group(cast: TestCast) -> None:
    seat = seat_of(cast.reading, cast.carla)
    actions.say_line(seat=seat, text="  lezen met\nkleuters ", by=cast.hat("carla"), now=NOW)
    lines = {
        who: [place.line for place in queries.table_of(cast.reading, member=cast.hat(who), today=TODAY)]
        for who in ("els", "carla", "anna", "frank")
    }
    assert lines["els"] == lines["carla"] == ["", "lezen met kleuters"]
    assert lines["anna"] == lines["frank"] == ["", ""]


def test_nobody_writes_the_line_of_another(cast: TestCast) -> None:
    for who in ("els", "anna", "frank", "joris"):
        with pytest.raises(PermissionDenied):
            actions.say_line(seat=seat_of(cast.reading, cast.carla), text="-", by=cast.hat(who), now=NOW)
