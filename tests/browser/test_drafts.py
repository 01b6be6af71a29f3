"""What somebody typed is not lost: kept in the browser until it arrived, for that person alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from schools import tenancy
from tests.browser.conftest import Visitor, press
from workgroups.models import FocusPeriod, Goal, GoalUpdate

pytestmark = pytest.mark.browser
TYPED = "Wij vragen door\nen luisteren  “echt” naar elkaar é"
TOLD = "[data-told]:not([hidden])"
# Another tab hears of signing out a moment later; this listener comes after the page's own.
HEARS = """addEventListener("storage", (event) => {
    if (event.key === "samenspraak.signed-out") document.documentElement.dataset.heard = "yes";
})"""


def _group() -> FocusPeriod:
    with tenancy.acting_for_system("tests"):
        period: FocusPeriod = FocusPeriod.objects.get(group__name="Begrijpend lezen", state="live")
        return period


def _new_goal() -> str:
    return f"/s/de-wilg/focus/{_group().pk}/goals/new/"


def _kept(page: Page) -> int:
    found: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('samenspraak.draft')).length")
    return found


def _send(page: Page) -> None:
    press(page, "form[data-draft] button.button.wide")


def _written(text: str) -> int:
    with tenancy.acting_for_system("tests"):
        return Goal.objects.filter(text=text).count()


def _lose_the_session(visitor: Visitor) -> None:
    visitor.page.context.clear_cookies(name="session")


def test_words_come_back_and_can_be_thrown_away(visit_as: Any) -> None:
    els: Visitor = visit_as("els", width=360)
    page = els.go(_new_goal())
    page.fill("[name=text]", TYPED)
    els.go("/me/")
    els.go(_new_goal())

    assert page.input_value("[name=text]") == TYPED
    assert page.locator(TOLD).count() == 1
    assert els.find_barriers() == []

    page.click("[data-drop]")
    assert (page.input_value("[name=text]"), _kept(page)) == ("", 0)
    els.go(_new_goal())
    assert (page.input_value("[name=text]"), page.locator(TOLD).count()) == ("", 0)


def test_words_survive_a_night_and_being_signed_out(visit_as: Any, browser: Any) -> None:
    els: Visitor = visit_as("els")
    page = els.go(_new_goal())
    page.fill("[name=text]", TYPED)
    overnight = page.context.storage_state()
    page.context.close()

    morning = Visitor(browser.new_context(storage_state=overnight, locale="nl-NL").new_page(), els.address)
    page = morning.go(_new_goal())
    assert page.input_value("[name=text]") == TYPED

    page.fill("[name=agreements]", "We vragen door")
    page.context.set_offline(True)
    _send(page)
    page.context.set_offline(False)
    morning.go(_new_goal())
    assert (page.input_value("[name=text]"), page.input_value("[name=agreements]")) == (TYPED, "We vragen door")

    _lose_the_session(morning)
    _send(page)
    assert "/account/login/" in page.url
    morning.give_password("els")
    assert page.url == morning.address + _new_goal()
    assert (page.input_value("[name=text]"), page.input_value("[name=agreements]")) == (TYPED, "We vragen door")

    _send(page)
    assert (_written(" ".join(TYPED.split())), _kept(page)) == (1, 0)
    morning.go(_new_goal())
    assert (page.input_value("[name=text]"), page.locator(TOLD).count()) == ("", 0)
    page.context.close()


def test_what_is_refused_stays_kept(visit_as: Any) -> None:
    els: Visitor = visit_as("els")
    page = els.go(_new_goal())
    page.fill("[name=text]", "Alleen een doel")
    _send(page)
    assert page.locator(".summary").count() == 1
    assert _kept(page) == 1
    els.go("/me/")
    els.go(_new_goal())
    assert page.input_value("[name=text]") == "Alleen een doel"


def test_a_note_is_gone_once_it_arrived(visit_as: Any) -> None:
    with tenancy.acting_for_system("tests"):
        goal = Goal.objects.filter(period=_group(), state="live").earliest("position")
    carla: Visitor = visit_as("carla")
    page = carla.go(f"/s/de-wilg/goals/{goal.pk}/")
    page.fill("[name=note]", "Het lukte twee keer")
    page.check("[name=step][value=on_the_way]", force=True)
    _send(page)

    with tenancy.acting_for_system("tests"):
        assert GoalUpdate.objects.filter(note="Het lukte twee keer").count() == 1
    assert (page.input_value("[name=note]"), _kept(page), page.locator(TOLD).count()) == ("", 0, 0)


def test_nobody_else_on_the_device_finds_them(visit_as: Any) -> None:
    els: Visitor = visit_as("els")
    page = els.go(_new_goal())
    page.fill("[name=text]", "Alleen van Els")
    assert _kept(page) == 1
    _lose_the_session(els)
    els.sign_in("carla")
    assert _kept(page) == 0
    els.go(_new_goal())
    assert page.input_value("[name=text]") == ""

    page.fill("[name=text]", "Alleen van Carla")
    assert _kept(page) == 1
    other_tab = page.context.new_page()
    other_tab.goto(els.address + _new_goal())
    other_tab.evaluate(HEARS)
    els.go("/me/")
    els.press("form[action$='/logout/'] button")
    other_tab.wait_for_selector("html[data-heard]")
    other_tab.fill("[name=text]", "Nog steeds van Carla")
    assert _kept(page) == 0
