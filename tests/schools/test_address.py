"""Another e-mail address: asked for, confirmed from the new one, put back from the old one; and one's name."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools import actions, refusals, retention, tokens
from schools.models import AddressChange, ApiToken, Event, Session, User
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions as tables
from workgroups.models import CalendarFeed

NEW = "carla.nieuw@dewilg.example"
DAY = dt.timedelta(days=1)


def ask(client: Client, address: str = NEW) -> Any:
    return client.post(reverse("account-address"), {"email": address})


def own(user: User) -> str:
    """The person's address."""
    assert user.email
    return user.email


def letters() -> dict[str, str]:
    """What everybody got, by address."""
    return {letter.to[0]: f"{letter.subject}\n{letter.body}" for letter in mail.outbox}


def link(words: str) -> str:
    """The path of the link in a letter."""
    (path,) = re.findall(r"https?://[^/]+(/(?:me/address/confirm|address/undo)/\S+)", words)
    return str(path)


def test_it_works(cast: TestCast, as_: Any) -> None:
    client, old = as_(cast.carla), own(cast.carla)
    EmailAddress.objects.create(user=cast.carla, email=old, verified=True, primary=True)
    assert old in client.get(reverse("account-address")).content.decode()
    told = client.get(ask(client, f" {NEW.upper()} ")["Location"])
    assert "Er is een brief onderweg" in told.content.decode()
    got = letters()
    assert set(got) == {NEW, old}
    assert NEW in got[old]
    assert "Carla" not in got[NEW], "whoever reads there may be a stranger"
    cast.carla.refresh_from_db()
    assert own(cast.carla) == old

    confirm = link(got[NEW])
    assert "Wil je het nieuwe adres gebruiken" in client.get(confirm).content.decode()
    cast.carla.refresh_from_db()
    assert own(cast.carla) == old, "looking ahead changes nothing"
    assert NEW in client.post(confirm, follow=True).content.decode()
    cast.carla.refresh_from_db()
    assert own(cast.carla) == NEW
    assert not EmailAddress.objects.exists(), "the old one signs in no more"
    assert client.post(confirm).status_code == 422
    row = AddressChange.objects.get()
    assert not {confirm.split("/")[-2], link(got[old]).split("/")[-2]} & {*map(str, vars(row).values())}
    assert [event.what for event in Event.objects.filter(by=cast.carla)] == ["address_changed"]


def test_the_old_address_puts_it_back_and_shuts_everybody_out(cast: TestCast, as_: Any, client: Client) -> None:
    thief, old = as_(cast.carla), own(cast.carla)
    User.objects.filter(pk=cast.carla.pk).update(password="pbkdf2_sha256$1$zout$x")
    thief.force_login(User.objects.get(pk=cast.carla.pk))
    tokens.make_token(user=cast.carla, name="van een ander", now=timezone.now())
    tables.make_feed(by=cast.carla, now=timezone.now())
    before = Authenticator.objects.create(user=cast.carla, type=Authenticator.Type.RECOVERY_CODES, data={})
    Authenticator.objects.filter(pk=before.pk).update(created_at=timezone.now() - 9 * DAY)
    first = Authenticator.objects.create(user=cast.carla, type=Authenticator.Type.WEBAUTHN, data={})
    Authenticator.objects.filter(pk=first.pk).update(created_at=timezone.now() - DAY)  # made before asking
    ask(thief)
    Authenticator.objects.create(user=cast.carla, type=Authenticator.Type.WEBAUTHN, data={})
    got = letters()
    thief.post(link(got[NEW]))
    mail.outbox.clear()
    ask(thief, "verder@weg.example")
    undo, onward = link(got[old]), link(letters()["verder@weg.example"])
    thief.post(onward)
    actions.ask_erasure(by=cast.carla, now=timezone.now())

    owner = Client()
    page = owner.get(undo).content.decode()
    assert "Wil je je adres terug" in page
    assert "Agenda-adressen tonen niets meer" in page
    assert User.objects.get(pk=cast.carla.pk).email == "verder@weg.example", "opening it changes nothing"
    assert reverse("account_reset_password") in owner.post(undo).content.decode()
    person = User.objects.get(pk=cast.carla.pk)
    assert person.email == old
    assert not person.has_usable_password()
    assert (person.erase_at, person.undo_digest) == (None, None), "nor is the account erased for whoever had it"
    assert not Session.objects.filter(user=person).exists()
    assert not ApiToken.objects.filter(user=person).exists()
    assert not CalendarFeed.objects.filter(user=person).exists()
    assert list(Authenticator.objects.filter(user=person)) == [before]
    assert thief.get(reverse("account")).status_code == 302
    later_undo = link(letters()[NEW])
    for path in (undo, later_undo):
        assert owner.get(path).status_code == owner.post(path).status_code == 404
    restored = Event.objects.get(what="address_restored")
    assert (restored.by, restored.person) == (None, cast.carla)


def test_a_code_sent_to_an_address_opens_nothing_once_the_account_has_another(cast: TestCast, as_: Any) -> None:
    """The thief asked for it just before the owner put the address back."""
    thief, old = as_(cast.carla), own(cast.carla)
    ask(thief)
    got = letters()
    thief.post(link(got[NEW]))
    waiting = Client()
    waiting.post(reverse("account_request_login_code"), {"email": NEW})
    code = re.findall(r"\d{4}-\d{4}", str(mail.outbox[-1].body))[0]
    Client().post(link(got[old]))
    answer = waiting.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer["Location"] == reverse("account_login")
    assert waiting.get(reverse("account")).status_code == 302


def test_a_taken_address_looks_like_any_other(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    taken, free = ask(client, own(cast.anna)), ask(client, "niemand@dewilg.example")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    got = letters()
    assert "heeft al een account" in got[own(cast.anna)]
    assert "/me/address/confirm/" not in got[own(cast.anna)]
    assert "Is dit je nieuwe adres" in got["niemand@dewilg.example"]
    asked = actions.ask_address(address=own(cast.anna), by=cast.carla, now=timezone.now())
    with pytest.raises(actions.AddressTakenError):
        actions.confirm_address(key=asked.confirm_key, by=cast.carla, now=timezone.now())
    cast.carla.refresh_from_db()
    assert own(cast.carla) != own(cast.anna)


def test_a_key_works_once_for_its_person_and_for_so_long(cast: TestCast) -> None:
    asked = actions.ask_address(address=NEW, by=cast.carla, now=NOW)
    for by, now, key in (
        (cast.anna, NOW, asked.confirm_key),
        (cast.carla, NOW + DAY, asked.confirm_key),
        (cast.carla, NOW, asked.undo_key),
        (cast.carla, NOW, "x" * 43),
    ):
        with pytest.raises(actions.ChangeOverError):
            actions.confirm_address(key=key, by=by, now=now)
    actions.confirm_address(key=asked.confirm_key, by=cast.carla, now=NOW + DAY - dt.timedelta(seconds=1))
    for key, now in ((asked.confirm_key, NOW), (asked.undo_key, NOW + 8 * DAY + dt.timedelta(seconds=1))):
        with pytest.raises(actions.ChangeOverError):
            actions.undo_address(key=key, now=now)
    actions.undo_address(key=asked.undo_key, now=NOW + 8 * DAY)
    with pytest.raises(actions.ChangeOverError):
        actions.undo_address(key=asked.undo_key, now=NOW + 8 * DAY)


def test_the_old_address_stops_it_before_it_happens(cast: TestCast) -> None:
    asked = actions.ask_address(address=NEW, by=cast.carla, now=NOW)
    actions.undo_address(key=asked.undo_key, now=NOW)
    with pytest.raises(actions.ChangeOverError):
        actions.confirm_address(key=asked.confirm_key, by=cast.carla, now=NOW)


def test_who_has_no_address_gets_one(cast: TestCast, as_: Any) -> None:
    User.objects.filter(pk=cast.carla.pk).update(email=None)
    client = as_(User.objects.get(pk=cast.carla.pk))
    assert "Je hebt hier nog geen adres" in client.get(reverse("account-address")).content.decode()
    ask(client)
    assert set(letters()) == {NEW}
    client.post(link(letters()[NEW]))
    assert User.objects.get(pk=cast.carla.pk).email == NEW


def test_nobody_writes_to_strangers_with_it(cast: TestCast) -> None:
    for number in range(3):
        actions.ask_address(address=f"x{number}@y.example", by=cast.carla, now=NOW)
    with pytest.raises(actions.TooManyChangesError):
        actions.ask_address(address=NEW, by=cast.carla, now=NOW)
    actions.ask_address(address=NEW, by=cast.carla, now=NOW + DAY)
    with pytest.raises(actions.OwnAddressError):
        actions.ask_address(address=own(cast.carla), by=cast.carla, now=NOW + 2 * DAY)
    assert isinstance(actions.OwnAddressError(), refusals.Refused)


def test_what_is_no_address_is_refused_beside_the_field(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    for typed in ("", "carla", 'a"b@c.example', "a@b.example\nBcc: x@y.example", own(cast.carla)):
        answer = ask(client, typed)
        assert answer.status_code == 422
        assert answer.context["form"].errors["email"]
    assert not mail.outbox


def test_both_letters_are_forgotten_with_the_change(cast: TestCast) -> None:
    with time_machine.travel(NOW):
        actions.ask_address(address=NEW, by=cast.carla, now=NOW)
        retention.forget("address-changes", now=NOW + 13 * DAY)
        assert AddressChange.objects.exists()
        retention.forget("address-changes", now=NOW + 15 * DAY)
        assert not AddressChange.objects.exists()


def test_one_chooses_ones_name(cast: TestCast, as_: Any) -> None:
    client, page = as_(cast.bram), reverse("account-name")
    assert 'value="van der"' in client.get(page).content.decode()
    names = {"given_name": " Abraham\u200b ", "infix": "", "family_name": "Meer\nBcc: x", "nickname": "Bram"}
    told = client.post(page, {**names, "is_active": "", "email": "x@y.example"}, follow=True).content.decode()
    assert "Collega&#x27;s noemen je Bram" in told or "Collega's noemen je Bram" in told
    cast.bram.refresh_from_db()
    assert (cast.bram.name, cast.bram.called) == ("Abraham Meer Bcc: x", "Bram")
    assert cast.bram.is_active
    assert cast.bram.email != "x@y.example"
    for wrong in ({"given_name": "\u200b"}, {"given_name": "x" * 61}, {"given_name": "a\x00b"}, {}):
        assert client.post(page, wrong).status_code == 422
