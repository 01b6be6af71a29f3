"""What the provider can do, and nothing else: a code for a person's yes, keys for a code, new keys for old ones."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, RefreshTokenGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core import grant_types

from schools import scopes, tokens
from schools.programs.validator import ACCESS_SECONDS, S256, Validator

_HASH = re.compile(r"[A-Za-z0-9_-]{43}")  # SHA-256 in base64url
_NONCE_AT_MOST = 200


class _ProvedCode(AuthorizationCodeGrant):  # type: ignore[misc]  # the library has no types
    """A code whose bringer shows that it was there at the beginning, by a hash (RFC 7636)."""

    _code_challenge_methods: ClassVar = {S256: code_challenge_method_s256}

    def validate_authorization_request(self, request: Request) -> Any:
        """As the library does; what cannot be a hash, or is longer than we keep, is told before anybody is asked."""
        found = super().validate_authorization_request(request)
        if not _HASH.fullmatch(request.code_challenge):
            raise errors.InvalidRequestError("This is no code challenge by S256.", request=request)
        if len(request.nonce or "") > _NONCE_AT_MOST:
            raise errors.InvalidRequestError("The nonce is too long.", request=request)
        return found


class _Code(grant_types.AuthorizationCodeGrant):  # type: ignore[misc]  # the library has no types
    """The same, with a signed word about who said yes where OpenID Connect is asked for."""

    def __init__(self, validator: Validator) -> None:
        self.proxy_target = _ProvedCode(validator)
        self.custom_validators.post_auth.append(self.openid_authorization_validator)
        self.register_token_modifier(self.add_id_token)


class Server(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint):  # type: ignore[misc]  # the library has no types
    """The library's endpoints with our answers, for one request."""

    def __init__(self, validator: Validator) -> None:
        """Offer a code, and keys for it."""
        code, refresh = _Code(validator), RefreshTokenGrant(validator)
        keys = BearerToken(validator, _new_key, ACCESS_SECONDS, _new_key)
        AuthorizationEndpoint.__init__(self, "code", keys, {"code": code})
        TokenEndpoint.__init__(self, "authorization_code", keys, {"authorization_code": code, "refresh_token": refresh})
        RevocationEndpoint.__init__(self, validator)


def make_server(*, now: dt.datetime) -> Server:
    """The provider, for a request of this moment."""
    return Server(Validator(now=now))


def is_offered() -> bool:
    """Whether the site has a key to sign with; without one it is no provider."""
    return bool(settings.IDP_OIDC_PRIVATE_KEY)


def about() -> dict[str, Any]:
    """What apps find out by themselves (OpenID Connect Discovery, RFC 8414)."""
    ways = ["client_secret_basic", "client_secret_post", "none"]
    return {
        "issuer": settings.PUBLIC_URL,
        "authorization_endpoint": _at("program-ask"),
        "token_endpoint": _at("program-token"),
        "revocation_endpoint": _at("program-revoke"),
        "userinfo_endpoint": _at("program-userinfo"),
        "jwks_uri": _at("program-keys"),
        "scopes_supported": list(scopes.SENTENCES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": [S256],
        "token_endpoint_auth_methods_supported": ways,
        "revocation_endpoint_auth_methods_supported": ways,
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "name", "email", "email_verified"],
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": _at("reference"),
    }


def _at(name: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name)}"


def _new_key(_request: Any) -> str:
    return tokens.new_app_key()
