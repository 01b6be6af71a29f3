"""What tests about sign-in services share: the provider's process, and a browser that signs in there."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools import actions
from schools.models import Board, SignInService, User
from schools.models.providers import Shape
from tests.provider.people import CLIENT, PEOPLE, SECRET

__all__ = ["CLIENT", "PEOPLE", "SECRET"]
BACK = "/account/board/90001/{}/back/"


@dataclass(frozen=True)
class Provider:
    """The provider's process: its address, and the key by which it signs."""

    issuer: str
    key: rsa.RSAPrivateKey

    @property
    def kid(self) -> str:
        """How the provider calls its key."""
        said = requests.get(f"{self.issuer}/.well-known/jwks.json", timeout=5).json()
        return str(said["keys"][0]["kid"])

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """A token that the provider might have made."""
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid, **header})


@contextmanager
def serving(folder: Path, site: str) -> Iterator[Provider]:
    """The provider, until the end; it sends people back to our site."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, bare))
    back = "\n".join(site + BACK.format(shape) for shape in Shape.values)
    root = str(settings.BASE_DIR)
    command = [sys.executable, "-m", "tests.provider.serve", str(folder), back]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            assert port.isdecimal(), "the provider did not start"
            yield Provider(f"http://127.0.0.1:{port}", key)
        finally:
            process.kill()


def service(provider: Provider, by: User, shape: Shape = Shape.MICROSOFT, *, is_open: bool = True) -> SignInService:
    """The provider as a service of Stichting De Waterkant: set, tried and opened as its admin does."""
    board, now = Board.objects.get(number=90001), timezone.now()
    told = {"issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET, "domains": "waterkant.example"}
    made = actions.set_service(board=board, shape=shape, **told, by=by, now=now)
    actions.try_service(service=made, now=now)
    if is_open:
        actions.open_service(service=made, by=by, now=now)
    return SignInService.objects.select_related("board").get(pk=made.pk)


def link(service: SignInService, user: User, subject: str) -> None:
    """Link somebody as if that was done before."""
    actions.link_account(service=service, subject=subject, user=user, now=timezone.now())


def leave(client: Client, shape: Shape = Shape.MICROSOFT, name: str = "service-login", **told: Any) -> str:
    """Press the button: the address at the service to which one is led on."""
    answer = client.post(reverse(name, args=[90001, shape]), told)
    assert answer.status_code == 200, answer.status_code
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def at_the_service(address: str, name: str) -> str:
    """Sign in at the service; the address, on our site, to which it sends one back."""
    with requests.Session() as browser:
        page = browser.get(address, timeout=5)
        if "/account/login/" in page.url:
            told = {"login": name, "password": name}
            page = browser.post(page.url, told, timeout=5, allow_redirects=False)
            page = browser.get(_whole(page), timeout=5, allow_redirects=False)
        parts = urlsplit(page.headers["Location"])
        return f"{parts.path}?{parts.query}"


def _whole(page: requests.Response) -> str:
    where = page.headers["Location"]
    parts = urlsplit(page.url)
    return where if where.startswith("http") else f"{parts.scheme}://{parts.netloc}{where}"


def claims(provider: Provider, **told: Any) -> dict[str, Any]:
    """What stands in a token that is right."""
    now = timezone.now()
    right = {"iss": provider.issuer, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + dt.timedelta(minutes=5)}
    return {name: value for name, value in {**right, "nonce": "of this try", **told}.items() if value is not None}
