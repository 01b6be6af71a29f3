"""Signing in by each way, in a real browser: a password, a code by mail, an app, a recovery code, a passkey."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import EVERYBODY, Visitor

pytestmark = pytest.mark.browser
TOUCH = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
CONTINUE = "main form button:has-text('Verder')"


def give_finger(page: Page) -> tuple[CDPSession, str]:
    """A device that knows whose finger it feels, as laptops and phones do."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH})
    return line, made["authenticatorId"]


def sign_out(visitor: Visitor) -> None:
    visitor.go("/account/logout/")
    visitor.press("main form button")


def app_code(secret: str, *, ahead: int = 0) -> str:
    """What the app shows: a code of this half minute, or of one that comes."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead)))


def test_every_way_in(visit_as: Any) -> None:
    carla = visit_as().sign_in("carla")
    line, device = give_finger(carla.page)
    make_a_passkey(carla)
    secret, recovery = set_up_an_app(carla)

    sign_out(carla)
    carla.go("/account/login/")
    carla.page.fill("input[name=login]", EVERYBODY["carla"].email)
    carla.page.fill("input[name=password]", "samen-in-gesprek")
    carla.press("main form button")
    assert carla.find_barriers() == []
    carla.page.fill("input[name=code]", app_code(secret, ahead=1))
    carla.press(CONTINUE)
    expect(carla.page.locator("h1")).to_contain_text("Carla")

    sign_out(carla)
    by_mail_and_recovery_code(carla, recovery)
    sign_out(carla)
    by_passkey_though_others_guess(carla)
    sign_out(carla)
    by_nobody_elses_finger(carla, line, device)


def make_a_passkey(carla: Visitor) -> None:
    carla.go("/me/sign-in/passkeys/new/")
    assert carla.find_barriers() == []
    carla.page.fill("input[name=name]", "Laptop van thuis")
    carla.press("text=Maak de passkey")
    expect(carla.page.locator("main")).to_contain_text("Laptop van thuis")
    expect(carla.page.locator("main")).to_contain_text("nog niet gebruikt")


def set_up_an_app(carla: Visitor) -> tuple[str, str]:
    """The app's secret, and one of the recovery codes that came with it."""
    carla.go("/me/sign-in/app/new/")
    assert carla.find_barriers() == []
    secret = carla.page.locator("main code").inner_text().replace(" ", "")
    carla.page.fill("input[name=code]", app_code(secret))
    carla.press("main form button")
    assert carla.find_barriers() == []
    recovery = carla.page.locator("main code").first.inner_text()
    carla.press("text=Ik heb ze bewaard")
    assert carla.find_barriers() == []
    return secret, recovery


def by_mail_and_recovery_code(carla: Visitor, recovery: str) -> None:
    carla.go("/account/login/")
    carla.press("text=Stuur me een code per mail")
    carla.page.fill("input[name=email]", EVERYBODY["carla"].email)
    carla.press("text=Stuur me de code")
    assert carla.find_barriers() == []
    (code,) = re.findall(r"\d{4}-\d{4}", str(mail.outbox[-1].subject))
    carla.page.fill("input[name=code]", code)
    carla.press("main form button:has-text('Inloggen')")
    carla.page.fill("input[name=code]", recovery)
    carla.press(CONTINUE)
    expect(carla.page.locator("h1")).to_contain_text("Carla")


def by_passkey_though_others_guess(carla: Visitor) -> None:
    guesser, typed = Client(), {"login": EVERYBODY["carla"].email, "password": "geraden"}
    said = [guesser.post("/account/login/", typed).content.decode() for _guess in range(11)]
    assert "te vaak geprobeerd" in said[-1]
    carla.go("/account/login/?next=/me/letters/")
    assert carla.find_barriers() == []
    carla.press("text=Inloggen met een passkey")
    assert carla.page.url.endswith("/me/letters/")
    carla.go("/me/sign-in/")
    expect(carla.page.locator("main")).to_contain_text("laatst gebruikt op")


def by_nobody_elses_finger(carla: Visitor, line: CDPSession, device: str) -> None:
    line.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    carla.go("/account/login/")
    carla.page.click("text=Inloggen met een passkey")
    carla.page.locator("[data-passkey-failed]:visible").wait_for()
    assert carla.find_barriers() == []
    carla.go("/me/")
    assert "/account/login/" in carla.page.url
