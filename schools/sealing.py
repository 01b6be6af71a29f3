"""Secrets that must be read again, such as the seed of somebody's authenticator app: sealed where they lie."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class BrokenSealError(Exception):
    """What lies there was sealed with another key, for another purpose, or was changed."""


def seal(text: str, *, purpose: str) -> str:
    """The text, readable only with the site's pepper and for this purpose."""
    return _sealer(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text again; raises BrokenSealError."""
    try:
        return _sealer(purpose).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise BrokenSealError(purpose) from error


def _sealer(purpose: str) -> Fernet:
    key = hmac.new(settings.API_TOKEN_PEPPER.encode(), f"samenspraak sealing {purpose}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key.digest()))
