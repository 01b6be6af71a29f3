"""The pictures of a profile: the ink draws what was heard, and a gap is never nought."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from django.template import Context, Template
from django.utils import translation

from observations import mirrors, picture as picture_rules, profile
from observations.mirrors import Mirrors, Round

CENTRE = ("241.5", "213.5")  # a square around the middle of the radar would start here


def built(*values: tuple[int | None, ...]) -> profile.DialogueProfile:
    """A profile of six aspects with these values per visit; what is not given is a gap."""
    visits = max(len(row) for row in values)
    names = [profile.AspectName(number, f"a{number}", f"Aspect {number}", f"A{number}") for number in range(1, 7)]
    looks = [profile.Look(place, dt.date(2026, 1 + place, 10), 20) for place in range(visits)]
    readings = [(visit, number, row[visit]) for number, row in enumerate(values, start=1) for visit in range(visits)]
    return profile.build(aspects=names, looks=looks, readings=readings, points=[])


def alone(seen: profile.DialogueProfile) -> Mirrors:
    """A profile without an own mirror beside it."""
    return mirrors.side_by_side(seen, rounds=(), own=())


def drawn(tag: str, **context: object) -> str:
    with translation.override("nl"):
        return Template("{% load profile trend %}{% " + tag + " %}").render(Context(context))


def radar(*values: int | None) -> str:
    return drawn("radar mirrors", mirrors=alone(built(*[(value,) for value in values])))


def trend(*values: int | None) -> str:
    found = alone(built(values))
    return drawn("trend line mirrors", line=found.lines[0], mirrors=found)


def count(kind: str, picture: str) -> int:
    return picture.count(f'<rect class="{kind}"')


def test_whole_it_is_one_closed_dotted_line() -> None:
    picture = radar(2, 3, 4, 5, 6, 8)
    assert (count("coach-box", picture), count("gap", picture)) == (6, 0)
    assert re.findall(r'class="coach" d="([^"]*)"', picture)[0].endswith("Z")
    assert "geen" not in picture


def test_a_gap_breaks_the_line_and_is_named() -> None:
    picture = radar(6, 5, 4, 3, None, 5)
    assert (count("coach-box", picture), count("gap", picture)) == (5, 1)
    lines = re.findall(r'class="coach" d="([^"]*)"', picture)
    assert [line.count("L") for line in lines] == [4]
    assert not lines[0].endswith("Z")
    assert ">geen</text>" in picture
    assert ">gelegenheid</text>" in picture


def test_two_gaps_leave_two_pieces() -> None:
    lines = re.findall(r'class="coach" d="([^"]*)"', radar(6, 5, None, 3, 3, None))
    assert sorted(line.count("L") for line in lines) == [1, 1]


@pytest.mark.parametrize("values", [(None,) * 6, (2, None, 2, None, 2, None), (8, None, None, None, None, None)])
def test_nothing_is_drawn_as_nought(values: tuple[int | None, ...]) -> None:
    picture = radar(*values)
    places = re.findall(r'<rect class="[^"]*" x="([^"]*)" y="([^"]*)"', picture)
    assert len(places) == 6
    assert CENTRE not in places
    for line in re.findall(r'class="coach" d="([^"]*)"', picture):
        assert "250.0 222.0" not in line


def test_the_lowest_degree_is_not_a_gap() -> None:
    assert (count("coach-box", radar(*[2] * 6)), count("gap", radar(*[2] * 6))) == (6, 0)


def test_a_trend_breaks_at_a_gap() -> None:
    picture = trend(4, 5, None, 6, 6)
    assert (count("coach-box", picture), count("gap", picture)) == (4, 1)
    assert len(re.findall(r'class="coach"', picture)) == 2
    assert picture.count("geen gelegenheid") == 1


@pytest.mark.parametrize("values", [(None, 4, None, 4, None), (None, None), (4, None, 4, 4, None, None, 4)])
def test_the_word_for_gaps_stands_once_and_covers_none(values: tuple[int | None, ...]) -> None:
    picture = trend(*values)
    (said,) = re.findall(r'class="halo" x="([^"]*)" y="([^"]*)" text-anchor="(\w+)">geen gelegenheid<', picture)
    x, y, anchor = float(said[0]), float(said[1]), said[2]
    left = x - {"start": 0, "middle": 54, "end": 108}[anchor]
    squares = [float(at) for at in re.findall(r'class="gap" x="([^"]*)"', picture)]
    assert 24 <= left <= 304 - 108
    assert y < 112 or all(square + 17 <= left or square >= left + 108 for square in squares)


def test_gaps_stand_below_every_value() -> None:
    picture = trend(2, None, 8)
    values = [float(y) for y in re.findall(r'coach-box" x="[^"]*" y="([^"]*)"', picture)]
    gaps = [float(y) for y in re.findall(r'"gap" x="[^"]*" y="([^"]*)"', picture)]
    assert values[0] > values[1]
    assert min(gaps) > max(values)


@pytest.mark.parametrize(("days", "shown"), [(1, 1), (4, 4), (5, 5), (8, 4)])
def test_many_days_are_thinned_out_and_the_last_stays(days: int, shown: int) -> None:
    picture = trend(*[4] * days)
    assert picture.count('text-anchor="middle"') == shown
    assert picture.count('class="strong"') == 1
    assert count("coach-box", picture) == days


def test_no_language_puts_a_comma_in_a_coordinate() -> None:
    for picture in (radar(3, None, 5, 5, 5, 5), trend(3, 5, None), drawn("dial 1200 20 72000")):
        numbers = " ".join(re.findall(r'(?:d|x|y|viewBox|data-\w+)="([^"]*)"', picture))
        assert numbers
        assert "," not in numbers


def test_figures_have_a_decimal_comma_and_a_gap_its_word() -> None:
    line = built((6, None, 3)).aspects[0]
    template = Template("{% load profile %}{% for value in line.values %}{{ value|degree }}|{% endfor %}")
    for language, figures in (("nl", "3,0|geen gelegenheid|1,5|"), ("en", "3.0|no occasion|1.5|")):
        with translation.override(language):
            assert template.render(Context({"line": line})) == figures


def both(coach: list[tuple[dt.date, int | None]], own: list[tuple[dt.date, int | None]]) -> Mirrors:
    """Two mirrors of six aspects that all went alike."""
    names = [profile.AspectName(number, f"a{number}", f"Aspect {number}", f"A{number}") for number in range(1, 7)]
    looks = [profile.Look(number, day, 20) for number, (day, _halves) in enumerate(coach)]
    readings = [(number, name.number, halves) for number, (_day, halves) in enumerate(coach) for name in names]
    seen = profile.build(aspects=names, looks=looks, readings=readings, points=[])
    mine = [
        profile.AspectLine(name.number, name.key, name.name, name.short_name, tuple(halves for _day, halves in own))
        for name in names
    ]
    rounds = [Round(number, day, "sealed", 9) for number, (day, _halves) in enumerate(own)]
    return mirrors.side_by_side(seen, rounds=rounds, own=mine)


def test_days_of_both_mirrors_share_one_line_of_time() -> None:
    first, second, third = (dt.date(2026, month, 1) for month in (3, 5, 9))
    found = both([(second, 4), (third, None)], [(first, 5), (second, 4), (third, None)])
    assert [(column.day, column.visit, column.scan) for column in found.columns] == [
        (first, None, 0),
        (second, 0, 1),
        (third, 1, 2),
    ]
    picture = drawn("trend line mirrors", line=found.lines[0], mirrors=found)
    assert (picture.count("own-dot"), picture.count("coach-box"), picture.count('class="gap"')) == (2, 1, 1)


def test_mirrors_that_agree_ask_nothing() -> None:
    day = dt.date(2026, 3, 1)
    assert both([(day, 5)], [(day, 6)]).difference is None
    assert both([(day, None)], [(day, 6)]).difference is None
    assert both([], [(day, 6)]).difference is None
    found = both([(day, 4)], [(day, 6)]).difference
    assert found
    assert found.apart == 2


def test_the_own_value_is_that_of_the_last_round_that_asked() -> None:
    days = [dt.date(2026, month, 1) for month in (3, 5)]
    assert both([], [(days[0], 5), (days[1], None)]).lines[0].own_latest == 5


def days_of(count: int, *, every: int, start: dt.date = dt.date(2022, 9, 1)) -> list[tuple[dt.date, int | None]]:
    """So many rounds, so many days apart."""
    return [(start + dt.timedelta(days=every * number), 2 + number % 7) for number in range(count)]


def dots_in(picture: str) -> list[float]:
    return [float(x) for x in re.findall(r'own-dot" cx="([^"]*)"', picture)]


def test_twenty_rounds_in_five_years_stay_apart() -> None:
    found = both([], days_of(20, every=90))
    picture = drawn("trend line mirrors", line=found.lines[0], mirrors=found)
    xs = dots_in(picture)
    assert len(xs) == 20
    assert min(right - left for left, right in itertools.pairwise(xs)) >= 11.9  # dots are 8 wide
    assert xs[0] >= 24
    assert xs[-1] <= 304


def test_the_line_of_time_is_true() -> None:
    """A round after a year stands four times as far as one after three months."""
    start = dt.date(2025, 9, 1)
    found = both([], [(start, 4), (start + dt.timedelta(days=91), 5), (start + dt.timedelta(days=455), 6)])
    first, second, third = dots_in(drawn("trend line mirrors", line=found.lines[0], mirrors=found))
    assert (third - second) / (second - first) == pytest.approx(4, abs=0.05)


def test_school_years_are_marked_and_one_year_is_not() -> None:
    one, several = both([], days_of(3, every=60)), both([], days_of(4, every=330))
    assert "2022-2023" not in drawn("trend line mirrors", line=one.lines[0], mirrors=one)
    picture = drawn("trend line mirrors", line=several.lines[0], mirrors=several)
    assert picture.count('class="axis"') == 2
    assert re.findall(r">(20\d\d-20\d\d)<", picture) == ["2022-2023", "2023-2024", "2024-2025"]


def test_where_a_year_has_little_room_all_have_short_names() -> None:
    found = both([], days_of(4, every=250))
    picture = drawn("trend line mirrors", line=found.lines[0], mirrors=found)
    assert re.findall(r">(\d\d-\d\d)<", picture) == ["22-23", "23-24"]
    assert "2022-2023" not in picture


def test_a_trend_is_told_to_who_hears_it() -> None:
    found = both([(dt.date(2026, 3, 1), None), (dt.date(2026, 9, 1), 5)], [(dt.date(2026, 2, 1), 3)])
    picture = drawn("trend line mirrors", line=found.lines[0], mirrors=found)
    assert 'role="img"' in picture
    assert ">Jullie zelf: 1,5 op 1 feb. De coach: 2,5 op 1 sep.</desc>" in picture


def test_halos_tell_alike_from_mixed_and_nothing_of_fewer_than_eight() -> None:
    def plot(halves: int | None, spread: str) -> str:
        reading = picture_rules.Reading(halves, spread)
        with translation.override("nl"):
            return Template("{% load scans %}{% dot_plot reading scale=False %}").render(Context({"reading": reading}))

    widths = [
        float(re.findall(r'class="spread".*? width="([^"]*)"', plot(6, spread))[0]) for spread in ("alike", "mixed")
    ]
    assert widths[0] < widths[1]
    assert "spread" not in plot(6, "")
    gap = plot(None, "")
    assert "own-dot" not in gap
    assert 'class="gap"' in gap
    assert "niet gehoord" not in gap
