"""One school week in Chromium: the visit is welcome, the meeting opens, is heard, closes, and everybody reads on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from observations.models import Observation, Visit
from samenspraak.demo import cast as told
from schools import tenancy
from tests.browser.conftest import press
from workgroups.models import Agreement, Goal, Meeting

pytestmark = pytest.mark.browser
SUNDAY = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
ONE = "main form button.button:not(.second)"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The week's clock; it stands on Sunday noon when the story is told."""
    with time_machine.travel(SUNDAY) as travel:
        yield travel


@pytest.fixture
def meeting(clock: time_machine.Traveller, year: None) -> Meeting:
    """Tuesday's meeting of Begrijpend lezen."""
    with tenancy.acting_for_system("tests"):
        return Meeting.objects.filter(group__name="Begrijpend lezen", state="planned").earliest("starts_at")


def test_a_week(clock: time_machine.Traveller, meeting: Meeting, visit_as: Any) -> None:
    starts, place = meeting.starts_at, f"/s/de-wilg/meetings/{meeting.pk}"
    els, bram, carla = visit_as("els", width=360), visit_as("bram", width=820), visit_as("carla", width=360)

    _welcome_the_coach(els)
    clock.move_to(starts + dt.timedelta(minutes=1))
    _repeat_the_agreements(els, place)
    _listen(bram, clock, starts)
    _note_and_share(bram)
    clock.move_to(starts + dt.timedelta(minutes=58))
    _close(els, place)
    _read_the_feedback(carla)
    _note_progress(carla)

    anna = visit_as("anna").go("/s/de-wilg/dashboard/")
    anna.get_by_role("link", name="Begrijpend lezen", exact=True).wait_for()
    assert "Laatste 24 nov" in anna.inner_text("main")


def _visit() -> Visit:
    with tenancy.acting_for_system("tests"):
        return Visit.objects.filter(group__name="Begrijpend lezen").latest("pk")


def _welcome_the_coach(els: Any) -> None:
    page = els.go("/s/de-wilg/")
    press(page, page.get_by_role("link", name="Een bezoek aan Begrijpend lezen"))
    press(page, f"form[action$='/visits/{_visit().pk}/accept/'] button")
    assert _visit().state == "accepted"


def _repeat_the_agreements(els: Any, place: str) -> None:
    page = els.go(f"{place}/open/")
    assert page.locator(".said").count() >= 3
    press(page, ONE)
    with tenancy.acting_for_system("tests"):
        assert Meeting.objects.filter(opener__isnull=False, pk=int(place.rsplit("/", 1)[1])).exists()


def _listen(bram: Any, clock: time_machine.Traveller, starts: dt.datetime) -> None:
    page = bram.go(f"/s/de-wilg/visits/{_visit().pk}/listen/")
    press(page, ONE)
    assert page.locator("input:not([type=hidden]), textarea, select").count() == 0
    clock.move_to(starts + dt.timedelta(minutes=23))
    page = bram.go(f"/s/de-wilg/visits/{_visit().pk}/listen/stop/")
    press(page, ONE)
    assert _visit().state == "noting"


def _note_and_share(bram: Any) -> None:
    visit = _visit()
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/notes/")
    page.fill("input[name=password]", told.PASSWORD)  # notes sleep two hours after they were last used
    press(page, "main form button")
    page.locator("textarea").first.fill("Er wordt doorgevraagd.")
    page.locator(".marks > summary").first.click()
    page.locator(".marks[open] .tile").nth(2).click()
    press(page, "button[name=next]")
    assert page.url.endswith("/feedback/")
    for number, field in enumerate(page.locator("main form textarea").all()[:2]):
        field.fill(("Jullie vroegen steeds door.", "Laat een stilte even staan.")[number])
    for name in ("strong", "improvement"):
        page.locator(f"main form select[name*='{name}'], main form input[type=radio][name*='{name}']").first.wait_for(
            state="attached"
        )
        choice = page.locator(f"main form select[name*='{name}']")
        if choice.count():
            choice.first.select_option(index=1)
        else:
            page.locator(f"main form input[type=radio][name*='{name}']").first.check(force=True)
    press(page, ONE)
    assert page.url.endswith("/share/")
    press(page, ONE)
    assert _visit().state == "shared"
    with tenancy.acting_for_system("tests"):
        assert Observation.objects.get(visit=visit).pairs.count() == 1


def _close(els: Any, place: str) -> None:
    page = els.go(f"{place}/close/")
    for _question in range(page.locator(".steps > span").count()):
        page.locator("main form label.tile").first.click()
        press(page, ONE)
    press(page, ONE)
    with tenancy.acting_for_system("tests"):
        assert Meeting.objects.get(pk=int(place.rsplit("/", 1)[1])).state == "held"
        assert Agreement.objects.filter(group__name="Begrijpend lezen", state="live").count() == 3


def _read_the_feedback(carla: Any) -> None:
    page = carla.go(f"/s/de-wilg/visits/{_visit().pk}/")
    assert "Jullie vroegen steeds door." in page.inner_text("main")
    assert "Er wordt doorgevraagd." not in page.content()


def _note_progress(carla: Any) -> None:
    """Two taps from home."""
    page = carla.go("/s/de-wilg/")
    tiles = page.locator("form[action*='/updates/'] label")
    tiles.nth(2).click()
    press(page, "form[action*='/updates/'] button")
    with tenancy.acting_for_system("tests"):
        goal = Goal.objects.filter(group__name="Begrijpend lezen", state="live").earliest("position")
        assert goal.updates.latest("written_at").step == "reached"
