"""The public keys of a service: remembered for an hour, asked again when a token is signed with a new one."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache

from schools.oidc import wire

_HOUR = 3600
_NOT_SOONER = 60


def keys_of(address: str, *, with_kid: str | None = None) -> list[dict[str, Any]]:
    """The keys at this address; asked again, at most once a minute, where none bears the name asked for.

    Raises UnreachableError.
    """
    remembered = f"service-keys:{address}"
    keys: list[dict[str, Any]] | None = cache.get(remembered)
    missing = keys is None or (with_kid is not None and all(key.get("kid") != with_kid for key in keys))
    if keys is None or (missing and cache.add(f"{remembered}:asked", 1, _NOT_SOONER)):
        keys = _ask(address)
        cache.set(remembered, keys, _HOUR)
    return keys


def _ask(address: str) -> list[dict[str, Any]]:
    said = wire.fetch_json(address).get("keys")
    return [key for key in said if isinstance(key, dict)] if isinstance(said, list) else []
