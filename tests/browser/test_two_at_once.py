"""Two people at one goal, a tap too many, and the way back: nothing is lost and nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from schools import tenancy
from tests.browser.conftest import Visitor, press
from workgroups.models import Goal, GoalUpdate

pytestmark = pytest.mark.browser
SEND = "form[data-draft] button.button.wide"


def _goal() -> Goal:
    with tenancy.acting_for_system("tests"):
        goals = Goal.objects.filter(group__name="Begrijpend lezen", state="live", period__state="live")
        goal: Goal = goals.earliest("position")
        return goal


def _send(page: Page) -> None:
    press(page, SEND)


def test_two_people_edit_one_goal(visit_as: Any) -> None:
    goal = _goal()
    address = f"/s/de-wilg/goals/{goal.pk}/edit/"
    els, carla = visit_as("els"), visit_as("carla", width=360)
    for visitor in (els, carla):
        visitor.go(address)
    els.page.fill("[name=text]", "Wat Els ervan maakt")
    carla.page.fill("[name=text]", "Wat Carla ervan maakt")
    _send(els.page)
    _send(carla.page)

    assert _goal().text == "Wat Els ervan maakt"
    assert "Wat Els ervan maakt" in carla.page.inner_text("#id_text_theirs")
    assert carla.page.input_value("[name=text]") == "Wat Carla ervan maakt"
    assert carla.find_barriers() == []

    carla.go("/me/")  # she thinks it over; both texts are still there
    carla.go(address)
    assert "Wat Carla ervan maakt" in carla.page.inner_text("[data-told]:not([hidden])")
    assert carla.page.input_value("[name=text]") == "Wat Els ervan maakt"
    assert carla.find_barriers() == []
    carla.page.click("[data-use]")
    assert carla.page.input_value("[name=text]") == "Wat Carla ervan maakt"
    _send(carla.page)
    assert _goal().text == "Wat Carla ervan maakt"
    assert carla.page.url.endswith(f"/goals/{goal.pk}/")


def test_a_double_click_and_the_way_back_do_it_once(visit_as: Any) -> None:
    els: Visitor = visit_as("els")
    goal = _goal()
    page = els.go(f"/s/de-wilg/focus/{goal.period_id}/goals/new/")
    page.fill("[name=text]", "Eén keer is genoeg")
    page.fill("[name=agreements]", "We tellen tot één")
    press(page, SEND, times=2)
    assert "/groups/" in page.url
    page.go_back()
    if page.input_value("[name=text]"):
        _send(page)
        assert page.locator(".summary").count() == 1
    with tenancy.acting_for_system("tests"):
        assert Goal.objects.filter(text="Eén keer is genoeg").count() == 1

    page = els.go(f"/s/de-wilg/goals/{goal.pk}/")
    page.check("[name=step][value=on_the_way]", force=True)
    page.fill("[name=note]", "Dubbel getikt")
    press(page, SEND, times=2)
    page.locator(".said-list").get_by_text("Dubbel getikt").wait_for()
    with tenancy.acting_for_system("tests"):
        assert GoalUpdate.objects.filter(note="Dubbel getikt").count() == 1


def test_without_javascript_it_all_works(browser: Any, visit_as: Any) -> None:
    els: Visitor = visit_as("els")
    plain = Visitor(
        browser.new_context(java_script_enabled=False, storage_state=els.page.context.storage_state()).new_page(),
        els.address,
    )
    goal = _goal()
    page = plain.go(f"/s/de-wilg/goals/{goal.pk}/edit/")
    els.go(f"/s/de-wilg/goals/{goal.pk}/edit/").fill("[name=text]", "Intussen anders")
    _send(els.page)
    page.fill("[name=text]", "Zonder script")
    _send(page)
    assert "Intussen anders" in page.inner_text("#id_text_theirs")
    _send(page)
    assert _goal().text == "Zonder script"
    page.context.close()
