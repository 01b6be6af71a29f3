"""The sign-in library's second steps by our house rules."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from schools import sealing
from schools.models import User

NAME = "Samenspraak"
_PURPOSE = "second steps"


class Adapter(DefaultMFAAdapter):
    """Secrets lie sealed; phones show our name."""

    error_messages: dict[str, Any] = {  # as the library declares it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That was not right. Each code works once. Try again, or choose another way."),
    }

    def encrypt(self, text: str) -> str:
        """Seal it."""
        return sealing.seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Read it again."""
        return sealing.unseal(encrypted_text, purpose=_PURPOSE)

    def get_totp_issuer(self) -> str:
        """What an app calls us."""
        return NAME

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """What an app calls the account."""
        return f"{NAME}:{self._get_user_identifier(user)}"

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return (isinstance(user, User) and user.email) or str(user)

    def _get_site_name(self) -> str:
        return NAME
