"""Sign-in as the library does it, with our house rules: no sign-up, one door for mail."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from schools.models import User


def display_name(user: User) -> str:
    """The name by which the sign-in pages call somebody."""
    return user.called


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come by invitation or by an admin: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed."""
        return False
