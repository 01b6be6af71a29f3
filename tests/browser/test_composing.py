"""After listening each page leads to the next: notes, points chosen from them, sharing; also without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from observations.models import AspectNote, FeedbackPair, Visit
from schools import tenancy
from tests.browser.conftest import Visitor, press

pytestmark = pytest.mark.browser
SEE = "text=Bekijk hoe de groep het leest"
NOTES = {
    "openness": ("Vier keer doorgevraagd.\nIedereen sprak uit.", "Snel voorbij aan de twijfel."),
    "substantiating": ("Redenen genoemd.", "Niemand zei wat ertegen pleit."),
}


def _noted() -> Visit:
    """A visit of the story before its feedback was written, with notes of a few lines."""
    with tenancy.acting_for_system("tests"):
        visit = Visit.objects.filter(group__name="Begrijpend lezen", state="shared").latest("pk")
        Visit.objects.filter(pk=visit.pk).update(state="noting", shared_at=None, forgotten_on=None)
        visit.readings.all().delete()
        observation = visit.observation
        observation.pairs.all().delete()
        observation.notes.all().delete()
        aspects = {aspect.key: aspect for aspect in visit.group.periods.latest("pk").aspect.edition.aspects.all()}
        AspectNote.objects.bulk_create(
            AspectNote(
                observation=observation,
                school_id=visit.school_id,
                group_id=visit.group_id,
                aspect=aspects[key],
                going_well=well,
                chances=chances,
            )
            for key, (well, chances) in NOTES.items()
        )
        return visit


def _line(page: Page, words: str) -> Any:
    return page.locator("button.take", has_text=words)


def _point(page: Page, pair: int, side: str) -> str:
    return page.locator(f"#id_p{pair}-{side}").input_value()


def _pairs(visit: Visit) -> list[tuple[str, str, str, str]]:
    names = ("strong_aspect__key", "strong", "improvement_aspect__key", "improvement")
    with tenancy.acting_for_system("tests"):
        rows = FeedbackPair.objects.filter(observation__visit=visit).order_by("position")
        return list(rows.values_list(*names))


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)])
def test_a_line_becomes_a_point_at_once(visit_as: Any, width: int, dark: bool) -> None:
    visit = _noted()
    bram: Visitor = visit_as("bram", width=width, dark=dark)
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/feedback/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if "favicon" not in request.url else None)
    _line(page, "Vier keer doorgevraagd.").click()
    _line(page, "Niemand zei wat ertegen pleit.").click()
    assert _point(page, 1, "strong") == "Vier keer doorgevraagd."
    assert (_point(page, 1, "strong_aspect"), _point(page, 1, "improvement_aspect")) == ("openness", "substantiating")
    expect(_line(page, "Vier keer doorgevraagd.")).to_contain_text("In paar 1", use_inner_text=True)
    expect(_line(page, "Iedereen sprak uit.")).to_contain_text("Gebruik", use_inner_text=True)
    assert asked == []

    helped = page.locator(".card", has=page.locator("#id_p1-strong")).locator("details.starts")
    helped.locator("summary").click()
    helped.locator("button", has_text="Jullie vroegen door toen …").click()
    assert _point(page, 1, "strong") == "Jullie vroegen door toen Vier keer doorgevraagd."
    helped.locator("button", has_text="Een andere kijk kreeg ruimte, want …").click()
    assert _point(page, 1, "strong") == "Een andere kijk kreeg ruimte, want Vier keer doorgevraagd."
    assert page.evaluate("document.activeElement.id") == "id_p1-strong"
    page.select_option("#id_p1-strong_aspect", "feedback")
    expect(helped.locator("button").first).to_have_text("Jullie vroegen elkaar om hulp toen …")
    assert bram.find_barriers() == []

    page.fill("#id_p1-strong", "Jullie vroegen vier keer door.")
    expect(_line(page, "Vier keer doorgevraagd.")).to_contain_text("Gebruik", use_inner_text=True)
    press(page, SEE)
    expected = ("feedback", "Jullie vroegen vier keer door.", "substantiating", "Niemand zei wat ertegen pleit.")
    assert _pairs(visit) == [expected]


@pytest.mark.parametrize("scripts", [True, False])
def test_where_a_pair_more_is_needed_it_comes_with_the_words(visit_as: Any, scripts: bool) -> None:
    visit = _noted()
    bram: Visitor = visit_as("bram", width=360)
    page = bram.page
    if not scripts:
        page.context.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    bram.go(f"/s/de-wilg/visits/{visit.pk}/feedback/")
    _take(page, "Vier keer doorgevraagd.", leads=not scripts)
    _take(page, "Niemand zei wat ertegen pleit.", leads=not scripts)
    page.fill("#id_p1-improvement", "Zeg ook wat ertegen pleit.")
    _take(page, "Redenen genoemd.", leads=True)
    _take(page, "Snel voorbij aan de twijfel.", leads=not scripts)
    assert (_point(page, 1, "strong"), _point(page, 1, "improvement")) == (
        "Vier keer doorgevraagd.",
        "Zeg ook wat ertegen pleit.",
    )
    assert (_point(page, 2, "strong"), _point(page, 2, "strong_aspect")) == ("Redenen genoemd.", "substantiating")
    assert bram.find_barriers() == []
    press(page, SEE)
    assert page.url.endswith("/share/")
    assert [row[0] for row in _pairs(visit)] == ["openness", "substantiating"]


def _take(page: Page, words: str, *, leads: bool) -> None:
    if leads:
        press(page, _line(page, words))
    else:
        _line(page, words).click()


def test_all_full_is_told_and_a_chosen_line_leads_to_its_point(visit_as: Any) -> None:
    visit = _noted()
    bram: Visitor = visit_as("bram")
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/feedback/")
    for words in ("Vier keer doorgevraagd.", "Iedereen sprak uit.", "Redenen genoemd."):
        _take(page, words, leads=words != "Vier keer doorgevraagd.")
    _line(page, "Iedereen sprak uit.").click()
    assert page.evaluate("document.activeElement.id") == "id_p2-strong"
    page.fill("#id_p2-strong", "Iets anders.")
    _line(page, "Iedereen sprak uit.").click()
    expect(page.locator("[data-full]")).to_be_visible()
    assert [_point(page, pair, "strong") for pair in (1, 2, 3)] == [
        "Vier keer doorgevraagd.",
        "Iets anders.",
        "Redenen genoemd.",
    ]
    assert bram.find_barriers() == []


def test_a_choice_comes_back_with_its_card_after_the_browser_was_closed(visit_as: Any) -> None:
    visit = _noted()
    bram: Visitor = visit_as("bram")
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/feedback/")
    _line(page, "Vier keer doorgevraagd.").click()
    page.goto("about:blank")
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/feedback/")
    assert (_point(page, 1, "strong"), _point(page, 1, "strong_aspect")) == ("Vier keer doorgevraagd.", "openness")
    expect(_line(page, "Vier keer doorgevraagd.")).to_contain_text("In paar 1", use_inner_text=True)
