"""A school's own days without school: who writes them down, what is refused, and what follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from schools import actions, holidays, post
from schools.models import Delivery, Holiday
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions as group_actions

DAY = dt.timedelta(days=1)
PAGE = "/s/de-wilg/days-off/"
STUDY = {"name": "Studiedag", "first_day": "2026-12-04", "last_day": ""}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def add(cast: TestCast, who: str = "anna", **changed: Any) -> Holiday:
    given = {"name": "Studiedag", "first_day": dt.date(2026, 12, 4), "last_day": None, **changed}
    return actions.add_days_off(**given, by=cast.hat(who), now=NOW)


@pytest.mark.parametrize("who", ["anna", "frank"])
def test_it_works(cast: TestCast, as_: Any, who: str) -> None:
    """The leader writes down a study day and takes it away again; everybody of the school reads it meanwhile."""
    assert as_(cast.people[who]).post(PAGE, STUDY)["Location"] == PAGE
    found = Holiday.objects.get()
    assert (found.school, found.first_day, found.last_day) == (cast.schools["de-wilg"], *[dt.date(2026, 12, 4)] * 2)
    page = as_(cast.carla).get(PAGE).content.decode()
    assert "vrijdag 4 december 2026, alleen bij jullie op school" in page
    assert 'name="first_day"' not in page
    assert as_(cast.people[who]).post(f"{PAGE}{found.pk}/remove/")["Location"] == PAGE
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("who", ["carla", "els", "bram"])
def test_it_is_for_leaders_and_admins(cast: TestCast, as_: Any, who: str) -> None:
    found = add(cast)
    browser = as_(cast.people[who])
    assert browser.get(PAGE).status_code == 200
    assert browser.post(PAGE, STUDY).status_code == browser.post(f"{PAGE}{found.pk}/remove/").status_code == 403
    with pytest.raises(PermissionDenied):
        add(cast, who, first_day=TODAY)
    with pytest.raises(PermissionDenied):
        actions.remove_days_off(holiday_id=found.pk, by=cast.hat(who), now=NOW)
    assert Holiday.objects.get() == found


def test_next_door_sees_nothing(cast: TestCast, as_: Any) -> None:
    found = factories.study_day(cast.schools["de-beuk"])
    regional = Holiday.objects.create(region="noord", name="Kerst", first_day=TODAY, last_day=TODAY)
    assert "Studiedag" not in as_(cast.anna).get(PAGE).content.decode()
    for one in (found, regional):
        assert as_(cast.anna).post(f"{PAGE}{one.pk}/remove/").status_code == 404
        with pytest.raises(Http404):
            actions.remove_days_off(holiday_id=one.pk, by=cast.hat("anna"), now=NOW)
    assert as_(cast.daan).get(PAGE).status_code == 404
    assert Holiday.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"last_day": dt.date(2026, 12, 3)}, actions.EndsTooEarlyError),
        ({"first_day": TODAY - 2 * DAY, "last_day": TODAY - DAY}, actions.DaysOverError),
        ({"last_day": dt.date(2027, 12, 4)}, actions.OddBreakError),
        ({"first_day": TODAY + 732 * DAY}, actions.OddBreakError),
        ({"first_day": dt.date(2026, 12, 1), "last_day": dt.date(2026, 12, 8)}, actions.DaysKnownError),
        ({"first_day": dt.date(2026, 12, 8)}, actions.DaysKnownError),
    ],
)
def test_what_cannot_be_is_refused(cast: TestCast, changed: dict[str, Any], refused: type[Exception]) -> None:
    add(cast, first_day=dt.date(2026, 12, 8))
    with pytest.raises(refused):
        add(cast, **changed)
    assert Holiday.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"first_day": ""}, "first_day"),
        ({"first_day": "2026-02-30"}, "first_day"),
        ({"first_day": "9999-99-99"}, "first_day"),
        ({"first_day": "9999-12-31"}, "last_day"),
        ({"first_day": "0001-01-01"}, "first_day"),
        ({"last_day": "morgen"}, "last_day"),
        ({"last_day": "2026-12-01"}, "last_day"),
    ],
)
def test_an_odd_day_is_asked_again(cast: TestCast, as_: Any, changed: dict[str, str], field: str) -> None:
    answer = as_(cast.anna).post(PAGE, STUDY | changed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Holiday.objects.exists()


def test_what_is_over_or_replaced_is_not_shown(cast: TestCast) -> None:
    wilg = cast.schools["de-wilg"]
    for name, first in (("Herfst", TODAY - 30 * DAY), ("Kerst", TODAY + 26 * DAY), ("Mei", TODAY + 150 * DAY)):
        Holiday.objects.create(region=wilg.region, name=name, first_day=first, last_day=first + 8 * DAY)
    factories.study_day(wilg, TODAY - 40 * DAY)
    own = add(cast, name="kerst", first_day=TODAY + 24 * DAY, last_day=TODAY + 32 * DAY)
    found = holidays.ahead(wilg, today=TODAY)
    assert [(one.name, one.school_id) for one in found] == [("kerst", wilg.pk), ("Mei", None)]
    assert found[0] == own


def test_reminders_that_wait_follow_at_once(cast: TestCast) -> None:
    """The day before is a study day now: so they leave on the day before that; and at their own time once it is not."""
    when: dict[str, Any] = {"day": dt.date(2026, 12, 4), "time": dt.time(15, 15), "minutes": 60, "place": ""}
    group_actions.plan_meeting(group=cast.reading, **when, title="", by=cast.hat("els"), now=NOW)
    assert due() == {dt.datetime(2026, 12, 3, 15, 0, tzinfo=dt.UTC)}
    given: dict[str, Any] = {"name": "Studiedag", "first_day": dt.date(2026, 12, 3), "last_day": None}
    group_actions.add_days_off(**given, by=cast.hat("anna"), now=NOW)
    assert due() == {dt.datetime(2026, 12, 2, 15, 0, tzinfo=dt.UTC)}
    assert post.reconcile(now=NOW) == 0
    group_actions.remove_days_off(holiday_id=Holiday.objects.get().pk, by=cast.hat("anna"), now=NOW)
    assert due() == {dt.datetime(2026, 12, 3, 15, 0, tzinfo=dt.UTC)}


def due() -> set[dt.datetime]:
    return set(Delivery.objects.values_list("due_at", flat=True))


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_many_days(cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any) -> None:
    for week in range(number):
        add(cast, first_day=TODAY + week * 7 * DAY)
    browser = as_(cast.anna)
    browser.get(PAGE)
    with django_assert_num_queries(7 + (connection.vendor == "sqlite")):
        answer = browser.get(PAGE)
    assert answer.content.decode().count("Studiedag</b>") == number
