"""Who calls the API, and how often."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from redis import RedisError
from rest_framework import authentication, exceptions, throttling
from rest_framework.request import Request

from schools import limits, scopes
from schools.models import User

REALM = 'Bearer realm="Samenspraak"'


class PersonalToken(authentication.BaseAuthentication):
    """`Authorization: Bearer smp_...`: the middleware looked up the owner before it opened the door."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The token's owner; nobody without a token; 401 for a token that is unknown, ended or revoked."""
        plain = _plain(request)
        if getattr(plain, "bearer", None) is None:
            return None
        if not plain.user.is_authenticated:
            raise exceptions.AuthenticationFailed(_("This token is unknown or no longer valid."))
        return plain.user, None

    def authenticate_header(self, request: Request) -> str:
        """What a client should send, and whether what it sent was no good (RFC 6750)."""
        return REALM if getattr(_plain(request), "bearer", None) is None else f'{REALM}, error="invalid_token"'


class Session(authentication.SessionAuthentication):
    """The session of somebody who signed in on the pages; whoever writes also sends the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        """403 with a sentence that says what is missing."""
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            sentence = _("Send the CSRF token in X-CSRFToken, or use a personal token.")
            raise exceptions.PermissionDenied(sentence, code="csrf") from None


def _plain(request: Request) -> HttpRequest:
    return request._request  # noqa: SLF001  # where the framework keeps Django's own


_APP = (
    "An app that its user let in (OAuth 2: authorization code with PKCE `S256`; OpenID Connect). Who keeps the site "
    "registers it. Everything else stands at `/.well-known/openid-configuration`."
)


def scopes_of(operation: Any) -> list[str]:
    """What an operation of the schema asks of a key: mostly one scope, or none where everybody may come."""
    area = getattr(operation.view, "area", scopes.Area.OPEN)  # the deck is open, and lies on a floor of its own
    return scopes.all_needed(area, operation.method, also_reads=getattr(operation.view, "also_reads", ()))


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names a token."""

    target_class = PersonalToken
    name = ["personalToken", "app"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """The scope that this operation asks of a key, whoever holds it."""
        return [{name: scopes_of(auto_schema)} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        """The OpenAPI security schemes."""
        told = (
            "A personal token of the account page: it acts as its owner for the scopes that the owner chose, never "
            "more, and ends within a year. `<area>:write` reads too."
        )
        token = {"type": "http", "scheme": "bearer", "bearerFormat": "smp_...", "description": told}
        return [token, {"type": "oauth2", "description": _APP, "flows": {"authorizationCode": _app_flow()}}]


def _app_flow() -> dict[str, Any]:
    with translation.override("en"):
        named = {scope: f"May {sentence}." for scope, sentence in scopes.SENTENCES.items()}
    places = {"authorizationUrl": "program-ask", "tokenUrl": "program-token", "refreshUrl": "program-token"}
    return {**{name: reverse(place) for name, place in places.items()}, "scopes": named}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names a session."""

    target_class = Session
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The OpenAPI security scheme."""
        told = "Signed in on the pages. Writing also needs the CSRF cookie's value in `X-CSRFToken`."
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": told}


class CallerThrottle(throttling.SimpleRateThrottle):
    """So many calls for each person, for each app in a person's name, or for each address where nobody signed in.

    They are counted in a span that begins with the first.
    """

    scope = "caller"
    num_requests: int | None
    duration: int | None
    counted: limits.Counted | None = None

    def get_cache_key(self, request: Request, view: Any) -> str:
        """One count for each caller; what an app calls in somebody's name counts for that app and person alone."""
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        app = getattr(_plain(request), "app", "")
        return f"calls:{who}:{app}" if app else f"calls:{who}"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the caller may go on; nobody is refused because the count cannot be kept."""
        if self.num_requests is None or self.duration is None:
            return True
        try:
            self.counted = limits.count(cache, self.get_cache_key(request, view), self.duration, self.timer())
        except RedisError:
            return True
        return self.counted[0] <= self.num_requests

    def wait(self) -> float | None:
        """The seconds until the next span."""
        return self.counted[1] if self.counted else None


def told(limit: throttling.BaseThrottle) -> dict[str, str]:
    """A limit as headers (draft-ietf-httpapi-ratelimit-headers): the rule, and what is left where it was counted."""
    if not isinstance(limit, CallerThrottle) or not limit.num_requests:
        return {}
    headers = {"RateLimit-Policy": f'"{limit.scope}";q={limit.num_requests};w={limit.duration}'}
    if limit.counted:
        number, seconds = limit.counted
        left = max(limit.num_requests - number, 0)
        headers["RateLimit"] = f'"{limit.scope}";r={left};t={math.ceil(seconds)}'
    return headers
