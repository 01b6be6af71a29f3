"""A teacher reads the profile: from the picture to one aspect from near, to the feedback behind it, and back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from schools import tenancy
from workgroups.models import WorkGroup

pytestmark = pytest.mark.browser


def _profile() -> str:
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.get(name="Begrijpend lezen")
    return f"/s/de-wilg/groups/{group.pk}/profile/"


def test_a_teacher_walks_from_the_picture_to_the_feedback_behind_it(visit_as: Any) -> None:
    carla = visit_as("carla", width=360)
    page = carla.go(_profile())
    expect(page.get_by_role("img", name="Het gesprek in één beeld")).to_be_visible()
    expect(page.get_by_role("img", name="Analyseren door de tijd")).to_be_visible()
    carla.press(page.get_by_role("row").get_by_role("link", name="Analyseren"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Analyseren")
    expect(page.get_by_text("Hier verschillen de spiegels")).to_be_visible()
    expect(page.get_by_role("heading", name="Wat jullie zelf hoorden, zin voor zin")).to_be_visible()
    carla.press(page.get_by_role("link", name="Naar de hele terugkoppeling").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat jullie meekrijgen")
    carla.press(page.get_by_role("link", name="Terug naar jullie profiel"))
    carla.press(page.get_by_role("button", name="Neem mee naar"))
    expect(page.get_by_text("Onze spiegels verschillen: Analyseren")).to_be_visible()


def test_earlier_years_are_one_link_away(visit_as: Any) -> None:
    carla = visit_as("carla")
    page = carla.go(_profile())
    years = page.get_by_role("navigation", name="Schooljaren")
    carla.press(years.get_by_role("link", name="alle jaren"))
    expect(years.locator("[aria-current]")).to_have_text("alle jaren")
    expect(page.get_by_role("heading", name="Door de tijd")).to_be_visible()
    carla.press(page.get_by_role("row").get_by_role("link", name="Reflecteren"))
    expect(page.get_by_role("navigation", name="Schooljaren").locator("[aria-current]")).to_have_text("alle jaren")
    assert carla.find_barriers() == []


def test_on_paper_it_has_no_buttons_and_its_pictures(visit_as: Any) -> None:
    carla = visit_as("carla")
    page = carla.go(_profile())
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name="Het gesprek in één beeld")).to_be_visible()
    expect(page.get_by_role("heading", name="Zo ging het met jullie afspraken")).to_be_visible()
    for gone in (page.get_by_role("button"), page.get_by_role("navigation"), page.get_by_text("Dag voor dag")):
        expect(gone.locator("visible=true")).to_have_count(0)
