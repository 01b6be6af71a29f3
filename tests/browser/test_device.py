"""What the device's own store does under a visit: two windows, tries without an answer, no room, and the worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from observations import actions
from observations.models import Observation
from schools import tenancy
from tests import factories
from tests.browser import field as fields
from tests.browser.conftest import leaving
from tests.browser.field import Device, Field

pytestmark = pytest.mark.browser
WELL = "Er wordt  “echt” doorgevraagd, é én stil gewacht.\nTwee keer zelfs. "
CHANCE = "Zeg eerst wat jullie al weten."
CLEAR = "async (person) => (await import(document.body.dataset.device)).clearOf(person)"


@pytest.fixture
def field(
    transactional_db: None, live_server: LiveServer, browser: Browser, browser_type_launch_args: dict[str, Any]
) -> Iterator[Field]:
    """Bram in the field."""
    with fields.opened(live_server, browser, browser_type_launch_args) as field:
        yield field


def _noting(field: Field, folder: Path | None = None) -> Device:
    """Bram has listened for a moment, and his notes are open."""
    bram = field.device(folder=folder)
    bram.open()
    bram.listen()
    bram.says("sent")
    return bram


def _row(bram: Device) -> dict[str, Any]:
    (row,) = bram.rows() or []
    return row


def _write_elsewhere(field: Field, **notes: tuple[str, str]) -> None:
    """Other words come to school from somewhere else."""
    with tenancy.acting_for_system("tests"):
        row = Observation.objects.get(visit=field.visit)
        field.visit.refresh_from_db()
        bram = factories.hat(field.cast.people["bram"], field.cast.schools["de-wilg"])
        given: dict[str, Any] = {
            "visit": field.visit,
            "listened": None,
            "marks": {},
            "pairs": [],
            "version": row.version,
        }
        actions.log_observation(id=row.pk, notes=notes, by=bram, now=row.updated_at, **given)


def test_two_windows_know_of_each_other(field: Field) -> None:
    bram = _noting(field)
    one, other = bram.page, bram.context.new_page()
    other.goto(field.path)
    one.fill("[name=well-openness]", WELL)
    expect(other.locator("[name=well-openness]")).to_have_value(WELL)
    other.fill("[name=chances-openness]", CHANCE)
    expect(one.locator("[name=chances-openness]")).to_have_value(CHANCE)
    bram.says("sent")
    bram.says("sent", page=other)
    assert field.notes() == {"openness": (WELL.strip(), CHANCE)}


def test_two_windows_that_do_not_hear_each_other_overwrite_nothing(field: Field) -> None:
    bram = _noting(field)
    one = bram.page
    deaf = bram.context.new_page()
    deaf.add_init_script("BroadcastChannel = class { postMessage() {} addEventListener() {} }")
    deaf.goto(field.path)
    bram.says("sent", page=deaf)
    with field.is_cut():
        one.fill("[name=well-openness]", WELL)
        bram.says("waiting")
        deaf.fill("[name=chances-openness]", CHANCE)
        expect(deaf.locator("[name=well-openness]")).to_have_value(WELL)
        one.fill("[name=well-openness]", "Van het ene venster")
        bram.has_kept("well-openness", "Van het ene venster")
        deaf.fill("[name=well-openness]", "Van het andere venster")
        bram.says("conflict", page=deaf)
        assert _row(bram)["fields"]["well-openness"] == "Van het andere venster"
        assert _row(bram)["theirs"] == {"well-openness": "Van het ene venster"}
        deaf.reload()
        both = deaf.locator("[data-theirs-of=well-openness]")
        expect(both.locator("[data-words]")).to_have_text("Van het ene venster")
        both.locator("[data-both]").click()
        expect(deaf.locator("[data-theirs-of]")).to_have_count(0)
        expect(deaf.locator("[name=well-openness]")).to_have_value("Van het andere venster\nVan het ene venster")
    bram.says("sent", page=deaf)
    assert field.notes() == {"openness": ("Van het andere venster\nVan het ene venster", CHANCE)}


def test_words_after_a_lost_answer_are_no_conflict(field: Field) -> None:
    bram = _noting(field)
    page = bram.page
    field.line.state = "lying"
    page.fill("[name=well-openness]", "Eerst")
    bram.says("waiting")
    page.fill("[name=well-openness]", "Eerst dit, daarna meer")
    page.fill("[name=chances-openness]", CHANCE)
    expect(page.locator("[name=chances-openness]")).to_have_value(CHANCE)
    assert field.notes() == {"openness": ("Eerst", "")}
    field.line.state = "up"
    page.reload()
    bram.says("sent")
    assert field.notes() == {"openness": ("Eerst dit, daarna meer", CHANCE)}
    assert page.locator("[data-theirs-of]").count() == 0


def test_other_words_at_school_stand_beside_ones_own(field: Field) -> None:
    bram = _noting(field)
    page = bram.page
    page.fill("[name=well-openness]", "Begin")
    bram.says("sent")
    with field.is_cut():
        page.fill("[name=well-openness]", "Van mijn tablet")
        page.fill("[name=chances-openness]", CHANCE)
        bram.says("waiting")
        _write_elsewhere(field, openness=("Van mijn telefoon", ""), feedback=("Alleen daar", ""))
    bram.says("conflict")
    expect(page.locator("[name=well-openness]")).to_have_value("Van mijn tablet")
    expect(page.locator("[name=well-feedback]")).to_have_value("Alleen daar")
    assert page.locator("[data-theirs-of]").count() == 1
    assert field.notes() == {"openness": ("Van mijn telefoon", ""), "feedback": ("Alleen daar", "")}
    page.click("[data-steps] a[href='#pairs']")
    page.click("[data-find]")
    expect(page.locator("[data-theirs-of=well-openness] [data-mine]")).to_be_focused()
    page.keyboard.press("Enter")
    bram.says("sent")
    assert field.notes() == {"openness": ("Van mijn tablet", CHANCE), "feedback": ("Alleen daar", "")}


def test_half_a_pair_is_never_said_to_be_at_school(field: Field) -> None:
    bram = _noting(field)
    page = bram.page
    page.click("[data-go=pairs]")
    page.fill("[name=p1-strong]", "Jullie vragen door")
    bram.says("half")
    page.click("[data-go=ready]")
    expect(page.locator("[data-no-pair]")).to_be_visible()
    page.click("[data-step=ready] [data-go=pairs]")
    page.select_option("[name=p1-strong_aspect]", "openness")
    page.fill("[name=p1-improvement]", "Wacht even, Els, voor je antwoordt")
    page.select_option("[name=p1-improvement_aspect]", "feedback")
    expect(page.locator("[data-hint]")).to_contain_text("Els")
    bram.says("sent")
    page.click("[data-go=ready]")
    expect(page.locator("[data-share]")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("[data-share]")).to_be_hidden()
    page.context.set_offline(False)


def test_what_does_not_fit_is_not_called_saved(field: Field, tmp_path: Path) -> None:
    bram = _noting(field, tmp_path)
    page = bram.page
    tools = bram.context.new_cdp_session(page)
    with field.is_cut():
        # Chromium asks after its room anew for a database that it opens anew, a while after it was let go.
        page.goto("about:blank")
        page.wait_for_timeout(4000)
        tools.send("Storage.overrideQuotaForOrigin", {"origin": field.line.address, "quotaSize": 1})
        page.goto(field.path)
        page.fill("[name=well-openness]", WELL)
        bram.says("full")
        assert "well-openness" not in _row(bram)["fields"]
        tools.send("Storage.overrideQuotaForOrigin", {"origin": field.line.address})
        bram.says("waiting")
        assert _row(bram)["fields"]["well-openness"] == WELL


def test_a_cleared_database_is_filled_again_from_the_page(field: Field) -> None:
    bram = _noting(field)
    page = bram.page
    tools = bram.context.new_cdp_session(page)
    with field.is_cut():
        page.fill("[name=well-openness]", WELL)
        bram.says("waiting")
        tools.send("Storage.clearDataForOrigin", {"origin": field.line.address, "storageTypes": "indexeddb"})
        page.fill("[name=chances-openness]", CHANCE)
        expect(page.locator("[data-unsent-line] b")).to_contain_text("2 aantekeningen")
        assert _row(bram)["fields"] == {"well-openness": WELL, "chances-openness": CHANCE}
    bram.says("sent")
    assert field.notes() == {"openness": (WELL.strip(), CHANCE)}


def test_pages_without_a_network(field: Field) -> None:
    bram = _noting(field)
    page = bram.page
    page.fill("[name=well-openness]", WELL)
    bram.says("sent")
    with field.is_cut():
        page.goto("/s/de-wilg/")
        expect(page.locator("ul[data-kept] a")).to_have_count(1)
        page.click("ul[data-kept] a")
        expect(page.locator("[name=well-openness]")).to_have_value(WELL)
        page.goto(f"/s/de-wilg/visits/{field.visit.pk}/notes/")
        assert page.url.endswith(field.path)
        expect(page.locator("[name=well-openness]")).to_have_value(WELL)
    field.line.state = "lying"
    page.goto(field.path)
    expect(page.locator("[name=well-openness]")).to_have_value(WELL)
    field.line.state = "up"


def test_signing_out_elsewhere_leaves_no_words_on_the_screen(field: Field) -> None:
    bram = _noting(field)
    one, other = bram.page, bram.context.new_page()
    other.goto(field.path)
    bram.says("sent", page=other)
    person = field.cast.people["bram"].pk
    with leaving(other):
        assert one.evaluate(CLEAR, str(person))
    assert other.url.endswith(f"/visits/{field.visit.pk}/")
    assert bram.left_behind()["databases"] == []


def test_the_clock_counts_from_moments(field: Field) -> None:
    bram = field.device()
    page = bram.page
    page.clock.install()
    page.goto(field.path)
    bram.says("ready")
    page.click("[data-start]")
    expect(page.locator("[data-step=listen] h1")).to_be_visible()
    with field.is_cut():
        page.clock.fast_forward("12:00")
        expect(page.locator(".dial .minutes")).to_have_text("12")
        page.reload()
        expect(page.locator("[data-step=listen] h1")).to_be_visible()
        page.clock.fast_forward("08:00")
        expect(page.locator(".dial .minutes")).to_have_text("20")
        page.click("[data-step=listen] [data-go=stop]:visible")
        expect(page.locator("[data-step=stop] [data-late]")).to_be_visible()
        expect(page.locator("[data-step=stop] [data-minutes]")).to_have_text("20")
        page.click("[data-stop]")
        assert _row(bram)["listened"] == 20
