"""A calendar's address that an app made in somebody's name ends with what that app may; one's own stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.idp.oidc.models import Client as Registered
from django.contrib.auth.hashers import make_password
from django.http import Http404
from django.test import Client
from django.urls import reverse

from schools import actions as schools, tenancy
from schools.models import Program, ProgramKey, User
from tests import factories
from tests.calls import ROOT
from tests.conftest import TestCast
from tests.schools.apps import App
from workgroups import actions
from workgroups.models import CalendarFeed

HELD = frozenset({"account:write", "groups:read"})


class CalendarApp(App):
    """An app that makes addresses for calendars."""

    def __init__(self, person: Any) -> None:
        super().__init__(held=HELD)
        self.key: str = self.keys(person, scope=" ".join(sorted(HELD)))["access_token"]

    def posts(self, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        return Client().post(ROOT + path, body or {}, content_type="application/json", headers=headers)


def status(address: str) -> int:
    return Client().get("/" + address.split("/", 3)[3]).status_code


@pytest.fixture
def app(cast: TestCast, as_: Any) -> CalendarApp:
    return CalendarApp(as_(cast.carla))


def test_it_works(cast: TestCast, app: CalendarApp, as_: Any) -> None:
    made = app.posts("me/feeds/", {"group": cast.reading.pk}).json()
    assert (made["app"], status(made["address"])) == ("Rooster", 200)
    page = as_(cast.carla).get(reverse("account-calendar")).content.decode()
    assert made["address"] in page
    assert "Rooster heeft dit adres gemaakt." in page
    as_(cast.carla).post(reverse("account-program-end", args=[Program.objects.get().pk]))
    assert status(made["address"]) == 404
    assert not CalendarFeed.objects.exists()


def test_an_app_that_is_shut_out_meanwhile_makes_nothing(cast: TestCast) -> None:
    with tenancy.acting_as(cast.carla), pytest.raises(Http404):
        actions.make_feed(app="gone", by=cast.carla, now=factories.NOW)
    assert not CalendarFeed.objects.exists()


def later(cast: TestCast) -> None:
    Program.objects.update(allowed_at=factories.NOW - Program.LASTS)


def another_password(cast: TestCast) -> None:
    User.objects.filter(pk=cast.carla.pk).update(password=make_password("een ander wachtwoord"))


def narrowed_by_the_site(cast: TestCast) -> None:
    Registered.objects.update(scopes="openid\naccount:write")


def narrowed_by_the_person(cast: TestCast) -> None:
    Program.objects.update(scopes="account:write")


def taken_off_the_list(cast: TestCast) -> None:
    with tenancy.acting_for_system("an app is taken off"):
        schools.remove_program(client_id=Registered.objects.get().pk)


def ended_by_the_version_before(cast: TestCast) -> None:
    ProgramKey.objects.all().delete()
    Program.objects.all()._raw_delete("default")  # it knows of no feeds


@pytest.mark.parametrize(
    "happen",
    [
        later,
        another_password,
        narrowed_by_the_site,
        narrowed_by_the_person,
        taken_off_the_list,
        ended_by_the_version_before,
    ],
)
def test_it_ends_with_what_the_app_may(
    cast: TestCast, app: CalendarApp, as_: Any, happen: Callable[[TestCast], None]
) -> None:
    own = actions.make_feed(group_id=cast.reading.pk, by=cast.carla, now=factories.NOW)
    made = app.posts("me/feeds/").json()
    assert status(made["address"]) == 200
    with time_machine.travel(factories.NOW):
        happen(cast)
        assert status(made["address"]) == 404
        cast.carla.refresh_from_db()
        browser = as_(cast.carla)
        page = browser.get(reverse("account-calendar")).content.decode()
        assert made["address"] not in page
        browser.post("/me/calendar/new/")
    fresh = CalendarFeed.objects.get(user=cast.carla, group=None)
    assert fresh.program_id is None
    assert CalendarFeed.objects.filter(pk=own.pk).exists()


def test_a_new_address_is_of_who_asks_for_it(cast: TestCast, app: CalendarApp) -> None:
    made = app.posts("me/feeds/").json()
    with tenancy.acting_as(cast.carla):
        mine = actions.renew_feed(feed_id=made["id"], by=cast.carla, now=factories.NOW + dt.timedelta(hours=1))
    assert mine.program is None
    again = app.posts("me/feeds/").json()
    assert (again["id"], again["app"], again["address"]) == (mine.pk, None, None)
    theirs = app.posts(f"me/feeds/{mine.pk}/renew/").json()
    assert theirs["app"] == "Rooster"
    Program.objects.all().delete()
    assert status(theirs["address"]) == 404
