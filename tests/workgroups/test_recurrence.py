"""A series on the calendar: both changes of the clock, week 53, leap days, five weekdays in a month, holidays."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from workgroups import recurrence, reminders
from workgroups.models.series import DaysOff, Every
from workgroups.recurrence import Because, Rule, Turn

AMSTERDAM, CURACAO = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/Curacao")
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
AFTERNOON = dt.time(15, 15)
days = st.dates(dt.date(2026, 1, 1), dt.date(2033, 12, 31))
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that a group may ask for."""
    first, every = draw(days), draw(st.sampled_from(Every))
    if every == Every.LAST:
        while not recurrence.is_last(first):
            first += WEEK
    on = draw(st.sampled_from(DaysOff))
    if draw(st.booleans()):
        return Rule(first, every, on, until=first + draw(st.integers(0, 500)) * DAY)
    return Rule(first, every, on, count=draw(st.integers(1, 60)))


@st.composite
def holidays(draw: st.DrawFn) -> frozenset[dt.date]:
    """Some breaks of a day up to seven weeks."""
    spans = draw(st.lists(st.tuples(days, st.integers(1, 49)), max_size=30))
    return frozenset(first + step * DAY for first, length in spans for step in range(length))


def spread(
    rule: Rule,
    off: frozenset[dt.date] = frozenset(),
    *,
    time: dt.time = AFTERNOON,
    zone: ZoneInfo = AMSTERDAM,
    taken: tuple[dt.datetime, ...] = (),
) -> list[Turn]:
    last = recurrence.horizon(rule.first)
    return recurrence.spread(rule, time=time, zone=zone, days_off=off, taken=taken, last=last)


def met(turns: list[Turn]) -> list[dt.date]:
    return [turn.day for turn in turns if turn.day]


def iso(*days: str) -> list[dt.date]:
    return [dt.date.fromisoformat(day) for day in days]


def span(first: str, last: str) -> frozenset[dt.date]:
    start, end = iso(first, last)
    return frozenset(start + step * DAY for step in range((end - start).days + 1))


@given(rules(), holidays(), times, st.sampled_from([AMSTERDAM, CURACAO]))
def test_every_meeting_lies_on_its_weekday_at_its_time_on_a_day_with_school(
    rule: Rule, off: frozenset[dt.date], time: dt.time, zone: ZoneInfo
) -> None:
    turns = spread(rule, off, time=time, zone=zone)
    found = met(turns)
    for day in found:
        assert day.weekday() == rule.first.weekday()
        assert day not in off
        shown = reminders.instant(day=day, time=time, zone=zone).astimezone(zone)
        assert (shown.date(), shown.time()) == (day, time)
    assert found == sorted(set(found))
    assert all(rule.first <= day <= min(rule.until or day, recurrence.horizon(rule.first)) for day in found)
    assert rule.count is None or len(found) <= rule.count


@given(rules(), holidays())
def test_nothing_vanishes_without_a_reason(rule: Rule, off: frozenset[dt.date]) -> None:
    for turn in spread(rule, off):
        assert (turn.day is None) == (turn.because is not None)
        assert turn.because != Because.DAY_OFF or turn.own in off
        assert not turn.is_shifted or (turn.own in off and rule.on_days_off == DaysOff.SHIFT)


@given(rules(), holidays())
def test_no_meeting_reaches_the_next_turn(rule: Rule, off: frozenset[dt.date]) -> None:
    for one, other in pairwise(spread(rule, off)):
        assert one.day is None or one.day < other.own


@given(rules())
def test_without_holidays_every_turn_is_a_meeting_at_an_even_pace(rule: Rule) -> None:
    found = met(spread(rule))
    gaps = {(later - earlier) // WEEK for earlier, later in pairwise(found)}
    even = {Every.WEEK: {1}, Every.FORTNIGHT: {2}}
    assert gaps <= even.get(rule.every, {4, 5})
    assert found[0] == rule.first
    if rule.every in {Every.MONTH, Every.LAST}:
        months = [(day.year, day.month) for day in found]
        assert len(months) == len(set(months))
        places = {(day.day - 1) // 7 for day in found}
        assert all(map(recurrence.is_last, found)) or len(places) == 1


@given(rules(), holidays())
def test_the_same_rule_gives_the_same_days_whatever_the_zone(rule: Rule, off: frozenset[dt.date]) -> None:
    assert met(spread(rule, off)) == met(spread(rule, off, zone=CURACAO))


def test_a_quarter_past_three_stays_so_over_both_changes() -> None:
    rule = Rule(dt.date(2026, 10, 20), Every.FORTNIGHT, count=13)
    instants = [reminders.instant(day=day, time=AFTERNOON, zone=AMSTERDAM) for day in met(spread(rule))]
    assert {at.hour for at in instants} == {13, 14}
    assert {at.astimezone(AMSTERDAM).time() for at in instants} == {AFTERNOON}
    assert {reminders.instant(day=day, time=AFTERNOON, zone=CURACAO).hour for day in met(spread(rule))} == {19}


def test_the_night_on_which_the_clock_skips_is_left_out_and_said() -> None:
    rule = Rule(dt.date(2027, 3, 21), Every.WEEK, count=2)
    turns = spread(rule, time=dt.time(2, 30))
    assert turns[1] == Turn(dt.date(2027, 3, 28), None, Because.CLOCK)
    assert met(turns) == iso("2027-03-21", "2027-04-04")
    assert met(spread(rule, time=dt.time(2, 30), zone=CURACAO)) == iso("2027-03-21", "2027-03-28")


def test_a_fortnight_goes_on_through_week_53() -> None:
    rule = Rule(dt.date(2026, 12, 17), Every.FORTNIGHT, count=3)
    found = met(spread(rule))
    assert found == iso("2026-12-17", "2026-12-31", "2027-01-14")
    assert [day.isocalendar().week for day in found] == [51, 53, 2]


def test_a_leap_day_is_a_day() -> None:
    assert met(spread(Rule(dt.date(2028, 2, 22), Every.WEEK, count=3)))[1] == dt.date(2028, 2, 29)
    last = Rule(dt.date(2028, 2, 29), Every.LAST, count=2)
    assert met(spread(last)) == iso("2028-02-29", "2028-03-28")


@pytest.mark.parametrize(
    ("first", "every", "days"),
    [
        ("2026-11-17", Every.MONTH, ("2026-11-17", "2026-12-15", "2027-01-19")),  # the third Tuesday
        ("2026-11-26", Every.MONTH, ("2026-11-26", "2026-12-24", "2027-01-28")),  # the fourth Thursday
        ("2026-11-26", Every.LAST, ("2026-11-26", "2026-12-31", "2027-01-28")),  # the last Thursday
        ("2026-12-31", Every.MONTH, ("2026-12-31", "2027-01-28", "2027-02-25")),  # a fifth one means the last
    ],
)
def test_a_month_goes_by_its_weekdays(first: str, every: Every, days: tuple[str, ...]) -> None:
    assert met(spread(Rule(dt.date.fromisoformat(first), every, count=3))) == iso(*days)


def test_a_fifth_weekday_means_the_last() -> None:
    assert recurrence.meant(dt.date(2026, 12, 31), Every.MONTH) == Every.LAST
    assert recurrence.meant(dt.date(2026, 12, 24), Every.MONTH) == Every.MONTH


CHRISTMAS = span("2026-12-19", "2027-01-03")


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Rule(dt.date(2026, 12, 8), Every.WEEK, count=4), ("2026-12-08", "2026-12-15", "2027-01-05", "2027-01-12")),
        (
            Rule(dt.date(2026, 12, 8), Every.FORTNIGHT, DaysOff.SHIFT, count=3),  # 22 December has nowhere to go
            ("2026-12-08", "2027-01-05", "2027-01-19"),
        ),
        (
            Rule(dt.date(2026, 12, 15), Every.FORTNIGHT, DaysOff.SHIFT, count=3),  # 29 December waits a week
            ("2026-12-15", "2027-01-05", "2027-01-12"),
        ),
        (
            Rule(dt.date(2026, 11, 24), Every.MONTH, DaysOff.SHIFT, count=3),  # 22 December waits two weeks
            ("2026-11-24", "2027-01-05", "2027-01-26"),
        ),
        (
            Rule(dt.date(2026, 11, 24), Every.MONTH, DaysOff.SHIFT, until=dt.date(2027, 1, 4)),
            ("2026-11-24",),
        ),
    ],
)
def test_christmas_is_left_out_or_waited_for(rule: Rule, days: tuple[str, ...]) -> None:
    assert met(spread(rule, CHRISTMAS)) == iso(*days)


def test_what_is_planned_already_counts_and_is_not_planned_again() -> None:
    taken = reminders.instant(day=dt.date(2026, 12, 15), time=AFTERNOON, zone=AMSTERDAM)
    turns = spread(Rule(dt.date(2026, 12, 8), Every.WEEK, count=3), taken=(taken,))
    assert met(turns) == iso("2026-12-08", "2026-12-22")
    assert turns[1].because == Because.TAKEN
    assert recurrence.counted(turns) == 3


def test_a_weekend_between_joins_two_breaks() -> None:
    off = span("2026-12-14", "2026-12-18") | span("2026-12-21", "2026-12-22") | span("2026-12-24", "2026-12-24")
    found = recurrence.breaks(off)
    assert [(one.first, one.last) for one in found] == [
        (dt.date(2026, 12, 14), dt.date(2026, 12, 22)),
        (dt.date(2026, 12, 24), dt.date(2026, 12, 24)),
    ]


@pytest.mark.parametrize(
    ("first", "last", "doubtful"),
    [
        ("2026-12-19", "2027-01-08", False),  # three weeks
        ("2026-12-19", "2027-01-09", True),
        ("2027-07-17", "2027-08-29", False),  # summer
        ("2026-07-18", "2027-08-30", True),  # a slip in the year
    ],
)
def test_more_than_three_weeks_outside_summer_is_doubtful(first: str, last: str, doubtful: bool) -> None:
    (found,) = recurrence.breaks(span(first, last))
    assert found.is_doubtful == doubtful
