"""The big screen and the phones of a group keep in step, also when the connection goes and comes back."""

from __future__ import annotations

import datetime as dt
import re
import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from samenspraak.demo import cast as told
from schools import tenancy
from tests.browser.conftest import IN_STEP, press
from workgroups.models import Agenda, Meeting

pytestmark = pytest.mark.browser
SUNDAY = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
POINTS = "Drie teksten naast elkaar\nWelke vragen stellen we?\nWat proberen we uit?"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock; it stands on Sunday noon when the story is told."""
    with time_machine.travel(SUNDAY) as travel:
        yield travel


@pytest.fixture
def meeting(clock: time_machine.Traveller, year: None) -> Meeting:
    """Tuesday's meeting of Begrijpend lezen, five minutes after it began, with an agenda."""
    with tenancy.acting_for_system("tests"):
        row = Meeting.objects.filter(group__name="Begrijpend lezen", state="planned").earliest("starts_at")
        Agenda.objects.update_or_create(
            meeting=row, defaults={"school_id": row.school_id, "group_id": row.group_id, "points": POINTS}
        )
    clock.move_to(row.starts_at + dt.timedelta(minutes=5))
    return row


def _wall(visitor: Any, meeting: Meeting) -> Page:
    page: Page = visitor.go(f"/s/de-wilg/meetings/{meeting.pk}/screen/")
    page.wait_for_selector("#keys:visible")
    return page


def _phone(visitor: Any, meeting: Meeting) -> Page:
    page: Page = visitor.go(f"/s/de-wilg/meetings/{meeting.pk}/")
    page.click("#screen summary")
    return page


def test_what_a_phone_does_is_soon_on_the_wall(meeting: Meeting, visit_as: Any) -> None:
    wall = _wall(visit_as("els"), meeting)
    phone = _phone(visit_as("carla", width=360), meeting)
    expect(wall.locator("h1")).to_have_text("Dit spraken we af")

    phone.click("#show-agenda")
    expect(wall.locator("h1")).to_have_text("Hier praten we over", timeout=IN_STEP)
    phone.click("#place-after")
    expect(wall.locator("[aria-current=step]")).to_contain_text("Welke vragen", timeout=IN_STEP)

    phone.fill("#id_point", "Rondvraag")
    press(phone, phone.get_by_role("button", name="Zet het erbij"))
    expect(wall.get_by_text("Rondvraag")).to_be_visible(timeout=IN_STEP)

    phone.click("#screen summary")
    phone.click("#clock-5")
    left = wall.locator("[data-clock-left]")
    expect(left).to_have_text(re.compile(r"4:5\d"), timeout=IN_STEP)
    expect(left).not_to_have_text(left.inner_text())  # it counts


def test_the_wall_is_in_step_within_three_seconds(meeting: Meeting, visit_as: Any) -> None:
    """The middle one of five changes: a machine that also runs other tests may be late once."""
    wall = _wall(visit_as("els"), meeting)
    phone = _phone(visit_as("carla", width=360), meeting)
    took = []
    for scene, title in 2 * (("agenda", "Hier praten we over"), ("agreements", "Dit spraken we af")) + (
        ("agenda", "Hier praten we over"),
    ):
        phone.click(f"#show-{scene}")
        since = time.perf_counter()
        expect(wall.locator("h1")).to_have_text(title, timeout=IN_STEP)
        took.append(time.perf_counter() - since)
        expect(phone.locator(f"#show-{scene}")).to_have_attribute("aria-pressed", "true")  # and may press again
    assert statistics.median(took) <= 3


def test_the_closer_on_a_phone_takes_the_wall_along(meeting: Meeting, visit_as: Any) -> None:
    wall = _wall(visit_as("els"), meeting)
    phone = visit_as("carla", width=360).go(f"/s/de-wilg/meetings/{meeting.pk}/close/")
    questions = phone.locator(".steps > span").count()
    for place in range(questions):
        phone.locator(".tile").first.click()
        press(phone, phone.get_by_role("button", name="Volgende"))
        if place + 1 < questions:
            said = phone.locator("h1").inner_text()
            expect(wall.locator(".wall .asked")).to_have_text(said, timeout=IN_STEP)
    press(phone, phone.get_by_role("button", name="Sluit de bijeenkomst af"))
    expect(wall.locator("h1")).to_have_text("Zo ging het", timeout=IN_STEP)


def test_the_wall_survives_a_lost_connection(meeting: Meeting, visit_as: Any) -> None:
    els = visit_as("els")
    wall, phone = _wall(els, meeting), _phone(visit_as("carla", width=360), meeting)
    away = wall.locator("[data-follow-away]")

    wall.context.set_offline(True)
    expect(away).to_be_visible(timeout=10_000)
    expect(wall.locator("h1")).to_have_text("Dit spraken we af")
    phone.click("#show-card")
    wall.keyboard.press("G")
    expect(wall.locator("h1")).to_have_text("Dit spraken we af")

    wall.context.set_offline(False)
    expect(wall.locator("h1")).to_have_text("Onze kaart", timeout=12_000)
    expect(away).to_be_hidden()
    assert all("ERR_INTERNET_DISCONNECTED" in wrong for wrong in els.wrong)
    els.wrong.clear()


def test_the_keyboard_alone_steers_it(meeting: Meeting, visit_as: Any) -> None:
    wall = _wall(visit_as("els"), meeting)
    title = wall.locator("h1")
    wall.keyboard.press("g")
    expect(title).to_have_text("Hier praten we over")
    wall.keyboard.press("ArrowRight")
    expect(wall.locator("[aria-current=step]")).to_contain_text("Welke vragen")
    wall.keyboard.press("ArrowLeft")
    expect(wall.locator("[aria-current=step]")).to_contain_text("Drie teksten")
    wall.keyboard.press("s")
    expect(title).to_have_text("Een minuut stilte")
    expect(wall.locator("[data-clock-left]")).to_be_visible()
    wall.keyboard.press("a")
    expect(title).to_have_text("Dit spraken we af")
    wall.click("#keys")
    expect(wall.locator("kbd").first).to_be_hidden()
    wall.keyboard.press("k")
    wall.wait_for_timeout(500)
    expect(title).to_have_text("Dit spraken we af")
    wall.click("#keys")
    wall.locator("main").focus()
    wall.keyboard.press("Enter")
    expect(title).to_have_text("Hier praten we over")


def test_what_somebody_types_stays_while_the_page_goes_along(meeting: Meeting, visit_as: Any) -> None:
    phone = visit_as("carla", width=360).go(f"/s/de-wilg/meetings/{meeting.pk}/")
    other = _phone(visit_as("els", width=360), meeting)
    phone.fill("#id_point", "Half een zin")
    other.fill("#id_point", "Van Els")
    press(other, other.get_by_role("button", name="Zet het erbij"))
    expect(phone.get_by_text("Van Els")).to_be_visible(timeout=IN_STEP)
    expect(phone.locator("#id_point")).to_have_value("Half een zin")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_nothing_stands_in_the_way(meeting: Meeting, visit_as: Any, width: int, dark: bool) -> None:
    visitor = visit_as("els", width=width, dark=dark)
    found: list[str] = []
    for shows in ("agreements", "agenda", "card", "starter", "silence", "look-back"):
        wall = _wall(visitor, meeting)
        wall.click(f"#show-{shows}")
        expect(wall.locator(f"#show-{shows}")).to_have_attribute("aria-pressed", "true")
        found += [f"{shows}: {barrier}" for barrier in visitor.find_barriers()]
    _phone(visitor, meeting)
    assert found + visitor.find_barriers() == []


def test_it_works_without_scripts(meeting: Meeting, browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{live_server.url}/account/login/")
    page.fill("input[name=login]", told.PEOPLE["els"].email)
    page.fill("input[name=password]", told.PASSWORD)
    press(page, "main form button")
    page.goto(f"{live_server.url}/s/de-wilg/meetings/{meeting.pk}/screen/")
    press(page, page.get_by_role("link", name="Doe dat elke tien seconden"))
    assert 'http-equiv="refresh"' in page.content()
    press(page, page.get_by_role("link", name="Laat zien wat er nieuw is"))
    assert 'http-equiv="refresh"' not in page.content()
    press(page, "#show-agenda")
    expect(page.locator("h1")).to_have_text("Hier praten we over")
    press(page, "#place-after")
    expect(page.locator("[aria-current=step]")).to_contain_text("Welke vragen")
    press(page, "#clock-5")
    expect(page.locator("[data-clock-until]")).to_be_visible()
    press(page, "#show-agreements")
    press(page, "#repeated")
    expect(page.locator("h1")).to_have_text("Hier praten we over")
    context.close()
