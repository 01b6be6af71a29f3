"""One's own calendar: an address to make, to copy, to change and to take away, without a barrier."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_an_address_is_made_copied_and_taken_away_without_a_barrier(visit_as: Any, width: int) -> None:
    visitor = visit_as("carla", width=width)
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.go("/me/calendar/")
    visitor.press("text=Maak mijn agenda-adres")
    visitor.press("text=Maak een adres >> nth=0")
    page.click("summary")
    found = visitor.find_barriers()
    page.click("text=Kopieer het adres >> nth=0")
    page.wait_for_selector("text=Gekopieerd")
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value("input[readonly] >> nth=0")
    for _each in range(2):
        visitor.press("text=Haal het adres weg >> nth=0")
    assert page.locator("input[readonly]").count() == 0
    assert found == []
