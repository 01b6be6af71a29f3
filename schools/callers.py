"""Who calls the API, and how often."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, throttling
from rest_framework.request import Request

from schools.models import User


class PersonalToken(authentication.BaseAuthentication):
    """`Authorization: Bearer smp_...`: the middleware looked up the owner before it opened the door."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The token's owner; nobody without a token; 401 for a token that is unknown, ended or revoked."""
        plain: HttpRequest = request._request  # noqa: SLF001  # where the framework keeps Django's own
        if not getattr(plain, "bearer", None):
            return None
        if not plain.user.is_authenticated:
            raise exceptions.AuthenticationFailed(_("This token is unknown or no longer valid."))
        return plain.user, None

    def authenticate_header(self, request: Request) -> str:
        """What a client should send."""
        return "Bearer"


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names it."""

    target_class = PersonalToken
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A personal token: smp_..."}


class CallerThrottle(throttling.SimpleRateThrottle):
    """So many calls a minute for each person, or each address where nobody signed in."""

    scope = "caller"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """One count for each caller."""
        who = request.user.pk if request.user and request.user.is_authenticated else self.get_ident(request)
        return f"throttle:{who}"
