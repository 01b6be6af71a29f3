"""A series from the chair's phone: no barrier on any of its pages, and one button at a time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from schools import tenancy
from tests.browser.conftest import Visitor
from workgroups.models import Meeting, WorkGroup

pytestmark = pytest.mark.browser
FORTNIGHT = dt.timedelta(days=14)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_a_series_is_planned_and_called_off_without_a_barrier(visit_as: Any, width: int, dark: bool) -> None:
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.get(name="Begrijpend lezen")
    visitor = visit_as("els", width=width, dark=dark)
    page, home = visitor.page, f"{visitor.address}/s/de-wilg/groups/{group.pk}"
    page.goto(f"{home}/meetings/new/")
    buttons = page.locator("main form .button")
    assert [one.inner_text() for one in buttons.all() if one.is_visible()] == ["Plan de bijeenkomst"]
    page.check("[name=every][value=week]")
    assert [one.inner_text() for one in buttons.all() if one.is_visible()] == ["Bekijk de data"]
    page.fill("[name=time]", "16:00")
    page.fill("[name=until]", "17:00")
    page.fill("[name=count]", "8")
    found = visitor.find_barriers()
    visitor.press("text=Bekijk de data")
    found += visitor.find_barriers()
    visitor.press("text=Plan deze 8 bijeenkomsten")
    assert page.url == f"{home}/"
    with tenancy.acting_for_system("tests"):
        second = Meeting.objects.filter(group=group, series__isnull=False).order_by("series_day")[1]
    one = f"{visitor.address}/s/de-wilg/meetings/{second.pk}"
    for path in ("", "edit/", "cancel/"):
        page.goto(f"{one}/{path}")
        found += visitor.find_barriers()
    page.check("[name=which][value=following]")
    visitor.press("text=Zeg af")
    assert page.url == f"{one}/"
    found += visitor.find_barriers()
    assert found == []
    with tenancy.acting_for_system("tests"):
        assert Meeting.objects.filter(series=second.series_id, state="planned").count() == 1


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_the_series_of_the_story_moves_around_the_holidays(visit_as: Any, width: int, dark: bool) -> None:
    with tenancy.acting_for_system("tests"):
        series = list(Meeting.objects.filter(group__name="Rekenen", series__isnull=False).order_by("series_day"))
    steps = {(later.series_day - one.series_day).days for one, later in pairwise(series)}  # type: ignore[operator]
    assert min(steps) == FORTNIGHT.days < max(steps)  # a holiday lies in it
    assert [one.moved_alone for one in series].count(True) == 1
    visitor: Visitor = visit_as("joris", width=width, dark=dark)
    page = visitor.go(f"/s/de-wilg/meetings/{series[0].pk}/edit/")
    page.fill("[name=day]", (series[0].day + FORTNIGHT / 2).isoformat())
    page.check("[name=which][value=following]", force=True)
    visitor.press("main form button.button")
    assert visitor.find_barriers() == []
    expect(page.get_by_text("apart verzet, en blijft daar")).to_be_visible()
    visitor.press(page.get_by_role("button", name=f"Verzet deze {len(series) - 1} bijeenkomsten"))
    assert page.url == f"{visitor.address}/s/de-wilg/meetings/{series[0].pk}/"
    with tenancy.acting_for_system("tests"):
        assert Meeting.objects.get(pk=series[0].pk).day == series[0].day + FORTNIGHT / 2
