"""The people of a school: roles given and ended by day, and the end of somebody's time there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from schools import actions, queries
from schools.models import Event, Invitation, Membership, School, User
from schools.roles import Role, Steward
from tests import calls, factories
from tests.conftest import TestCast
from workgroups.models import Seat

NOW, TODAY = factories.NOW, factories.TODAY
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def steward(user: User, slug: str = "de-wilg") -> Steward:
    return queries.steward_at(user=user, slug=slug, now=NOW)


def role_of(user: User, role: Role = Role.TEACHER, slug: str = "de-wilg") -> Membership:
    row: Membership = Membership.objects.get(user=user, school__slug=slug, role=role)
    return row


def test_only_admins_read_addresses(cast: TestCast) -> None:
    """The school's and the board's; a leader reads names, and the directory tells nobody an address."""
    for user, status in ((cast.frank, 200), (cast.gerda, 200), (cast.anna, 403), (cast.carla, 404), (cast.hugo, 404)):
        browser = calls.Browser()
        browser.force_login(user)
        for name, args in (("people-kept", []), ("person", [cast.carla.pk]), ("people-invitations", [])):
            answer = browser.get(reverse(name, args=["de-wilg", *args]))
            assert answer.status_code == status, (user, name)
            reads = str(cast.carla.email) in answer.content.decode()
            assert reads == (status == 200 and name != "people-invitations"), (user, name)
    browser = calls.Browser()
    browser.force_login(cast.anna)
    assert str(cast.carla.email) not in browser.get(reverse("people", args=["de-wilg"])).content.decode()
    assert str(cast.carla.email) not in browser.get(reverse("people-invite", args=["de-wilg"])).content.decode()


def test_the_same_queries_for_one_person_and_for_many(cast: TestCast, django_assert_max_num_queries: Any) -> None:
    browser = calls.Browser()
    browser.force_login(cast.frank)
    address, invitations = (reverse(name, args=["de-wilg"]) for name in ("people-kept", "people-invitations"))
    browser.get(address)
    with django_assert_max_num_queries(18) as few:
        browser.get(address)
        browser.get(invitations)
    for number in range(5):
        one = factories.person(f"Nieuw {number}", cast.schools["de-wilg"])
        Invitation.objects.create(
            school=cast.schools["de-wilg"], role="teacher", email=f"{number}@x.example", made_at=NOW, invited_by=one
        )
    with django_assert_max_num_queries(18) as many:
        assert "Nieuw 4" in browser.get(address).content.decode()
        assert "4@x.example" in browser.get(invitations).content.decode()
    assert len(few) == len(many)


def test_a_role_is_given_ended_and_taken_up_again(cast: TestCast, client: Client) -> None:
    client.force_login(cast.frank)
    page = reverse("person", args=["de-wilg", cast.carla.pk])
    assert client.post(page, {"role": "coach"}).status_code == 302
    assert client.post(page, {"role": "coach"}).status_code == 422
    row = role_of(cast.carla, Role.COACH)
    end = reverse("role-end", args=["de-wilg", cast.carla.pk, row.pk])
    for last_day, status in ((TODAY - DAY, 422), (TODAY + dt.timedelta(days=400), 422), (TODAY + DAY, 302)):
        assert client.post(end, {"when": "later", "last_day": last_day.isoformat()}).status_code == status
    assert role_of(cast.carla, Role.COACH).until_date == TODAY + DAY
    assert "until" in client.get(page).content.decode() or "tot en met" in client.get(page).content.decode()
    client.post(reverse("role-stay", args=["de-wilg", cast.carla.pk, row.pk]))
    assert role_of(cast.carla, Role.COACH).until_date is None
    assert client.post(end, {"when": "now"}).status_code == 302
    assert not Membership.objects.filter(user=cast.carla, role="coach", school__slug="de-wilg").exists()
    assert Seat.objects.live(TODAY).filter(user=cast.carla).exists()
    told = Event.objects.filter(person=cast.carla, by=cast.frank).values_list("what", flat=True)
    assert set(told) == {"role_given", "role_ended"}


def test_another_schools_people_and_roles_are_not_there(cast: TestCast, client: Client) -> None:
    """Neither the board's own other school nor a role of somebody else in the address opens anything."""
    daan, carla = role_of(cast.daan, slug="de-beuk"), role_of(cast.carla)
    for user in (cast.frank, cast.gerda):
        client.force_login(user)
        for name, args in (
            ("person", [cast.daan.pk]),
            ("person-leave", [cast.daan.pk]),
            ("role-end", [cast.daan.pk, daan.pk]),
            ("role-end", [cast.carla.pk, daan.pk]),
            ("role-end", [cast.els.pk, carla.pk]),
        ):
            assert client.post(reverse(name, args=["de-wilg", *args]), {"when": "now"}).status_code == 404
    assert Membership.objects.filter(pk__in=[daan.pk, carla.pk], until_date=None).count() == 2
    with pytest.raises(PermissionDenied):
        actions.give_role(user=cast.carla, role=Role.ADMIN, by=steward(cast.anna), now=NOW)
    with pytest.raises(Http404):
        steward(cast.gerda, "de-eik")


def test_whoever_leaves_comes_in_no_more(cast: TestCast, client: Client) -> None:
    """At the next request; seats end, the chair goes on, a later invitation dies, other schools notice nothing."""
    wilg, beuk = cast.schools["de-wilg"], cast.schools["de-beuk"]
    Membership.objects.create(school=beuk, user=cast.els, role=Role.TEACHER, from_date=factories.LONG_AGO)
    Invitation.objects.create(school=wilg, role="coach", email=cast.els.email, made_at=NOW)
    other = calls.Browser()
    other.force_login(cast.els)
    group = reverse("workgroups:group", args=["de-wilg", cast.reading.pk])
    assert other.get(group).status_code == 200
    client.force_login(cast.frank)
    leave = reverse("person-leave", args=["de-wilg", cast.els.pk])
    assert client.get(leave).status_code == 200
    assert client.post(leave, {"when": "now"}).status_code == 302
    assert [other.get(page).status_code for page in (group, "/s/de-wilg/", "/s/de-beuk/")] == [404, 404, 200]
    assert Seat.objects.get(group=cast.reading, is_chair=True).user == cast.carla
    assert not Seat.objects.live(TODAY).filter(user=cast.els, school=wilg).exists()
    assert not Invitation.objects.open().filter(email=cast.els.email).exists()
    assert client.post(leave, {"when": "now"}).status_code == 404


def test_until_the_last_day_everything_stays(cast: TestCast) -> None:
    last = TODAY + dt.timedelta(days=30)
    actions.end_time(user=cast.carla, last_day=last, by=steward(cast.gerda), now=NOW)
    assert role_of(cast.carla).until_date == last
    assert Seat.objects.get(user=cast.carla).until_date == last
    alone = factories.person("Solo", cast.schools["de-wilg"])
    group = factories.group(cast.schools["de-wilg"], "Alleen", chair=alone)
    actions.end_time(user=alone, by=steward(cast.frank), now=NOW)
    seat = Seat.objects.get(group=group)
    assert seat.until_date == TODAY - DAY
    assert calls_as(cast.frank, group.pk) == 200


def calls_as(user: User, group_id: int) -> int:
    """How the page of a group answers, of which nobody holds the chair."""
    browser = calls.Browser()
    browser.force_login(user)
    return browser.get(reverse("workgroups:group", args=["de-wilg", group_id])).status_code


def test_the_last_admin_goes_only_knowingly(cast: TestCast, client: Client) -> None:
    client.force_login(cast.frank)
    page = reverse("person-leave", args=["de-wilg", cast.frank.pk])
    assert b'name="sure"' in client.get(page).content
    assert client.post(page, {"when": "now"}).status_code == 422
    assert (
        client.post(
            reverse("role-end", args=["de-wilg", cast.frank.pk, role_of(cast.frank, Role.ADMIN).pk]), {"when": "now"}
        ).status_code
        == 422
    )
    second = factories.person("Tweede", cast.schools["de-wilg"], Role.ADMIN)
    Membership.objects.filter(user=second).update(until_date=TODAY + DAY)
    assert client.post(page, {"when": "later", "last_day": (TODAY + 2 * DAY).isoformat()}).status_code == 422
    Membership.objects.filter(user=second).update(until_date=None)
    assert b'name="sure"' not in client.get(page).content
    Membership.objects.filter(user=second).delete()
    assert client.post(page, {"when": "now", "sure": "on"}).status_code == 302
    assert client.get(page).status_code == 404
    assert steward(cast.gerda).for_board


def test_the_start_of_a_school_step_by_step(cast: TestCast, client: Client) -> None:
    """Each step leads to the page that does it; the board says why, the school reads it."""
    School.objects.filter(slug="de-wilg").update(location_code=None)
    start = reverse("school-start", args=["de-wilg"])
    client.force_login(cast.frank)
    page = client.get(start).content.decode()
    assert all(reverse(name, args=["de-wilg"]) in page for name in ("school-council", "school-region", "people-invite"))
    council = reverse("school-council", args=["de-wilg"])
    assert client.post(council, {"consented_on": "2030-01-01"}).status_code == 422
    assert client.post(council, {"consented_on": TODAY.isoformat()}).status_code == 302
    assert client.post(reverse("school-region", args=["de-wilg"]), {"region": "south"}).status_code == 302
    school = School.objects.get(slug="de-wilg")
    assert (school.consented_on, school.region, school.region_checked_on) == (TODAY, "south", TODAY)
    assert client.post(council, {"consented_on": ""}).status_code == 302
    assert not School.objects.get(slug="de-wilg").may_invite
    assert client.get(reverse("school-reason", args=["de-wilg"])).status_code == 403
    client.force_login(cast.gerda)
    why = "De raad besluit <volgende> week."
    client.post(reverse("school-reason", args=["de-wilg"]), {"because": why})
    assert "&lt;volgende&gt;" in client.get(start).content.decode()
    for number in range(4):
        factories.person(f"Nieuw {number}", school)
    assert {event.what for event in Event.objects.filter(school=school)} == {"consent_written", "settings_changed"}
    client.force_login(cast.frank)
    assert reverse("school-start", args=["de-wilg"]) in client.get("/s/de-wilg/").content.decode()


def test_the_start_of_a_board_costs_the_same_for_any_number(
    cast: TestCast, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.gerda)
    board = cast.schools["de-wilg"].board
    address = reverse("board-start", args=[board.number])
    client.get(address)
    with django_assert_max_num_queries(10) as few:
        assert "De Wilg" in client.get(address).content.decode()
    School.objects.bulk_create(
        School(board=board, name=f"School {number}", slug=f"school-{number}") for number in range(55)
    )
    with django_assert_max_num_queries(10) as many:
        page = client.get(address).content.decode()
    assert len(few) == len(many)
    assert all(reverse("school-start", args=[f"school-{number}"]) in page for number in range(55))
    assert "De Eik" not in page
