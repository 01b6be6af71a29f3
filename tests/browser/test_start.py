"""A group walks through the start of a card: one wall, two phones, in step with each other (G2-G4)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from schools import tenancy
from tests.browser.conftest import IN_STEP, Visitor, press
from workgroups import codes
from workgroups.models import Goal, GuidedStart, WorkGroup

pytestmark = pytest.mark.browser
GOAL = "We vragen naar wat we zagen"


def _group() -> WorkGroup:
    with tenancy.acting_for_system("tests"):
        return WorkGroup.objects.get(name="Begrijpend lezen")


def _all_are_at(step: str, *visitors: Visitor) -> None:
    for visitor in visitors:
        visitor.is_at(step)
    for visitor in visitors:
        assert visitor.find_barriers() == []


def _press(page: Page, words: str) -> None:
    press(page, page.get_by_role("button", name=words))


def _choose_a_card(els: Visitor, group: WorkGroup) -> str:
    """Take another card, let the goals and agreements go; the address of its start."""
    page = els.go(f"/s/de-wilg/groups/{group.pk}/focus/new/?card=feedback")
    for question in page.locator("main fieldset").all():
        question.locator("label").last.click()
    els.press("main form button.button")
    assert page.url.endswith("/start/")
    return page.url.replace(els.address, "")


def _begin_and_join(wall: Visitor, carla: Visitor, els: Visitor, start: str) -> None:
    """One on the wall, one by the short code, one by the code to scan."""
    page = wall.go(f"{start}?screen=1")
    code = page.inner_text(".join .big")
    assert code == codes.code_of(_group().pk)
    _press(page, "Samen beginnen")
    carla.go("/join/").fill("[name=code]", code.lower().replace("-", " "))
    _press(carla.page, "Meedoen")
    els.go(f"/join/{code}/")
    _all_are_at("read", wall, carla, els)
    wall.press(page.get_by_role("link", name="Draai de kaart om"))
    assert wall.find_barriers() == []


def _keep_what_is_typed(wall: Visitor, carla: Visitor, els: Visitor) -> None:
    """The group goes on while somebody is typing: the words stay, and arrive."""
    _press(carla.page, "Verder")
    _all_are_at("why", wall, carla, els)
    els.page.fill("[name=why]", "Wij geven vooral tips")
    _press(wall.page, "Verder")
    expect(els.page.locator("[data-follow-moved]")).to_be_visible(timeout=IN_STEP)
    assert els.page.input_value("[name=why]") == "Wij geven vooral tips"
    _press(els.page, "Verder")
    _all_are_at("scan", wall, carla, els)
    with tenancy.acting_for_system("tests"):
        assert GuidedStart.objects.get(group=_group()).period.why == "Wij geven vooral tips"


def _write_a_goal(wall: Visitor, carla: Visitor, els: Visitor) -> None:
    """Typed on one phone, read on the wall."""
    _press(carla.page, "Verder")
    _all_are_at("goals", wall, carla, els)
    els.page.fill("[name=text]", GOAL)
    _press(els.page, "Dit is ons doel")
    expect(wall.page.locator("[data-live=list]")).to_contain_text(GOAL, timeout=IN_STEP)
    _all_are_at("goals", wall, carla, els)
    _press(carla.page, "Verder")


def _agree_with_a_pause(wall: Visitor, carla: Visitor, els: Visitor) -> None:
    """A tip on the wall becomes an agreement; a pause here, and on from there."""
    _all_are_at("agreements", wall, carla, els)
    wall.press("button[name=use]")
    _press(wall.page, "Dit spreken we af")
    _press(wall.page, "Pauze")
    _all_are_at("paused", wall, carla, els)
    _press(carla.page, "Ga verder")
    _all_are_at("agreements", wall, carla, els)
    carla.press(carla.page.get_by_role("link", name="Verander"))
    assert carla.find_barriers() == []


def test_a_group_starts_with_a_card(visit_as: Any) -> None:
    wall, carla, els = visit_as("els"), visit_as("carla", width=360), visit_as("els", width=320, dark=True)
    start = _choose_a_card(wall, _group())
    _begin_and_join(wall, carla, els, start)
    _keep_what_is_typed(wall, carla, els)
    _write_a_goal(wall, carla, els)
    _agree_with_a_pause(wall, carla, els)

    _press(wall.page, "Dit is ons plan")
    expect(wall.page.locator("main")).to_contain_text(GOAL)
    els.page.wait_for_url(f"**/groups/{_group().pk}/", timeout=2 * IN_STEP)
    with tenancy.acting_for_system("tests"):
        goal = Goal.objects.get(group=_group(), state="live")
        assert goal.agreements.get().tip is not None
