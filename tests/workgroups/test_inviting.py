"""A chair invites to the own table: whoever accepts works at the school and has a seat."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from schools import actions as people, queries
from schools.models import Invitation, School, User
from schools.roles import Role
from tests import calls, factories
from tests.conftest import TestCast
from workgroups import actions
from workgroups.models import GroupInvitation, Seat, WorkGroup

NOW = factories.NOW


@pytest.fixture(autouse=True)
def _today(cast: TestCast) -> Iterator[None]:
    School.objects.filter(slug="de-wilg").update(consented_on=factories.LONG_AGO)
    cast.schools["de-wilg"].refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        yield


def code_in(body: object) -> str:
    found = re.search(r"/invitation/([0-9A-Z]+)/", str(body))
    assert found
    return found[1]


def test_it_works(cast: TestCast, client: Client) -> None:
    client.force_login(cast.els)
    page = reverse("workgroups:group-invite", args=["de-wilg", cast.reading.pk])
    assert page in client.get(reverse("workgroups:group-seats", args=["de-wilg", cast.reading.pk])).content.decode()
    assert client.post(page, {"people": "Noor Bos <noor@school.example>"}).status_code == 302
    assert "noor@school.example" in client.get(page).content.decode()
    [letter] = mail.outbox
    assert "Begrijpend lezen" in letter.body
    came = calls.Browser()
    address = reverse("invitation", args=[code_in(letter.body)])
    assert "Begrijpend lezen" in came.get(address).content.decode()
    came.post(address, {"given_name": "Noor", "family_name": "Bos", "password": "een lange zomer 26"})
    noor = User.objects.get(email="noor@school.example")
    assert [row.role for row in noor.memberships.all()] == ["teacher"]
    assert [row.group for row in Seat.objects.filter(user=noor)] == [cast.reading]
    assert came.get(reverse("workgroups:group", args=["de-wilg", cast.reading.pk])).status_code == 200
    assert "noor@school.example" not in client.get(page).content.decode()


def test_a_colleague_gets_the_same_letter(cast: TestCast) -> None:
    """Nothing tells the chair whose address is whose; who has an account says yes with it, and has one role still."""
    els = cast.hat("els")
    asked = [people.Invitee(str(cast.frank.email), Role.TEACHER), people.Invitee(str(cast.joris.email), Role.TEACHER)]
    assert actions.invite_to_group(group=cast.reading, emails=asked, by=els, now=NOW) == (2, 0, 0)
    assert actions.invite_to_group(group=cast.reading, emails=asked, by=els, now=NOW) == (0, 0, 2)
    for user, letter in zip((cast.frank, cast.joris), mail.outbox, strict=True):
        people.accept_as(code=code_in(letter.body), by=user, now=NOW)
        assert Seat.objects.filter(user=user, group=cast.reading).count() == 1
    assert cast.joris.memberships.count() == 1


def test_only_the_chair(cast: TestCast) -> None:
    asked = [people.Invitee("een@x.example", Role.TEACHER)]
    for name in ("carla", "anna", "frank", "joris"):
        with pytest.raises(PermissionDenied):
            actions.invite_to_group(group=cast.reading, emails=asked, by=cast.hat(name), now=NOW)
    assert not Invitation.objects.exists()


def test_an_invitation_of_the_school_takes_the_seat_along(cast: TestCast) -> None:
    """And taking the seat back leaves the school's own invitation as it is, while the table's own goes with it."""
    admin, els = queries.steward_at(user=cast.frank, slug="de-wilg", now=NOW), cast.hat("els")
    asked = [people.Invitee("een@x.example", Role.TEACHER), people.Invitee("twee@x.example", Role.TEACHER)]
    people.invite(people=asked[:1], by=admin, now=NOW)
    actions.invite_to_group(group=cast.reading, emails=asked, by=els, now=NOW)
    for row in GroupInvitation.objects.select_related("invitation"):
        actions.withdraw_group_invitation(group_invitation=row, by=els, now=NOW)
    assert [row.email for row in Invitation.objects.open()] == ["een@x.example"]
    actions.invite_to_group(group=cast.reading, emails=asked[:1], by=els, now=NOW)
    user = people.accept_as_new(code=code_in(mail.outbox[0].body), given_name="Een", now=NOW)
    assert Seat.objects.filter(user=user, group=cast.reading).exists()


def test_a_group_that_ended_has_no_seat_any_more(cast: TestCast) -> None:
    asked = [people.Invitee("een@x.example", Role.TEACHER)]
    actions.invite_to_group(group=cast.reading, emails=asked, by=cast.hat("els"), now=NOW)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=factories.TODAY)
    user = people.accept_as_new(code=code_in(mail.outbox[0].body), given_name="Een", now=NOW)
    assert not Seat.objects.filter(user=user).exists()
