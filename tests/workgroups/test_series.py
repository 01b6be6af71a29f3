"""A series: planned in one go, moved and called off from one meeting on, with the letters of each meeting."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools.models import Delivery, Holiday, School
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions
from workgroups.models import Meeting, Opener, ReminderRule, Series
from workgroups.models.series import DaysOff, Every
from workgroups.recurrence import Rule, Sitting

pytestmark = pytest.mark.sqlite
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
FIRST = TODAY + WEEK  # a Tuesday
WEEKLY = Rule(FIRST, Every.WEEK, count=4)
SENT = {"state": "sent", "message_id": "<1@x>", "sent_at": NOW}
SITTING = Sitting(dt.time(15, 15), 60, "Teamkamer", "")


def look(cast: TestCast, rule: Rule = WEEKLY, sitting: Sitting = SITTING, who: str = "els") -> actions.Layout:
    return actions.lay_out_series(group=cast.reading, rule=rule, sitting=sitting, by=cast.hat(who), now=NOW)


def plan(cast: TestCast, rule: Rule = WEEKLY, sitting: Sitting = SITTING, **values: Any) -> list[Meeting]:
    given: dict[str, Any] = {"by": cast.hat("els"), "now": NOW, **values}
    seen = given.pop("seen", None) or look(cast, rule, sitting).days
    return actions.plan_series(group=cast.reading, rule=rule, sitting=sitting, seen=seen, **given)


def look_ahead(cast: TestCast, meeting: Meeting, day: dt.date, **values: Any) -> actions.Move:
    given: dict[str, Any] = {"sitting": SITTING, "by": cast.hat("els"), "now": NOW, **values}
    return actions.lay_out_move(meeting=meeting, day=day, **given)


def move(cast: TestCast, meeting: Meeting, day: dt.date, believes: bool | None = None, **values: Any) -> list[Meeting]:
    given: dict[str, Any] = {"sitting": replace(SITTING, **values), "believes": believes}
    seen = look_ahead(cast, meeting, day, **given).days
    return actions.move_following(meeting=meeting, day=day, seen=seen, **given, by=cast.hat("els"), now=NOW)


def close(school: School, first: dt.date, last: dt.date) -> None:
    Holiday.objects.create(school=school, name=f"Vrij {first}", first_day=first, last_day=last)


def days(state: str = "planned") -> list[dt.date]:
    return list(Meeting.objects.filter(state=state).order_by("starts_at").values_list("day", flat=True))


def letters(state: str = "waiting") -> list[tuple[int, str]]:
    rows = Delivery.objects.filter(state=state, subject_id__in=Meeting.objects.values("pk"))
    return list(rows.order_by("subject_id", "user_id").values_list("subject_id", "kind"))


# --- planning


def test_it_works(cast: TestCast) -> None:
    planned = plan(cast)
    assert days() == [FIRST + step * WEEK for step in range(4)]
    series = Series.objects.get()
    for one in Meeting.objects.all():
        assert (one.series, one.series_day, one.moved_alone) == (series, one.day, False)
        assert (one.time, one.minutes, one.place) == (dt.time(15, 15), 60, "Teamkamer")
        assert one.starts_at == dt.datetime.combine(one.day, dt.time(14, 15), tzinfo=dt.UTC)
    assert letters() == [(one.pk, "reminder") for one in planned for _member in ("els", "carla")]


def test_its_letters_are_those_of_meetings_planned_one_by_one(cast: TestCast) -> None:
    """The first is so near that its reminder has gone: an invitation, as for a meeting of its own."""
    near = Rule(TODAY, Every.WEEK, count=3)
    plan(cast, near)
    rows = list(Delivery.objects.order_by("due_at", "user_id").values_list("kind", "user_id", "due_at", "expires_at"))
    Meeting.objects.all().delete()
    Delivery.objects.all().delete()
    for step in range(3):
        given: dict[str, Any] = {"day": near.first + step * WEEK, "time": SITTING.time, "minutes": 60}
        given |= {"place": "Teamkamer", "title": "", "by": cast.hat("els"), "now": NOW}
        actions.plan_meeting(group=cast.reading, **given)
    ones = Delivery.objects.order_by("due_at", "user_id").values_list("kind", "user_id", "due_at", "expires_at")
    assert rows == list(ones)
    assert {kind for kind, *_rest in rows} == {"invitation", "reminder"}


def test_a_year_of_meetings_is_no_heap_of_letters(cast: TestCast) -> None:
    """Planned every week and told a week before: two letters at once, however many meetings; so when all move."""
    ReminderRule.objects.filter(group=cast.reading).update(days_before=7, at=dt.time(8), follows_school=False)
    first = plan(cast, Rule(TODAY, Every.WEEK, count=40))[0]
    carla = Delivery.objects.filter(user=cast.carla)
    assert [row.kind for row in carla.filter(due_at__lte=NOW)] == ["invitation", "invitation"]
    carla.filter(due_at__lte=NOW).update(**SENT)
    move(cast, first, TODAY + DAY)
    soon = carla.filter(state="waiting", due_at__lte=NOW + dt.timedelta(minutes=10))
    assert [row.kind for row in soon] == ["moved", "moved"]


@pytest.mark.parametrize("who", ["carla", "anna", "frank", "joris", "bram"])
def test_it_needs_the_chair(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        look(cast, who=who)
    with pytest.raises(PermissionDenied):
        plan(cast, by=cast.hat(who))
    first = plan(cast)[0]
    by: dict[str, Any] = {"by": cast.hat(who), "now": NOW}
    for deed in (actions.cancel_following, actions.restore_following):
        with pytest.raises(PermissionDenied):
            deed(meeting=first, **by)
    with pytest.raises(PermissionDenied):
        actions.lay_out_move(meeting=first, day=FIRST + DAY, sitting=SITTING, **by)
    with pytest.raises(PermissionDenied):
        actions.move_following(meeting=first, day=FIRST + DAY, sitting=SITTING, seen=[], **by)


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"count": None}, actions.NoEnd, "last_day"),
        ({"until": FIRST + WEEK}, actions.NoEnd, "last_day"),
        ({"count": None, "until": FIRST - DAY}, actions.EndsTooEarly, "last_day"),
        ({"count": 0}, actions.TooMany, "count"),
        ({"count": 61}, actions.TooMany, "count"),
        ({"count": None, "until": FIRST + 61 * WEEK}, actions.TooMany, "last_day"),
        ({"count": None, "until": FIRST + 90 * WEEK}, actions.TooLong, "last_day"),
        ({"every": Every.MONTH, "count": 19}, actions.TooLong, "count"),
        ({"every": Every.LAST}, actions.NotTheLast, "day"),
        ({"first": TODAY - DAY}, actions.InThePast, "day"),
        ({"first": TODAY + 600 * DAY}, actions.TooLong, "day"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(
    cast: TestCast, values: dict[str, Any], refusal: type[actions.Refused], field: str
) -> None:
    for ask in (look, plan):
        with pytest.raises(refusal) as refused:
            ask(cast, replace(WEEKLY, **values))
        assert refused.value.field == field
    assert not Meeting.objects.exists()


def test_sixty_meetings_are_the_most_and_are_possible(cast: TestCast) -> None:
    assert len(plan(cast, replace(WEEKLY, count=60))) == 60


def test_days_without_school_are_those_of_this_school(cast: TestCast) -> None:
    wilg, beuk = cast.schools["de-wilg"], cast.schools["de-beuk"]
    Holiday.objects.create(region=wilg.region, name="Vrij", first_day=FIRST + WEEK, last_day=FIRST + WEEK)
    close(beuk, FIRST, FIRST + 3 * WEEK)
    plan(cast)
    assert days() == [FIRST, FIRST + 2 * WEEK, FIRST + 3 * WEEK, FIRST + 4 * WEEK]


def test_a_schools_own_dates_win(cast: TestCast) -> None:
    wilg = cast.schools["de-wilg"]
    Holiday.objects.create(region=wilg.region, name="Vrij", first_day=FIRST + WEEK, last_day=FIRST + WEEK)
    Holiday.objects.create(school=wilg, name="Vrij", first_day=FIRST + 2 * WEEK, last_day=FIRST + 2 * WEEK)
    assert look(cast).days == [FIRST, FIRST + WEEK, FIRST + 3 * WEEK, FIRST + 4 * WEEK]


def test_two_schools_of_one_board_go_by_the_days_of_their_own_regions(cast: TestCast) -> None:
    wilg, beuk = cast.schools["de-wilg"], cast.schools["de-beuk"]
    wilg.region, beuk.region, beuk.board = "north", "south", wilg.board
    School.objects.bulk_update([wilg, beuk], ["region", "board"])
    for region, weeks in (("south", 1), ("north", 2)):
        day = FIRST + weeks * WEEK
        Holiday.objects.create(region=region, name="Vrij", first_day=day, last_day=day)
    skipped = {}
    for group, who in ((cast.reading, "els"), (cast.next_door, "daan")):
        by = cast.hat(who, group.school.slug) if group == cast.next_door else cast.hat(who)
        layout = actions.lay_out_series(group=group, rule=WEEKLY, sitting=SITTING, by=by, now=NOW)
        skipped[who] = [turn.own for turn in layout.turns if turn.holiday]
    assert skipped == {"els": [FIRST + 2 * WEEK], "daan": [FIRST + WEEK]}


def test_a_shifted_one_keeps_the_day_of_the_rule(cast: TestCast) -> None:
    close(cast.reading.school, FIRST + 2 * WEEK, FIRST + 2 * WEEK)
    plan(cast, Rule(FIRST, Every.FORTNIGHT, DaysOff.SHIFT, count=3))
    shifted = Meeting.objects.get(day=FIRST + 3 * WEEK)
    assert (shifted.series_day, shifted.moved_alone) == (FIRST + 2 * WEEK, False)


def test_a_long_break_outside_summer_is_asked_about(cast: TestCast) -> None:
    close(cast.reading.school, FIRST + WEEK, FIRST + 5 * WEEK)
    layout = look(cast)
    assert [(one.first, one.last) for one in layout.doubtful] == [(FIRST + WEEK, FIRST + 5 * WEEK)]
    with pytest.raises(actions.LongBreak):
        plan(cast)
    plan(cast, replace(WEEKLY, believes=True))
    assert days() == [FIRST, FIRST + 6 * WEEK, FIRST + 7 * WEEK, FIRST + 8 * WEEK]


def test_a_break_that_is_a_slip_in_the_calendar_does_not_count(cast: TestCast) -> None:
    close(cast.reading.school, FIRST + WEEK, FIRST + 5 * WEEK)
    close(cast.reading.school, FIRST + 3 * WEEK, FIRST + 3 * WEEK)
    plan(cast, replace(WEEKLY, believes=False))
    assert days() == [FIRST + step * WEEK for step in range(4)]


def test_a_long_break_in_which_nothing_falls_is_no_question(cast: TestCast) -> None:
    close(cast.reading.school, FIRST + 10 * WEEK, FIRST + 15 * WEEK)
    assert look(cast).doubtful == ()


def test_when_nothing_is_left_it_says_so(cast: TestCast) -> None:
    close(cast.reading.school, FIRST, FIRST + WEEK)
    with pytest.raises(actions.NothingLeft):
        look(cast, replace(WEEKLY, count=None, until=FIRST + WEEK))


def test_what_changed_since_the_look_is_not_planned(cast: TestCast) -> None:
    seen = look(cast).days
    close(cast.reading.school, FIRST + WEEK, FIRST + WEEK)
    with pytest.raises(actions.SeriesMoved):
        plan(cast, seen=seen)
    assert not Meeting.objects.exists()


def test_sending_it_twice_plans_it_once(cast: TestCast) -> None:
    seen = [one.day for one in plan(cast)]
    with pytest.raises(actions.NothingLeft):
        plan(cast, seen=seen)
    assert len(days()) == 4


def test_it_goes_around_what_is_planned_already(cast: TestCast) -> None:
    alone = factories.meeting(cast.reading, FIRST + WEEK)
    plan(cast)
    assert days() == [FIRST + step * WEEK for step in range(4)]
    alone.refresh_from_db()
    assert alone.series is None


def test_a_group_that_ended_plans_nothing(cast: TestCast) -> None:
    seen = look(cast).days
    actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.GroupEnded):
        plan(cast, seen=seen)


def test_a_series_of_another_clock(cast: TestCast) -> None:
    School.objects.filter(pk=cast.reading.school_id).update(time_zone="America/Curacao")
    cast.schools["de-wilg"].refresh_from_db()
    plan(cast, Rule(FIRST, Every.FORTNIGHT, count=13))
    assert {one.starts_at.hour for one in Meeting.objects.all()} == {19}


# --- moving one, and all that follow


def test_one_that_moves_alone_says_so_and_the_others_stay(cast: TestCast) -> None:
    second = plan(cast)[1]
    given: dict[str, Any] = {"time": SITTING.time, "minutes": 60, "place": "Teamkamer", "title": ""}
    actions.move_meeting(meeting=second, day=second.day + DAY, **given, by=cast.hat("els"), now=NOW)
    second.refresh_from_db()
    assert (second.moved_alone, second.series_day) == (True, FIRST + WEEK)
    assert days() == [FIRST, FIRST + WEEK + DAY, FIRST + 2 * WEEK, FIRST + 3 * WEEK]


def test_another_title_is_no_exception(cast: TestCast) -> None:
    second = plan(cast)[1]
    given: dict[str, Any] = {"day": second.day, "time": SITTING.time, "minutes": 60, "place": "Teamkamer"}
    actions.move_meeting(meeting=second, **given, title="Anders", by=cast.hat("els"), now=NOW)
    second.refresh_from_db()
    assert not second.moved_alone


def test_all_that_follow_take_another_time(cast: TestCast) -> None:
    first, second, *_rest = plan(cast)
    moved = move(cast, second, second.day, time=dt.time(16, 0), place="Aula", title="Teksten")
    assert len(moved) == 3
    first.refresh_from_db()
    assert (first.time, first.place, first.schedule_version) == (dt.time(15, 15), "Teamkamer", 1)
    rest = list(Meeting.objects.exclude(pk=first.pk).order_by("starts_at"))
    assert {(one.time, one.place, one.schedule_version) for one in rest} == {(dt.time(16, 0), "Aula", 2)}
    assert [one.title for one in rest] == ["Teksten", "", ""]
    assert Series.objects.count() == 1


@pytest.mark.parametrize("by_days", [-7, -1, 1, 2, 7, 14])
def test_all_that_follow_take_another_day(cast: TestCast, by_days: int) -> None:
    """Also onto days that another one of them holds until it moves itself."""
    rule = replace(WEEKLY, first=FIRST + 2 * WEEK)
    first, second, *_rest = plan(cast, rule)
    start = second.day + by_days * DAY
    if start == first.day:
        actions.cancel_meeting(meeting=first, by=cast.hat("els"), now=NOW)
    move(cast, second, start)
    wanted = [start + step * WEEK for step in range(3)]
    assert days() == sorted(wanted if start == first.day else [first.day, *wanted])
    second.refresh_from_db()
    assert second.series != first.series
    assert all(one.series_day == one.day for one in Meeting.objects.all())


def test_a_new_rhythm_goes_around_the_days_off_again(cast: TestCast) -> None:
    first = plan(cast)[0]
    close(cast.reading.school, FIRST + WEEK + DAY, FIRST + WEEK + DAY)
    move(cast, first, FIRST + DAY)
    assert days() == [FIRST + DAY + step * WEEK for step in (0, 2, 3, 4)]
    assert Series.objects.get().first_day == FIRST + DAY


def test_the_third_tuesday_becomes_the_third_thursday(cast: TestCast) -> None:
    first = plan(cast, Rule(dt.date(2026, 12, 15), Every.MONTH, count=3))[0]
    move(cast, first, dt.date(2026, 12, 17))
    assert days() == [dt.date(2026, 12, 17), dt.date(2027, 1, 21), dt.date(2027, 2, 18)]


def test_exceptions_stay_where_they_are(cast: TestCast) -> None:
    first, second, third, fourth = plan(cast)
    given: dict[str, Any] = {"time": SITTING.time, "minutes": 60, "place": "Aula", "title": ""}
    actions.move_meeting(meeting=second, day=second.day + 2 * DAY, **given, by=cast.hat("els"), now=NOW)
    actions.cancel_meeting(meeting=third, by=cast.hat("els"), now=NOW)
    move(cast, first, FIRST + DAY)
    assert days() == [FIRST + DAY, FIRST + WEEK + 2 * DAY, FIRST + 3 * WEEK + DAY]
    assert days("cancelled") == [third.day]
    fourth.refresh_from_db()
    assert Meeting.objects.filter(series=fourth.series).count() == 4


def test_moving_all_onto_another_meeting_of_the_group_is_refused_whole(cast: TestCast) -> None:
    first = plan(cast)[0]
    factories.meeting(cast.reading, FIRST + 2 * WEEK + DAY)
    with pytest.raises(actions.AlreadyPlanned, match="16"):
        move(cast, first, FIRST + DAY)
    assert FIRST + DAY not in days()


def test_a_meeting_on_its_own_has_none_that_follow(cast: TestCast) -> None:
    alone = factories.meeting(cast.reading, FIRST)
    by: dict[str, Any] = {"meeting": alone, "by": cast.hat("els"), "now": NOW}
    with pytest.raises(actions.NotInSeries):
        move(cast, alone, FIRST + DAY)
    with pytest.raises(actions.NotInSeries):
        actions.cancel_following(**by)
    actions.cancel_meeting(**by)
    with pytest.raises(actions.NotInSeries):
        actions.restore_following(**by)


def test_what_is_open_stays(cast: TestCast) -> None:
    first = plan(cast)[0]
    Opener.objects.create(school=first.school, group=first.group, meeting=first, opened_at=NOW)
    with pytest.raises(actions.AlreadyOpened):
        move(cast, first, FIRST + DAY)
    with pytest.raises(actions.AlreadyOpened):
        actions.cancel_following(meeting=first, by=cast.hat("els"), now=NOW)


def test_moving_writes_to_who_heard_and_reminds_of_the_new_time(cast: TestCast) -> None:
    first, *rest = plan(cast)
    Delivery.objects.filter(subject_id=first.pk, user=cast.carla).update(**SENT)
    move(cast, first, FIRST + DAY)
    told = Delivery.objects.filter(state="waiting", version=2)
    kinds = sorted(told.values_list("subject_id", "kind", "user__given_name"))
    both = [(one.pk, "reminder", who) for one in (first, *rest) for who in ("Carla", "Els")]
    assert kinds == sorted([(first.pk, "moved", "Carla"), *both])
    assert not Delivery.objects.filter(state="waiting", version=1).exists()


def test_what_is_looked_at_is_what_moves(cast: TestCast) -> None:
    """The look tells the days, the holiday between them, and what stays where it is; it writes nothing."""
    first, second, _third, fourth = plan(cast)
    close(cast.reading.school, FIRST + 2 * WEEK + DAY, FIRST + 2 * WEEK + DAY)
    actions.cancel_meeting(meeting=second, by=cast.hat("els"), now=NOW)
    steps = [(step.turn.own - DAY, step.turn.holiday, step.goes) for step in look_ahead(cast, first, FIRST + DAY).steps]
    assert steps == [
        (FIRST, "", True),
        (FIRST + WEEK, "", False),
        (FIRST + 2 * WEEK, f"Vrij {FIRST + 2 * WEEK + DAY}", False),
        (FIRST + 3 * WEEK, "", True),
        (FIRST + 4 * WEEK, "", True),
    ]
    assert fourth.day in days()
    assert len(move(cast, first, FIRST + DAY)) == 3
    assert days() == [FIRST + DAY + step * WEEK for step in (0, 3, 4)]


def test_other_days_than_were_seen_do_not_move(cast: TestCast) -> None:
    first = plan(cast)[0]
    seen = look_ahead(cast, first, FIRST + DAY).days
    close(cast.reading.school, FIRST + WEEK + DAY, FIRST + WEEK + DAY)
    with pytest.raises(actions.SeriesMoved):
        actions.move_following(meeting=first, day=FIRST + DAY, sitting=SITTING, seen=seen, by=cast.hat("els"), now=NOW)
    assert FIRST in days()


@pytest.mark.parametrize(("believes", "gap"), [(True, 6), (False, 1)])
def test_a_long_break_is_asked_about_before_moving_too(cast: TestCast, believes: bool, gap: int) -> None:
    first = plan(cast)[0]
    close(cast.reading.school, FIRST + WEEK, FIRST + 5 * WEEK + 2 * DAY)
    with pytest.raises(actions.LongBreak):
        move(cast, first, FIRST + DAY)
    assert FIRST in days()
    move(cast, first, FIRST + DAY, believes=believes)
    assert days()[:2] == [FIRST + DAY, FIRST + DAY + gap * WEEK]


def test_two_that_change_places_do_not_meet(cast: TestCast) -> None:
    """The first had gone alone beyond the second; now it comes first again, and the second goes where it stood."""
    first, second, *rest = plan(cast)
    for one in rest:
        actions.cancel_meeting(meeting=one, by=cast.hat("els"), now=NOW)
    given: dict[str, Any] = {"time": SITTING.time, "minutes": 60, "place": "Teamkamer", "title": ""}
    actions.move_meeting(meeting=first, day=FIRST + 2 * WEEK, **given, by=cast.hat("els"), now=NOW)
    first.refresh_from_db()
    move(cast, first, FIRST + WEEK)
    assert days() == [FIRST + WEEK, FIRST + 2 * WEEK]
    assert [one.pk for one in Meeting.objects.filter(state="planned").order_by("starts_at")] == [first.pk, second.pk]


# --- calling off, and after all


def test_all_that_follow_are_called_off_with_their_letters(cast: TestCast) -> None:
    first, second, *rest = plan(cast)
    Delivery.objects.filter(subject_id=second.pk, user=cast.carla).update(**SENT)
    actions.cancel_following(meeting=second, by=cast.hat("els"), now=NOW)
    assert days() == [FIRST]
    assert days("cancelled") == [one.day for one in (second, *rest)]
    assert letters() == [(first.pk, "reminder"), (first.pk, "reminder"), (second.pk, "cancelled")]


def test_all_that_follow_take_place_after_all(cast: TestCast) -> None:
    first, second, third, fourth = plan(cast)
    actions.cancel_following(meeting=first, by=cast.hat("els"), now=NOW)
    other = factories.meeting(cast.reading, third.day)
    back = actions.restore_following(meeting=second, by=cast.hat("els"), now=NOW)
    assert back == [second, fourth]
    assert days("cancelled") == [first.day, third.day]
    waiting = {subject for subject, _kind in letters()}
    assert waiting == {second.pk, fourth.pk}
    third.refresh_from_db()
    with pytest.raises(actions.AlreadyPlanned):
        actions.restore_following(meeting=third, by=cast.hat("els"), now=NOW)
    assert other.series is None


def test_next_door_keeps_its_series(cast: TestCast) -> None:
    mine = plan(cast)[0]
    theirs = factories.meeting(cast.maths, FIRST)
    actions.cancel_following(meeting=mine, by=cast.hat("els"), now=NOW)
    theirs.refresh_from_db()
    assert theirs.state == "planned"


@pytest.mark.parametrize("number", [1, 3])
def test_looking_takes_a_fixed_number_of_queries(cast: TestCast, number: int, django_assert_num_queries: Any) -> None:
    rule, by = replace(WEEKLY, count=number), cast.hat("els")
    with django_assert_num_queries(2):
        actions.lay_out_series(group=cast.reading, rule=rule, sitting=SITTING, by=by, now=NOW)


def test_a_deed_takes_as_many_queries_for_two_meetings_as_for_twenty(cast: TestCast) -> None:
    """Letters included, to whoever heard of them; not one query more for each meeting."""
    took = []
    for number in (2, 20):
        counts = _queries_of_deeds(cast, replace(WEEKLY, count=number))
        took.append(counts)
        Meeting.objects.all().delete()
        Delivery.objects.all().delete()
    assert took[0] == took[1]
    assert max(took[1]) <= 32


def _queries_of_deeds(cast: TestCast, rule: Rule) -> list[int]:
    counts: list[int] = []
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    seen = look(cast, rule).days
    with CaptureQueriesContext(connection) as made:
        first = actions.plan_series(group=cast.reading, rule=rule, sitting=SITTING, seen=seen, **by)[0]
    counts.append(len(made))
    Delivery.objects.filter(user=cast.carla).update(**SENT)
    seen = look_ahead(cast, first, FIRST + DAY).days
    with CaptureQueriesContext(connection) as made:
        actions.move_following(meeting=first, day=FIRST + DAY, sitting=SITTING, seen=seen, **by)
    counts.append(len(made))
    for deed in (actions.cancel_following, actions.restore_following):
        with CaptureQueriesContext(connection) as made:
            deed(meeting=first, **by)
        counts.append(len(made))
    return counts
