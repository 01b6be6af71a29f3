"""The self-scan on paper: the sheets to print, and the one page that takes them over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from cards.models import Behaviour
from observations import actions, queries
from observations.models import ScanAnswer, SelfScan
from observations.queries import Answer
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, SHAPE
from workgroups.models import Guest

EVERY = sum(SHAPE.values())


def at(name: str, pk: int, slug: str = "de-wilg") -> str:
    return reverse(f"observations:{name}", args=[slug, pk])


def ticked(cast: TestCast, *keys: str) -> dict[str, str]:
    """The answers of these cards as a browser sends them; the first sentence has a manner."""
    lines = Behaviour.objects.filter(aspect__key__in=keys).order_by("pk")
    degrees = {f"degree-{line.pk}": "3" for line in lines}
    return degrees | {f"manner-{lines[0].pk}": "Vooral aan het eind"}


@pytest.fixture
def today(cast: TestCast) -> Iterator[TestCast]:
    """The group of Els works on the first card."""
    with time_machine.travel(NOW, tick=False):
        factories.period(cast.reading, cast.aspects["openness"])
        yield cast


def test_the_sheet_is_about_the_card_in_focus_or_all_six(today: TestCast, as_: Any) -> None:
    browser, page = as_(today.carla), at("scan-sheet", today.reading.pk)
    text = browser.get(page).content.decode()
    assert text.count('class="box"') == SHAPE["openness"] * 5
    assert "<svg role=" in text
    text = browser.get(f"{page}?about=all").content.decode()
    assert text.count('class="box"') == EVERY * 5
    assert text.count('class="card leaf') == len(SHAPE)
    text = as_(today.joris).get(at("scan-sheet", today.maths.pk)).content.decode()
    assert text.count('class="box"') == EVERY * 5


def test_it_takes_over_a_round_of_which_one_card_in_the_middle_was_missing(today: TestCast) -> None:
    by, lines = today.hat("carla"), list(Behaviour.objects.all())
    given: dict[str, Any] = {"group": today.reading, "aspect": None, "by": by, "now": NOW}
    scan = actions.open_scan(**given, way="together", closes_at=None)
    for one in today.aspects.values():
        if one.number != 3:
            answers = {line.pk: Answer(2) for line in lines if line.aspect_id == one.pk}
            actions.answer_scan(scan=scan, aspect=one, answers=answers, by=by, now=NOW)
    whole = actions.enter_scan(**given, answers={line.pk: Answer(3) for line in lines})
    revealed = queries.reveal_of(whole)
    assert (whole.pk, revealed is not None) == (scan.pk, True)
    assert {row.halves for row in revealed.rows} == {6}  # type: ignore[union-attr]


def test_one_page_makes_the_picture(today: TestCast, as_: Any) -> None:
    browser, page = as_(today.carla), at("scan-paper", today.reading.pk)
    answer = browser.post(page, ticked(today, "openness"))
    scan = SelfScan.objects.get()
    assert answer["Location"] == at("scan", scan.pk)
    assert (scan.way, scan.state, scan.aspect) == ("together", "revealed", today.aspects["openness"])
    reveal = queries.reveal_of(scan)
    assert reveal is not None
    assert [row.halves for row in reveal.rows] == [6] * SHAPE["openness"]
    assert not ScanAnswer.objects.exists()
    assert "Vooral aan het eind" in browser.get(answer["Location"]).content.decode()


def test_all_six_at_once(today: TestCast, as_: Any) -> None:
    page = f"{at('scan-paper', today.reading.pk)}?about=all"
    assert as_(today.carla).post(page, ticked(today, *SHAPE)).status_code == 302
    reveal = queries.reveal_of(SelfScan.objects.get(aspect=None))
    assert reveal is not None
    assert len(reveal.rows) == EVERY


def test_a_sentence_without_a_tick_is_asked_for_and_nothing_is_lost(today: TestCast, as_: Any) -> None:
    sent = ticked(today, "openness")
    missing = next(iter(sent))
    answer = as_(today.carla).post(at("scan-paper", today.reading.pk), sent | {missing: ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]
    assert "Vooral aan het eind" in answer.content.decode()
    assert not SelfScan.objects.exists()


def test_a_round_that_the_group_began_together_is_finished(today: TestCast, as_: Any) -> None:
    given: dict[str, Any] = {"by": today.hat("els"), "now": NOW}
    scan = actions.open_scan(group=today.reading, aspect=None, way="together", closes_at=None, **given)
    lines = [line for line in queries.behaviours_of(scan) if line.aspect.key == "openness"]
    answers = {line.pk: Answer(2, "Eerder") for line in lines}
    actions.answer_scan(scan=scan, aspect=lines[0].aspect, answers=answers, **given)
    page = f"{at('scan-paper', today.reading.pk)}?about=all"
    assert "Eerder" in as_(today.carla).get(page).content.decode()
    assert as_(today.carla).post(page, ticked(today, *SHAPE)).status_code == 302
    assert SelfScan.objects.get().state == "revealed"


def test_another_round_under_way_is_not_disturbed(today: TestCast, as_: Any) -> None:
    given: dict[str, Any] = {"by": today.hat("els"), "now": NOW}
    actions.open_scan(group=today.reading, aspect=None, way="together", closes_at=None, **given)
    answer = as_(today.carla).post(at("scan-paper", today.reading.pk), ticked(today, "openness"))
    assert answer.status_code == 422
    assert SelfScan.objects.get().state == "open"
    with pytest.raises(actions.DegreesMissing):
        actions.enter_scan(group=today.reading, aspect=None, answers={1: Answer(3)}, **given)
    assert not ScanAnswer.objects.exists()


@pytest.mark.parametrize("who", ["anna", "joris", "bram", "daan"])
def test_it_needs_a_seat(today: TestCast, as_: Any, who: str) -> None:
    Guest.objects.create(
        school=today.reading.school, group=today.reading, user=today.bram, from_date=factories.LONG_AGO
    )
    for name in ("scan-sheet", "scan-paper"):
        assert as_(today.people[who]).get(at(name, today.reading.pk)).status_code == 404
    assert as_(today.people[who]).post(at("scan-paper", today.reading.pk)).status_code == 404


def test_they_cost_the_same_for_one_card_and_for_six(today: TestCast, as_: Any, django_assert_num_queries: Any) -> None:
    browser = as_(today.carla)
    for name, queries_ in (("scan-sheet", 11), ("scan-paper", 11)):
        page = at(name, today.reading.pk)
        browser.get(page)
        for about in ("", "?about=all"):
            with django_assert_num_queries(queries_):
                browser.get(page + about)
