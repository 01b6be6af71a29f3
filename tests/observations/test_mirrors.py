"""Both mirrors by themselves: rows of time, how things stand now, and a part of the time; and the school years."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, strategies

from observations import drawing, mirrors, profile, years
from observations.mirrors import Mirrors, Round
from observations.queries.whole import WholeProfile
from schools import holidays

NAMES = [profile.AspectName(1, "openness", "Open staan", "Open"), profile.AspectName(2, "reflecting", "R", "R")]
SPRING, SUMMER, AUTUMN = dt.date(2026, 3, 1), dt.date(2026, 6, 1), dt.date(2026, 10, 1)


def both() -> Mirrors:
    """Visits in spring and autumn; rounds in summer (both aspects) and autumn (the second alone)."""
    looks = [profile.Look(7, SPRING, 20), profile.Look(9, AUTUMN, 18)]
    points = [profile.Given(7, 1, "Sterk.", is_strong=True), profile.Given(9, 1, "Kans.", is_strong=False)]
    coach = profile.build(aspects=NAMES, looks=looks, readings=[(7, 1, 4), (9, 1, 6), (9, 2, 3)], points=points)
    rounds = [Round(1, SUMMER, "sealed", 9), Round(2, AUTUMN, "together", None)]
    own = [profile.AspectLine(1, "openness", "", "", (3, None)), profile.AspectLine(2, "reflecting", "", "", (5, 6))]
    return mirrors.side_by_side(coach, rounds=rounds, own=own)


def test_rows_of_time_hold_every_aspect_and_the_own_round_goes_first() -> None:
    rows = both().moments
    assert [(row.day, row.values) for row in rows] == [
        (SPRING, (4, None)),
        (SUMMER, (3, 5)),
        (AUTUMN, (None, 6)),
        (AUTUMN, (6, 3)),
    ]
    assert [row.round.respondents if row.round else "coach" for row in rows] == ["coach", 9, None, "coach"]


def test_now_is_the_last_round_that_asked_and_the_last_visit() -> None:
    first, second = both().now
    assert (first.round and first.round.day, first.line.own_latest) == (SUMMER, 3)
    assert (second.round and second.round.day, second.line.own_latest) == (AUTUMN, 6)
    assert first.look
    assert (first.look.day, first.line.coach.latest) == (AUTUMN, 6)
    assert (first.is_strong, first.is_chance) == (False, True)  # the strong point was of spring
    assert (second.is_strong, second.is_chance) == (False, False)


def test_a_part_of_the_time_has_only_what_falls_in_it() -> None:
    part = both().between(SPRING, SUMMER)
    assert [look.visit_id for look in part.coach.looks] == [7]
    assert [one.scan_id for one in part.rounds] == [1]
    assert (part.lines[0].coach.values, part.lines[0].own.values) == ((4,), (3,))
    assert [point.text for point in part.lines[0].coach.strong] == ["Sterk."]
    assert part.lines[0].coach.improvement == ()
    assert both().between(dt.date.min, dt.date.max) == both()


def test_a_whole_degree_apart_is_a_question() -> None:
    found = both()
    assert [line.apart for line in found.lines] == [3, 3]
    assert found.difference == found.lines[0]
    assert found.about("reflecting").differs


@pytest.mark.parametrize(("asked", "is_asked"), [("", True), ("all", True), ("2025", False)])
def test_of_the_past_nothing_is_asked(asked: str, is_asked: bool) -> None:
    shown = years.shown([SPRING, AUTUMN], today=AUTUMN, asked=asked)
    assert (WholeProfile(both(), both(), shown, ()).difference is not None) is is_asked


TODAY = dt.date(2026, 11, 24)
AGO = dt.date(2023, 9, 5)


@pytest.mark.parametrize(
    ("days", "asked", "shown"),
    [
        ([], "", (2026, 2026)),
        ([AUTUMN], "", (2026, 2026)),
        ([AUTUMN, SPRING], "", (2025, 2026)),
        ([AGO], "", (2023, 2026)),
        ([AUTUMN, AUTUMN + dt.timedelta(days=9), TODAY, SPRING], "", (2026, 2026)),
        ([AUTUMN, SPRING, AGO], "2025", (2025, 2025)),
        ([AUTUMN, SPRING, AGO], "2023", (2023, 2023)),
        ([AUTUMN, SPRING, AGO], "all", (2023, 2026)),
        ([AUTUMN, SPRING, AGO], "2024", (2025, 2026)),
        ([AUTUMN, SPRING, AGO], "1e9", (2025, 2026)),
        ([AUTUMN, SPRING, AGO], "9" * 9_999, (2025, 2026)),
        ([AUTUMN], "all", (2026, 2026)),
    ],
)
def test_which_years_are_shown(days: list[dt.date], asked: str, shown: tuple[int, int]) -> None:
    found = years.shown(days, today=TODAY, asked=asked)
    assert (found.first, found.last) == shown
    assert holidays.school_year(found.begins) == shown[0]
    assert holidays.school_year(found.ends) == shown[1]


def test_other_years_are_offered_where_there_are_any() -> None:
    assert years.shown([AUTUMN, SPRING], today=TODAY).choices == []
    found = years.shown([AUTUMN, SPRING, AGO], today=TODAY)
    assert [(one.asked, one.is_current) for one in found.choices] == [
        ("", True),
        ("2025", False),
        ("2023", False),
        ("all", False),
    ]
    back = years.shown([AUTUMN, SPRING], today=TODAY, asked="2025")
    assert [one.asked for one in back.choices if one.is_current] == ["2025"]
    assert not back.is_now


days_in_time = strategies.lists(strategies.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=40)


@given(days_in_time)
def test_days_stand_in_their_order_apart_and_inside(days: list[dt.date]) -> None:
    xs = drawing.in_time(sorted(days), start=44, end=286, apart=12)
    assert len(xs) == len(days)
    assert min(xs) >= 44 - 1e-6
    assert max(xs) <= 286 + 1e-6
    least = min(12, 242 / max(len(days) - 1, 1))
    assert all(right - left >= least - 1e-6 for left, right in itertools.pairwise(xs))
