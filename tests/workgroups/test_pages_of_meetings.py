"""Pages of meetings come from a kept statement: the same rows as the queryset gives, for everybody and every filter."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import combinations
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from schools import statements, tenancy
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups.models import Meeting
from workgroups.queries import records

DAY = dt.timedelta(days=1)
PEOPLE = ("carla", "els", "anna", "frank", "joris", "bram")
pytestmark = pytest.mark.sqlite


@pytest.fixture
def many(cast: TestCast) -> None:
    for group in (cast.reading, cast.maths, cast.next_door, cast.elsewhere):
        for number in range(-3, 3):
            factories.meeting(group, TODAY + number * DAY, state="held" if number < -1 else "planned")


@pytest.mark.usefixtures("many")
def test_a_page_has_the_rows_of_the_queryset(cast: TestCast) -> None:
    middle = Meeting.objects.filter(group=cast.reading).order_by("starts_at")[2].starts_at
    filters: dict[str, Any] = {
        "group_id": cast.reading.pk,
        "state": "held",
        "after": middle,
        "before": NOW + DAY,
        "series_id": 7,
    }
    asked = [dict(some) for number in range(3) for some in combinations(filters.items(), number)]
    seen = set()
    for _again in range(2):  # the second time from what is kept
        for who in PEOPLE:
            member = cast.hat(who)
            with tenancy.acting_as(member.user):
                for only in asked:
                    rows = records.meetings(member, **only, now=NOW).order_by("starts_at", "id")
                    page = records.meetings_page(member, **only, now=NOW).order_by("starts_at", "id")
                    assert page[0:51] == list(rows)
                    assert page.filter(starts_at__gt=str(middle))[1:3] == list(rows.filter(starts_at__gt=middle)[1:3])
                    seen.add(len(rows))
    assert {0, 6, 12} <= seen


@pytest.mark.usefixtures("many")
def test_next_door_sees_nothing_of_it(cast: TestCast) -> None:
    wilg, beuk = cast.hat("frank"), cast.hat("daan", "de-beuk")
    with tenancy.acting_as(wilg.user):
        assert {row["group_id"] for row in records.meetings_page(wilg, now=NOW)[0:51]} == {
            cast.reading.pk,
            cast.maths.pk,
        }
    with tenancy.acting_as(beuk.user):
        assert {row["group_id"] for row in records.meetings_page(beuk, now=NOW)[0:51]} == {cast.next_door.pk}


@pytest.mark.usefixtures("many")
def test_a_seat_in_another_group_opens_that_one_only(cast: TestCast) -> None:
    for group in (cast.reading, cast.maths, cast.reading):  # the same roles and as many seats: one statement for both
        member = dataclasses.replace(cast.hat("carla"), seats={group.pk: False})
        with tenancy.acting_as(member.user):
            assert {row["group_id"] for row in records.meetings_page(member, now=NOW)[0:51]} == {group.pk}


@pytest.mark.usefixtures("many")
def test_it_needs_an_open_door(cast: TestCast) -> None:
    member = cast.hat("frank")
    token = tenancy._inside.set(None)
    with pytest.raises(tenancy.OutsideTheDoorError):
        records.meetings_page(member, now=NOW)
    tenancy._inside.reset(token)


@pytest.mark.usefixtures("many")
def test_the_statement_is_made_once_for_everybody_with_the_same_filters(cast: TestCast) -> None:
    statements._made.cache_clear()
    for who in ("carla", "els", "carla"):  # both sit in one group
        member = cast.hat(who)
        with tenancy.acting_as(member.user):
            assert records.meetings_page(member, after=NOW, now=NOW).order_by("id")[0:51]
    assert statements._made.cache_info().misses == 1


def test_a_place_that_is_none_is_refused(cast: TestCast) -> None:
    member = cast.hat("carla")
    with tenancy.acting_as(member.user), pytest.raises(ValidationError):
        records.meetings_page(member, now=NOW).filter(starts_at__gt="the day after")
