"""What a service vouches for is judged whole; and no request leads where it should not."""

from __future__ import annotations

import base64
import datetime as dt
import http.server
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.utils import timezone

from schools import oidc
from schools.models import SignInService
from schools.models.providers import Shape
from schools.oidc import turns, wire

ISSUER, CLIENT, KEYS = "https://service.example", "we", "https://service.example/keys"
OWN = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SERVICE = SignInService(shape="microsoft", issuer=ISSUER, client_id=CLIENT, pinned={"jwks_uri": KEYS})


@pytest.fixture(autouse=True)
def _the_keys_are_known() -> None:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OWN.public_key()))
    shared = {"kty": "oct", "k": base64.urlsafe_b64encode(b"shared" * 8).decode(), "kid": "shared"}
    cache.set(f"service-keys:{KEYS}", [{**public, "kid": "one", "use": "sig"}, shared], 60)
    cache.set(f"service-keys:{KEYS}:asked", 1, 60)


def token(key: Any = OWN, alg: str = "RS256", kid: str | None = "one", **told: Any) -> str:
    now = timezone.now()
    right = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "nonce": "n", "iat": now, "exp": now + dt.timedelta(minutes=5)}
    claims = {name: value for name, value in {**right, **told}.items() if value is not None}
    return jwt.encode(claims, key, algorithm=alg, headers={"kid": kid} if kid else None)


def judged(made: Any) -> dict[str, Any]:
    return oidc.verify(made, service=SERVICE, nonce="n", now=timezone.now())


def test_it_works() -> None:
    assert judged(token())["sub"] == "7"
    assert judged(token(kid=None))["sub"] == "7"  # the only key that signs
    assert judged(token(aud=[CLIENT, "another"], azp=CLIENT))["sub"] == "7"


def test_what_is_not_right_is_refused() -> None:
    now, hour = timezone.now(), dt.timedelta(hours=1)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    parts = token().split(".")
    body = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    wrong: dict[str, Any] = {
        "another nonce": token(nonce="m"),
        "no nonce": token(nonce=None),
        "a number as nonce": token(nonce=7),
        "another issuer": token(iss="https://evil.example"),
        "an issuer that looks alike": token(iss=f"{ISSUER}/"),
        "no issuer": token(iss=None),
        "another reader": token(aud="another"),
        "several readers, of whom we may be none": token(aud=[CLIENT, "another"]),
        "made for another": token(azp="another"),
        "no reader": token(aud=None),
        "over": token(exp=now - hour),
        "without an end": token(exp=None),
        "without a beginning": token(iat=None),
        "made long ago": token(iat=now - hour),
        "from tomorrow": token(iat=now + hour),
        "not yet": token(nbf=now + hour),
        "without end, in figures": token(exp=float("inf")),
        "made before time began": token(iat=-1e300),
        "nobody": token(sub=None),
        "nobody's name": token(sub=""),
        "a name without end": token(sub="x" * 192),
        "another key": token(key=other),
        "a key nobody knows": token(kid="two"),
        "alg none": token(key="", alg="none"),
        "alg none, signed": ".".join([body, *parts[1:]]),
        "a shared secret": token(key="shared" * 8, alg="HS256", kid="shared"),
        "the public key as a shared secret": token(key="x" * 64, alg="HS256"),
        "changed": ".".join([parts[0], token(sub="8").split(".")[1], parts[2]]),
        "cut off": ".".join(parts[:2]),
        "no token": None,
        "no text": {"sub": "7"},
        "nothing": "",
        "noise": "a.b.c",
    }
    taken = []
    for name, made in wrong.items():
        try:
            judged(made)
        except oidc.NotFromTheServiceError:
            continue
        taken.append(name)
    assert taken == []


@pytest.mark.parametrize(
    ("shape", "claims", "may"),
    [
        ("microsoft", {}, True),
        ("google", {"hd": "Bestuur.example"}, True),
        ("google", {"hd": "gmail.com"}, False),
        ("google", {"hd": ["bestuur.example"]}, False),
        ("google", {}, False),
        ("surfconext", {"eduperson_affiliation": ["student", "employee"]}, True),
        ("surfconext", {"eduPersonScopedAffiliation": "staff@school.example"}, True),
        ("surfconext", {"eduperson_affiliation": ["student", "member"]}, False),
        ("surfconext", {"eduperson_affiliation": None}, False),
        ("entree", {"role": "employee"}, True),
        ("entree", {"nlEduPersonAffiliation": "student"}, False),
        ("entree", {"eduPersonAffiliation": {"employee": True}}, False),
        ("entree", {"title": "employee"}, False),
    ],
)
def test_staff_only(shape: str, claims: dict[str, Any], may: bool) -> None:
    service = SignInService(shape=shape, domains=" bestuur.example ")
    if may:
        oidc.require_staff(claims, service=service)
    else:
        with pytest.raises(oidc.NotStaffError):
            oidc.require_staff(claims, service=service)


PRIVATE = """
127.0.0.1 10.0.0.7 172.16.1.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
255.255.255.255 ::1 fe80::1 fd00::1 ::ffff:127.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 2002:7f00:1:: ff02::1 :: fe80::1%eth0 none"""


def test_private_addresses_are_not_asked(settings: Any) -> None:
    settings.SERVICES_MAY_BE_HERE = False
    assert [address for address in PRIVATE.split() if wire.is_public(address)] == []
    assert all(map(wire.is_public, ["145.97.1.1", "2001:610:1::1", "::ffff:145.97.1.1"]))
    odd = """http://service.example https://127.0.0.1 https://[::1]/ https://localhost https://0x7f.1 https://2130706433
    https://169.254.169.254/latest https://a:b@service.example https://service.example/#x file:///etc/passwd
    ftp://service.example https:// https://[ https://service.example:port gopher://x //service.example"""
    assert [address for address in odd.split() if wire.may_ask(address)] == []
    with pytest.raises(requests.RequestException):
        wire.fetch_json("https://localhost/")


class _Odd(http.server.BaseHTTPRequestHandler):
    """A service that behaves badly, each way at its own address."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        if self.path.startswith("/drip"):
            self.drip()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        said = {"/endless": b"[" * 300_000, "/list": b"[]", "/deep": b"[" * 100_000, "/good": b'{"is": "good"}'}
        self.wfile.write(said.get(self.path, b"<html>"))

    def drip(self) -> None:
        """A little now and then, without end: before the head is over, or behind it."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if self.path == "/drip/body" else b""))
        with suppress(OSError):
            for _ in range(400):
                self.wfile.write(b"a")
                time.sleep(0.02)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def odd() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_odd_answers_are_no_answers(odd: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wire.fetch_json(f"{odd}/good") == {"is": "good"}
    for path in ("elsewhere", "broken", "endless", "list", "deep", "html"):
        with pytest.raises(requests.RequestException):
            wire.fetch_json(f"{odd}/{path}")
    # A name that led outside when it was looked up and leads home when it is asked: the open connection tells.
    monkeypatch.setattr(wire, "may_ask", lambda address: True)
    settings.SERVICES_MAY_BE_HERE = False
    with pytest.raises(requests.RequestException):
        wire.fetch_json(f"{odd}/good")


@pytest.mark.parametrize("path", ["head", "body"])
def test_a_slow_service_holds_nobody_for_long(odd: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.3)
    begun = time.monotonic()
    with pytest.raises(oidc.UnreachableError):
        wire.fetch_json(f"{odd}/drip/{path}")
    assert time.monotonic() - begun < 2
    while _askers() and time.monotonic() - begun < 10:  # a busy machine ends a thread when it comes to it
        time.sleep(0.02)
    assert _askers() == []


def _askers() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if isinstance(one, turns._Asker)]


def test_few_wait_at_once(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 1.0)
    monkeypatch.setattr(turns, "FOR_A_TURN", 0.1)
    elsewhere = odd.replace("127.0.0.1", "localhost")
    with ThreadPoolExecutor(3) as crowd:
        stuck = [crowd.submit(wire.fetch_json, f"{odd}/drip/body") for _ in range(turns.AT_ONE_HOST)]
        while turns._asking.total() < turns.AT_ONE_HOST:
            time.sleep(0.01)
        with pytest.raises(oidc.UnreachableError, match="too many ask"):
            wire.fetch_json(f"{odd}/good")
        assert wire.fetch_json(f"{elsewhere}/good") == {"is": "good"}  # others have their turn
        assert all(one.exception() for one in stuck)
    assert wire.fetch_json(f"{odd}/good") == {"is": "good"}
    assert turns._asking.total() == 0


def _said(**told: Any) -> dict[str, Any]:
    here = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")}
    return {"issuer": ISSUER, **here, "jwks_uri": KEYS, **told}


def test_what_a_service_says_of_itself_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _said()
    monkeypatch.setattr(wire, "fetch_json", lambda address, **_key: said)
    pinned = oidc.discover(ISSUER, shape=Shape.SURFCONEXT)
    assert pinned == {name: value for name, value in said.items() if name != "issuer"} | {"by_basic": True}
    assert oidc.discover(ISSUER, shape=Shape.MICROSOFT).get("userinfo_endpoint") is None
    wrong: list[dict[str, Any]] = [
        {"issuer": f"{ISSUER}/"},
        {"issuer": "https://evil.example"},
        {"token_endpoint": "https://evil.example/token"},
        {"token_endpoint": "http://service.example/token"},
        {"token_endpoint": None},
        {"jwks_uri": "https://service.example.evil.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"response_types_supported": ["id_token"]},
        {"code_challenge_methods_supported": ["plain"]},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ]
    taken = []
    for told in wrong:
        said = _said(**told)
        try:
            oidc.discover(ISSUER, shape=Shape.MICROSOFT)
        except oidc.ServiceIsWrongError:
            continue
        taken.append(told)
    assert taken == []
    with pytest.raises(oidc.ServiceIsWrongError):
        oidc.discover("https://login.microsoftonline.com/common/v2.0", shape=Shape.MICROSOFT)
