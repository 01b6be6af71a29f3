"""Shared talk at a glance: the words of now and before, and pictures that say no more than the words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from observations.outlook import LeaderAspect, LeaderView, LeaderVisit
from observations.profile import Word
from samenspraak import glances

SELDOM, SOMETIMES, OFTEN = Word
DAYS = [dt.date(2026, month, 10) for month in range(1, 9)]


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def _glance(coach: tuple[Word | None, ...] = (), own: tuple[Word | None, ...] = ()) -> glances.Glance:
    """The first aspect of a group: a visit on the tenth of each month, and own rounds in the same months."""
    aspect = LeaderAspect(1, "openness", "Openness", "Open", coach, own)
    visits = tuple(LeaderVisit(day) for day, _word in zip(DAYS, coach, strict=False))
    months = tuple(day.replace(day=1) for day, _word in zip(DAYS, own, strict=False))
    [found] = glances.glances(LeaderView(1, visits, months, (aspect,)))
    return found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), ""),
        ((OFTEN,), "often"),
        ((SELDOM, OFTEN), "often, before that seldom"),
        ((SELDOM, SOMETIMES, SOMETIMES), "sometimes, as before"),
        ((SELDOM, None, OFTEN), "often, before that seldom"),
        ((SELDOM, None), "no occasion, before that seldom"),
        ((None, None), "no occasion"),
    ],
)
def test_the_coach_is_told_in_words(words: tuple[Word | None, ...], told: str) -> None:
    assert _glance(coach=words).coach == told


def test_a_round_that_did_not_ask_is_no_gap() -> None:
    found = _glance(own=(SELDOM, None))
    assert found.own == "seldom"
    assert found.picture
    assert (found.picture.gaps, found.picture.dots.count("M")) == ("", 1)


def test_one_moment_needs_no_picture() -> None:
    assert _glance(coach=(OFTEN,)).picture is None


def test_more_often_stands_higher_and_both_share_one_scale() -> None:
    picture = _glance(coach=(SELDOM, OFTEN), own=(SELDOM, OFTEN)).picture
    assert picture
    assert picture.own == "M10 35L50 7"
    assert picture.coach == "M30 35L70 7"
    assert (picture.dots.count("M"), picture.boxes.count("M")) == (2, 2)


def test_a_gap_breaks_the_line_and_lies_below_every_word() -> None:
    picture = _glance(coach=(SELDOM, SOMETIMES, None, OFTEN, OFTEN)).picture
    assert picture
    assert picture.coach == "M10 35L30 21M70 7L90 7"
    assert picture.gaps == "M45 44h10v10h-10z"


def test_a_long_story_keeps_its_latest_moments() -> None:
    picture = _glance(coach=(SELDOM, SELDOM, *[OFTEN] * glances.LATEST)).picture
    assert picture
    assert picture.coach.startswith("M10 7")
    assert picture.boxes.count("M") == glances.LATEST
