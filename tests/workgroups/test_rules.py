"""Whose rule reminds whom, and what becomes of the letters that wait when it changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools import post, tenancy
from schools.models import Delivery, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.actions import notices, rules
from workgroups.models import Meeting, OwnRule, ReminderRule, SchoolRule, Seat, WorkGroup
from workgroups.reminders import Rule

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
DUE = dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC)  # Monday at 16.00, before the Tuesday
START = dt.datetime(2026, 12, 1, 14, 15, tzinfo=dt.UTC)
TWO_HOURS = Rule(None, None, 2)
AT_NINE = Rule(2, dt.time(9, 0))
WISHES: dict[str, Any] = {
    "unwanted": set(),
    "digest_at": None,
    "calendar_part": True,
    "agreements_in_calendar": False,
    "alarm_minutes": None,
}


def plan(cast: TestCast, day: dt.date = TODAY + 7 * DAY, *, now: dt.datetime = NOW) -> Meeting:
    when: dict[str, Any] = {"day": day, "time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": ""}
    return actions.plan_meeting(group=cast.reading, **when, by=cast.hat("els"), now=now)


def remind(cast: TestCast, rule: Rule | None, *, is_on: bool = True, now: dt.datetime = NOW) -> None:
    actions.remind_group(group=cast.reading, rule=rule, is_on=is_on, by=cast.hat("els"), now=now)


def choose(user: User, rule: Rule | None, *, now: dt.datetime = NOW, **wishes: Any) -> None:
    actions.choose_letters(rule=rule, **WISHES | wishes, by=user, now=now)


def waiting() -> set[tuple[str, dt.datetime]]:
    rows = Delivery.objects.filter(state="waiting")
    assert set(rows.values_list("next_try_at", flat=True)) == set(rows.values_list("due_at", flat=True))
    return set(rows.values_list("user__given_name", "due_at"))


def left(*users: User, at: dt.datetime = DUE) -> None:
    rows = Delivery.objects.filter(user__in=users, state="waiting")
    assert rows.update(state="sent", message_id="<1@samenspraak.example>", sent_at=at)


def test_a_group_follows_its_school_until_the_chair_chooses(cast: TestCast) -> None:
    plan(cast)
    assert waiting() == {("Els", DUE), ("Carla", DUE)}
    actions.remind_school(rule=AT_NINE, by=cast.hat("anna"), now=NOW)
    friday = dt.datetime(2026, 11, 27, 8, 0, tzinfo=dt.UTC)  # the Sunday is no school day
    assert waiting() == {("Els", friday), ("Carla", friday)}
    remind(cast, TWO_HOURS)
    assert waiting() == {("Els", START - 2 * HOUR), ("Carla", START - 2 * HOUR)}
    actions.remind_school(rule=Rule(1, dt.time(12, 0)), by=cast.hat("frank"), now=NOW)
    assert waiting() == {("Els", START - 2 * HOUR), ("Carla", START - 2 * HOUR)}
    remind(cast, None)
    assert waiting() == {("Els", DUE - 4 * HOUR), ("Carla", DUE - 4 * HOUR)}


def test_the_schools_rule_is_that_of_new_groups(cast: TestCast) -> None:
    actions.remind_school(rule=TWO_HOURS, by=cast.hat("anna"), now=NOW)
    words = {"name": "Schrijven", "theme": "Zinnen", "kind": "plc", "present_practice": "", "desired_practice": ""}
    group = actions.start_group(**words, chair=cast.els, by=cast.hat("anna"), now=NOW)
    rule = ReminderRule.objects.get(group=group)
    assert (rule.days_before, rule.at, rule.hours_before, rule.follows_school) == (None, None, 2, True)


def test_a_school_changes_its_own_groups_only(cast: TestCast) -> None:
    factories.meeting(cast.next_door)
    post.reconcile(now=NOW)
    before = waiting()
    actions.remind_school(rule=TWO_HOURS, by=cast.hat("anna"), now=NOW)
    assert waiting() == before
    assert ReminderRule.objects.get(group=cast.maths).hours_before == 2
    assert ReminderRule.objects.get(group=cast.next_door).hours_before is None


def test_switched_on_with_forty_meetings_behind_and_forty_ahead(cast: TestCast) -> None:
    remind(cast, None, is_on=False)
    for week in range(1, 41):
        factories.meeting(cast.reading, TODAY - 7 * week * DAY)
        plan(cast, TODAY + 7 * week * DAY)
    assert not Delivery.objects.exists()
    remind(cast, None)
    assert post.deliver(now=NOW).sent == 0
    assert Delivery.objects.filter(state="waiting", due_at__gt=NOW).count() == Delivery.objects.count() == 80
    assert post.reconcile(now=NOW) == 0


def test_switched_on_after_the_time_of_a_meeting_nothing_leaves(cast: TestCast) -> None:
    remind(cast, None, is_on=False)
    plan(cast)
    remind(cast, None, now=DUE + MINUTE)
    assert post.reconcile(now=DUE + 2 * MINUTE) == 0
    assert not Delivery.objects.exists()


def test_switched_off_nothing_waits_and_on_again_everything_does(cast: TestCast) -> None:
    plan(cast)
    before = waiting()
    remind(cast, None, is_on=False)
    assert waiting() == set()
    assert set(Delivery.objects.values_list("state", "reason")) == {("dropped", "reminders are off")}
    remind(cast, None)
    assert waiting() == before


def test_from_a_day_to_two_hours_before(cast: TestCast) -> None:
    meetings = [plan(cast, TODAY + 7 * week * DAY) for week in range(1, 6)]
    remind(cast, Rule(None, None, 24))
    remind(cast, TWO_HOURS)
    assert {row.due_at for row in Delivery.objects.all()} == {one.starts_at - 2 * HOUR for one in meetings}
    assert Delivery.objects.filter(state="waiting").count() == Delivery.objects.count() == 10


def test_whoever_heard_hears_it_once(cast: TestCast) -> None:
    plan(cast)
    left(cast.carla)
    remind(cast, TWO_HOURS, now=DUE + MINUTE)
    assert waiting() == {("Els", START - 2 * HOUR)}
    assert Delivery.objects.count() == 2


def test_whoever_was_invited_is_not_reminded_too(cast: TestCast) -> None:
    plan(cast, now=DUE + MINUTE)
    assert set(Delivery.objects.values_list("kind", flat=True)) == {"invitation"}
    remind(cast, TWO_HOURS, now=DUE + 2 * MINUTE)
    assert set(Delivery.objects.values_list("kind", flat=True)) == {"invitation"}


def test_a_letter_whose_new_time_has_passed_keeps_its_old_one(cast: TestCast) -> None:
    remind(cast, TWO_HOURS)
    plan(cast)
    remind(cast, None, now=START - 3 * HOUR)
    assert waiting() == {("Els", START - 2 * HOUR), ("Carla", START - 2 * HOUR)}
    for step in range(12):
        assert post.reconcile(now=START - 3 * HOUR + step * 5 * MINUTE) == 0


def test_ones_own_rule_wins_over_that_of_the_group(cast: TestCast) -> None:
    plan(cast)
    choose(cast.carla, TWO_HOURS)
    assert waiting() == {("Els", DUE), ("Carla", START - 2 * HOUR)}
    plan(cast, TODAY + 14 * DAY)
    assert ("Carla", START + 7 * DAY - 2 * HOUR) in waiting()
    remind(cast, AT_NINE)
    assert ("Carla", START - 2 * HOUR) in waiting()
    choose(cast.carla, None)
    assert len({due for _who, due in waiting()}) == 2
    assert not OwnRule.objects.exists()
    for step in range(12):
        assert post.reconcile(now=NOW + step * 5 * MINUTE) == 0


def test_ones_own_rule_does_not_wake_a_group_that_is_silent(cast: TestCast) -> None:
    remind(cast, None, is_on=False)
    choose(cast.carla, TWO_HOURS)
    plan(cast)
    assert not Delivery.objects.exists()


def test_ones_own_rule_holds_at_all_schools(cast: TestCast) -> None:
    Seat.objects.create(school=cast.elsewhere.school, group=cast.elsewhere, user=cast.carla, from_date=TODAY)
    plan(cast)
    there = factories.meeting(cast.elsewhere)
    post.reconcile(now=NOW)
    choose(cast.carla, TWO_HOURS)
    theirs = Delivery.objects.filter(user=cast.carla)
    assert set(theirs.values_list("due_at", flat=True)) == {START - 2 * HOUR}
    assert Delivery.objects.filter(subject_id=there.pk).count() == 2


def test_a_digest_shifts_reminders_that_wait(cast: TestCast) -> None:
    plan(cast)
    choose(cast.carla, None, digest_at=dt.time(7, 30))
    assert waiting() == {("Els", DUE), ("Carla", dt.datetime(2026, 11, 30, 6, 30, tzinfo=dt.UTC))}
    for step in range(12):
        assert post.reconcile(now=NOW + step * 5 * MINUTE) == 0
    choose(cast.carla, None)
    assert waiting() == {("Els", DUE), ("Carla", DUE)}


def test_who_leaves_and_stays_after_all(cast: TestCast) -> None:
    plan(cast)
    plan(cast, TODAY + 14 * DAY)
    seat, by = Seat.objects.get(group=cast.reading, user=cast.carla), cast.hat("els")
    actions.leave(seat=seat, last_day=TODAY + 10 * DAY, by=by, now=NOW)
    assert len(waiting()) == 3
    assert post.reconcile(now=NOW) == 0
    seat.refresh_from_db()
    actions.stay(seat=seat, by=by, now=NOW)
    assert len(waiting()) == 4
    seat.refresh_from_db()
    actions.leave(seat=seat, by=by, now=NOW)
    assert {who for who, _due in waiting()} == {"Els"}


@pytest.mark.parametrize(
    "rule",
    [
        Rule(0, dt.time(16)),
        Rule(8, dt.time(16)),
        Rule(1, None),
        Rule(None, dt.time(16)),
        Rule(None, None, 0),
        Rule(None, None, 49),
    ],
)
def test_an_odd_rule_is_refused(cast: TestCast, rule: Rule) -> None:
    for deed in (
        lambda: remind(cast, rule),
        lambda: actions.remind_school(rule=rule, by=cast.hat("anna"), now=NOW),
        lambda: choose(cast.carla, rule),
    ):
        with pytest.raises(actions.OddRule):
            deed()
    assert not SchoolRule.objects.exists()


def test_it_needs_the_chair_or_an_office(cast: TestCast) -> None:
    for who in ("carla", "anna", "frank", "joris"):
        with pytest.raises(PermissionDenied):
            actions.remind_group(group=cast.reading, rule=TWO_HOURS, by=cast.hat(who), now=NOW)
    for who in ("carla", "els", "bram"):
        with pytest.raises(PermissionDenied):
            actions.remind_school(rule=TWO_HOURS, by=cast.hat(who), now=NOW)


def test_an_ended_group_keeps_its_rule(cast: TestCast) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(actions.GroupEnded):
        remind(cast, TWO_HOURS)
    actions.remind_school(rule=TWO_HOURS, by=cast.hat("anna"), now=NOW)
    assert ReminderRule.objects.get(group=cast.reading).hours_before is None


class TestNotSent:
    """The chair takes letters back, and sends them after all."""

    def back(self, cast: TestCast, meeting: Meeting, *, now: dt.datetime = NOW) -> None:
        actions.take_letter_back(meeting=meeting, kind="reminder", by=cast.hat("els"), now=now)

    def after_all(self, cast: TestCast, meeting: Meeting, *, now: dt.datetime = NOW) -> None:
        actions.send_letter_after_all(meeting=meeting, kind="reminder", by=cast.hat("els"), now=now)

    def test_it_stays_back_whatever_happens(self, cast: TestCast) -> None:
        meeting, other = plan(cast), plan(cast, TODAY + 14 * DAY)
        self.back(cast, meeting)
        self.back(cast, meeting)  # a second click
        assert waiting() == {("Els", DUE + 7 * DAY), ("Carla", DUE + 7 * DAY)}
        remind(cast, TWO_HOURS)
        choose(cast.carla, AT_NINE)
        actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=NOW)
        Delivery.objects.filter(subject_id=meeting.pk, user=cast.els).delete()
        for step in range(12):
            post.reconcile(now=NOW + step * 5 * MINUTE)
        assert set(Delivery.objects.filter(subject_id=meeting.pk).values_list("state", "reason")) == {
            ("dropped", post.TAKEN_BACK)
        }
        assert Delivery.objects.filter(subject_id=other.pk, state="waiting").count() == 3

    def test_after_all_it_leaves_at_the_time_of_the_rule_as_it_is_now(self, cast: TestCast) -> None:
        meeting = plan(cast)
        self.back(cast, meeting)
        remind(cast, TWO_HOURS)
        self.after_all(cast, meeting)
        self.after_all(cast, meeting)
        assert waiting() == {("Els", START - 2 * HOUR), ("Carla", START - 2 * HOUR)}

    def test_after_all_and_late_it_leaves_at_once(self, cast: TestCast) -> None:
        meeting = plan(cast)
        self.back(cast, meeting)
        self.after_all(cast, meeting, now=DUE + HOUR)
        assert waiting() == {("Els", DUE + HOUR), ("Carla", DUE + HOUR)}

    def test_what_left_cannot_be_taken_back(self, cast: TestCast) -> None:
        meeting = plan(cast)
        left(cast.carla, cast.els)
        with pytest.raises(actions.LetterLeft):
            self.back(cast, meeting, now=DUE + MINUTE)
        with pytest.raises(actions.LetterLeft):
            self.after_all(cast, meeting, now=DUE + MINUTE)

    def test_an_invitation_that_stays_back_keeps_no_reminder(self, cast: TestCast) -> None:
        meeting, late = plan(cast), DUE + HOUR
        choose(cast.carla, TWO_HOURS)
        left(cast.els)
        choose(cast.joris, None, digest_at=dt.time(18, 0))
        actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=late)
        actions.take_letter_back(meeting=meeting, kind="invitation", by=cast.hat("els"), now=late)
        choose(cast.els, None, now=late + MINUTE)
        assert waiting() == {("Carla", START - 2 * HOUR)}

    @pytest.mark.parametrize("first", ["reminder", "invitation"])
    def test_after_all_no_other_letter_holds_it_back(self, cast: TestCast, first: str) -> None:
        meeting, late = plan(cast), DUE + HOUR
        choose(cast.carla, TWO_HOURS)
        left(cast.els)
        choose(cast.joris, None, digest_at=dt.time(18, 0))
        actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=late)
        before = waiting()
        assert {name for name, _at in before} == {"Carla", "Joris"}
        for kind in ("invitation", "reminder"):
            actions.take_letter_back(meeting=meeting, kind=kind, by=cast.hat("els"), now=late)
        assert not waiting()
        for kind in (first, "reminder"):
            actions.send_letter_after_all(meeting=meeting, kind=kind, by=cast.hat("els"), now=late)
        choose(cast.els, None, now=late + MINUTE)
        assert waiting() == before

    def test_where_reminders_are_off_by_now_it_says_so(self, cast: TestCast) -> None:
        meeting = plan(cast)
        self.back(cast, meeting)
        remind(cast, None, is_on=False)
        with pytest.raises(actions.LetterLeft):
            self.after_all(cast, meeting)
        assert set(Delivery.objects.values_list("reason", flat=True)) == {post.TAKEN_BACK}

    def test_a_move_makes_it_a_new_letter(self, cast: TestCast) -> None:
        meeting = plan(cast)
        self.back(cast, meeting)
        when: dict[str, Any] = {
            "day": TODAY + 8 * DAY,
            "time": dt.time(15, 15),
            "minutes": 60,
            "place": "",
            "title": "",
        }
        actions.move_meeting(meeting=meeting, **when, by=cast.hat("els"), now=NOW)
        assert waiting() == {("Els", DUE + DAY), ("Carla", DUE + DAY)}
        self.back(cast, meeting)
        self.after_all(cast, meeting)
        assert waiting() == {("Els", DUE + DAY), ("Carla", DUE + DAY)}  # nothing about where it was before

    @pytest.mark.parametrize("kind", ["moved", "cancelled", "evaluate", "", "x"])
    def test_whoever_heard_of_a_meeting_hears_that_it_changed(self, cast: TestCast, kind: str) -> None:
        meeting = plan(cast)
        with pytest.raises(actions.UnknownWord):
            actions.take_letter_back(meeting=meeting, kind=kind, by=cast.hat("els"), now=NOW)

    def test_it_needs_the_chair(self, cast: TestCast) -> None:
        meeting = plan(cast)
        for deed in (actions.take_letter_back, actions.send_letter_after_all):
            with pytest.raises(PermissionDenied):
                deed(meeting=meeting, kind="reminder", by=cast.hat("carla"), now=NOW)
        assert len(waiting()) == 2


def _queries(deed: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        deed()
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_any_change_takes_the_same_queries_for_any_number_of_letters(cast: TestCast) -> None:
    def costs() -> tuple[int, int, int]:
        return (
            _queries(lambda: remind(cast, TWO_HOURS)),
            _queries(lambda: actions.remind_school(rule=AT_NINE, by=hat, now=NOW)),
            _queries(lambda: choose(cast.carla, AT_NINE)),
        )

    hat = cast.hat("anna")
    plan(cast)
    factories.meeting(cast.maths)
    remind(cast, None)
    few = costs()
    for week in range(2, 12):
        plan(cast, TODAY + 7 * week * DAY)
        factories.meeting(cast.maths, TODAY + 7 * week * DAY)
    for who in ("joris", "anna", "frank"):
        actions.seat(group=cast.reading, user=cast.people[who], by=cast.hat("els"), now=NOW)
    remind(cast, None)
    hat = cast.hat("anna")
    assert costs() == few
    assert few[0] <= 16, few
    assert few[1] <= 18, few
    assert few[2] <= 19, few


def test_next_door_sees_nothing(cast: TestCast) -> None:
    plan(cast)
    with tenancy.acting_as(cast.daan):
        assert queries.school_rule(cast.schools["de-beuk"]) == Rule()
    assert rules.MOST_DAYS == 7
    assert notices.TELLING == ("reminder", "invitation")
