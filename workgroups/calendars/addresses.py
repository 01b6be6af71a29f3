"""The secret end of a feed's address: a key and a signature, so that the table of keys alone opens nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid

from django.conf import settings

_KEY, _SIGNATURE = 16, 16  # bytes
_PURPOSE = b"calendar feed "


def sign(key: uuid.UUID) -> str:
    """The 43 signs that stand in the address of the feed with this key."""
    return base64.urlsafe_b64encode(key.bytes + _signature(key.bytes)).decode().rstrip("=")


def read(signed: str) -> uuid.UUID | None:
    """The key in these signs, if we signed it and it is written as we write it; else None."""
    try:
        raw = base64.urlsafe_b64decode(signed.encode("ascii") + b"=")
    except (UnicodeEncodeError, binascii.Error):
        return None
    if len(raw) != _KEY + _SIGNATURE or not hmac.compare_digest(raw[_KEY:], _signature(raw[:_KEY])):
        return None
    key = uuid.UUID(bytes=raw[:_KEY])
    return key if sign(key) == signed else None


def _signature(key: bytes) -> bytes:
    """With the secret of the API's tokens: both open something without signing in, and stay when sessions end."""
    return hmac.new(settings.API_TOKEN_PEPPER.encode(), _PURPOSE + key, hashlib.sha256).digest()[:_SIGNATURE]
