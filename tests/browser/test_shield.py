"""Sharing asks about each name first: read with a keyboard and a screen reader, on a phone and on a big screen."""

from __future__ import annotations

from typing import Any

import pytest

from observations.models import FeedbackPair, Visit
from schools import tenancy
from tests.browser.conftest import Visitor, press

pytestmark = pytest.mark.browser
BUTTON = "main form button.button"


def _not_shared_yet() -> Visit:
    """A visit of the story whose feedback names two people, before it was shared."""
    with tenancy.acting_for_system("tests"):
        visit = Visit.objects.filter(group__name="Begrijpend lezen", state="shared").latest("pk")
        Visit.objects.filter(pk=visit.pk).update(state="noting", shared_at=None, forgotten_on=None)
        visit.readings.all().delete()
        first = FeedbackPair.objects.filter(observation__visit=visit).earliest("position")
        words = {"strong": "Carla vroeg steeds door naar het waarom.", "improvement": "Wacht op wat Els wil zeggen."}
        FeedbackPair.objects.filter(pk=first.pk).update(**words)
        return visit


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)])
def test_each_name_is_answered_before_it_is_shared(visit_as: Any, width: int, dark: bool) -> None:
    visit = _not_shared_yet()
    bram: Visitor = visit_as("bram", width=width, dark=dark)
    page = bram.go(f"/s/de-wilg/visits/{visit.pk}/share/")
    assert page.locator("main .inset:not(.sees *)").count() == 2
    assert bram.find_barriers() == []

    page.locator("main .inset:not(.sees *) label").first.click()
    press(page, BUTTON)
    assert page.url.endswith("/share/")
    assert page.locator("p.error").count() == 1
    assert page.locator("main .inset:not(.sees *) input:checked").count() == 1
    assert bram.find_barriers() == []

    press(page, page.locator("main .inset:not(.sees *) a").last)
    assert page.url.endswith("/feedback/#id_p1-improvement")
    assert page.evaluate("document.activeElement.id") == "id_p1-improvement"
    page.fill("#id_p1-improvement", "Wacht even op elkaar.")
    press(page, BUTTON)
    assert page.locator("main .inset:not(.sees *)").count() == 1
    page.locator("main .inset:not(.sees *) label").click()
    press(page, BUTTON)
    with tenancy.acting_for_system("tests"):
        visit.refresh_from_db()
    assert visit.state == "shared"
