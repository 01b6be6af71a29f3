"""The profile by itself: rounding, words, gaps; and read from the rows."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies

from observations import profile, queries
from observations.profile import Word, halves_of, word_for
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps

degrees = strategies.lists(strategies.one_of(strategies.none(), strategies.integers(1, 4)), max_size=8)


@given(degrees)
def test_a_reading_is_the_mean_to_the_nearest_half(found: list[int | None]) -> None:
    heard = [degree for degree in found if degree is not None]
    halves = halves_of(found)
    if not heard:
        assert halves is None
        return
    assert halves is not None
    mean = Fraction(sum(heard), len(heard))
    assert 2 <= halves <= 8
    assert abs(Fraction(halves, 2) - mean) <= Fraction(1, 4)
    if (mean * 4) % 2 == 1:  # exactly .25 or .75
        assert Fraction(halves, 2) > mean


@given(degrees, strategies.randoms())
def test_a_gap_never_weighs_and_order_never_counts(found: list[int | None], random: Any) -> None:
    heard = [degree for degree in found if degree is not None]
    shuffled = [*found, None]
    random.shuffle(shuffled)
    assert halves_of(shuffled) == halves_of(heard)


@pytest.mark.parametrize(
    ("found", "halves"),
    [
        ([], None),
        ([None], None),
        ([1], 2),
        ([4, 4], 8),
        ([2, 3, 2, 2], 5),
        ([2, 3, 3, 3], 6),
        ([1, 2], 3),
        ([1, None], 2),
    ],
)
def test_quarters_go_up(found: list[int | None], halves: int | None) -> None:
    assert halves_of(found) == halves


def test_three_words() -> None:
    words = {halves: word_for(halves) for halves in range(2, 9)}
    assert [value for value, word in words.items() if word == Word.SELDOM] == [2, 3]
    assert [value for value, word in words.items() if word == Word.SOMETIMES] == [4, 5]
    assert [value for value, word in words.items() if word == Word.OFTEN] == [6, 7, 8]
    assert word_for(None) is None


NAMES = [profile.AspectName(1, "openness", "Open staan", "Open"), profile.AspectName(2, "reflecting", "R", "R")]
LOOKS = [profile.Look(7, dt.date(2026, 9, 1), 20), profile.Look(9, dt.date(2026, 10, 1), 18)]


def test_what_is_not_there_is_a_gap() -> None:
    built = profile.build(aspects=NAMES, looks=LOOKS, readings=[(9, 1, 6), (9, 2, None), (8, 2, 4)], points=[])
    assert [line.values for line in built.aspects] == [(None, 6), (None, None)]
    assert built.aspects[0].latest == 6
    assert built.aspects[1].words == (None, None)


def test_points_keep_their_day_and_kind() -> None:
    given_points = [
        profile.Given(7, 1, "Sterk.", is_strong=True),
        profile.Given(9, 1, "Kans.", is_strong=False),
        profile.Given(8, 1, "Niet gedeeld.", is_strong=True),
    ]
    line = profile.build(aspects=NAMES, looks=LOOKS, readings=[], points=given_points).aspects[0]
    assert line.strong == (profile.Point(dt.date(2026, 9, 1), "Sterk.", visit_id=7),)
    assert line.improvement == (profile.Point(dt.date(2026, 10, 1), "Kans.", visit_id=9),)
    assert line.last_day == dt.date(2026, 10, 1)


def test_nothing_shared_is_empty() -> None:
    built = profile.build(aspects=NAMES, looks=[], readings=[], points=[])
    assert built.is_empty
    assert built.aspects[0].latest is None
    assert built.last_day is None


def several(cast: TestCast, count: int) -> None:
    """So many visits, week after week, each with shared feedback."""
    for week in range(count):
        meeting = factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=7 * (week + 1)))
        visit = steps.shared(cast, meeting)
        visit.meeting.state = "held"
        visit.meeting.save()


@pytest.mark.parametrize("count", [1, 3])
def test_it_reads_the_rows_in_four_queries(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    several(cast, count)
    with django_assert_num_queries(4):
        found = queries.profile_of(cast.reading)
    assert [line.values for line in found.aspects] == [(7,) * count, *[(None,) * count] * 4, (2,) * count]
    assert [look.minutes for look in found.looks] == [20] * count
    assert len(found.aspects[0].strong) == count


def test_only_what_was_shared(cast: TestCast) -> None:
    """Notes, marks and pairs that were not shared are not in it, nor those of another group."""
    steps.shared(cast)
    open_pair = queries.Pair("openness", "NOG NIET GEDEELD", "openness", "NOG NIET GEDEELD")
    steps.noted(cast, factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=5)), pairs=[open_pair])
    found = queries.profile_of(cast.reading)
    assert len(found.looks) == 1
    assert "NOG NIET" not in str(found)
    assert queries.profile_of(cast.maths).is_empty
