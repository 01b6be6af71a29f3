"""What the provider says of its people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from tests.provider.people import PEOPLE


class Adapter(DefaultOIDCAdapter):
    """Tells by the token who, since when and of which domain; the rest to whom asks."""

    def get_claims(  # type: ignore[override]
        self, purpose: Any, user: Any, client: Any, scopes: Iterable[str], **kwargs: Any
    ) -> dict[str, Any]:
        """What stands in the token, or what is told to whom asks."""
        claims = super().get_claims(purpose, user, client, scopes, **kwargs)
        asked, in_token = PEOPLE[user.username]
        if purpose == "userinfo":
            return claims | asked
        return claims | in_token | {"auth_time": int(user.last_login.timestamp())}
