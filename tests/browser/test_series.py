"""A series from the chair's phone: no barrier on any of its pages, and one button at a time."""

from __future__ import annotations

from typing import Any

import pytest

from schools import tenancy
from workgroups.models import Meeting, WorkGroup

pytestmark = pytest.mark.browser


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
