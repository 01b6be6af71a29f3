"""A small app of the tests, as a stranger writes one: it knows what the documents tell and nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client as Browser
from django.urls import reverse

from schools import actions

BACK = "https://rooster.example/back?from=wilg"
WISHES = frozenset({"openid", "profile", "groups:read"})


class App:
    """One app, and one try to be let in."""

    def __init__(
        self, *, back_to: str = BACK, held: frozenset[str] = WISHES | {"groups:write", "email"}, public: bool = False
    ) -> None:
        self.client, self.secret = actions.add_program(name="Rooster", back_to=[back_to], held=held, is_public=public)
        self.back_to, self.backend = back_to, Browser()
        self.verifier, self.state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)

    def asks(self, **other: str | None) -> str:
        """The address to which it leads somebody."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        words = {
            "response_type": "code",
            "client_id": self.client.pk,
            "redirect_uri": self.back_to,
            "scope": " ".join(sorted(WISHES)),
            "state": self.state,
            "nonce": "n-1",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | other
        sent = urlencode({name: value for name, value in words.items() if value is not None})
        return f"{reverse('program-ask')}?{sent}"

    def is_let_in(self, browser: Browser, **other: str | None) -> str:
        """Somebody says yes in a browser; the code that came back."""
        got = back(browser.post(self.asks(**other), {"answer": "allow"}))
        assert got["state"] == self.state
        return got["code"]

    def brings(self, **words: str) -> Any:
        """What it gets at the token address."""
        who = {"client_id": self.client.pk} | ({"client_secret": self.secret} if self.secret else {})
        sent = {name: value for name, value in (who | words).items() if value}
        return self.backend.post(reverse("program-token"), sent)

    def brings_code(self, came_back: str, **other: str) -> Any:
        """A code, for keys."""
        words = {"grant_type": "authorization_code", "code": came_back, "redirect_uri": self.back_to}
        return self.brings(**{**words, "code_verifier": self.verifier, **other})

    def keys(self, browser: Browser, **other: str | None) -> dict[str, Any]:
        """The whole way."""
        answer = self.brings_code(self.is_let_in(browser, **other))
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def renews(self, keys: dict[str, Any], **other: str) -> Any:
        """A refresh key, for new keys."""
        return self.brings(grant_type="refresh_token", refresh_token=keys["refresh_token"], **other)

    def reads(self, keys: dict[str, Any], path: str = "schools/de-wilg/groups/") -> int:
        """The status of a call with the access key."""
        headers = {"Authorization": f"Bearer {keys['access_token']}"}
        return self.backend.get(f"/api/v1/{path}", headers=headers).status_code


def back(page: Any, to: str = "rooster.example") -> dict[str, str]:
    """What the app gets when a page of ours leads back to it."""
    assert page.status_code == 200, page.content
    address = page.headers["Refresh"].removeprefix("0; url=")
    assert urlsplit(address).netloc == to
    (link,) = re.findall(r'class="button" href="([^"]+)"', page.content.decode())
    assert html.unescape(link) == address
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
