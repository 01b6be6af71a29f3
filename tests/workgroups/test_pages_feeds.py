"""The page about one's own calendar, and the ways that lead there."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.workgroups import scene as scenes
from workgroups import actions
from workgroups.models import CalendarFeed, Seat

PAGE = "/me/calendar/"


def shown(content: bytes) -> list[str]:
    return re.findall(r'<input id="address-\d+" type="text" value="([^"]+)" readonly', content.decode())


def test_it_works(cast: TestCast, as_: Any) -> None:
    browser = as_(cast.carla)
    assert shown(browser.get(PAGE).content) == []
    answer = browser.post("/me/calendar/new/", follow=True)
    [address] = shown(answer.content)
    assert address.endswith(".ics")
    assert f'href="webcal:{address.partition(":")[2]}"' in answer.content.decode()
    assert browser.get(address.partition("8000")[2] or address).status_code == 200


def test_it_is_for_who_signed_in_and_never_kept(cast: TestCast, client: Any, as_: Any) -> None:
    assert client.get(PAGE)["Location"].startswith("/account/login/")
    actions.make_feed(by=cast.carla, now=NOW)
    answer = as_(cast.carla).get(PAGE)
    assert "no-store" in answer["Cache-Control"]
    assert shown(answer.content)


def test_each_own_group_has_an_address_of_its_own(cast: TestCast, as_: Any) -> None:
    browser = as_(cast.carla)
    assert b"Rekenen" not in browser.get(PAGE).content
    answer = browser.post(f"/me/calendar/groups/{cast.reading.pk}/")
    assert answer["Location"] == f"{PAGE}#group-{cast.reading.pk}"
    assert CalendarFeed.objects.get().group == cast.reading
    assert len(shown(browser.get(PAGE).content)) == 1
    assert browser.post(f"/me/calendar/groups/{cast.maths.pk}/").status_code == 404


def test_a_new_address_and_none(cast: TestCast, as_: Any) -> None:
    feed, browser = actions.make_feed(by=cast.carla, now=NOW), as_(cast.carla)
    [old] = shown(browser.get(PAGE).content)
    [new] = shown(browser.post(f"/me/calendar/{feed.pk}/renew/", follow=True).content)
    assert old != new
    assert browser.post(f"/me/calendar/{feed.pk}/renew/").status_code == 404
    left = browser.post(f"/me/calendar/{CalendarFeed.objects.get().pk}/remove/", follow=True)
    assert (shown(left.content), CalendarFeed.objects.count()) == ([], 0)


def test_next_door_sees_nothing(cast: TestCast, as_: Any) -> None:
    feed = actions.make_feed(by=cast.carla, now=NOW)
    browser = as_(cast.daan)
    page = browser.get(PAGE).content
    assert (b"Spelling" in page, b"Begrijpend" in page, shown(page)) == (True, False, [])
    for deed in ("renew", "remove"):
        assert browser.post(f"/me/calendar/{feed.pk}/{deed}/").status_code == 404
    assert CalendarFeed.objects.get() == feed


def test_without_a_seat_it_says_why_it_is_empty(cast: TestCast, as_: Any) -> None:
    answer = as_(cast.anna).get(PAGE)
    assert "Je zit nog niet in een groep" in answer.content.decode()
    assert b"/me/calendar/new/" not in answer.content


def test_who_left_all_groups_still_takes_the_address_away(cast: TestCast, as_: Any) -> None:
    actions.make_feed(by=cast.anna, now=NOW)
    answer = as_(cast.anna).get(PAGE)
    assert len(shown(answer.content)) == 1


def test_who_left_a_group_still_takes_its_address_away(cast: TestCast, as_: Any) -> None:
    browser, own = as_(cast.carla), actions.make_feed(group_id=cast.reading.pk, by=cast.carla, now=NOW)
    title = "Groepen waar je niet meer in zit"
    assert title not in browser.get(PAGE).content.decode()
    Seat.objects.filter(user=cast.carla).update(until_date=dt.date(2026, 11, 1))
    page = browser.get(PAGE).content.decode()
    assert title in page
    assert f"Adres gemaakt op {NOW:%-d} november {NOW:%Y}" in page
    assert "Begrijpend lezen" not in page
    assert shown(page.encode()) == []
    page = browser.post(f"/me/calendar/{own.pk}/remove/", follow=True).content.decode()
    assert (title in page, CalendarFeed.objects.exists()) == (False, False)


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_many_groups(cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any) -> None:
    actions.make_feed(by=cast.carla, now=NOW)
    for each in range(number - 1):
        group = factories.group(cast.schools["de-wilg"], f"Groep {each}", members=(cast.carla,))
        actions.make_feed(group_id=group.pk, by=cast.carla, now=NOW)
    browser = as_(cast.carla)
    browser.get(PAGE)
    with django_assert_num_queries(8):
        answer = browser.get(PAGE)
    assert len(shown(answer.content)) == number


def test_the_group_leads_its_members_there(place: scenes.Scene, as_: Any) -> None:
    cast = place.cast
    home = reverse("workgroups:group", args=["de-wilg", cast.reading.pk])
    link = f'href="{PAGE}#group-{cast.reading.pk}"'
    assert link in as_(cast.carla).get(home).content.decode()
    assert link not in as_(cast.anna).get(home).content.decode()
    assert f'href="{PAGE}"' in as_(cast.carla).get("/me/").content.decode()
