"""One's own pages: hats, language, keys to the API; and the directory of a school."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools import actions, tokens
from schools.models import ApiToken, Membership
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW

ROOSTER = {"name": "Rooster", "days": "90", "groups": "groups:read"}
YESTERDAY = dt.timedelta(days=-1)


def read(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_works(cast: TestCast, as_: Any) -> None:
    page = read(as_(cast.bram).get(reverse("account")))
    assert "Bram van der Meer" in page
    assert "De Wilg" in page
    assert "De Beuk" in page
    assert "De Eik" not in page
    assert reverse("people", args=["de-wilg"]) in page
    for name in ("account-ways", "account_logout", "set_language", "account-tokens"):
        assert reverse(name) in page


def test_a_role_that_is_held_twice_is_named_once(cast: TestCast, as_: Any) -> None:
    until = timezone.localdate() + dt.timedelta(days=7)
    held = {"school": cast.schools["de-wilg"], "user": cast.carla, "role": "teacher"}
    Membership.objects.create(**held, from_date=factories.LONG_AGO, until_date=until)
    assert read(as_(cast.carla).get(reverse("account"))).lower().count("leraar") == 1


def test_the_last_day_ends_when_it_ends_at_the_school(cast: TestCast, as_: Any) -> None:
    type(cast.schools["de-wilg"]).objects.filter(slug="de-wilg").update(time_zone="America/Curacao")
    Membership.objects.filter(user=cast.carla).update(until_date=NOW.date())
    client, people = as_(cast.carla), reverse("people", args=["de-wilg"])
    with time_machine.travel(dt.datetime(2026, 11, 25, 1, 0, tzinfo=dt.UTC)):  # 21.00 on Curaçao, 02.00 in Amsterdam
        read(client.get(people))
    with time_machine.travel(dt.datetime(2026, 11, 25, 4, 30, tzinfo=dt.UTC)):
        assert client.get(people).status_code == 404


def test_it_needs_sign_in(cast: TestCast, client: Client) -> None:
    for name, arguments in (("account", []), ("account-tokens", []), ("people", ["de-wilg"])):
        address = reverse(name, args=arguments)
        assert client.get(address).headers["Location"].endswith(f"?next={address}")


def test_every_kind_of_person_has_a_page(cast: TestCast, as_: Any) -> None:
    assert "Stichting De Waterkant" in read(as_(cast.gerda).get(reverse("account")))
    assert "De site" in read(as_(cast.hugo).get(reverse("account")))
    assert "Je hoort hier nog niet bij een school" in read(as_(factories.person("Nina")).get(reverse("account")))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_for_any_number_of_hats(
    cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any
) -> None:
    for slug in list(cast.schools)[1:number]:
        Membership.objects.create(
            user=cast.carla, school=cast.schools[slug], role="teacher", from_date=factories.LONG_AGO
        )
    client = as_(cast.carla)
    with django_assert_num_queries(10):  # the session and the door take five
        read(client.get(reverse("account")))


def test_a_language_chosen_here_holds_on_every_device(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    client.post(reverse("set_language"), {"language": "en", "next": reverse("account")})
    cast.carla.refresh_from_db()
    assert cast.carla.language == "en"
    page = read(as_(cast.carla).get(reverse("account")))
    assert "Where you belong" in page
    assert re.search(r'value="en"[^>]*checked', page)


def test_a_token_is_shown_once_and_opens_the_api(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    response = client.post(reverse("account-tokens"), ROOSTER)
    (key,) = re.findall(r"smp_[\w-]+", read(response))
    assert "no-store" in response.headers["Cache-Control"]
    assert "smp_" not in read(client.get(reverse("account-tokens")))
    row = ApiToken.objects.get()
    assert key not in str(vars(row))
    assert tokens.look_up(key, now=timezone.now()) == tokens.Bearer(cast.carla, frozenset({"groups:read"}))
    assert row.expires_at - row.created_at == dt.timedelta(days=90)


def test_the_same_form_sent_twice_makes_one_token(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    client.post(reverse("account-tokens"), ROOSTER)
    response = client.post(reverse("account-tokens"), ROOSTER)
    assert response.status_code == 422
    assert "Je hebt al een sleutel met deze naam" in response.content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b"])
def test_a_token_needs_a_name(cast: TestCast, as_: Any, name: str) -> None:
    assert as_(cast.carla).post(reverse("account-tokens"), {**ROOSTER, "name": name}).status_code == 422
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_tokens(cast: TestCast) -> None:
    for number in range(20):
        actions.make_token(name=str(number), by=cast.carla, now=NOW)
    with pytest.raises(actions.TooManyTokensError):
        actions.make_token(name="one more", by=cast.carla, now=NOW)


def test_a_revoked_token_opens_nothing(cast: TestCast, as_: Any) -> None:
    key = actions.make_token(name="Rooster", by=cast.carla, now=timezone.now())
    client = as_(cast.carla)
    address = reverse("account-token-revoke", args=[ApiToken.objects.get().pk])
    assert client.get(address).status_code == 405
    assert "werkt niet meer" in read(client.post(address, follow=True))
    assert tokens.look_up(key, now=timezone.now()) is None
    assert client.post(address).status_code == 404


def test_nobody_sees_or_revokes_the_tokens_of_others(cast: TestCast, as_: Any) -> None:
    actions.make_token(name="Rooster van Carla", by=cast.carla, now=NOW)
    client = as_(cast.anna)
    assert "Rooster van Carla" not in read(client.get(reverse("account-tokens")))
    assert client.post(reverse("account-token-revoke", args=[ApiToken.objects.get().pk])).status_code == 404
    assert ApiToken.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_tokens_asks_the_same_for_any_number(
    cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any
) -> None:
    for name in range(number):
        actions.make_token(name=str(name), by=cast.carla, now=NOW)
    client = as_(cast.carla)
    with django_assert_num_queries(6):
        read(client.get(reverse("account-tokens")))


def test_the_directory_names_people_and_roles_without_addresses(cast: TestCast, as_: Any) -> None:
    Membership.objects.create(
        user=factories.person("Vertrokken"), school=cast.schools["de-wilg"], role="teacher",
        from_date=factories.LONG_AGO, until_date=timezone.localdate() + YESTERDAY,
    )  # fmt: skip
    factories.person("Geschorst", cast.schools["de-wilg"], is_active=False)
    for reader in (cast.anna, cast.bram, cast.carla, cast.frank):
        page = read(as_(reader).get(reverse("people", args=["de-wilg"])))
        for name in ("Anna Visser", "Bram van der Meer", "Carla de Boer", "Frank Smit", "schoolleider"):
            assert name in page
        for hidden in ("@dewilg.example", "Daan Hendriks", "Vertrokken", "Geschorst"):
            assert hidden not in page


def test_next_door_sees_nothing(cast: TestCast, as_: Any) -> None:
    for stranger in (cast.daan, cast.irma, cast.gerda, cast.hugo):
        client = as_(stranger)
        theirs = client.get(reverse("people", args=["de-wilg"]))
        nowhere = client.get(reverse("people", args=["nergens"]))
        assert theirs.status_code == nowhere.status_code == 404
        assert "Carla" not in theirs.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_directory_asks_the_same_for_any_number_of_people(
    cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        factories.person(f"Lid{n}", cast.schools["de-eik"])
    client = as_(cast.irma)
    with django_assert_num_queries(7):
        read(client.get(reverse("people", args=["de-eik"])))


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/abc/"])
def test_nobody_adds_an_address_by_themselves(cast: TestCast, as_: Any, path: str) -> None:
    client = as_(cast.carla)
    for answer in (client.get, client.post):
        assert answer(f"/account/{path}", {"action_add": "", "email": "x@y.example"}).status_code == 404


def test_somebody_without_a_password_can_choose_one(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    page = client.get(reverse("account_change_password"), follow=True)
    assert "Kies een wachtwoord" in read(page)
    chosen = {"password1": "samen-om-de-tafel", "password2": "samen-om-de-tafel"}
    client.post(reverse("account_set_password"), chosen)
    cast.carla.refresh_from_db()
    assert cast.carla.check_password("samen-om-de-tafel")


def test_a_short_password_is_refused_in_dutch(cast: TestCast, as_: Any) -> None:
    sent = {"password1": "abc", "password2": "abc"}
    page = as_(cast.carla).post(reverse("account_set_password"), sent).content.decode()
    assert "Dit wachtwoord is te kort. Gebruik minstens 10 tekens." in page


def test_who_tries_too_often_reads_why(cast: TestCast, as_: Any) -> None:
    client, page = as_(cast.carla), reverse("account_change_password")
    sent = {"oldpassword": "x", "password1": "abc", "password2": "abc"}
    answers = [client.post(page, sent) for _again in range(7)]
    assert answers[-1].status_code == 429
    assert "Even geduld" in answers[-1].content.decode()
