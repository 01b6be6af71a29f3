"""The reconciler: reminders that vanished from the ledger come back, each as an error of ours, and none comes twice."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from schools import post, tasks, tenancy
from schools.models import Delivery, Holiday, Membership, School, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast, gather
from tests.factories import LONG_AGO, NOW, TODAY
from workgroups import actions
from workgroups.actions import mending
from workgroups.models import Meeting, ReminderRule, Seat, WorkGroup

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
DUE = dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC)  # Monday at 16.00, before the Tuesday


def plan(cast: TestCast, day: dt.date = TODAY + 7 * DAY, *, now: dt.datetime = NOW) -> Meeting:
    when: dict[str, Any] = {"day": day, "time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": ""}
    return actions.plan_meeting(group=cast.reading, **when, by=cast.hat("els"), now=now)


def move(cast: TestCast, meeting: Meeting, day: dt.date, *, now: dt.datetime) -> Meeting:
    when: dict[str, Any] = {"day": day, "time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": ""}
    return actions.move_meeting(meeting=meeting, **when, by=cast.hat("els"), now=now)


def ledger() -> list[tuple[Any, ...]]:
    return sorted(Delivery.objects.values_list("key", "state", "due_at", "expires_at", "school_id", "version"))


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.sqlite
def test_what_vanished_comes_back_as_it_was(cast: TestCast, caplog: pytest.LogCaptureFixture) -> None:
    meeting = plan(cast)
    moved = move(cast, plan(cast, TODAY + 14 * DAY), TODAY + 21 * DAY, now=NOW)
    before = ledger()
    lost = Delivery.objects.filter(state="waiting", user=cast.carla)
    assert lost.delete()[0] == 2
    assert post.reconcile(now=NOW + MINUTE) == 2
    assert ledger() == before
    assert errors(caplog) == [
        f"The reminder of meeting {one.pk} for person {cast.carla.pk} was gone; it is written down anew."
        for one in (meeting, moved)
    ]


@pytest.mark.sqlite
def test_a_whole_ledger_lacks_nothing(cast: TestCast, caplog: pytest.LogCaptureFixture) -> None:
    meeting = plan(cast)
    plan(cast, TODAY + DAY)  # too late for a reminder: invited
    Delivery.objects.filter(subject_id=meeting.pk, user=cast.els).update(
        state="sent", message_id="<1@samenspraak.example>", sent_at=NOW
    )
    move(cast, meeting, TODAY + 14 * DAY, now=NOW)
    actions.cancel_meeting(meeting=plan(cast, TODAY + 3 * DAY), by=cast.hat("els"), now=NOW)
    before = ledger()
    for later in (MINUTE, 5 * DAY, 13 * DAY):
        assert post.reconcile(now=NOW + later) == 0
    assert ledger() == before
    assert errors(caplog) == []


def test_what_people_took_back_stays_back(cast: TestCast) -> None:
    meeting = plan(cast)
    post.drop(kinds=["reminder"], subject_ids=[meeting.pk], reason="not wanted")
    assert post.reconcile(now=NOW) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_move_at_the_last_moment_needs_no_reminder_too(cast: TestCast) -> None:
    meeting = plan(cast)
    Delivery.objects.update(state="sent", message_id="<1@samenspraak.example>", sent_at=DUE)
    move(cast, meeting, TODAY + 8 * DAY, now=DUE + DAY - MINUTE)
    kinds = set(Delivery.objects.filter(version=2).values_list("kind", flat=True))
    assert kinds == {"moved"}
    for later in (dt.timedelta(), 2 * MINUTE, 9 * MINUTE):
        assert post.reconcile(now=DUE + DAY - MINUTE + later) == 0


@pytest.mark.parametrize(("late", "mended"), [(9 * MINUTE, 1), (11 * MINUTE, 0)])
def test_what_vanished_just_before_its_time_leaves_all_the_same(
    cast: TestCast, late: dt.timedelta, mended: int
) -> None:
    plan(cast)
    Delivery.objects.filter(user=cast.els).update(state="sent", message_id="<1@samenspraak.example>", sent_at=DUE)
    Delivery.objects.filter(user=cast.carla).delete()
    assert post.reconcile(now=DUE + late) == mended
    assert post.deliver(now=DUE + late).sent == mended


def _ended_group(group: WorkGroup) -> None:
    WorkGroup.objects.filter(pk=group.pk).update(state="ended", ended_on=TODAY)


def _rule_off(group: WorkGroup) -> None:
    ReminderRule.objects.filter(group=group).update(is_on=False)


def _left_before(group: WorkGroup) -> None:
    Seat.objects.filter(group=group).update(until_date=TODAY + 6 * DAY)


def _sits_only_later(group: WorkGroup) -> None:
    Seat.objects.filter(group=group).update(from_date=TODAY + 8 * DAY)


def _closed_school(group: WorkGroup) -> None:
    School.objects.filter(pk=group.school_id).update(closed_on=TODAY)


def _lapsed(group: WorkGroup) -> None:
    Meeting.objects.filter(group=group).update(state="cancelled")


@pytest.mark.parametrize("why", [_ended_group, _rule_off, _left_before, _sits_only_later, _closed_school, _lapsed])
def test_what_should_not_be_there_does_not_come_back(cast: TestCast, why: Any) -> None:
    plan(cast)
    Delivery.objects.all().delete()
    why(cast.reading)
    assert post.reconcile(now=NOW) == 0
    assert not Delivery.objects.exists()


def in_turn(group: WorkGroup, *, after: dt.datetime = NOW) -> dt.datetime:
    """The first time from then on at which the group is among those whose times are looked at."""
    minutes = (after + step * MINUTE for step in range(120))
    return next(
        one for one in minutes if int(one.timestamp()) // mending.TURN % mending.TURNS == group.pk % mending.TURNS
    )


def test_a_wrong_time_is_put_right_within_the_hour(cast: TestCast, caplog: pytest.LogCaptureFixture) -> None:
    meeting = plan(cast)
    before = ledger()
    Delivery.objects.filter(user=cast.carla).update(due_at=DUE + DAY / 2, next_try_at=DUE + DAY / 2)
    assert sum(post.reconcile(now=NOW + step * 5 * MINUTE) for step in range(12)) == 1
    assert ledger() == before
    assert errors(caplog) == [
        f"The reminder of meeting {meeting.pk} for person {cast.carla.pk} had a wrong time; it has the right one now."
    ]


def test_new_holidays_bring_reminders_forward(cast: TestCast) -> None:
    plan(cast)
    Holiday.objects.create(school=cast.schools["de-wilg"], name="Studiedag", first_day=DUE.date(), last_day=DUE.date())
    assert post.reconcile(now=in_turn(cast.reading)) == 2
    assert set(Delivery.objects.values_list("due_at", "next_try_at")) == {(DUE - 3 * DAY, DUE - 3 * DAY)}


@pytest.mark.parametrize(
    "values",
    [
        {"attempts": 1},
        {"doubts": 1},
        {"together": True},
        {"state": "dropped", "reason": "taken back"},
        {"state": "sent", "message_id": "<1@samenspraak.example>", "sent_at": NOW},
    ],
)
def test_only_what_waits_untried_and_by_itself_is_put_right(cast: TestCast, values: dict[str, Any]) -> None:
    plan(cast)
    Delivery.objects.update(due_at=DUE + DAY / 2, next_try_at=DUE + DAY / 2, **values)
    before = ledger()
    assert post.reconcile(now=in_turn(cast.reading)) == 0
    assert ledger() == before


def test_a_letter_whose_right_time_has_passed_leaves_at_its_own(cast: TestCast) -> None:
    plan(cast)
    Delivery.objects.update(due_at=DUE + DAY / 2, next_try_at=DUE + DAY / 2)
    assert post.reconcile(now=in_turn(cast.reading, after=DUE + 20 * MINUTE)) == 0


@pytest.mark.parametrize("why", [_ended_group, _rule_off, _left_before, _sits_only_later, _lapsed])
def test_what_waits_without_a_reason_is_dropped(cast: TestCast, why: Any, caplog: pytest.LogCaptureFixture) -> None:
    plan(cast)
    other = factories.meeting(cast.maths)
    post.reconcile(now=NOW)  # which writes down the reminder of the other group
    caplog.clear()
    why(cast.reading)
    found = post.reconcile(now=NOW)
    if why is _ended_group:  # whoever ends a group calls its meetings off; the check at sending drops the rest
        assert found == 0
        return
    assert found == 2
    assert set(Delivery.objects.exclude(subject_id=other.pk).values_list("state", flat=True)) == {"dropped"}
    assert Delivery.objects.get(subject_id=other.pk).state == "waiting"
    assert len(errors(caplog)) == 2
    assert all(line.endswith("waited without a reason; it is dropped.") for line in errors(caplog))


def test_one_letter_too_many_hides_none_that_lacks(cast: TestCast) -> None:
    meeting = plan(cast)
    before = ledger()
    Delivery.objects.filter(user=cast.carla).update(user=cast.joris, key=f"reminder:{meeting.pk}:1:0:mail")
    assert post.reconcile(now=NOW) == 2
    assert [row for row in ledger() if row[1] == "waiting"] == before
    assert post.reconcile(now=NOW) == 0


def test_nobody_writes_to_an_account_that_ended(cast: TestCast) -> None:
    plan(cast)
    User.objects.filter(pk=cast.carla.pk).update(is_active=False)
    assert Delivery.objects.filter(user=cast.carla).delete()[0] == 1
    assert post.reconcile(now=NOW) == 0
    assert not Delivery.objects.filter(user=cast.carla).exists()


def test_it_looks_sixty_days_ahead(cast: TestCast) -> None:
    for days in (59, 62):
        plan(cast, TODAY + days * DAY)
    Delivery.objects.all().delete()
    assert post.reconcile(now=NOW) == 2
    assert post.reconcile(now=NOW + 3 * DAY) == 2


def test_one_group_that_breaks_down_stops_no_other(cast: TestCast, caplog: pytest.LogCaptureFixture) -> None:
    plan(cast)
    other = factories.meeting(cast.maths)
    Delivery.objects.all().delete()
    Meeting.objects.filter(pk=other.pk).update(time_zone="Nowhere/Nothing")
    assert post.reconcile(now=NOW) == 2
    assert errors(caplog)[-1].startswith(f"The letters of group {cast.maths.pk} cannot be mended: ")


@pytest.mark.parametrize(("some_left", "looks"), [(False, 2), (True, 4)])
def test_a_whole_ledger_costs_the_same_looks_for_any_number_of_meetings(
    cast: TestCast, some_left: bool, looks: int
) -> None:
    def look() -> int:
        if some_left:
            Delivery.objects.filter(user=cast.carla).update(state="sent", message_id="<1@a.example>", sent_at=NOW)
        with CaptureQueriesContext(connection) as captured:
            assert post.reconcile(now=NOW) == 0
        return len([query for query in captured if "workgroups_meeting" in query["sql"]])

    plan(cast)
    assert look() == looks
    for week in (2, 3, 4):
        plan(cast, TODAY + 7 * week * DAY)
    assert look() == looks


def _five_hundred(cast: TestCast) -> None:
    """Fifty more people at ten meetings."""
    people = User.objects.bulk_create(
        User(email=f"lid{number}@dewilg.example", given_name=f"Lid {number}") for number in range(50)
    )
    since = {"school": cast.reading.school, "from_date": LONG_AGO}
    Membership.objects.bulk_create(Membership(user=one, role=Role.TEACHER, **since) for one in people)
    Seat.objects.bulk_create(Seat(group=cast.reading, user=one, **since) for one in people)
    for days in (*range(7, 12), *range(14, 19)):
        plan(cast, TODAY + days * DAY)


def test_five_hundred_rows_deleted_by_hand(cast: TestCast, caplog: pytest.LogCaptureFixture) -> None:
    _five_hundred(cast)
    sent = Delivery.objects.filter(user__in=[cast.carla, cast.els])
    assert sent.update(state="sent", message_id="<1@samenspraak.example>", sent_at=NOW) == 20
    before = ledger()
    assert Delivery.objects.filter(state="waiting").delete()[0] == 500
    assert settings.PERIODIC_WORK["schools.reconcile"] <= 5 * 60
    with time_machine.travel(NOW + 5 * MINUTE, tick=False):
        tasks.reconcile()
        tasks.reconcile()
    assert ledger() == before
    assert len(errors(caplog)) == len(set(errors(caplog))) == 500


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="two at once need a server")
def test_two_engines_at_once_mend_once(caplog: pytest.LogCaptureFixture) -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
        now = timezone.now()
        for week in (1, 2, 3):
            plan(cast, timezone.localdate() + 7 * week * DAY, now=now)
        before = ledger()
        Delivery.objects.all().delete()
    mended: list[int] = []

    def run() -> None:
        try:
            mended.append(post.reconcile(now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(mended) == len(errors(caplog)) == len(before) == 6
    with tenancy.acting_for_system("tests"):
        assert ledger() == before
