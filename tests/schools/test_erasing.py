"""The end of one's own account: asked with a proof, told by letter and on every page, taken back within seven days."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from schools import actions, queries, scopes, tokens
from schools.models import BoardMembership, Event, Membership, User
from schools.roles import Role
from tests import factories, smtp_sink
from tests.conftest import TestCast

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
LAST_DAY = dt.date(2026, 12, 1)
NIGHT = dt.datetime(2026, 12, 1, 23, 0, tzinfo=dt.UTC)  # midnight in Amsterdam
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def ask(client: Client, **data: str) -> Any:
    return client.post(reverse("account-erase"), data)


def link() -> str:
    """The path of the link in the letter."""
    (path,) = set(re.findall(r"https?://[^/\s]+(/erasure/undo/[^\s\"<]+)", str(mail.outbox[0].body)))
    return str(path)


def test_it_works(cast: TestCast, as_: Any) -> None:
    client = as_(cast.carla)
    page = client.get(reverse("account-data"))
    assert "Wat Samenspraak over jou weet" in page.content.decode()
    assert "Wat blijft" in client.get(reverse("account-erase")).content.decode()
    assert ask(client)["Location"] == reverse("account-data")
    cast.carla.refresh_from_db()
    assert (cast.carla.erase_at, cast.carla.stays_until) == (NIGHT, LAST_DAY)
    (letter,) = mail.outbox
    assert letter.to == [cast.carla.email]
    assert "1 december" in str(letter.body)
    assert link().split("/")[-2] not in {str(value) for value in vars(cast.carla).values()}, "only its hash is kept"
    for address in (reverse("account"), reverse("people", args=["de-wilg"])):
        assert "Tot en met dinsdag 1 december" in client.get(address).content.decode()
    assert ask(client).status_code == 422, "once is enough, and the day stays"
    assert [event.what for event in Event.objects.filter(by=cast.carla)] == ["erasure_asked"]


def test_others_see_nothing_of_it(cast: TestCast, as_: Any) -> None:
    ask(as_(cast.carla))
    for name, address in (("els", "people"), ("frank", "people-kept"), ("frank", "school-events")):
        page = as_(cast.people[name]).get(reverse(address, args=["de-wilg"])).content.decode()
        assert "account te wissen" not in page.replace("geen account te wissen", ""), address


def test_the_button_takes_it_back(cast: TestCast, as_: Any, clock: Any) -> None:
    client = as_(cast.carla)
    ask(client)
    clock.move_to(NIGHT - SECOND)
    answer = client.post(reverse("account-erase-undo"), follow=True).content.decode()
    assert "Je account blijft." in answer
    cast.carla.refresh_from_db()
    assert (cast.carla.erase_at, cast.carla.undo_digest) == (None, None)
    assert "al gevraagd" not in client.get(reverse("account-erase")).content.decode()
    assert actions.erase_due(now=NIGHT) == 0


def test_the_link_takes_it_back_whoever_is_signed_in(cast: TestCast, as_: Any, client: Client) -> None:
    ask(as_(cast.carla))
    client.logout()
    address = link()
    assert "Je account houden?" in client.get(address).content.decode()
    assert User.objects.get(pk=cast.carla.pk).erase_at, "looking ahead changes nothing"
    assert "Je account blijft." in client.post(address).content.decode()
    assert User.objects.get(pk=cast.carla.pk).erase_at is None
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert client.get(reverse("erasure-undo", args=["verzonnen"])).status_code == 404


def test_in_the_night_it_is_too_late(cast: TestCast, as_: Any, client: Client, clock: Any) -> None:
    ask(as_(cast.carla))
    clock.move_to(NIGHT)
    assert client.post(link()).status_code == 404
    assert "niets meer om terug te nemen" in client.post(reverse("account-erase-undo"), follow=True).content.decode()
    assert User.objects.get(pk=cast.carla.pk).erase_at == NIGHT


def test_who_has_no_address_asks_too(cast: TestCast, as_: Any) -> None:
    User.objects.filter(pk=cast.carla.pk).update(email=None)
    cast.carla.refresh_from_db()
    assert ask(as_(cast.carla)).status_code == 302
    assert mail.outbox == []
    assert User.objects.get(pk=cast.carla.pk).erase_at == NIGHT


def test_without_a_letter_nothing_is_asked(cast: TestCast, as_: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask(as_(cast.carla)).status_code == 422
    assert User.objects.get(pk=cast.carla.pk).erase_at is None


def moved(user: User, *, confirmed_ago: dt.timedelta) -> None:
    """Somebody who is signed in as this person took another address for the account."""
    then = NOW - confirmed_ago
    asked = actions.ask_address(address="dief@elders.example", by=User.objects.get(pk=user.pk), now=then)
    actions.confirm_address(key=asked.confirm_key, by=User.objects.get(pk=user.pk), now=then)
    user.refresh_from_db()


def test_the_address_before_hears_it_too_and_puts_itself_back(cast: TestCast, as_: Any, client: Client) -> None:
    old = cast.carla.email
    moved(cast.carla, confirmed_ago=dt.timedelta(days=6))
    assert ask(as_(cast.carla)).status_code == 302
    assert [one.to for one in mail.outbox] == [["dief@elders.example"], [old]]
    words = str(mail.outbox[1].body)
    (back,) = set(re.findall(r"https?://[^/\s]+(/address/undo/[^\s\"<]+)", words))
    (keep,) = set(re.findall(r"https?://[^/\s]+(/erasure/undo/[^\s\"<]+)", words))
    assert client.get(keep).status_code == 200
    assert "Je hebt je adres terug" in client.post(back).content.decode()
    carla = User.objects.get(pk=cast.carla.pk)
    assert (carla.email, carla.erase_at) == (old, None)
    assert client.post(back).status_code == 404
    assert not carla.address_changes.filter(undone_at__isnull=True).exists(), "the first key opens nothing either"


def test_who_can_no_longer_put_an_address_back_hears_nothing(cast: TestCast, as_: Any) -> None:
    moved(cast.carla, confirmed_ago=dt.timedelta(days=9))
    ask(as_(cast.carla))
    assert [one.to for one in mail.outbox] == [["dief@elders.example"]]


def test_an_old_address_that_takes_no_letter_keeps_nobody(cast: TestCast, as_: Any, settings: Any) -> None:
    old = cast.carla.email
    moved(cast.carla, confirmed_ago=dt.timedelta(days=1))
    with smtp_sink.running() as sink:
        sink.script = lambda stage, to, _seen: "550 nobody here" if stage == "rcpt" and to == old else None
        for name, value in smtp_sink.settings_for(sink).items():
            setattr(settings, name, value)
        assert ask(as_(cast.carla)).status_code == 302
        assert [one.recipient for one in sink.accepted] == ["dief@elders.example"]
    assert User.objects.get(pk=cast.carla.pk).erase_at == NIGHT


def test_two_keys_are_one_change_in_the_own_file(cast: TestCast) -> None:
    moved(cast.carla, confirmed_ago=dt.timedelta(days=1))
    actions.ask_erasure(by=User.objects.get(pk=cast.carla.pk), now=NOW)
    told = {one.key: rows for one, rows in queries.held_about(user=cast.carla, now=NOW)}
    assert len([row for row in told["addresses"] if row[1]]) == 1


def test_second_keys_are_no_wishes_for_another_address(cast: TestCast) -> None:
    moved(cast.carla, confirmed_ago=dt.timedelta())
    for _time in range(3):
        actions.ask_erasure(by=User.objects.get(pk=cast.carla.pk), now=NOW)
        actions.undo_erasure(by=User.objects.get(pk=cast.carla.pk), now=NOW)
    carla = User.objects.get(pk=cast.carla.pk)
    asked = actions.ask_address(address="nieuw@elders.example", by=carla, now=NOW + dt.timedelta(minutes=1))
    assert asked.change.old == "dief@elders.example"


@pytest.mark.parametrize("address", ["account-data-file", "account-erase"])
def test_it_asks_for_a_recent_proof(cast: TestCast, as_: Any, clock: Any, address: str) -> None:
    client = as_(cast.carla)
    clock.move_to(NOW + dt.timedelta(minutes=16))
    method = client.get if address == "account-data-file" else client.post
    answer = method(reverse(address))
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
    assert User.objects.get(pk=cast.carla.pk).erase_at is None


def test_the_last_in_office_is_told_and_asked_whether_it_is_meant(cast: TestCast, as_: Any) -> None:
    frank = cast.frank
    school = cast.schools["de-wilg"]
    Membership.objects.filter(school=school, role=Role.ADMIN).exclude(user=frank).delete()
    BoardMembership.objects.filter(board=school.board).delete()
    BoardMembership.objects.create(board=school.board, user=frank, from_date=factories.LONG_AGO)
    client = as_(frank)
    page = client.get(reverse("account-erase")).content.decode()
    assert f"{school.name} heeft dan geen beheerder" in page
    assert f"{school.board} heeft dan geen beheerder" in page
    assert ask(client).status_code == 422
    assert ask(client, sure="on").status_code == 302
    with pytest.raises(actions.ErasureAskedError):
        actions.ask_erasure(sure=True, by=frank, now=NOW)


def test_somebody_who_stays_in_office_asks_nothing(cast: TestCast, as_: Any) -> None:
    school = cast.schools["de-wilg"]
    Membership.objects.create(school=school, user=cast.els, role=Role.ADMIN, from_date=factories.LONG_AGO)
    assert 'name="sure"' not in as_(cast.frank).get(reverse("account-erase")).content.decode()


def test_over_rest(cast: TestCast, api: Any) -> None:
    told = api(cast.carla).get("me/data/")
    assert told.status == 200
    assert told.headers["Cache-Control"] == "no-store"
    assert told.body["held"]["account"][0]["email"] == cast.carla.email
    assert api(cast.carla).get("me/erasure/").body == {"last_day": None}
    assert api(cast.carla).call("delete", "me/erasure/").body["code"] == "erasure_over"
    actions.ask_erasure(by=cast.carla, now=factories.NOW)
    assert api(cast.carla).get("me/erasure/").body == {"last_day": "2026-12-01"}
    assert api(cast.carla).call("delete", "me/erasure/").status == 204
    assert User.objects.get(pk=cast.carla.pk).erase_at is None


def test_a_token_has_to_read_every_part_of_the_work(cast: TestCast, api: Any) -> None:
    held = frozenset(scopes.ALL - {"scans:read", "scans:write"})
    key = tokens.make_token(user=cast.carla, name="smal", now=factories.NOW, held=held)
    answer = api().get("me/data/", Authorization=f"Bearer {key}")
    assert answer.status == 403
    assert 'scope="scans:read"' in answer.headers["WWW-Authenticate"]
