"""The clock in a real browser (C7): it goes on without a network, keeps the screen on, and leads on to sharing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from observations.models import Visit
from schools import tenancy
from tests.browser.conftest import Visitor, press
from workgroups.models import Guest, Meeting

pytestmark = pytest.mark.browser
# Counts what the page asks of the browser and gives back; the answer is the browser's own, or a refusal.
COUNTED = """
  window.locks = [];
  Object.defineProperty(navigator, 'wakeLock', {value: {request: async kind => {
    window.locks.push(kind);
    if (%s) throw new DOMException('no', 'NotAllowedError');
    const lock = new EventTarget();
    lock.release = async () => { window.locks.push('given back'); lock.dispatchEvent(new Event('release')); };
    return window.lock = lock;
  }}});
"""


def _listening(*, minutes: int) -> Visit:
    """Bram has listened for so long to a meeting that goes on."""
    now = timezone.now()
    with tenancy.acting_for_system("tests"):
        visit = (
            Visit.objects.select_related("school").filter(group__name="Begrijpend lezen", state="shared").latest("pk")
        )
        since = now - dt.timedelta(minutes=minutes, seconds=1)
        again = {"shared_at": None, "forgotten_on": None}
        Visit.objects.filter(pk=visit.pk).update(state="listening", listening_since=since, **again)
        Meeting.objects.filter(pk=visit.meeting_id).update(starts_at=since, day=visit.school.today(since))
        guests = Guest.objects.filter(group_id=visit.group_id, user_id=visit.coach_id)
        guests.update(meeting_id=visit.meeting_id, welcome_at=since, until_date=since.date() + dt.timedelta(days=90))
        visit.readings.all().delete()
        visit.observation.delete()
        return visit


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)])
def test_it_goes_on_without_a_network_and_says_when_it_is_time(visit_as: Any, width: int, dark: bool) -> None:
    visit = _listening(minutes=18)
    bram: Visitor = visit_as("bram", width=width, dark=dark)
    page = bram.page
    page.clock.install()
    bram.go(f"/s/de-wilg/visits/{visit.pk}/listen/")
    assert bram.find_barriers() == []
    page.context.set_offline(True)
    expect(page.locator(".dial .minutes")).to_have_text("18")
    page.clock.fast_forward(60_000)
    expect(page.locator(".dial .minutes")).to_have_text("19")
    expect(page.locator("text=Eerder stoppen")).to_be_visible()
    page.clock.fast_forward(60_000)
    expect(page.locator(".dial")).to_have_attribute("aria-label", "20 van 20 minuten geluisterd")
    expect(page.locator("h1")).to_have_text("Dat was je luistertijd", use_inner_text=True)
    expect(page.locator("text=Eerder stoppen")).to_be_hidden()
    page.clock.fast_forward("30:00")
    expect(page.locator(".dial .minutes")).to_have_text("50")
    assert bram.find_barriers() == []
    page.context.set_offline(False)


@pytest.mark.parametrize("refused", [False, True])
def test_the_screen_stays_on_where_the_browser_lets_it(visit_as: Any, refused: bool) -> None:
    visit = _listening(minutes=3)
    bram: Visitor = visit_as("bram", width=360)
    page = bram.page
    page.add_init_script(COUNTED % ("true" if refused else "false"))
    bram.go(f"/s/de-wilg/visits/{visit.pk}/listen/")
    page.wait_for_function("locks.length === 1")
    _turn_away_and_back(page)
    page.wait_for_function("locks.length === 2" if refused else "locks.length === 3")
    assert page.evaluate("locks") == (["screen"] * 2 if refused else ["screen", "given back", "screen"])


def _turn_away_and_back(page: Any) -> None:
    for hidden in ("true", "false"):
        page.evaluate(
            "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            hidden == "true",
        )


def test_a_real_browser_takes_the_lock_or_refuses_in_silence(visit_as: Any) -> None:
    visit = _listening(minutes=3)
    bram: Visitor = visit_as("bram", width=360)
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/listen/")
    # One more is asked after the page's own, so that is answered too when this one is.
    page.evaluate("() => navigator.wakeLock.request('screen').then((lock) => lock.release(), () => null)")
    assert page.locator("text=Luister maar").is_visible()


def test_from_the_clock_to_the_group_in_one_go(visit_as: Any) -> None:
    """Stopping asks once; then each page leads to the next, and the minutes really listened go along."""
    visit = _listening(minutes=9)
    bram: Visitor = visit_as("bram", width=360)
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/listen/")
    press(page, "text=Eerder stoppen")
    expect(page.locator("h1")).to_have_text("Nu al stoppen?")
    press(page, "main form button")
    assert page.url.endswith("/notes/")
    page.locator("textarea[name=well-openness]").fill("Vier keer doorgevraagd.")
    page.locator("textarea[name=chances-openness]").fill("Wacht nog wat langer.")
    press(page, "button[name=next]")
    for words in ("Vier keer doorgevraagd.", "Wacht nog wat langer."):
        page.locator("button.take", has_text=words).click()
    press(page, "text=Bekijk hoe de groep het leest")
    press(page, "main form button.button")
    assert page.url.endswith(f"/visits/{visit.pk}/")
    expect(page.locator("main")).to_contain_text("Je luisterde 9 minuten.")
    expect(page.locator("main")).not_to_contain_text("na de bijeenkomst")
    with tenancy.acting_for_system("tests"):
        visit.refresh_from_db()
    assert visit.state == "shared"
