"""Which letters a deed causes, for whom and when; written in its own transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from schools.models import Delivery, Holiday, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions
from workgroups.actions import notices
from workgroups.models import Meeting, ReminderRule, Seat

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
DUE = dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC)  # Monday at 16.00, before the Tuesday
FORM: dict[str, Any] = {
    "day": TODAY + 7 * DAY,
    "time": dt.time(15, 15),
    "minutes": 60,
    "place": "Teamkamer",
    "title": "",
}


def plan(cast: TestCast, *, now: dt.datetime = NOW, **values: Any) -> Meeting:
    return actions.plan_meeting(group=cast.reading, **FORM | values, by=cast.hat("els"), now=now)


def move(cast: TestCast, meeting: Meeting, *, now: dt.datetime = NOW, **values: Any) -> Meeting:
    return actions.move_meeting(meeting=meeting, **FORM | values, by=cast.hat("els"), now=now)


def letters(state: str = "waiting") -> set[tuple[str, str, int]]:
    rows = Delivery.objects.filter(state=state)
    return set(rows.values_list("kind", "user__given_name", "version"))


def leaves(*who: User, kind: str = "reminder") -> None:
    """As if the post had sent these people their waiting letters of this kind."""
    rows = Delivery.objects.filter(user__in=who, kind=kind, state="waiting")
    assert rows.update(state="sent", message_id="<1@samenspraak.example>", sent_at=NOW) == len(who)


def test_planning_writes_one_reminder_for_each_member(cast: TestCast) -> None:
    meeting = plan(cast)
    assert letters() == {("reminder", "Els", 1), ("reminder", "Carla", 1)}
    for row in Delivery.objects.all():
        assert (row.due_at, row.expires_at, row.subject_id) == (DUE, meeting.starts_at, meeting.pk)
        assert row.school == cast.schools["de-wilg"]


def test_nothing_is_written_when_the_plan_is_undone(cast: TestCast) -> None:
    with transaction.atomic():
        plan(cast)
        assert Delivery.objects.exists()
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_planned_after_the_due_time_the_agreements_go_out_at_once(cast: TestCast) -> None:
    plan(cast, now=DUE + MINUTE)
    assert letters() == {("invitation", "Els", 1), ("invitation", "Carla", 1)}
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {DUE + MINUTE}


def test_a_rule_that_is_off_is_silent(cast: TestCast) -> None:
    ReminderRule.objects.filter(group=cast.reading).update(is_on=False)
    meeting = plan(cast)
    plan(cast, day=TODAY + DAY)
    move(cast, meeting, place="Aula")
    assert not Delivery.objects.exists()


def test_the_schools_days_off_count(cast: TestCast) -> None:
    monday = TODAY + 6 * DAY
    Holiday.objects.create(school=cast.schools["de-wilg"], name="Studiedag", first_day=monday, last_day=monday)
    plan(cast)
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {DUE - 3 * DAY}


def test_a_hundred_other_titles_write_nothing(cast: TestCast) -> None:
    meeting = plan(cast)
    for number in range(100):
        move(cast, meeting, title=f"Over {number}")
    meeting.refresh_from_db()
    assert (meeting.title, meeting.schedule_version) == ("Over 99", 1)
    assert Delivery.objects.count() == 2


def test_moved_before_anybody_heard_the_new_reminder_takes_the_place_of_the_old(cast: TestCast) -> None:
    meeting = plan(cast)
    move(cast, meeting, day=TODAY + 8 * DAY)
    assert letters() == {("reminder", "Els", 2), ("reminder", "Carla", 2)}
    assert letters("dropped") == {("reminder", "Els", 1), ("reminder", "Carla", 1)}
    waiting = Delivery.objects.filter(state="waiting")
    assert set(waiting.values_list("due_at", flat=True)) == {DUE + DAY}


def test_moved_after_the_reminder_whoever_had_it_hears_so_at_once(cast: TestCast) -> None:
    meeting = plan(cast)
    leaves(cast.carla)
    now = DUE + 60 * MINUTE
    move(cast, meeting, time=dt.time(16, 0), now=now)
    assert letters() == {("moved", "Carla", 2), ("invitation", "Els", 2)}
    moved = Delivery.objects.get(kind="moved")
    assert now <= moved.due_at <= now + 2 * MINUTE
    assert moved.expires_at == dt.datetime(2026, 12, 1, 15, 0, tzinfo=dt.UTC)


def test_moved_far_ahead_whoever_heard_hears_so_and_is_reminded_again(cast: TestCast) -> None:
    meeting = plan(cast)
    leaves(cast.carla)
    move(cast, meeting, day=TODAY + 14 * DAY, now=DUE + MINUTE)
    assert letters() == {("moved", "Carla", 2), ("reminder", "Carla", 2), ("reminder", "Els", 2)}


def test_a_letter_that_may_have_left_counts_as_heard(cast: TestCast) -> None:
    meeting = plan(cast)
    Delivery.objects.filter(user=cast.carla).update(doubts=1)
    move(cast, meeting, place="Aula")
    assert ("moved", "Carla", 2) in letters()


def test_several_moves_become_one_letter(cast: TestCast) -> None:
    meeting = plan(cast)
    leaves(cast.carla, cast.els)
    for minute in (0, 15, 30):
        move(cast, meeting, time=dt.time(16, minute), now=DUE + MINUTE)
    assert letters() == {("moved", "Carla", 4), ("moved", "Els", 4)}


def test_cancelled_only_those_who_heard_of_it_hear_that(cast: TestCast) -> None:
    meeting = plan(cast)
    leaves(cast.carla)
    actions.cancel_meeting(meeting=meeting, by=cast.hat("els"), now=DUE + MINUTE)
    assert letters() == {("cancelled", "Carla", 2)}
    assert letters("dropped") == {("reminder", "Els", 1)}


def test_cancelled_and_restored_nobody_is_left_with_the_cancellation(cast: TestCast) -> None:
    meeting, els = plan(cast), cast.hat("els")
    leaves(cast.carla)
    actions.cancel_meeting(meeting=meeting, by=els, now=NOW)
    leaves(cast.carla, kind="cancelled")
    actions.restore_meeting(meeting=meeting, by=els, now=NOW + MINUTE)
    assert letters() == {("moved", "Carla", 3), ("reminder", "Carla", 3), ("reminder", "Els", 3)}


def test_a_meeting_that_began_causes_no_letters(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY, dt.time(9, 0))
    Delivery.objects.create(
        school=meeting.school,
        key="x",
        kind="reminder",
        subject_id=meeting.pk,
        user=cast.carla,
        due_at=NOW - DAY,
        next_try_at=NOW - DAY,
        expires_at=meeting.starts_at,
        state="sent",
        message_id="<1@x>",
        sent_at=NOW - DAY,
    )
    actions.cancel_meeting(meeting=meeting, by=cast.hat("els"), now=NOW)
    assert letters() == set()


def test_a_new_member_is_reminded_like_the_others(cast: TestCast) -> None:
    plan(cast)
    plan(cast, day=TODAY + 14 * DAY)
    factories.meeting(cast.reading, TODAY - DAY)
    factories.meeting(cast.reading, TODAY + DAY, state="cancelled")
    actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)
    assert letters() == {("reminder", name, 1) for name in ("Els", "Carla", "Joris")}
    assert Delivery.objects.filter(user=cast.joris).count() == 2


def test_who_joins_after_the_due_time_is_invited_alone(cast: TestCast) -> None:
    plan(cast)
    leaves(cast.carla, cast.els)
    actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=DUE + MINUTE)
    assert letters() == {("invitation", "Joris", 1)}


@pytest.mark.parametrize("now", [NOW, DUE + MINUTE], ids=["before the due time", "after it"])
def test_who_comes_on_the_day_itself_is_reminded_that_morning(cast: TestCast, now: dt.datetime) -> None:
    meeting = plan(cast)
    actions.seat(group=cast.reading, user=cast.joris, from_date=meeting.day, by=cast.hat("els"), now=now)
    letter = Delivery.objects.get(user=cast.joris, kind=notices.REMINDER)
    assert letter.due_at == dt.datetime(2026, 12, 1, 6, 0, tzinfo=dt.UTC)
    assert letter.due_at > DUE


def test_who_left_the_table_hears_nothing_more(cast: TestCast) -> None:
    meeting = plan(cast)
    leaves(cast.carla)
    seat = Seat.objects.get(user=cast.carla, group=cast.reading)
    actions.leave(seat=seat, by=cast.hat("els"), now=NOW)
    move(cast, meeting, place="Aula")
    assert letters() == {("reminder", "Els", 2)}


@pytest.mark.parametrize("joined", [(), ("joris", "anna", "frank")])
def test_planning_takes_the_same_queries_for_any_number_of_members(
    cast: TestCast, joined: tuple[str, ...], django_assert_max_num_queries: Any
) -> None:
    for who in joined:
        actions.seat(group=cast.reading, user=cast.people[who], by=cast.hat("els"), now=NOW)
    by = cast.hat("els")
    with django_assert_max_num_queries(14):
        actions.plan_meeting(group=cast.reading, **FORM, by=by, now=NOW)
    assert Delivery.objects.filter(kind=notices.REMINDER).count() == 2 + len(joined)
