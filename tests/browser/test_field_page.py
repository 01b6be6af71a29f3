"""The visit on one page, step by step: no barrier, nothing sideways, and whoever cannot see knows where they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from observations import actions
from observations.models import Observation
from schools import tenancy
from tests import factories
from tests.browser import field as fields
from tests.browser.conftest import Visitor, press
from tests.browser.field import Device, Field

pytestmark = pytest.mark.browser
WELL = "Jullie lieten elkaar uitpraten.\nDe vraag kwam voor het antwoord."


@pytest.fixture
def bram(transactional_db: None, live_server: LiveServer, browser: Browser) -> Iterator[Device]:
    """Bram at the door, his page open."""
    with fields.opened(live_server, browser) as field:
        device = field.device()
        device.open()
        yield device


def barriers_on(page: Page, field: Field) -> list[str]:
    """On a small phone by day, and on a wide screen by night."""
    found = []
    for width, scheme in ((320, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"at {width}: {barrier}" for barrier in Visitor(page, field.line.address).find_barriers()]
    return found


def test_no_step_has_a_barrier(bram: Device) -> None:
    page = bram.page
    found: list[str] = []

    def look(step: str) -> None:
        expect(page.locator(f"[data-step={step}]")).to_be_visible()
        found.extend(f"{step} {barrier}" for barrier in barriers_on(page, bram.field))

    look("before")
    page.click("[data-start]")
    look("listen")
    page.click("[data-go=stop]:visible")
    look("stop")
    page.click("[data-stop]")
    page.locator(".marks").evaluate_all("folds => folds.forEach((fold) => (fold.open = true))")
    look("notes")
    bram.write("well-openness", WELL)
    page.click("[data-go=pairs]")
    page.locator("[data-lines-of] button:visible").first.click()
    bram.write("p1-improvement", "Carla vroeg niet door.")
    page.select_option("[name=p1-improvement_aspect]", "openness")
    look("pairs")
    expect(page.locator("[data-hint]")).to_contain_text("Carla")
    page.click("[data-go=ready]")
    look("ready")
    with bram.field.is_cut():
        expect(page.locator("[data-not-yet]")).to_be_visible()
        look("ready")
        page.goto("/s/de-wilg/")
        expect(page.locator("h1")).to_have_text("Er is geen netwerk")
        found += barriers_on(page, bram.field)
    assert found == []


def test_each_step_is_told_and_can_be_walked_by_keyboard(bram: Device) -> None:
    """The heading takes the focus, so that the next step is read out; the clock itself has one thing to press."""
    page = bram.page
    page.focus("[data-start]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=listen] h1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=stop] h1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=notes] h1")).to_be_focused()
    bram.says("sent")


def test_listening_has_nothing_to_fill_in(bram: Device) -> None:
    """C7: a clock, and one way out."""
    page = bram.page
    page.click("[data-start]")
    expect(page.locator("[data-step=listen]")).to_be_visible()
    seen = page.locator("input:visible, textarea:visible, select:visible")
    assert seen.count() == 0
    assert page.locator("button:visible, a:visible:not(.skip)").count() == 1


def test_the_line_stays_in_sight(bram: Device) -> None:
    """Where the words are can be read while typing in the last field of a phone."""
    bram.listen()
    page = bram.page
    page.set_viewport_size({"width": 360, "height": 640})
    bram.write("chances-feedback", "Vraag er eens om.")
    bram.says("sent")
    page.locator("[name=chances-feedback]").scroll_into_view_if_needed()
    box: Any = page.locator("[data-line]").bounding_box()
    assert 0 <= box["y"] < 100


def test_the_home_and_the_visit_lead_there(bram: Device) -> None:
    """Where scripts run and the browser can keep it; elsewhere the links are the plain pages'."""
    bram.listen()
    bram.says("sent")
    page, field = bram.page, bram.field
    for start in (f"/s/de-wilg/visits/{field.visit.pk}/", "/s/de-wilg/"):
        page.goto(start)
        page.click("a[data-field]")
        expect(page.locator("[data-step=notes]")).to_be_visible()
        assert page.url.endswith(f"{field.path}#notes")


def test_what_school_does_not_take_can_be_let_go(bram: Device) -> None:
    """Feedback was shared from elsewhere; words that came too late are told, can be copied, and go when asked."""
    bram.listen()
    page, field = bram.page, bram.field
    page.click("[data-step=notes] [data-go=pairs]")
    for side in ("strong", "improvement"):
        bram.write(f"p1-{side}", WELL)
        page.select_option(f"[name=p1-{side}_aspect]", "openness")
    bram.says("sent")
    _share(field)
    page.click("[data-steps] a[href='#notes']")
    bram.write("well-openness", "Te laat.")
    bram.says("refused")
    expect(page.locator("[data-sentence]")).to_contain_text("al gedeeld")
    expect(page.get_by_text("Bewaar een kopie")).to_be_visible()
    page.click("[data-says=refused] summary")
    press(page, "[data-says=refused] [data-noticed]")
    assert page.url.endswith(f"/visits/{field.visit.pk}/")
    assert bram.rows() == []
    assert bram.line() == ""


def test_a_visit_that_began_on_the_plain_pages_goes_on_here(bram: Device) -> None:
    """Started there, stopped here without a network; what was written there stands here."""
    field, page = bram.field, bram.page
    with tenancy.acting_for_system("tests"):
        coach = factories.hat(field.cast.bram, field.visit.school, today=timezone.localdate())
        field.visit.refresh_from_db()
        actions.start_listening(visit=field.visit, by=coach, now=timezone.now() - dt.timedelta(minutes=3))
    page.reload()
    expect(page.locator("[data-step=listen]")).to_be_visible()
    expect(page.locator(".minutes")).to_have_text("3")
    with field.is_cut():
        page.click("[data-go=stop]:visible")
        page.click("[data-stop]")
        bram.says("waiting")
    bram.says("sent")
    kept = field.at_school()
    assert kept is not None
    assert (kept.listened, field.visit.state) == (3, "noting")
    with tenancy.acting_for_system("tests"):
        elsewhere = {"notes": {"openness": (WELL, "")}, "marks": {"openness-b1": 4}, "pairs": []}
        given = {"listened": None, "version": kept.version, "by": coach, "now": timezone.now()}
        actions.log_observation(id=kept.pk, visit=field.visit, **elsewhere, **given)  # type: ignore[arg-type]
    page.reload()
    expect(page.locator("[name=well-openness]")).to_have_value(WELL)
    expect(page.locator("[name='mark-openness-b1'][value='4']")).to_be_checked()


def test_what_was_unfolded_stays_open_while_the_page_tries_again(bram: Device) -> None:
    page = bram.page
    page.click("[data-start]")
    page.click("[data-go=stop]:visible")
    page.click("[data-stop]")
    with bram.field.is_cut():
        bram.write("well-openness", WELL)
        page.click("[data-unsent-line] summary")
        line = page.locator("[data-unsent-line]").element_handle()
        bram.write("chances-openness", "Wat gebeurt er als jullie even wachten?")
        page.wait_for_function("line => !line.isConnected", arg=line)
        expect(page.locator("[data-unsent-line] details")).to_have_attribute("open", "")


def _share(field: Field) -> None:
    """With the group, from somewhere else."""
    with tenancy.acting_for_system("tests"):
        observation = Observation.objects.get(visit=field.visit)
        bram = factories.hat(field.cast.bram, observation.school, today=timezone.localdate())
        actions.share_feedback(observation=observation, by=bram, now=timezone.now())
