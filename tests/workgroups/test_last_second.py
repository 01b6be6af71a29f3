"""What happens a second before a letter is due, and clocks that differ: faults 20, 22 and 23."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from schools import post
from schools.models import Delivery, Membership, School, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.workgroups.test_notices import DAY, DUE, FORM, plan
from workgroups import actions, letters, queries, reminders
from workgroups.models import Meeting, Seat

SECOND, QUARTER = dt.timedelta(seconds=1), dt.timedelta(minutes=15)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONTHS = {3: "maart", 4: "april", 10: "oktober", 11: "november"}


def clock(wall: dt.datetime) -> str:
    return f"{wall.hour}.{wall:%M} uur"


def leave_the_group(cast: TestCast) -> None:
    seat = Seat.objects.get(user=cast.carla, group=cast.reading)
    actions.leave(seat=seat, by=cast.hat("els"), now=DUE - SECOND)


def leave_the_school(cast: TestCast) -> None:
    yesterday = (DUE - DAY).date()
    Membership.objects.filter(user=cast.carla, school=cast.reading.school).update(until_date=yesterday)


def end_the_account(cast: TestCast) -> None:
    User.objects.filter(pk=cast.carla.pk).update(is_active=False)


def close_the_school(cast: TestCast) -> None:
    School.objects.filter(pk=cast.reading.school_id).update(closed_on=DUE.date())


@pytest.mark.parametrize(
    ("happens", "still_told"),
    [
        (leave_the_group, ["els@dewilg.example"]),
        (leave_the_school, ["els@dewilg.example"]),
        (end_the_account, ["els@dewilg.example"]),
        (close_the_school, []),
    ],
)
def test_a_second_before_its_time_a_letter_is_stopped(
    cast: TestCast, happens: Callable[[TestCast], None], still_told: list[str]
) -> None:
    plan(cast)
    assert set(Delivery.objects.values_list("user__given_name", "due_at")) == {("Carla", DUE), ("Els", DUE)}
    happens(cast)
    post.reconcile(now=DUE - SECOND)
    post.deliver_all(clock=lambda: DUE)
    assert [address for message in mail.outbox for address in message.to] == still_told
    assert set(Delivery.objects.filter(user=cast.carla).values_list("state", flat=True)) == {"dropped"}


def test_nothing_happens_and_both_are_told(cast: TestCast) -> None:
    plan(cast)
    post.deliver_all(clock=lambda: DUE - SECOND)
    assert not mail.outbox
    post.deliver_all(clock=lambda: DUE)
    assert {address for message in mail.outbox for address in message.to} == {
        "carla@dewilg.example",
        "els@dewilg.example",
    }


def test_two_schools_on_other_clocks_are_told_of_their_own_in_one_run(cast: TestCast) -> None:
    eik = cast.schools["de-eik"]
    School.objects.filter(pk=eik.pk).update(time_zone="America/Curacao")
    eik.refresh_from_db()
    cast.elsewhere.refresh_from_db()
    here = plan(cast)
    irma = factories.hat(cast.irma, eik)
    there = actions.plan_meeting(group=cast.elsewhere, **FORM | {"time": dt.time(14, 0)}, by=irma, now=NOW)
    assert (here.starts_at.hour, there.starts_at.hour) == (14, 18)
    due = dict(Delivery.objects.values_list("subject_id", "due_at"))
    assert due == {here.pk: DUE, there.pk: DUE + 5 * 60 * 60 * SECOND}  # at four on its own clocks
    post.deliver_all(clock=lambda: max(due.values()))
    said = {message.to[0]: f"{message.subject} {message.body}" for message in mail.outbox}
    assert "15.15 uur" in said["carla@dewilg.example"]
    assert "tot 16.15 uur" in said["carla@dewilg.example"]
    assert "14.00 uur" in said[cast.irma.email or ""]
    assert "tot 15.00 uur" in said[cast.irma.email or ""]


@pytest.mark.parametrize("year", range(2026, 2031))
def test_a_letter_says_the_time_of_the_plan_whatever_clocks_do(cast: TestCast, year: int) -> None:
    focus, written = queries.focus_of(cast.reading), 0
    for month in (3, 10):
        sunday = max(day for day in (dt.date(year, month, n) for n in range(25, 32)) if day.weekday() == 6)
        for quarter in range(-192, 288):
            wall = dt.datetime.combine(sunday, dt.time()) + quarter * QUARTER
            try:
                starts_at = reminders.instant(day=wall.date(), time=wall.time(), zone=AMSTERDAM)
            except reminders.NoSuchTimeError:
                continue
            meeting = Meeting(
                pk=1, school=cast.reading.school, group=cast.reading, day=wall.date(), time=wall.time(),
                time_zone=AMSTERDAM.key, starts_at=starts_at, minutes=60,
            )  # fmt: skip
            found = letters.render("reminder", meeting, focus, language="nl", now=starts_at - DAY)
            assert f" {wall.day} {MONTHS[wall.month]}, {clock(wall)}:" in found.subject
            assert f"Tot {clock((starts_at + 4 * QUARTER).astimezone(AMSTERDAM))}" in found.text
            written += 1
    assert written == 2 * 480 - 4  # an hour that does not exist
