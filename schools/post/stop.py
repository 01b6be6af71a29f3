"""Links that stop one sort of letters for one person, without signing in: all they need stands in 32 signs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes

from schools.post import kinds

# Stands in a letter's text where each reader's own signs come; made anew by each process, so nobody can write it.
PLACEHOLDER = secrets.token_urlsafe(24)
_USER, _SEAL = 6, 16  # bytes; with the sort's mark 24, which make 32 signs


def token(user_id: int, sort: str) -> str:
    """The 32 signs that stop this sort (or ``kinds.EVERY``) for this person: the same ones every time."""
    inside = user_id.to_bytes(_USER, "big") + kinds.mark(sort)
    return base64.urlsafe_b64encode(inside + _seal(inside, settings.SECRET_KEY)).decode()


def read(signs: str) -> tuple[int, str] | None:
    """Whose letters and which sort these signs stop; nothing where we did not make them, or know the sort no more."""
    try:
        whole = base64.b64decode(signs.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    inside, seal = whole[:-_SEAL], whole[-_SEAL:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any([constant_time_compare(_seal(inside, key), seal) for key in keys]):  # noqa: C419  # all take their time
        return None
    known = (sort for sort in [*(one.name for one in kinds.sorts()), kinds.EVERY] if kinds.mark(sort) == inside[_USER:])
    sort = next(known, None)
    return None if sort is None else (int.from_bytes(inside[:_USER], "big"), sort)


def _seal(inside: bytes, secret: str | bytes) -> bytes:
    return hmac.digest(_key(secret), inside, "sha256")[:_SEAL]


@lru_cache(maxsize=8)
def _key(secret: str | bytes) -> bytes:
    """As Django's ``salted_hmac`` makes it, which makes it anew for every letter."""
    return hashlib.sha256(b"schools.post.stop" + force_bytes(secret)).digest()
