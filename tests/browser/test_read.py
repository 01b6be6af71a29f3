"""A visitor ticks which cards were read; nobody else ever learns of it (C5)."""

from __future__ import annotations

from typing import Any

import pytest

from observations.models import Visit
from schools import tenancy
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
MARKS = "[data-read-mark]:visible"


def _coming() -> Visit:
    with tenancy.acting_for_system("tests"):
        coming = Visit.objects.filter(state__in=["proposed", "accepted"], coach__given_name="Bram")
        visit: Visit = coming.select_related("school").latest("pk")
        return visit


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_a_card_that_was_read_stays_read_on_this_device(visit_as: Any, width: int, dark: bool) -> None:
    visit = _coming()
    where = f"/s/{visit.school.slug}/visits/{visit.pk}/prepare/"
    bram: Visitor = visit_as("bram", width=width, dark=dark)
    page = bram.go(where)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    assert page.locator(MARKS).count() == 0
    card = page.locator("[data-read]").nth(2)
    card.locator("summary").click()
    card.get_by_role("checkbox").check()
    assert page.locator(MARKS).count() == 1
    assert set(sent) <= {"GET"}
    assert bram.find_barriers() == []

    page = bram.go(where)
    assert page.locator(MARKS).count() == 1
    page.locator("[data-read]").nth(2).locator("summary").click()
    page.locator("[data-read]").nth(2).get_by_role("checkbox").uncheck()
    page = bram.go(where)
    assert page.locator(MARKS).count() == 0
