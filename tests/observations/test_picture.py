"""The rule of what a group may read, counted out exactly: how much does one who knows the own answer learn?"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import product

import pytest

from observations import picture
from observations.picture import Reading

# How answers are spread over the four degrees (domain rule), and what the rule allows.
Drawn = dict[int | None, Fraction]
DRAWN: Drawn = {1: Fraction(1, 10), 2: Fraction(3, 10), 3: Fraction(4, 10), 4: Fraction(2, 10)}
BLIND = max(DRAWN.values())
GAIN_AT_MOST = Fraction(15, 100)
CERTAIN_AT_MOST = Fraction(3, 100)

Answers = tuple[int | None, ...]
Seen = tuple[int | None, Reading]
Chances = dict[Seen, dict[int | None, Fraction]]


def others(count: int, drawn: Drawn) -> dict[Answers, Fraction]:
    """Every set of answers of so many people, with its chance."""
    sets: dict[Answers, Fraction] = {(): Fraction(1)}
    for _person in range(count):
        more: dict[Answers, Fraction] = defaultdict(Fraction)
        for (answers, chance), (degree, share) in product(sets.items(), drawn.items()):
            more[tuple(sorted((*answers, degree), key=str))] += chance * share
        sets = more
    return sets


def chances(voices: int, drawn: Drawn = DRAWN) -> Chances:
    """Per own answer and shown reading: how likely each answer of one colleague is together with it."""
    found: Chances = defaultdict(lambda: defaultdict(Fraction))
    rest = others(voices - 2, drawn)
    for own, colleague in product(drawn, repeat=2):
        for answers, chance in rest.items():
            seen = own, picture.sealed((own, colleague, *answers))
            found[seen][colleague] += drawn[own] * drawn[colleague] * chance
    return found


def gain(found: Chances, drawn: Drawn = DRAWN) -> Fraction:
    """How much more often a guess at a colleague's answer is right than the best blind one."""
    return sum((max(of.values()) for of in found.values()), Fraction()) - max(drawn.values())


def certain(found: Chances) -> Fraction:
    """How often a colleague's answer is beyond doubt."""
    return sum((sum(of.values(), Fraction()) for of in found.values() if len(of) == 1), Fraction())


# What the display gives away, in points of a hundred and to four places: change the display and this fails first.
@pytest.mark.parametrize(
    ("voices", "points", "certainty"), [(4, 7.07, 0.12), (5, 5.216, 0.018), (6, 3.4974, 0), (7, 2.3177, 0)]
)
def test_who_knows_the_own_answer_learns_little_of_one_colleague(voices: int, points: float, certainty: float) -> None:
    found = chances(voices)
    assert sum(sum(of.values(), Fraction()) for of in found.values()) == 1
    assert gain(found) <= GAIN_AT_MOST
    assert certain(found) <= CERTAIN_AT_MOST
    assert float(100 * gain(found)) == pytest.approx(points, abs=1e-4)
    assert float(100 * certain(found)) == pytest.approx(certainty, abs=1e-4)


@pytest.mark.parametrize("voices", [4, 5, 6, 7])
def test_no_own_answer_learns_more_than_the_rule_allows(voices: int) -> None:
    """Not on the average only: whatever the own answer was."""
    found = chances(voices)
    for own, share in DRAWN.items():
        mine = {seen: of for seen, of in found.items() if seen[0] == own}
        assert (gain(mine) + BLIND) / share - BLIND <= GAIN_AT_MOST
        assert certain(mine) / share <= CERTAIN_AT_MOST


@pytest.mark.parametrize("voices", [4, 5, 6, 7, 8])
@pytest.mark.parametrize("silent", [Fraction(1, 10), Fraction(3, 10)])
def test_neither_does_a_gap_tell_more(voices: int, silent: Fraction) -> None:
    """Where some cannot say: that too is an answer which somebody may want to guess."""
    drawn: Drawn = {**{degree: share * (1 - silent) for degree, share in DRAWN.items()}, None: silent}
    found = chances(voices, drawn)
    assert gain(found, drawn) <= GAIN_AT_MOST
    assert certain(found) <= CERTAIN_AT_MOST


@pytest.mark.parametrize("voices", [8, 9])
def test_the_spread_from_eight_on_tells_no_more_than_four_do(voices: int) -> None:
    found = chances(voices)
    assert {reading.spread for _own, reading in found} == {"alike", "mixed"}
    assert gain(found) <= gain(chances(4))
    assert certain(found) <= certain(chances(4))


def test_the_count_finds_what_a_careless_display_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bare mean: of two voices it says everything, and of four more than the halves say."""
    by_rule = chances(4)
    monkeypatch.setattr(picture, "sealed", lambda degrees: Reading(sum(degrees)))
    assert (gain(chances(2)), certain(chances(2))) == (1 - BLIND, Fraction(1))
    bare = chances(4)
    assert gain(bare) > gain(by_rule)
    assert certain(bare) > 5 * certain(by_rule)


@pytest.mark.parametrize(
    ("degrees", "halves"),
    [
        ([1, 1, 1, 1], 3),
        ([4, 4, 4, 4], 7),
        ([2, 2, 2, 3], 5),  # 2.25 upwards
        ([2, 2, 3, 4], 6),  # 2.75 upwards
        ([2, 2, 2, 2, 3], 4),
        ([2, 3, 2, 3], 5),
        ([2, 2, 2], None),
        ([2, 2, 2, None, None], None),
        ([2, 2, 2, 2, None], 4),
        ([None] * 9, None),
        ([], None),
    ],
)
def test_halves_of_four_at_least(degrees: list[int | None], halves: int | None) -> None:
    assert picture.sealed(degrees) == Reading(halves)


@pytest.mark.parametrize(
    ("degrees", "spread"),
    [
        ([2] * 7, ""),
        ([2] * 7 + [None], ""),
        ([2] * 8, "alike"),
        ([2] * 4 + [3] * 4, "alike"),
        ([2] * 7 + [4], "mixed"),
        ([1, 4] * 3, ""),
    ],
)
def test_the_spread_is_told_of_eight_at_least(degrees: list[int | None], spread: str) -> None:
    assert picture.sealed(degrees).spread == spread


def test_one_voice_is_shown_as_it_is() -> None:
    assert [picture.together(degree) for degree in (1, 4, None)] == [Reading(2), Reading(8), Reading(None)]


def test_the_order_of_the_reveal() -> None:
    shown = [Reading(None), Reading(6, "mixed"), Reading(4), Reading(5, "alike"), Reading(7, "alike"), Reading(6)]
    assert picture.by_agreement(shown) == [4, 3, 1, 5, 2, 0]
    assert picture.by_agreement([Reading(5), Reading(5), Reading(6)]) == [2, 0, 1]


def test_the_order_tells_nothing_that_is_not_shown() -> None:
    """Seven answers of one mind and seven of two minds, with the same mean: the order of the card decides."""
    one, two = [3] * 7, [4, 4, 4, 3, 2, 2, 2]
    for first, second in ((one, two), (two, one)):
        assert picture.by_agreement([picture.sealed(first), picture.sealed(second)]) == [0, 1]


@pytest.mark.parametrize(("halves", "value"), [([4, 5], 5), ([4, 4, 5], 4), ([7, None], 7), ([None], None), ([], None)])
def test_an_aspect_is_the_mean_of_what_is_shown(halves: list[int | None], value: int | None) -> None:
    assert picture.mean(halves) == value
