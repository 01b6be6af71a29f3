"""The code of an invitation: long enough to guess at for ever, and such that it can be copied from paper."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none looks like another
_LENGTH = 28  # of five bits each
_BLOCK = 4
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_PURPOSE = b"invitation "


def make() -> str:
    """A new code of 140 bits by chance."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def written(code: str) -> str:
    """The code as it stands on paper, in blocks of four."""
    return "-".join(code[place : place + _BLOCK] for place in range(0, len(code), _BLOCK))


def read(typed: str) -> str | None:
    """The code that somebody typed, whatever the capitals, dashes and blanks; None where it cannot be one."""
    code = typed.strip().upper().translate(_ALIKE)
    return code if len(code) == _LENGTH and set(code) <= set(_SIGNS) else None


def digest(code: str) -> str:
    """The keyed hash under which an invitation keeps its code; with the secret of the API's tokens."""
    return hmac.new(settings.API_TOKEN_PEPPER.encode(), _PURPOSE + code.encode(), hashlib.sha256).hexdigest()
