"""A group looks at shared feedback: a wall and two more screens in step (C14, C15)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from observations.models import PointAnswer, Visit
from schools import tenancy
from tests.browser.conftest import Visitor, press

pytestmark = pytest.mark.browser


def _visit() -> Visit:
    with tenancy.acting_for_system("tests"):
        return Visit.objects.filter(group__name="Begrijpend lezen", state="shared").latest("shared_at")


def _said(page: Page, words: str) -> None:
    expect(page.locator("main .told")).to_contain_text(words)


def test_a_wall_and_phones_stay_in_step(visit_as: Any) -> None:
    path = f"/s/de-wilg/visits/{_visit().pk}/"
    wall, carla, dark = (
        visit_as("els", width=1280),
        visit_as("carla", width=360),
        visit_as("carla", width=1280, dark=True),
    )
    wall.go(path)
    press(wall.page, wall.page.get_by_role("button", name="Samen beginnen"))
    carla.go(f"{path}debrief/")
    dark.go(f"{path}debrief/")
    assert [one.find_barriers() for one in (wall, carla, dark)] == [[], [], []]
    carla.page.get_by_role("button", name="Dat herkennen we", exact=True).click()
    for one in (wall, carla, dark):
        _said(one.page, "Dat herkennen we")
    wall.page.keyboard.press("ArrowRight")
    for one in (wall, carla, dark):
        expect(one.page.locator("main h1")).to_have_text("Verbeterpunt")
    carla.page.get_by_role("button", name="Dat verrast ons").click()
    _said(wall.page, "Dat verrast ons")
    assert [one.find_barriers() for one in (wall, carla, dark)] == [[], [], []]
    _take_over(carla, wall)
    _end(wall, carla, path)


def _take_over(carla: Visitor, wall: Visitor) -> None:
    """Somebody puts the point in the group's own words, while the wall stays where it is."""
    press(carla.page, carla.page.get_by_role("link", name="Maak dit onze afspraak"))
    assert carla.find_barriers() == []
    carla.page.fill("[name=text]", "Wij zeggen eerst wat we zagen")
    if carla.page.locator("[name=goal]").count():
        carla.page.locator("label.tile").first.click()
    carla.press("main form button.button")
    expect(wall.page.locator("main")).to_contain_text("Wij zeggen eerst wat we zagen")
    with tenancy.acting_for_system("tests"):
        agreed = PointAnswer.objects.select_related("agreement").get(agreement__isnull=False).agreement
    assert agreed is not None
    assert agreed.text == "Wij zeggen eerst wat we zagen"


def _end(wall: Visitor, carla: Visitor, path: str) -> None:
    """After the last point every screen goes to what was said."""
    while wall.page.locator("#point-after").count():
        at = wall.page.locator("main .steps").get_attribute("aria-label") or ""
        wall.page.locator("#point-after").click()
        expect(wall.page.locator("main .steps")).not_to_have_attribute("aria-label", at)
    press(wall.page, "#point-end")
    for one in (wall, carla):
        expect(one.page.locator("main")).to_contain_text("Jullie hebben erover gepraat")
        assert one.find_barriers() == []
