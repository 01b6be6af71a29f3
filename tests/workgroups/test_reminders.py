"""When a reminder is due: wall-clock arithmetic, quiet hours, days without school, both days on which clocks change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from schools import holidays
from schools.models import Holiday
from tests.conftest import TestCast
from workgroups import reminders

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = st.sampled_from([AMSTERDAM, ZoneInfo("America/Curacao"), ZoneInfo("America/Puerto_Rico")])
DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


def due(
    day: dt.date,
    *,
    days_before: int = 1,
    at: dt.time = dt.time(16, 0),
    off: Collection[dt.date] = (),
    zone: ZoneInfo = AMSTERDAM,
) -> dt.datetime:
    """Local, without zone, as people say it."""
    rule = reminders.Rule(days_before, at)
    found = reminders.due_at(rule, day=day, time=dt.time(15, 15), zone=zone, days_off=off)
    return found.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("meeting", "reminder"),
    [
        ("2026-12-01", "2026-11-30 16:00"),  # Tuesday: the day before
        ("2026-12-07", "2026-12-04 16:00"),  # Monday: Friday
        ("2027-03-28", "2027-03-26 16:00"),  # the Sunday on which summer time begins
        ("2027-03-30", "2027-03-29 16:00"),  # and the Tuesday after
        ("2026-10-26", "2026-10-23 16:00"),  # the Monday after the Sunday on which it ends
        ("2026-10-27", "2026-10-26 16:00"),
    ],
)
def test_the_day_before_at_four_or_the_school_day_before_that(meeting: str, reminder: str) -> None:
    assert due(dt.date.fromisoformat(meeting)) == dt.datetime.fromisoformat(reminder)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (dt.date(2027, 3, 26), "2027-03-25T15:00+00:00"),
        (dt.date(2027, 3, 30), "2027-03-29T14:00+00:00"),
        (dt.date(2026, 10, 23), "2026-10-22T14:00+00:00"),
        (dt.date(2026, 10, 27), "2026-10-26T15:00+00:00"),
    ],
)
def test_four_o_clock_stays_four_o_clock_over_both_changes(day: dt.date, utc: str) -> None:
    found = reminders.due_at(reminders.Rule(), day=day, time=dt.time(15, 15), zone=AMSTERDAM, days_off=())
    assert found == dt.datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("at", "reminder"),
    [
        ("06:59", "2026-12-01 19:00"),
        ("07:00", "2026-12-02 07:00"),
        ("19:59", "2026-12-02 19:59"),
        ("20:00", "2026-12-02 19:00"),
        ("23:30", "2026-12-02 19:00"),
    ],
)
def test_quiet_hours_make_it_the_evening_before_them(at: str, reminder: str) -> None:
    assert due(dt.date(2026, 12, 3), at=dt.time.fromisoformat(at)) == dt.datetime.fromisoformat(reminder)


def test_three_days_earlier_is_the_most() -> None:
    monday, friday = dt.date(2027, 3, 29), dt.date(2027, 3, 26)
    assert due(dt.date(2027, 3, 30), off={monday}) == dt.datetime(2027, 3, 26, 16, 0)
    assert due(dt.date(2027, 3, 30), off={monday, friday}) == dt.datetime(2027, 3, 29, 16, 0)


def test_across_a_longer_break_it_leaves_the_day_before_all_the_same() -> None:
    break_ = {dt.date(2026, 12, 21) + step * DAY for step in range(14)}
    assert due(dt.date(2027, 1, 4), off=break_) == dt.datetime(2027, 1, 3, 16, 0)


def test_a_time_the_clock_skips_does_not_exist() -> None:
    with pytest.raises(reminders.NoSuchTimeError):
        reminders.instant(day=dt.date(2027, 3, 28), time=dt.time(2, 30), zone=AMSTERDAM)
    before = reminders.instant(day=dt.date(2027, 3, 28), time=dt.time(1, 59), zone=AMSTERDAM)
    after = reminders.instant(day=dt.date(2027, 3, 28), time=dt.time(3, 0), zone=AMSTERDAM)
    assert after - before == dt.timedelta(minutes=1)


def test_of_a_time_that_comes_twice_it_is_the_first() -> None:
    found = reminders.instant(day=dt.date(2026, 10, 25), time=dt.time(2, 30), zone=AMSTERDAM)
    assert found == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@given(day=days, time=times, zone=ZONES)
def test_an_instant_reads_back_as_it_was_written(day: dt.date, time: dt.time, zone: ZoneInfo) -> None:
    try:
        found = reminders.instant(day=day, time=time, zone=zone)
    except reminders.NoSuchTimeError:
        assert zone == AMSTERDAM
        assert (day.month, day.weekday(), time.hour) == (3, 6, 2)
    else:
        assert found.astimezone(zone).replace(tzinfo=None) == dt.datetime.combine(day, time)
        an_hour_before = (found - dt.timedelta(hours=1)).astimezone(zone)
        assert an_hour_before.replace(tzinfo=None) != dt.datetime.combine(day, time)


@given(
    day=days,
    days_before=st.integers(1, 7),
    at=times,
    zone=ZONES,
    off=st.sets(st.integers(0, 14)),
)
def test_whatever_the_rule_it_is_due_before_the_day_and_never_at_night(
    day: dt.date, days_before: int, at: dt.time, zone: ZoneInfo, off: set[int]
) -> None:
    days_off = {day - back * DAY for back in off}
    found = due(day, days_before=days_before, at=at, off=days_off, zone=zone)
    assert reminders.MORNING <= found.time() < reminders.EVENING
    asked = day - days_before * DAY - (DAY if at < reminders.MORNING else 0 * DAY)
    assert asked - 3 * DAY <= found.date() <= asked < day
    assert found.date() > day - reminders.LOOKS_BACK - DAY
    if not reminders.is_school_day(found.date(), days_off):
        assert found.date() == asked
        assert not any(reminders.is_school_day(asked - back * DAY, days_off) for back in range(4))
    if reminders.MORNING <= at < reminders.EVENING:
        assert found.time() == at


def hours_before(
    hours: int, day: dt.date, time: dt.time, *, zone: ZoneInfo = AMSTERDAM, off: Collection[dt.date] = ()
) -> dt.datetime:
    """As an instant."""
    return reminders.due_at(reminders.Rule(None, None, hours), day=day, time=time, zone=zone, days_off=off)


@pytest.mark.parametrize(
    ("hours", "meeting", "reminder"),
    [
        (2, "2026-12-01 15:15", "2026-12-01 13:15"),
        (8, "2026-12-01 15:15", "2026-12-01 07:15"),
        (2, "2026-12-01 08:30", "2026-11-30 19:00"),  # half past six is too early
        (2, "2026-12-07 08:30", "2026-12-04 19:00"),  # and then a weekend lies between
        (24, "2026-12-07 15:15", "2026-12-04 15:15"),
        (18, "2026-12-01 15:15", "2026-11-30 19:00"),
        (2, "2026-12-05 15:15", "2026-12-05 13:15"),  # who meets on a Saturday is there on a Saturday
    ],
)
def test_hours_before_the_start(hours: int, meeting: str, reminder: str) -> None:
    start = dt.datetime.fromisoformat(meeting)
    found = hours_before(hours, start.date(), start.time()).astimezone(AMSTERDAM)
    assert found.replace(tzinfo=None) == dt.datetime.fromisoformat(reminder)


@pytest.mark.parametrize(
    ("hours", "day", "utc"),
    [
        (30, "2027-03-29", "2027-03-26T08:15"),  # Sunday at a quarter past nine, so Friday, when the clocks are behind
        (24, "2026-10-25", "2026-10-23T14:15"),  # Saturday at a quarter past four, so Friday
    ],
)
def test_hours_are_hours_where_clocks_change(hours: int, day: str, utc: str) -> None:
    found = hours_before(hours, dt.date.fromisoformat(day), dt.time(15, 15))
    wall = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(15, 15), tzinfo=AMSTERDAM)
    asked = (wall.astimezone(dt.UTC) - dt.timedelta(hours=hours)).astimezone(AMSTERDAM)
    assert found.astimezone(AMSTERDAM).time() == asked.time()
    assert found == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


def _by_hand(
    rule: reminders.Rule, day: dt.date, time: dt.time, zone: ZoneInfo, off: Collection[dt.date]
) -> dt.datetime:
    """The same from the words of the rule, worked out on UTC and offsets alone."""
    if rule.hours_before:
        naive = dt.datetime.combine(day, time)
        shift = naive.replace(tzinfo=zone).utcoffset()
        assert shift is not None
        asked = naive - shift - dt.timedelta(hours=rule.hours_before)
        there = asked.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset()
        assert there is not None
        wall = asked + there
    else:
        assert rule.days_before
        assert rule.at
        asked = None
        wall = dt.datetime.combine(dt.date.fromordinal(day.toordinal() - rule.days_before), rule.at)
    if wall.hour < 7:
        moved = dt.datetime.combine(wall.date() - DAY, dt.time(19))
    else:
        moved = wall if wall.hour < 20 else dt.datetime.combine(wall.date(), dt.time(19))
    for earlier in range(4):
        one = moved - earlier * DAY
        if one.date() == day or (one.isoweekday() <= 5 and one.date() not in off):
            moved = one
            break
    if asked and moved == wall:
        return asked.replace(tzinfo=dt.UTC)
    offset = moved.replace(tzinfo=zone).utcoffset()
    assert offset is not None
    return (moved - offset).replace(tzinfo=dt.UTC)


_quarters = st.builds(lambda hour, quarter: dt.time(hour, 15 * quarter), st.integers(0, 23), st.integers(0, 3))
_rules = st.one_of(
    st.builds(reminders.Rule, st.integers(1, 7), _quarters),
    st.builds(lambda hours: reminders.Rule(None, None, hours), st.integers(1, 48)),
)
# Nights on which clocks change, a leap day, the last and the first days of years with a week 53, and days near them.
_turning = [
    "2026-03-29",
    "2026-10-25",
    "2027-03-28",
    "2027-10-31",
    "2028-02-29",
    "2026-12-31",
    "2027-01-01",
    "2033-01-02",
]
_near = st.builds(
    lambda day, step: dt.date.fromisoformat(day) + step * DAY, st.sampled_from(_turning), st.integers(-9, 9)
)
_zones = st.sampled_from(
    [AMSTERDAM, *map(ZoneInfo, ("America/Curacao", "America/Puerto_Rico", "Atlantic/Azores", "Australia/Lord_Howe"))]
)


@settings(max_examples=500)
@given(rule=_rules, day=st.one_of(days, _near), time=_quarters, zone=_zones, off=st.sets(st.integers(-1, 12)))
def test_every_rule_is_exact_to_the_second_whatever_the_clocks_do(
    rule: reminders.Rule, day: dt.date, time: dt.time, zone: ZoneInfo, off: set[int]
) -> None:
    try:
        starts_at = reminders.instant(day=day, time=time, zone=zone)
    except reminders.NoSuchTimeError:
        return
    days_off = {day - back * DAY for back in off}
    found = reminders.due_at(rule, day=day, time=time, zone=zone, days_off=days_off)
    assert found == _by_hand(rule, day, time, zone, days_off)
    assert found < starts_at
    assert reminders.MORNING <= found.astimezone(zone).time() < reminders.EVENING
    assert found.astimezone(zone).date() > day - reminders.LOOKS_BACK
    if rule.hours_before:
        assert found <= starts_at - dt.timedelta(hours=rule.hours_before)


@pytest.mark.parametrize("year", range(2026, 2031))
@pytest.mark.parametrize("rule", [reminders.Rule(), reminders.Rule(None, None, 2), reminders.Rule(None, None, 24)])
def test_every_start_from_two_days_before_to_two_after_both_changes(year: int, rule: reminders.Rule) -> None:
    for month in (3, 10):
        sunday = max(day for day in (dt.date(year, month, n) for n in range(25, 32)) if day.weekday() == 6)
        for quarter in range(-192, 288):
            wall = dt.datetime.combine(sunday, dt.time()) + quarter * dt.timedelta(minutes=15)
            when: Any = {"day": wall.date(), "time": wall.time(), "zone": AMSTERDAM}
            try:
                reminders.instant(**when)
            except reminders.NoSuchTimeError:
                continue
            found = reminders.due_at(rule, **when, days_off=())
            assert found == _by_hand(rule, wall.date(), wall.time(), AMSTERDAM, ())


def test_the_schools_own_days_win_over_those_of_its_region(cast: TestCast) -> None:
    wilg = cast.schools["de-wilg"]
    first, last = dt.date(2026, 10, 1), dt.date(2026, 12, 31)

    def holiday(name: str, start: dt.date, end: dt.date, **whose: object) -> None:
        Holiday.objects.create(name=name, first_day=start, last_day=end, **whose)

    holiday("Herfstvakantie", dt.date(2026, 10, 19), dt.date(2026, 10, 21), region="middle")
    holiday("Kerstvakantie", dt.date(2026, 12, 30), dt.date(2027, 1, 3), region="middle")
    holiday("Elders", dt.date(2026, 11, 2), dt.date(2026, 11, 2), region="north")
    holiday("Studiedag", dt.date(2026, 11, 9), dt.date(2026, 11, 9), school=cast.schools["de-beuk"])
    off = {dt.date(2026, 10, day) for day in (19, 20, 21)} | {dt.date(2026, 12, day) for day in (30, 31)}
    assert holidays.days_off(wilg, first, last) == off
    holiday("herfstvakantie", dt.date(2026, 10, 12), dt.date(2026, 10, 13), school=wilg)
    holiday("Studiedag", dt.date(2026, 11, 16), dt.date(2026, 11, 16), school=wilg)
    assert holidays.days_off(wilg, first, last) == {
        dt.date(2026, 10, 12),
        dt.date(2026, 10, 13),
        dt.date(2026, 11, 16),
        dt.date(2026, 12, 30),
        dt.date(2026, 12, 31),
    }


@pytest.mark.parametrize("year", range(2026, 2031))
def test_every_quarter_of_an_hour_around_both_changes(year: int) -> None:
    def last_sunday(month: int) -> dt.date:
        return max(day for day in (dt.date(year, month, n) for n in range(25, 32)) if day.weekday() == 6)

    for sunday, skipped in ((last_sunday(3), 4), (last_sunday(10), 0)):
        refused = 0
        for quarter in range(-192, 288):
            wall = dt.datetime.combine(sunday, dt.time()) + quarter * dt.timedelta(minutes=15)
            try:
                found = reminders.instant(day=wall.date(), time=wall.time(), zone=AMSTERDAM)
            except reminders.NoSuchTimeError:
                refused += 1
            else:
                assert found.astimezone(AMSTERDAM).replace(tzinfo=None) == wall
                assert found.astimezone(AMSTERDAM).fold == 0
            assert due(wall.date()).time() == dt.time(16, 0)
        assert refused == skipped
