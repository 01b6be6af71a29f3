"""The pages of peer feedback (A6); tests/platform/test_leaks.py tries that no other page says a word of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from schools.models import Delivery, User
from schools.roles import Role
from tests import factories
from tests.workgroups.scene import Scene, at, reads
from workgroups.actions import papers as actions
from workgroups.models import PeerFeedback, Seat

SECRETS = ("Zilvermeeuw", "Boterbloem", "Kastanje", "Waterlelie")
PARTS = dict(zip(("affirm", "critique", "constructive"), SECRETS[1:], strict=True))


@pytest.fixture
def dirk(place: Scene) -> User:
    """A third member of the group."""
    user = factories.person("Dirk", place.group.school, Role.TEACHER)
    Seat.objects.create(school=place.group.school, group=place.group, user=user, from_date=factories.LONG_AGO)
    return user


@pytest.fixture
def row(place: Scene, dirk: User) -> PeerFeedback:
    """Carla asked Dirk."""
    asked: dict[str, Any] = {"group": place.group, "giver": dirk, "question": SECRETS[0]}
    return actions.ask_feedback(**asked, by=place.cast.hat("carla"), now=factories.NOW)


def given(row: PeerFeedback, dirk: User) -> PeerFeedback:
    hat = factories.hat(dirk, row.school)
    return actions.give_feedback(request=row, **PARTS, ground="saw", by=hat, now=factories.NOW)


@pytest.mark.sqlite
def test_it_goes_from_a_question_to_thanks(place: Scene, as_: Any, dirk: User) -> None:
    carla = as_(place.cast.carla)
    assert "Dirk" in reads(carla.get(at("peer-new", place.group.pk)))
    carla.post(at("peer-new", place.group.pk), {"giver": dirk.pk, "question": SECRETS[0]})
    home = at("peer", PeerFeedback.objects.get().pk)
    assert SECRETS[0] in reads(carla.get(home))
    other = as_(dirk)
    assert "Carla" in reads(other.get(at("papers", place.group.pk)))
    assert reads(other.get(f"{home}give/"))
    answer = other.post(f"{home}give/", PARTS | {"ground": "concluded"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ground"])
    assert "Boterbloem" in reads(answer)
    assert other.post(f"{home}give/", PARTS | {"ground": "saw"})["Location"] == home
    carla = as_(place.cast.carla)
    assert all(secret in reads(carla.get(home)) for secret in SECRETS)
    carla.post(f"{home}thank/")
    assert PeerFeedback.objects.get().state == "thanked"
    assert reads(as_(dirk).get(home))


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_that_is_missing_is_asked_for(place: Scene, as_: Any, row: PeerFeedback, dirk: User, part: str) -> None:
    answer = as_(dirk).post(at("peer-give", row.pk), PARTS | {part: "", "ground": "saw"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [part])
    row.refresh_from_db()
    assert (row.state, row.affirm) == ("asked", "")


def test_the_form_keeps_the_order_of_the_three_parts(place: Scene, as_: Any, row: PeerFeedback, dirk: User) -> None:
    form = as_(dirk).get(at("peer-give", row.pk)).context["form"]
    assert list(form.fields) == ["affirm", "critique", "constructive", "ground"]


def test_not_now_is_told_without_a_reason(place: Scene, as_: Any, row: PeerFeedback, dirk: User) -> None:
    answer = as_(dirk).post(at("peer-decline", row.pk))
    assert answer["Location"] == at("papers", place.group.pk)
    assert reads(as_(place.cast.carla).get(at("peer", row.pk)))
    late = as_(dirk).post(at("peer-give", row.pk), PARTS | {"ground": "saw"})
    assert (late.status_code, "Boterbloem" in reads(late)) == (422, True)


def test_a_question_can_be_taken_back(place: Scene, as_: Any, row: PeerFeedback, dirk: User) -> None:
    as_(place.cast.carla).post(at("peer-take-back", row.pk))
    assert SECRETS[0] not in reads(as_(dirk).get(at("papers", place.group.pk)))


@pytest.mark.parametrize("who", ["els", "anna", "frank", "bram", "joris", "daan", "gerda", "hugo"])
def test_everybody_else_gets_what_is_not_there(place: Scene, as_: Any, row: PeerFeedback, dirk: User, who: str) -> None:
    given(row, dirk)
    place.invite(place.cast.bram)
    browser: Client = as_(place.cast.people[who])
    nowhere = browser.get(at("peer", 987_654)).content
    for name in ("peer", "peer-give"):
        answer = browser.get(at(name, row.pk))
        assert (answer.status_code, answer.content) == (404, nowhere)
    for name in ("peer-give", "peer-decline", "peer-take-back", "peer-thank"):
        assert browser.post(at(name, row.pk), PARTS | {"ground": "saw"}).status_code == 404
    row.refresh_from_db()
    assert row.state == "given"


def test_each_of_the_two_finds_it_at_home(place: Scene, as_: Any, row: PeerFeedback, dirk: User) -> None:
    home = reverse("school-home", args=["de-wilg"])
    assert "Carla vraagt je om feedback" in reads(as_(dirk).get(home))
    assert at("peer", row.pk) not in reads(as_(place.cast.carla).get(home))
    given(row, dirk)
    assert "Dirk gaf je antwoord" in reads(as_(place.cast.carla).get(home))
    assert at("peer", row.pk) not in reads(as_(dirk).get(home))
    assert at("peer", row.pk) not in reads(as_(place.cast.els).get(home))


def test_no_letter_leaves(place: Scene, row: PeerFeedback, dirk: User) -> None:
    before = Delivery.objects.count()
    actions.thank(request=given(row, dirk), by=place.cast.hat("carla"), now=factories.NOW)
    assert (Delivery.objects.count(), mail.outbox) == (before, [])
