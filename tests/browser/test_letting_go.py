"""What a device keeps of a visit goes when school let go of it, and when it had its time, whatever page is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from observations import actions
from schools import tenancy
from tests import factories
from tests.browser import field as fields
from tests.browser.conftest import leaving
from tests.browser.field import Device, Field

pytestmark = pytest.mark.browser
WELL = "Er wordt doorgevraagd."
HOME = "/s/de-wilg/"
OLD_ANSWER = """(person) => new Promise((resolve) => {
    const opening = indexedDB.open(`samenspraak-${person}`);
    opening.onsuccess = () => {
        const store = opening.result.transaction("observations", "readwrite").objectStore("observations");
        store.getAll().onsuccess = ({ target }) => target.result.forEach((row) => store.put({ ...row, looked: 0 }));
        store.transaction.oncomplete = () => resolve(opening.result.close());
    };
})"""


@pytest.fixture
def field(
    transactional_db: None, live_server: LiveServer, browser: Browser, browser_type_launch_args: dict[str, Any]
) -> Iterator[Field]:
    """Bram in the field."""
    with fields.opened(live_server, browser, browser_type_launch_args) as field:
        yield field


def _noted(field: Field) -> Device:
    """Bram wrote something, and it is at school."""
    bram = field.device()
    bram.open()
    bram.listen()
    bram.write("well-openness", WELL)
    bram.says("sent")
    assert field.notes() == {"openness": (WELL, "")}
    return bram


def _let(field: Field, *deeds: Callable[..., Any]) -> None:
    """What the chair does for the group."""
    with tenancy.acting_for_system("tests"):
        els = factories.hat(field.cast.els, field.visit.school, today=timezone.localdate())
        for deed in deeds:
            field.visit.refresh_from_db()
            deed(visit=field.visit, by=els, now=timezone.now())


def _share(field: Field) -> None:
    """From another device."""
    kept = field.at_school()
    assert kept
    with tenancy.acting_for_system("tests"):
        school = field.visit.school
        who: dict[str, Any] = {"by": factories.hat(field.cast.people["bram"], school, today=timezone.localdate())}
        pair = actions.Pair("openness", "Jullie vroegen vaak door.", "analysing", "Zeg eerst wat jullie al weten.")
        words: dict[str, Any] = {"notes": {"openness": (WELL, "")}, "marks": {}, "pairs": [pair]}
        about: dict[str, Any] = {"id": kept.pk, "visit": field.visit, "listened": None, "version": kept.version}
        row, _is_new = actions.log_observation(**about, **words, **who, now=timezone.now())
        actions.share_feedback(observation=row, **who, now=timezone.now())


def _words(bram: Device) -> list[Any]:
    return [row["fields"] for row in bram.rows() or []]


def _until(bram: Device, *, words: list[Any]) -> None:
    """Wait for no kept pages and these words."""
    for _try in range(50):
        if (_words(bram), bram.left_behind()["caches"]) == (words, []):
            return
        bram.page.wait_for_timeout(100)
    assert (_words(bram), bram.left_behind()["caches"]) == (words, [])


def _later(page: Page, **time: int) -> None:
    page.clock.set_system_time(timezone.now() + dt.timedelta(**time))


def test_what_the_group_stopped_goes_though_nothing_waits(field: Field) -> None:
    bram = _noted(field)
    _let(field, actions.withdraw_visit)
    bram.page.goto(HOME)
    bram.page.evaluate(OLD_ANSWER, field.cast.people["bram"].pk)
    bram.page.goto(HOME)
    _until(bram, words=[{}])
    bram.page.goto(field.path)
    bram.says("gone")


def test_what_is_shared_has_no_use_on_the_device(field: Field) -> None:
    """Whoever leads the school and visits keeps nothing of it."""
    bram = _noted(field)
    _share(field)
    bram.page.goto(HOME)
    assert _words(bram) == [{"well-openness": WELL}]
    bram.page.evaluate(OLD_ANSWER, field.cast.people["bram"].pk)
    bram.page.goto(HOME)
    _until(bram, words=[])


def test_a_visit_that_is_welcome_again_begins_anew(field: Field) -> None:
    """Nobody types under words that school let go of."""
    bram = _noted(field)
    _let(field, actions.postpone_visit, actions.accept_visit)
    bram.page.goto(field.path)
    bram.says("gone")
    assert _words(bram) == [{}]
    with leaving(bram.page):
        bram.page.click("[data-noticed]:visible")
    bram.open()
    expect(bram.page.locator("[data-start]")).to_be_visible()
    bram.listen()
    bram.write("well-openness", "Opnieuw.")
    bram.says("sent")
    assert field.notes() == {"openness": ("Opnieuw.", "")}


def test_notes_that_had_their_time_go_on_any_page(field: Field) -> None:
    bram = _noted(field)
    _later(bram.page, days=13)
    bram.page.goto(HOME)
    expect(bram.page.locator("[data-unsent-line]")).to_have_count(0)
    assert _words(bram) == [{"well-openness": WELL}]
    _later(bram.page, days=15)
    bram.page.goto(HOME)
    _until(bram, words=[])


def test_a_page_of_a_visit_to_which_nobody_came_goes_too(field: Field) -> None:
    bram = field.device()
    bram.open()
    assert len(bram.left_behind()["caches"]) == 1
    _later(bram.page, days=15)
    bram.page.goto(HOME)
    _until(bram, words=[])


def test_a_page_that_comes_back_whole_is_read_anew(field: Field) -> None:
    bram = _noted(field)
    bram.sign_out_elsewhere()
    with leaving(bram.page):
        bram.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert WELL not in bram.page.content()
    assert "/login/" in bram.page.url


def test_after_signing_out_no_way_back_shows_what_a_page_showed(field: Field) -> None:
    bram = field.device()
    page = bram.page
    page.goto(HOME)
    back = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    page.evaluate(f"document.body.dataset.same = 1; {back}")
    page.wait_for_timeout(300)
    assert page.locator("body[data-same]").count() == 1
    bram.sign_out_elsewhere()
    page.evaluate("localStorage.setItem('samenspraak.signed-out', Date.now())")
    with leaving(page):
        page.evaluate(back)
    assert "/login/" in page.url
