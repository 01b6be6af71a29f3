"""Somebody tries a few passwords on many accounts: no account sees enough of it, so the place is watched."""

from __future__ import annotations

import hashlib
import hmac
import logging

from django.conf import settings
from django.core.cache import cache

_log = logging.getLogger(__name__)
MANY = 20  # accounts from one place, or
MANY_IN_ALL = 500  # from anywhere; more than a country of schools mistypes on a Monday morning
WINDOW = 300


def note(place: str, account: str) -> None:
    """Count one failed try; the log says once in five minutes that many are tried, and neither whose nor from where."""
    mark = _mark(account)
    for where, most in ((_mark(place), MANY), ("anywhere", MANY_IN_ALL)):
        key = f"signin-failed:{where}"
        seen: set[str] = cache.get(key) or set()
        if mark in seen or len(seen) > most:
            continue
        cache.set(key, seen | {mark}, WINDOW)
        if len(seen) == most:
            told = "one place" if most == MANY else "several places"
            _log.warning("Many accounts are tried with wrong passwords from %s: more than %s.", told, most)


def _mark(text: str) -> str:
    key = hmac.new(settings.API_TOKEN_PEPPER.encode(), b"spraying" + text.lower().encode(), hashlib.sha256)
    return key.hexdigest()[:16]
