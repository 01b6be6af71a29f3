"""The moment in which a group sees how it hears itself: on every phone at once, and with a keyboard alone."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from observations import actions, queries
from observations.models import SelfScan
from schools import tenancy
from tests import factories
from tests.browser.conftest import IN_STEP, leaving
from workgroups import queries as groups
from workgroups.models import WorkGroup

pytestmark = pytest.mark.browser
LONG_BEFORE = dt.timedelta(days=60)


def _round() -> SelfScan:
    """A sealed round of Begrijpend lezen, which all answered but Els and Carla."""
    now = timezone.now()
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.select_related("school").get(name="Begrijpend lezen")
        SelfScan.objects.filter(group=group).update(closed_on=(now - LONG_BEFORE).date())
        people = {seat.user.given_name: seat.user for seat in group.seats.select_related("user")}
        hats = {name: factories.hat(user, group.school, today=now.date()) for name, user in people.items()}
        aspect = groups.deck_of(group)[0]
        scan = actions.open_scan(
            group=group, aspect=aspect, way="sealed", closes_at=now + dt.timedelta(hours=1), by=hats["Els"], now=now
        )
        lines = queries.behaviours_of(scan)
        for name in ("Fatima", "Ruud", "Lotte"):
            given = {line.pk: actions.Answer(3, "Vooral aan het begin") for line in lines}
            actions.answer_scan(scan=scan, aspect=aspect, answers=given, by=hats[name], now=now)
        return scan


def _answer(page: Page) -> None:
    """Answer the card by keyboard: the second degree on every line, and hand it in."""
    for tiles in page.locator("fieldset").all():
        tiles.locator("input").nth(1).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Lever in").focus()
    with leaving(page):
        page.keyboard.press("Enter")
    assert re.search(r"/scans/\d+/$", page.url)


def test_everybody_sees_it_at_the_same_moment(visit_as: Any) -> None:
    scan = _round()
    address = f"/s/de-wilg/scans/{scan.pk}/"
    els, carla = visit_as("els", width=1280), visit_as("carla", width=360, dark=True)
    for visitor in (carla, els):
        visitor.go(f"{address}answer/1/")
        assert visitor.find_barriers() == []
        _answer(visitor.page)
    expect(carla.page.get_by_role("heading", level=1)).to_have_text("Jullie beeld is klaar", timeout=IN_STEP)
    assert carla.find_barriers() == []
    assert els.find_barriers() == []
    els.press(els.page.get_by_role("button", name="Open het voor iedereen"))
    assert els.page.url.endswith("?at=1")
    expect(carla.page.get_by_role("heading", level=1)).to_have_text("Zo horen jullie je gesprek", timeout=IN_STEP)
    expect(carla.page.locator(".own-dot")).to_have_count(len(queries.behaviours_of(scan)))
    assert carla.find_barriers() == []
    screens = 0
    while els.page.get_by_role("link", name="Naar het hele beeld").count() == 0:
        assert els.find_barriers() == []
        els.page.locator("footer a.button").focus()
        with leaving(els.page):
            els.page.keyboard.press("Enter")
        screens += 1
        assert els.page.url.endswith(f"?at={screens + 1}")
    assert screens >= 3
