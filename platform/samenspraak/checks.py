"""What a production site must have besides what Django checks: one sentence for each shortcoming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from django.http.request import validate_host

from schools import walls

ENOUGH_FOR_A_PEPPER = 32
ENOUGH_DIFFERENT = 10
ENOUGH_BITS = 2048


@checks.register(checks.Tags.security, deploy=True)
def check_production(app_configs: Any, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Secrets that are strong and not shared, and an address that leads here."""
    return [*_secrets(), *_address(), *_signing_key(), *_ledger()]


@checks.register(checks.Tags.database)
def check_walls(app_configs: Any, databases: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Who serves schools cannot get over the second wall, and it stands around every table of theirs."""
    if settings.DEMO or not databases:
        return []
    try:
        over, stand_open = walls.ways_over(), walls.open_tables()
    except DatabaseError:
        return [checks.Warning("The database does not answer: nobody knows who is connected.", id="samenspraak.W001")]
    found: list[checks.CheckMessage] = [checks.Error(one, hint=_ROLES, id="samenspraak.E006") for one in over]
    if stand_open:
        names = ", ".join(stand_open)
        found.append(checks.Error(f"These tables have no wall: {names}. Run migrate.", id="samenspraak.E007"))
    return found


_ROLES = (
    "Give DATABASE_URL a role of its own, and MIGRATION_DATABASE_URL the one that owns the tables: docs/schools.md."
)


def _secrets() -> Iterator[checks.CheckMessage]:
    pepper, secret = settings.API_TOKEN_PEPPER, settings.SECRET_KEY
    if pepper == secret:
        yield checks.Error("API_TOKEN_PEPPER equals SECRET_KEY. Give each its own value.", id="samenspraak.E001")
    if len(pepper) < ENOUGH_FOR_A_PEPPER or len(set(pepper)) < ENOUGH_DIFFERENT:
        yield checks.Error("API_TOKEN_PEPPER is weak. Give it 32 random characters.", id="samenspraak.E002")
    if len(set(secret)) < ENOUGH_DIFFERENT:
        yield checks.Error("SECRET_KEY is weak. Give it 50 random characters.", id="samenspraak.E003")


def _ledger() -> Iterator[checks.CheckMessage]:
    if not settings.ERASURES_FILE:
        yield checks.Error(
            "ERASURES_FILE is not set: nobody who asks for it is erased. Name a file that no backup holds.",
            id="samenspraak.E009",
        )


def _signing_key() -> Iterator[checks.CheckMessage]:
    """A site that lets no apps in has none."""
    if not settings.IDP_OIDC_PRIVATE_KEY:
        return
    try:
        key: object = load_pem_private_key(settings.IDP_OIDC_PRIVATE_KEY.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < ENOUGH_BITS:
        yield checks.Error(
            "OIDC_PRIVATE_KEY is no RSA key of 2048 bits or more, in PEM and without a password.", id="samenspraak.E008"
        )


def _address() -> Iterator[checks.CheckMessage]:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Error("ALLOWED_HOSTS lets every name in. List the site's own names.", id="samenspraak.E004")
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        yield checks.Error(
            f"PUBLIC_URL leads to {host}, which ALLOWED_HOSTS does not list: no link in a letter would work.",
            id="samenspraak.E005",
        )
