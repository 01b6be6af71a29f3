"""Who was signed out while a page kept in step is not told that the line is down, and loses no word."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from observations.models import Pulse, SelfScan
from schools import tenancy
from tests import factories
from tests.browser.conftest import IN_STEP, Visitor
from workgroups import actions
from workgroups.models import FocusPeriod, Seat

pytestmark = pytest.mark.browser
SIGN_IN = re.compile(r"/account/login/\?next=/s/")
WORDS = "Wij geven vooral tips"


def _sign_out(visitor: Visitor) -> None:
    visitor.page.context.clear_cookies(name="session")


def _start() -> str:
    """The address of a start of Begrijpend lezen that stands at "why"."""
    now = timezone.now()
    with tenancy.acting_for_system("tests"):
        period = FocusPeriod.objects.select_related("group__school").get(group__name="Begrijpend lezen", state="live")
        els = Seat.objects.select_related("user").get(group=period.group, user__given_name="Els").user
        hat = factories.hat(els, period.group.school, today=now.date())
        start = actions.begin_start(period=period, by=hat, now=now)
        actions.go_to_step(start=start, step="why", at=start.step, by=hat, now=now)
    return f"/s/de-wilg/focus/{period.pk}/start/"


def test_a_page_without_words_leads_to_sign_in_and_back(visit_as: Any) -> None:
    with tenancy.acting_for_system("tests"):
        scan = SelfScan.objects.get(state="open", group__school__slug="de-beuk")
    address = f"/s/de-beuk/scans/{scan.pk}/"
    daan: Visitor = visit_as("daan", width=360)
    page = daan.go(address)
    _sign_out(daan)
    page.wait_for_url(SIGN_IN, timeout=IN_STEP)
    daan.give_password("daan")
    assert page.url == daan.address + address


def test_a_choice_that_was_made_is_not_taken_away(visit_as: Any) -> None:
    with tenancy.acting_for_system("tests"):
        pulse = Pulse.objects.get(state="open", group__school__slug="de-beuk")
    daan: Visitor = visit_as("daan")
    page = daan.go(f"/s/de-beuk/pulses/{pulse.pk}/")
    page.locator("main fieldset label").first.click()
    _sign_out(daan)
    expect(page.locator("[data-follow-out]")).to_be_visible(timeout=IN_STEP)
    expect(page.locator("[data-follow-away]")).to_be_hidden()
    assert page.locator("main fieldset input:checked").count() == 1


def test_words_stay_and_come_along(visit_as: Any) -> None:
    address = _start()
    carla: Visitor = visit_as("carla", width=360, dark=True)
    page = carla.go(address)
    page.fill("[name=why]", WORDS)
    _sign_out(carla)
    told = page.locator("[data-follow-out]")
    expect(told).to_be_visible(timeout=IN_STEP)
    expect(page.locator("[data-follow-away]")).to_be_hidden()
    assert page.input_value("[name=why]") == WORDS
    assert carla.find_barriers() == []

    carla.press(told.get_by_role("link"))
    assert SIGN_IN.search(page.url)
    carla.give_password("carla")
    assert page.url == carla.address + address
    assert page.input_value("[name=why]") == WORDS
