"""The ways in: a code by mail, an authenticator app with recovery codes, passkeys; and what stops a guesser."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from schools import actions, sealing, ways
from schools.models import Membership, User
from schools.signin import spraying
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("fresh_cache")
PASSWORD = "een lang wachtwoord"
HALF_A_MINUTE = dt.timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def give_password(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(reverse("account-ways")).status_code == 200


def code_at(secret: str, moment: dt.datetime) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(moment.timestamp()) // 30)))


def give_app(user: User, *, now: dt.datetime = NOW - dt.timedelta(hours=1)) -> str:
    """An authenticator app with its secret, set up an hour ago."""
    secret: str = totp.generate_totp_secret()
    actions.add_app(secret=secret, code=code_at(secret, now), by=user, now=now)
    return secret


def give_passkey(user: User, name: str = "Telefoon") -> int:
    """A passkey as it lies in the database; tests/browser/test_signin.py makes real ones."""
    actions.add_passkey(name=name, credential={}, by=user, now=NOW)
    return ways.ways_of(user).passkeys[-1].pk


def codes_of(user: User) -> list[str]:
    return list(ways.codes_of(user) or [])


# --- A code by mail ---


def ask_code(client: Client, address: str, **more: str) -> Any:
    return client.post(reverse("account_request_login_code"), {"email": address, **more}, follow=True)


def mailed_code(at: int = -1) -> str:
    return str(re.findall(r"\d{4}-\d{4}", str(mail.outbox[at].body))[0])


def test_a_code_by_mail_signs_in_once(cast: TestCast, client: Client) -> None:
    ask_code(client, "Carla@dewilg.example")
    code, confirm = mailed_code(), reverse("account_confirm_login_code")
    assert code in mail.outbox[0].subject
    assert not is_in(client)
    answer = client.post(confirm, {"code": code.replace("-", " "), "next": "/me/letters/"})
    assert answer["Location"] == "/me/letters/"
    assert is_in(client)
    assert client.session.get_expire_at_browser_close()
    second = Client()
    ask_code(second, cast.carla.email or "")
    second.post(confirm, {"code": code})  # the first one's code opens nothing elsewhere
    assert not is_in(second)


def test_who_wants_stays_signed_in_after_a_code(cast: TestCast, client: Client, settings: Any) -> None:
    ask_code(client, cast.carla.email or "")
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code(), "remember": "on"})
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_three_wrong_codes_end_it(cast: TestCast, client: Client) -> None:
    ask_code(client, cast.carla.email or "")
    code, confirm = mailed_code(), reverse("account_confirm_login_code")
    answers = [client.post(confirm, {"code": wrong}, follow=True) for wrong in ("1", "0000-0000", "é" * 50)]
    assert "Deze code klopt niet" in answers[0].content.decode()
    assert "te vaak geprobeerd" in answers[-1].content.decode()
    client.post(confirm, {"code": code})
    assert not is_in(client)


def test_a_code_does_not_last(cast: TestCast, client: Client) -> None:
    with time_machine.travel(NOW) as clock:
        ask_code(client, cast.carla.email or "")
        clock.shift(dt.timedelta(minutes=11))
        client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
        assert not is_in(client)


def test_strangers_learn_nothing_from_asking_a_code(cast: TestCast, client: Client) -> None:
    type(cast.joris).objects.filter(pk=cast.joris.pk).update(is_active=False)
    seen = []
    for address in ("carla@dewilg.example", "niemand@dewilg.example", "joris@dewilg.example"):
        page = ask_code(Client(), address)
        words = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()).replace(address, "")
        seen.append((page.status_code, page.redirect_chain, words))
    assert seen[0] == seen[1] == seen[2]
    assert [message.to[0] for message in mail.outbox] == [
        "carla@dewilg.example", "niemand@dewilg.example", "joris@dewilg.example",
    ]  # fmt: skip
    assert "Er is geen account" in mail.outbox[1].subject
    assert mail.outbox[1].subject == mail.outbox[2].subject


def test_codes_cannot_fill_a_mailbox(cast: TestCast, client: Client) -> None:
    for _again in range(5):
        last = ask_code(Client(), cast.carla.email or "")
    assert len(mail.outbox) == 3
    assert "te vaak geprobeerd" in last.content.decode()


# --- An authenticator app, and recovery codes ---


def test_an_app_is_set_up_and_then_asked_for(cast: TestCast, as_: Any) -> None:
    client, new = as_(with_password(cast.carla)), reverse("account-app-new")
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(cast.carla)
        page = client.get(new).content.decode()
        secret = client.session[totp.SECRET_SESSION_KEY]
        assert secret in page.replace(" ", "")
        assert 'class="qr"' in page
        assert client.post(new, {"code": "12 34 56"}).status_code == 422
        answer = client.post(new, {"code": code_at(secret, NOW)}, follow=True)
        assert all(code[:4] in answer.content.decode() for code in codes_of(cast.carla))
        assert "toegevoegd" in mail.outbox[-1].body
        assert secret not in str(Authenticator.objects.values_list("data", flat=True))
        other = Client()
        assert give_password(other, cast.carla)["Location"] == reverse("mfa_authenticate")
        assert not is_in(other)
        other.post(reverse("mfa_authenticate"), {"code": code_at(secret, NOW)})
        assert not is_in(other)  # the code that set it up is used
        clock.shift(HALF_A_MINUTE)
        other.post(reverse("mfa_authenticate"), {"code": code_at(secret, NOW + HALF_A_MINUTE)})
        assert is_in(other)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_fits_its_half_minute_and_those_beside_it(cast: TestCast, steps: int, fits: bool) -> None:
    code = code_at(give_app(cast.carla), NOW + steps * HALF_A_MINUTE)
    assert bool(actions.use_code(user=cast.carla, code=code, now=NOW)) == fits


def test_no_code_works_twice_nor_after_a_newer_one(cast: TestCast) -> None:
    secret = give_app(cast.carla)
    now, before = code_at(secret, NOW), code_at(secret, NOW - HALF_A_MINUTE)
    assert actions.use_code(user=cast.carla, code=now, now=NOW)
    for code in (now, before):
        assert actions.use_code(user=cast.carla, code=code, now=NOW + HALF_A_MINUTE) is None


def test_a_recovery_code_works_once(cast: TestCast) -> None:
    give_app(cast.carla)
    code = codes_of(cast.carla)[3]
    assert actions.use_code(user=cast.carla, code=f" {code[:4]}-{code[4:]} ", now=NOW)
    assert actions.use_code(user=cast.carla, code=code, now=NOW) is None
    assert ways.ways_of(cast.carla).codes_left == len(codes_of(cast.carla)) == 9
    actions.renew_codes(by=cast.carla, now=NOW)
    assert actions.use_code(user=cast.carla, code=codes_of(cast.carla)[0], now=NOW)


def test_codes_of_others_open_nothing(cast: TestCast) -> None:
    theirs, _own = give_app(cast.els), give_app(cast.carla)
    for code in (code_at(theirs, NOW), codes_of(cast.els)[0]):
        assert actions.use_code(user=cast.carla, code=code, now=NOW) is None


def test_guessing_a_second_step_stops_soon(cast: TestCast, client: Client) -> None:
    with time_machine.travel(NOW):
        secret = give_app(with_password(cast.carla))
        give_password(client, cast.carla)
        step = reverse("mfa_authenticate")
        for guess in range(10):
            client.post(step, {"code": f"{guess:06}"})
        answer = client.post(step, {"code": code_at(secret, NOW)})
        assert "te vaak geprobeerd" in answer.content.decode()
        assert not is_in(client)


def test_what_is_sealed_with_another_pepper_lets_nobody_in(cast: TestCast, as_: Any, settings: Any) -> None:
    secret = give_app(cast.carla)
    code, recovery = code_at(secret, NOW), codes_of(cast.carla)[0]
    settings.API_TOKEN_PEPPER = "another one than it was sealed with"
    for typed in (code, recovery, ""):
        assert actions.use_code(user=cast.carla, code=typed, now=NOW) is None
    assert "Geen van je codes werkt nog" in as_(cast.carla).get(reverse("account-codes")).content.decode()
    assert is_in(as_(cast.carla))
    with pytest.raises(sealing.BrokenSealError):
        sealing.unseal(sealing.seal("x", purpose="one"), purpose="another")


# --- What stops a guesser ---


def test_guessing_a_password_stops_after_ten_tries(cast: TestCast, client: Client) -> None:
    with_password(cast.carla)
    for guess in range(10):
        give_password(client, cast.carla, f"verkeerd {guess}")
    for spelling in (cast.carla.email or "", "CARLA@dewilg.example "):
        answer = client.post(reverse("account_login"), {"login": spelling, "password": PASSWORD})
        assert "te vaak geprobeerd" in answer.content.decode()
    unknown = [
        client.post(reverse("account_login"), {"login": "niemand@dewilg.example", "password": f"{n}"}).content.decode()
        for n in range(11)
    ]
    assert "te vaak geprobeerd" in unknown[-1]  # no hint either
    assert not is_in(client)
    ask_code(client, cast.carla.email or "")
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    assert is_in(client)


def test_a_whole_school_signs_in_within_a_minute_from_one_address(cast: TestCast) -> None:
    with time_machine.travel(NOW, tick=False):
        people = [with_password(factories.person(f"Lid{n}", cast.schools["de-wilg"])) for n in range(80)]
        for number, person in enumerate(people):
            browser = Client()
            if number % 4 == 0:
                give_password(browser, person, "vergist")
            assert give_password(browser, person)["Location"] == "/"


def test_one_password_on_many_accounts_is_noticed_without_names(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "schools.signin.spraying"):
        for n in range(spraying.MANY):
            client.post(reverse("account_login"), {"login": f"lid{n}@dewilg.example", "password": "Welkom2026"})
            client.post(reverse("account_login"), {"login": "lid1@dewilg.example", "password": "Welkom2026"})
        assert not caplog.records
        for n in range(3):
            client.post(reverse("account_login"), {"login": f"nog{n}@dewilg.example", "password": "Welkom2026"})
    (said,) = caplog.messages
    assert said == "Many accounts are tried with wrong passwords from one place: more than 20."


def test_who_tries_too_many_second_passwords_waits_too(cast: TestCast, as_: Any) -> None:
    client, again = as_(with_password(cast.carla)), reverse("account_reauthenticate")
    assert "Dit is niet je wachtwoord" in client.post(again, {"password": "x"}).content.decode()
    assert client.post(again, {"password": PASSWORD, "next": "/me/"})["Location"] == "/me/"


# --- Passkeys, as far as no browser is needed ---

SIGNED = {"clientDataJSON": "e30", "authenticatorData": "YQ", "signature": "YQ"}
MADE = {"clientDataJSON": "YQ", "attestationObject": "YQ"}
KEY = {"id": "YQ", "rawId": "YQ", "type": "public-key"}
NONSENSE = [
    *("", "null", "1", '"x"', "[]", "{}", '{"id": 1}', "{", "[" * 500, "[" * 19_000, "x" * 30_000),
    *map(
        json.dumps,
        (
            {"id": "x", "rawId": "x", "response": {}},
            {**KEY, "response": MADE},
            {**KEY, "response": {**SIGNED, "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"}},
            {**KEY, "response": {**SIGNED, "userHandle": 5}},
        ),
    ),
]


def test_nonsense_for_a_passkey_breaks_nothing_and_lets_nobody_in(cast: TestCast) -> None:
    give_app(with_password(cast.carla))
    login, step, again = map(reverse, ("mfa_login_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn"))
    outside, halfway, inside = Client(), Client(), Client()
    give_password(halfway, cast.carla)
    inside.force_login(cast.els)
    Authenticator.objects.filter(user=cast.els).delete()
    asked = outside.get(login, headers={"accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["challenge"]
    for sent in NONSENSE:
        assert outside.post(login, {"credential": sent})["Location"] == reverse("account_login")
        assert halfway.post(step, {"credential": sent}).status_code in (200, 302)
        assert inside.post(again, {"credential": sent}).status_code in (302, 403)
        assert inside.post(reverse("account-passkey-new"), {"name": "x", "credential": sent}).status_code == 422
    assert not is_in(outside)
    assert not is_in(halfway)
    assert not ways.has_second_step(cast.els)


def test_a_passkey_alone_asks_no_second_step_of_a_teacher(cast: TestCast, client: Client, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    for person in (cast.carla, cast.anna):
        give_passkey(with_password(person))
    assert give_password(client, cast.carla)["Location"] == "/"
    assert give_password(Client(), cast.anna)["Location"] == reverse("mfa_authenticate")
    assert (codes_of(cast.carla), len(codes_of(cast.anna))) == ([], 10)


def test_passkeys_are_named_and_removed_by_their_owner_only(cast: TestCast, as_: Any) -> None:
    own, theirs = give_passkey(cast.carla), give_passkey(cast.els, "Laptop van Els")
    client = as_(cast.carla)
    for name in ("account-passkey-name", "account-passkey-remove"):
        for method in (client.get, client.post):
            answers = [method(reverse(name, args=[pk]), {"name": "Van mij"}) for pk in (theirs, 10**7)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert "Els" not in answers[0].content.decode()
    client.post(reverse("account-passkey-name", args=[own]), {"name": "Oude telefoon"})
    assert "Oude telefoon" in client.get(reverse("account-ways")).content.decode()
    assert client.post(reverse("account-passkey-name", args=[own]), {"name": " "}).status_code == 422
    client.post(reverse("account-passkey-remove", args=[own]))
    assert "verwijderd" in mail.outbox[-1].body
    assert [key.name for key in ways.ways_of(cast.els).passkeys] == ["Laptop van Els"]
    assert not ways.ways_of(cast.carla).passkeys


def test_nobody_removes_the_last_way_in(cast: TestCast, as_: Any, settings: Any) -> None:
    nina = factories.person("Nina", cast.schools["de-wilg"], email=None)
    page = as_(nina).post(reverse("account-passkey-remove", args=[give_passkey(nina)]))
    assert page.status_code == 422
    assert "Dit is je enige manier om binnen te komen" in page.content.decode()
    settings.SECOND_STEP_REQUIRED = True
    key = give_passkey(cast.anna)
    give_app(cast.anna)
    actions.remove_app(by=cast.anna, now=NOW)
    with pytest.raises(actions.SecondStepNeededError):
        actions.remove_passkey(key_id=key, by=cast.anna, now=NOW)
    give_app(cast.anna)
    actions.remove_passkey(key_id=key, by=cast.anna, now=NOW)
    with pytest.raises(actions.SecondStepNeededError):
        actions.remove_app(by=cast.anna, now=NOW)
    with pytest.raises(actions.HasAppError):
        give_app(cast.anna)


def test_there_is_an_end_to_passkeys(cast: TestCast) -> None:
    for number in range(10):
        give_passkey(cast.carla, str(number))
    with pytest.raises(actions.TooManyPasskeysError):
        give_passkey(cast.carla, "one more")


def test_who_ends_the_app_keeps_no_codes(cast: TestCast, as_: Any) -> None:
    give_app(cast.carla)
    client = as_(cast.carla)
    assert client.get(reverse("account-app-remove")).status_code == 200
    client.post(reverse("account-app-remove"))
    assert not Authenticator.objects.filter(user=cast.carla).exists()
    for name in ("account-app-remove", "account-codes"):
        assert (client.get(reverse(name)).status_code, client.post(reverse(name)).status_code) == (404, 404)


def test_a_browser_left_alone_gets_no_password(cast: TestCast, as_: Any) -> None:
    client, page = as_(cast.carla), reverse("account_set_password")
    assert client.get(page).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=20)):
        answer = client.post(page, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
    cast.carla.refresh_from_db()
    assert not cast.carla.has_usable_password()
    assert Client().get(page)["Location"] == f"{reverse('account_login')}?next={page}"


def test_codes_are_kept_by_nobody_else(cast: TestCast, as_: Any) -> None:
    give_app(cast.carla)
    page = as_(cast.carla).get(reverse("account-codes"))
    assert "no-store" in page["Cache-Control"]
    before = codes_of(cast.carla)
    as_(cast.carla).post(reverse("account-codes"))
    assert not set(before) & set(codes_of(cast.carla))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_for_any_number_of_ways(
    cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any
) -> None:
    give_app(cast.carla)
    for n in range(number):
        give_passkey(cast.carla, f"Sleutel {n}")
    client = as_(cast.carla)
    client.get(reverse("account-ways"))
    with django_assert_num_queries(7):
        page = client.get(reverse("account-ways")).content.decode()
    assert page.count("Sleutel") == 3 * number
    assert "10 codes over" in page


def test_who_lost_everything_gets_back_in_and_hears_of_it(
    cast: TestCast, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    give_app(with_password(cast.carla))
    give_passkey(cast.carla)
    give_passkey(cast.els)
    for said in ("no second step any more: 3 ended", "has no second step."):
        call_command("lift_second_step", "Carla@dewilg.example")
        assert said in capsys.readouterr().out
    (message,) = mail.outbox
    assert (message.to, "zoals voor je gevraagd" in message.body) == (["carla@dewilg.example"], True)
    assert give_password(client, cast.carla)["Location"] == "/"
    assert ways.has_second_step(cast.els)
    with pytest.raises(CommandError, match="no account with the address"):
        call_command("lift_second_step", "niemand@dewilg.example")


# --- Who must have a second step ---


def demanding(cast: TestCast) -> list[User]:
    return [cast.anna, cast.bram, cast.frank, cast.gerda, cast.hugo]


def test_who_must_have_a_second_step(cast: TestCast, settings: Any) -> None:
    today = timezone.localdate()
    everybody = [*demanding(cast), cast.carla, cast.els, cast.irma]
    assert not any(ways.must_have_second_step(user, today=today) for user in everybody)
    settings.SECOND_STEP_REQUIRED = True
    assert [user for user in everybody if ways.must_have_second_step(user, today=today)] == demanding(cast)
    for days, must in ((3, False), (1, True), (0, True), (-1, True)):  # until so many days ago
        Membership.objects.filter(user=cast.anna).update(until_date=today - dt.timedelta(days=days))
        assert ways.must_have_second_step(cast.anna, today=today) == must


def test_a_leader_is_led_through_and_then_goes_on(cast: TestCast, as_: Any, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    client = as_(cast.anna)
    answer = client.get("/s/de-wilg/dashboard/?from=home")
    assert answer["Location"] == "/me/sign-in/start/?next=%2Fs%2Fde-wilg%2Fdashboard%2F%3Ffrom%3Dhome"
    assert "Nog één stap" in client.get(answer["Location"]).content.decode()
    client.get(reverse("account-app-new"))
    secret = client.session[totp.SECRET_SESSION_KEY]
    page = client.post(reverse("account-app-new"), {"code": code_at(secret, timezone.now())}, follow=True)
    assert 'href="/s/de-wilg/dashboard/?from=home"' in page.content.decode()
    assert client.get("/s/de-wilg/dashboard/").status_code == 200
    assert client.get(answer["Location"])["Location"] == "/s/de-wilg/dashboard/?from=home"
    later = Client()  # signed in with one step, as who became a leader this morning
    later.force_login(cast.anna)
    assert later.get("/s/de-wilg/")["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_enrolling_leads_nowhere_else(cast: TestCast, as_: Any, settings: Any, elsewhere: str) -> None:
    settings.SECOND_STEP_REQUIRED = True
    client = as_(cast.anna)
    client.get(reverse("account-enrol"), {"next": elsewhere})
    assert "after_second_step" not in client.session


def test_a_teacher_is_not_asked(cast: TestCast, as_: Any, settings: Any, django_assert_num_queries: Any) -> None:
    client = as_(cast.carla)
    with CaptureQueriesContext(connection) as queries:
        client.get("/me/letters/")
    settings.SECOND_STEP_REQUIRED = True
    with django_assert_num_queries(len(queries) + 1):  # what the person is
        assert client.get("/me/letters/").status_code == 200


# Read by visitors too, or a step of getting in; everything else is content.
BEFORE_ENROLLING = re.compile(r"/(account|cards|help)/|/me/sign-in/(start|app/new|passkeys/new|codes)/|/letters/stop/")


def test_nothing_else_opens_before_enrolling(cast: TestCast, as_: Any, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    client, shut = as_(cast.anna), 0
    for address in every_address():
        if BEFORE_ENROLLING.match(address) or address in OPEN_PAGES:
            continue
        answer = client.get(address)
        wanted = 403 if address.startswith("/api/") else 302
        assert answer.status_code == wanted, address
        assert wanted == 403 or answer["Location"].startswith("/me/sign-in/start/"), address
        shut += 1
    assert shut > 150


OPEN_PAGES = {
    "/about/", "/about/council/", "/app.webmanifest", "/favicon.ico", "/language/", "/offline/", "/robots.txt",
    "/worker.js", "/calendar/x.ics", "/invitation/", "/invitation/x/",
}  # fmt: skip


def every_address(patterns: Any = None, start: str = "/") -> Iterator[str]:
    """Each address of the product, with something in its gaps: what stands there is not asked for."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        filled = re.sub(r"<(int:)?[^>]+>", lambda gap: "1" if gap[1] else "x", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from every_address(entry.url_patterns, start + filled)
        elif "(" not in filled:
            yield start + filled


def test_programs_are_told(cast: TestCast, api: Any, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    answer = api(cast.anna).get("me/")
    assert (answer.status, answer.body["code"]) == (403, "second_step_missing")
    give_passkey(cast.anna)
    assert api(cast.anna).get("me/").status == 200
    assert api(cast.anna, by="session").get("me/").status == 403  # came in with one step
