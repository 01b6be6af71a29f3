"""Apps that people let in: the whole way, and every way that is not the way."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import jwt
import pytest
import time_machine
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from schools import actions, retention, tokens
from schools.models import Event, Program, ProgramKey, User
from tests import factories
from tests.conftest import TestCast
from tests.schools.apps import BACK, WISHES, App, back

pytestmark = pytest.mark.usefixtures("fresh_cache")

MINUTE = dt.timedelta(minutes=1)


def test_it_works(cast: TestCast, as_: Any) -> None:
    app, browser = App(), as_(cast.carla)
    page = browser.get(app.asks()).content.decode()
    assert "Mag Rooster bij je account?" in page
    assert "lezen wat je in je werkgroepen ziet" in page
    assert "rooster.example" in page
    keys = app.keys(browser)
    assert keys["token_type"] == "Bearer"
    assert keys["expires_in"] == 900
    assert sorted(keys["scope"].split()) == ["groups:read", "openid", "profile"]
    assert app.reads(keys) == 200
    assert app.reads(keys, "me/") == 403
    told = app.backend.get(reverse("program-userinfo"), headers={"Authorization": f"Bearer {keys['access_token']}"})
    assert told.json() == {"sub": told.json()["sub"], "name": cast.carla.name}
    renewed = app.renews(keys).json()
    assert app.reads(renewed) == 200
    assert Program.objects.get().last_used_on == timezone.now().date()


def test_the_signed_word_is_right_and_says_little(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla))
    about = app.backend.get("/.well-known/openid-configuration").json()
    assert about["issuer"] == settings.PUBLIC_URL
    (public,) = app.backend.get(reverse("program-keys")).json()["keys"]
    word = jwt.decode(
        keys["id_token"], jwt.PyJWK(public).key, algorithms=["RS256"], audience=app.client.pk, issuer=about["issuer"]
    )
    assert set(word) == {"iss", "aud", "sub", "iat", "exp", "jti", "nonce", "at_hash"}
    assert word["nonce"] == "n-1"
    told = app.backend.get(reverse("program-userinfo"), headers={"Authorization": f"Bearer {keys['access_token']}"})
    assert told.json()["sub"] == word["sub"]


def test_two_apps_know_somebody_by_two_names(cast: TestCast, as_: Any) -> None:
    names = set()
    for app in (App(), App()):
        keys = app.keys(as_(cast.carla))
        names.add(jwt.decode(keys["id_token"], options={"verify_signature": False})["sub"])
    assert len(names) == 2


def test_an_address_is_told_to_whom_asks_for_it_alone(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla), scope="openid email")
    told = app.backend.get(reverse("program-userinfo"), headers={"Authorization": f"Bearer {keys['access_token']}"})
    assert told.json() == {"sub": told.json()["sub"], "email": cast.carla.email, "email_verified": True}
    bare = app.keys(as_(cast.carla), scope="groups:read")
    assert "id_token" not in bare
    refused = app.backend.get(reverse("program-userinfo"), headers={"Authorization": f"Bearer {bare['access_token']}"})
    assert (refused.status_code, 'scope="openid"' in refused.headers["WWW-Authenticate"]) == (403, True)
    assert app.backend.get(reverse("program-userinfo")).status_code == 401
    personal = tokens.make_token(user=cast.carla, name="own", now=timezone.now())
    own = app.backend.get(reverse("program-userinfo"), headers={"Authorization": f"Bearer {personal}"})
    assert own.status_code == 401


def test_a_no_leads_back_and_keeps_nothing(cast: TestCast, as_: Any) -> None:
    app, browser = App(), as_(cast.carla)
    for answer in ({"answer": "deny"}, {}):
        got = back(browser.post(app.asks(), answer))
        assert (got["error"], got["state"], got["iss"]) == ("access_denied", app.state, settings.PUBLIC_URL)
    assert not Program.objects.exists()


def test_nobody_is_let_in_without_signing_in_and_a_recent_proof(cast: TestCast, as_: Any, client: Browser) -> None:
    app = App()
    where = client.get(app.asks()).headers["Location"]
    assert where.startswith(reverse("account_login"))
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=20)):
        browser = as_(cast.carla)
    asked = browser.post(app.asks(), {"answer": "allow"})
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account-prove"))
    assert not Program.objects.exists()


def test_an_app_can_ask_for_a_proof_now_and_for_silence_never(cast: TestCast, as_: Any) -> None:
    app = App()
    with time_machine.travel(timezone.now() - 5 * MINUTE):
        browser = as_(cast.carla)
    assert browser.get(app.asks()).status_code == 200
    assert browser.get(app.asks(prompt="login")).status_code == 302
    assert back(Browser().get(app.asks(prompt="none")))["error"] == "login_required"
    assert back(browser.get(app.asks(prompt="none")))["error"] == "consent_required"


def test_another_site_cannot_say_yes(cast: TestCast, as_: Any) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.carla)
    assert browser.post(App().asks(), {"answer": "allow"}).status_code == 403
    assert not Program.objects.exists()


ODD: list[tuple[dict[str, str | None], str]] = [
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "id_token token"}, "unsupported_response_type"),
    ({"response_type": "code token"}, "unauthorized_client"),
    ({"response_type": None}, "invalid_request"),
    ({"scope": "groups:read visits:read"}, "invalid_scope"),
    ({"scope": "no-such-thing"}, "invalid_scope"),
    ({"scope": None}, "invalid_scope"),
    ({"scope": ""}, "invalid_scope"),
    ({"code_challenge": ""}, "invalid_request"),
    ({"code_challenge": "x" * 42}, "invalid_request"),
    ({"code_challenge": "x" * 5000}, "invalid_request"),
    ({"code_challenge": "é" * 43}, "invalid_request"),
    ({"nonce": "n" * 201}, "invalid_request"),
]


def test_what_an_app_asks_wrongly_is_told_to_it(cast: TestCast, as_: Any) -> None:
    app, browser = App(), as_(cast.carla)
    for other, error in ODD:
        for answer in (browser.get(app.asks(**other)), browser.post(app.asks(**other), {"answer": "allow"})):
            got = back(answer)
            assert (got["error"], got["state"]) == (error, app.state), other
    assert not ProgramKey.objects.exists()


ELSEWHERE: list[str | None] = [
    None,
    "",
    "https://rooster.example/",
    "https://rooster.example/back",
    "https://rooster.example/back?from=wilg&more=1",
    "https://rooster.example/back?from=wilg#there",
    "https://rooster.example:444/back?from=wilg",
    "http://rooster.example/back?from=wilg",
    "https://rooster.example.evil.example/back?from=wilg",
    "https://rooster.example@evil.example/back?from=wilg",
    "https://rooster.example/back/../back?from=wilg",
    "HTTPS://ROOSTER.example/back?from=wilg",
    "//evil.example/back",
    "javascript:alert(1)",
    "https://rooster.example/back?from=wilg\x00",
]


def test_nobody_is_led_anywhere_else(cast: TestCast, as_: Any) -> None:
    browser, app = as_(cast.carla), App()
    for place in ELSEWHERE:
        asks = app.asks(redirect_uri=place)
        for answer in (browser.get(asks), browser.post(asks, {"answer": "allow"})):
            assert answer.status_code == 400, place
            assert "Refresh" not in answer.headers
            assert "evil" not in answer.content.decode()


def test_an_unknown_app_is_nobody(cast: TestCast, as_: Any) -> None:
    for client_id in ("", "no-such-app", "\x00", "'"):
        assert as_(cast.carla).get(App().asks(client_id=client_id)).status_code == 400


def test_a_program_on_ones_own_machine_takes_any_port(cast: TestCast, as_: Any) -> None:
    app, browser = App(back_to="http://127.0.0.1/back", public=True), as_(cast.carla)
    for address, fits in (
        ("http://127.0.0.1:49152/back", True),
        ("http://127.0.0.1/back", True),
        ("http://127.0.0.1:49152/other", False),
        ("http://localhost:49152/back", False),
        ("http://127.0.0.1.evil.example/back", False),
        ("https://127.0.0.1/back", False),
        ("http://[::1]:1/back", False),
    ):
        assert browser.get(app.asks(redirect_uri=address)).status_code == (200 if fits else 400), address
    app.back_to = "http://127.0.0.1:49152/back"
    got = back(browser.post(app.asks(), {"answer": "allow"}), to="127.0.0.1:49152")
    assert app.reads(app.brings_code(got["code"]).json()) == 200


def test_a_code_works_once_and_a_second_try_ends_what_came_of_it(cast: TestCast, as_: Any) -> None:
    app = App()
    code = app.is_let_in(as_(cast.carla))
    keys = app.brings_code(code).json()
    assert app.reads(keys) == 200
    again = app.brings_code(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert app.reads(keys) == 401
    assert app.renews(keys).json()["error"] == "invalid_grant"


def test_a_code_that_ended_still_ends_what_came_of_it(cast: TestCast, as_: Any) -> None:
    app = App()
    code = app.is_let_in(as_(cast.carla))
    keys = app.brings_code(code).json()
    with time_machine.travel(timezone.now() + 5 * MINUTE):
        assert app.brings_code(code).status_code == 400
        assert app.reads(keys) == 401


def test_a_code_is_for_who_began_and_soon(cast: TestCast, as_: Any) -> None:
    app, other, browser = App(), App(), as_(cast.carla)
    wrong: tuple[dict[str, str], ...] = (
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "https://rooster.example/other"},
        {"redirect_uri": ""},
        {"code": "smo_" + "x" * 43},
        {"code": "\x00"},
        {"client_secret": "wrong"},
        {"client_secret": ""},
        {"client_id": other.client.pk},
        {"client_id": other.client.pk, "client_secret": other.secret},
        {"grant_type": "password"},
    )
    for words in wrong:
        answer = app.brings_code(app.is_let_in(browser), **words)
        assert answer.status_code in {400, 401}, words
        assert "access_token" not in answer.json()
    code = app.is_let_in(browser)
    with time_machine.travel(timezone.now() + 2 * MINUTE):
        assert app.brings_code(code).json()["error"] == "invalid_grant"
    assert not ProgramKey.objects.exclude(kind="code").exists()


def test_there_are_no_other_ways_to_keys(cast: TestCast) -> None:
    app = App()
    for grant in ("client_credentials", "password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", ""):
        answer = app.brings(grant_type=grant, username=str(cast.carla.email), password="x", scope="groups:read")
        assert answer.status_code == 400, grant
        assert "access_token" not in answer.json()


def test_a_refresh_key_works_once_and_a_second_try_ends_all(cast: TestCast, as_: Any) -> None:
    app = App()
    first = app.keys(as_(cast.carla))
    second = app.renews(first).json()
    assert app.reads(first) == app.reads(second) == 200
    assert app.renews(first).json()["error"] == "invalid_grant"
    assert app.reads(second) == 401
    assert app.renews(second).json()["error"] == "invalid_grant"


def test_another_app_cannot_use_or_end_a_key(cast: TestCast, as_: Any) -> None:
    app, other = App(), App()
    keys = app.keys(as_(cast.carla))
    assert other.renews(keys).json()["error"] == "invalid_grant"
    words = {"client_id": other.client.pk, "client_secret": other.secret, "token": keys["refresh_token"]}
    assert other.backend.post(reverse("program-revoke"), words).status_code == 200
    assert app.reads(keys) == 200
    assert app.renews(keys).status_code == 200


def test_less_may_be_asked_for_later_and_more_may_not(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla))
    assert app.renews(keys, scope="groups:read groups:write").json()["error"] == "invalid_scope"
    less = app.renews(keys, scope="openid").json()
    assert less["scope"] == "openid"
    assert app.reads(less) == 403
    assert app.reads(app.renews(less).json()) == 200


def test_keys_are_short_and_refresh_keys_end_too(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla))
    with time_machine.travel(timezone.now() + 16 * MINUTE):
        assert app.reads(keys) == 401
        keys = app.renews(keys).json()
    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        assert app.renews(keys).json()["error"] == "invalid_grant"


def test_a_yes_lasts_a_year_however_often_it_is_used(cast: TestCast, as_: Any) -> None:
    app, start = App(), timezone.now()
    keys = app.keys(as_(cast.carla))
    for days in range(25, 365, 25):
        with time_machine.travel(start + dt.timedelta(days=days)):
            keys = app.renews(keys).json()
    with time_machine.travel(start + dt.timedelta(days=366)):
        assert app.renews(keys).json()["error"] == "invalid_grant"
        assert retention.forget("apps", now=timezone.now()) == 1
    assert not Program.objects.exists()


def test_an_app_hands_a_key_back(cast: TestCast, as_: Any) -> None:
    app = App()
    keys, who = app.keys(as_(cast.carla)), {"client_id": app.client.pk, "client_secret": app.secret}
    address = reverse("program-revoke")
    assert app.backend.post(address, {"token": keys["refresh_token"]}).status_code == 401
    assert app.reads(keys) == 200
    assert app.backend.post(address, {**who, "token": "unknown"}).status_code == 200
    assert app.backend.post(address, {**who, "token": keys["access_token"]}).status_code == 200
    assert app.reads(keys) == 401
    keys = app.renews(keys).json()
    assert app.backend.post(address, {**who, "token": keys["refresh_token"]}).status_code == 200
    assert app.reads(keys) == 401


def test_a_person_shuts_an_app_out_at_once(cast: TestCast, as_: Any) -> None:
    app, browser = App(), as_(cast.carla)
    keys, page = app.keys(browser), reverse("account-programs")
    assert "lezen wat je in je werkgroepen ziet" in browser.get(page).content.decode()
    place = reverse("account-program-end", args=[Program.objects.get().pk])
    assert as_(cast.anna).post(place).status_code == 404
    assert app.reads(keys) == 200
    browser = as_(cast.carla)
    assert browser.get(place).status_code == 405
    browser.post(place)
    assert app.reads(keys) == 401
    assert app.renews(keys).json()["error"] == "invalid_grant"
    assert "Geen app mag bij je account" in browser.get(page).content.decode()
    assert [row.what for row in Event.objects.filter(by=cast.carla, what__startswith="app_").order_by("at")] == [
        "app_allowed",
        "app_ended",
    ]


def test_another_password_ends_it_for_good(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla))
    User.objects.filter(pk=cast.carla.pk).update(password=make_password("een ander wachtwoord"))
    assert app.reads(keys) == 401
    assert app.renews(keys).json()["error"] == "invalid_grant"
    cast.carla.refresh_from_db()
    assert "Rooster" not in as_(cast.carla).get(reverse("account-programs")).content.decode()
    assert app.reads(app.keys(as_(cast.carla))) == 200
    assert app.reads(keys) == 401


def test_an_account_or_a_role_that_ended_ends_it_too(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla))
    cast.carla.memberships.update(until_date=factories.LONG_AGO)
    assert app.reads(keys) == 404
    User.objects.filter(pk=cast.carla.pk).update(is_active=False)
    assert app.reads(keys) == 401
    assert app.renews(keys).json()["error"] == "invalid_grant"


def test_what_an_app_may_at_most_holds_for_the_keys_that_it_has(cast: TestCast, as_: Any) -> None:
    app = App()
    keys = app.keys(as_(cast.carla))
    Client.objects.filter(pk=app.client.pk).update(scopes="openid")
    assert app.reads(keys) == 403
    Client.objects.filter(pk=app.client.pk).delete()
    assert app.reads(keys) == 401


def test_a_later_yes_to_less_holds_for_older_keys(cast: TestCast, as_: Any) -> None:
    app, browser = App(), as_(cast.carla)
    keys = app.keys(browser)
    app.keys(browser, scope="openid")
    assert app.reads(keys) == 403


def test_nothing_readable_is_kept(cast: TestCast, as_: Any) -> None:
    app = App()
    code = app.is_let_in(as_(cast.carla))
    keys = app.brings_code(code).json()
    kept = str([vars(row) for model in (Client, Program, ProgramKey) for row in model.objects.all()])
    for secret in (app.secret, code, keys["access_token"], keys["refresh_token"], keys["id_token"]):
        assert secret not in kept
    with override_settings(API_TOKEN_PEPPER="of another site, which found our dump: 0123456789"):
        assert app.reads(keys) == 401


def test_who_tries_wrong_keys_is_slowed_down(cast: TestCast) -> None:
    app = App()
    answers = [app.brings(grant_type="refresh_token", refresh_token=f"smo_{n}").status_code for n in range(62)]
    assert answers[:60] == [400] * 60
    assert answers[-1] == 429
    halted = app.brings(grant_type="refresh_token", refresh_token="smo_x")
    assert halted.headers["Retry-After"] == "60"


def test_without_a_key_to_sign_with_nothing_is_offered(cast: TestCast, as_: Any) -> None:
    app = App()
    with override_settings(IDP_OIDC_PRIVATE_KEY=""):
        for place in (app.asks(), reverse("program-about"), reverse("program-keys"), reverse("program-userinfo")):
            assert as_(cast.carla).get(place).status_code == 404
        assert app.backend.post(reverse("program-token")).status_code == 404


def test_odd_requests_break_nothing(cast: TestCast, as_: Any) -> None:
    app, browser = App(), as_(cast.carla)
    for words in ("code=%00", "grant_type=%ff", "a=1&a=2", "%zz", "scope=%F0%9F%8C%B3", "client_id=" + "x" * 5000):
        for name in ("program-token", "program-revoke"):
            sent = app.backend.post(reverse(name), words, content_type="application/x-www-form-urlencoded")
            assert sent.status_code in {400, 401}, (name, words)
        assert browser.get(f"{reverse('program-ask')}?{words}").status_code == 400
    assert (
        app.backend.post(reverse("program-token"), json.dumps({}), content_type="application/json").status_code == 400
    )
    assert app.backend.post(f"{reverse('program-token')}?grant_type=x", {}).status_code == 400


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_any_number(
    cast: TestCast, as_: Any, number: int, django_assert_num_queries: Any
) -> None:
    browser = as_(cast.carla)
    for _one in range(number):
        client, _secret = actions.add_program(name="Rooster", back_to=[BACK], held=WISHES, is_public=True)
        actions.allow_program(client=client, held=WISHES, by=cast.carla, now=timezone.now())
    with django_assert_num_queries(6):  # the session and the door take five
        browser.get(reverse("account-programs"))


def test_the_sites_keeper_writes_apps_down(cast: TestCast) -> None:
    said = io.StringIO()
    call_command("api_client", "add", "Rooster", "--back-to", BACK, "--scopes", "openid groups:read", stdout=said)
    client = Client.objects.get()
    secret = said.getvalue().split("client_secret: ")[1].strip()
    assert secret not in client.secret
    call_command("api_client", "list", stdout=said)
    assert f"{client.pk}  Rooster (confidential, let in by 0)" in said.getvalue()
    call_command("api_client", "remove", client.pk, stdout=said)
    assert not Client.objects.exists()
    for wrong in (
        ("add", "x", "--back-to", "http://rooster.example/", "--scopes", "openid"),
        ("add", "x", "--back-to", "myapp://back", "--scopes", "openid"),
        ("add", "x", "--back-to", "https://*.example/", "--scopes", "openid"),
        ("add", "x", "--back-to", "https://u:p@rooster.example/", "--scopes", "openid"),
        ("add", "x", "--back-to", BACK, "--scopes", "everything"),
        ("remove", "no-such-app"),
    ):
        with pytest.raises(CommandError):
            call_command("api_client", *wrong, stdout=said)


def test_an_app_uses_up_its_own_calls_and_not_its_users(
    cast: TestCast, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schools.callers.CallerThrottle.rate", "2/min", raising=False)
    app, other = App(), App()
    keys, others = app.keys(as_(cast.carla)), other.keys(as_(cast.carla))
    assert [app.reads(keys) for _time in range(3)] == [200, 200, 429]
    renewed = app.renews(keys).json()
    assert app.reads(renewed) == 429, "another key is the same app"
    assert other.reads(others) == 200
    assert as_(cast.carla).get("/api/v1/me/").status_code == 200
    assert app.reads(app.keys(as_(cast.els))) == 200, "it is the app of each person alone"
