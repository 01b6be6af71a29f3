"""What an app is told about the person who let it in: as little as it asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings

from schools import tokens
from schools.models import User


class Adapter(DefaultOIDCAdapter):
    """The library's questions, answered our way."""

    def get_issuer(self) -> str:
        """The address that people type, whatever the request says."""
        return settings.PUBLIC_URL

    def get_user_sub(self, client: Any, user: Any) -> str:
        """A name for the person that each app gets its own of: two apps cannot compare whom they know."""
        return subject(user, client.pk)

    def get_user_by_sub(self, client: Any, sub: str) -> None:
        """Nobody: a person is found by a key alone."""
        return

    def get_claims(
        self, purpose: str, user: Any, client: Any, scopes: Iterable[str], email: str | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Who it is; the name and the address to whom asks for them, and never inside a signed token."""
        return claims(user, client.pk, scopes if purpose == "userinfo" else ())

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Nothing: the document is made in one place (server.py)."""


def subject(user: User, client_id: str) -> str:
    """How one app, and no other, knows the person."""
    return tokens.digest(f"subject {user.pk} of {client_id}")


def claims(user: User, client_id: str, asked: Iterable[str]) -> dict[str, Any]:
    """What is told, by the names of OpenID Connect."""
    told: dict[str, Any] = {"sub": subject(user, client_id)}
    if "profile" in asked:
        told["name"] = user.name
    if "email" in asked and user.email:
        told |= {"email": user.email, "email_verified": True}  # the school vouches for addresses
    return told
