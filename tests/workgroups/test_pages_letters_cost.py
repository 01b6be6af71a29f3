"""What the pages about letters ask of the database: as much for one meeting as for three."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.workgroups.scene import NOW, TODAY, Scene, at
from workgroups import actions


@pytest.mark.parametrize("meetings", [1, 3])
def test_each_takes_the_same_queries(place: Scene, as_: Any, django_assert_num_queries: Any, meetings: int) -> None:
    els = place.cast.hat("els")
    when: dict[str, Any] = {"time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": ""}
    days = [TODAY + dt.timedelta(days=7 * week + 8) for week in range(meetings)]
    ahead = [actions.plan_meeting(group=place.group, day=day, **when, by=els, now=NOW) for day in days]
    pages = (
        (place.cast.els, at("letter", ahead[0].pk, "reminder"), 12),
        (place.cast.els, at("letter-paper", ahead[0].pk, "reminder"), 12),
        (place.cast.els, reverse("account-letters"), 10),
        (place.cast.anna, at("reminders"), 9),
    )
    for who, page, queries in pages:
        browser = as_(who)
        with django_assert_num_queries(queries):
            assert browser.get(page).status_code == 200
