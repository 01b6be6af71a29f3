"""What happens around every request: whose key, which language, which door."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from samenspraak import sessions
from schools import tenancy, tokens

Respond = Callable[[HttpRequest], HttpResponse]
_OK = {code for code, _name in settings.LANGUAGES}
_BROKEN = 500
_LEADS_ON = range(300, 400)
_DRAFT = re.compile(r"[0-9a-f]{16}", re.ASCII)
_LONG_ENOUGH = 600
_CALLED_ACROSS = re.compile(r"/api/v1/|/oauth/(token|revoke|userinfo)/$")
_ANYBODY = {"Access-Control-Allow-Origin": "*"}
_MAY_SEND = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": (
        "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
    ),
    "Access-Control-Max-Age": "7200",  # seconds; no browser keeps it longer
}
_MAY_READ = {
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Deprecation, ETag, Idempotent-Replayed, Link, Location, "
        "RateLimit, RateLimit-Policy, Retry-After, Sunset, WWW-Authenticate, X-Request-ID"
    )
}


class CompressMiddleware(GZipMiddleware):
    """Pages travel small, also where no proxy sees to it; what the API answers keeps its exact ETag."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a page; padding of random length keeps what it holds from being told by its size."""
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class AcrossMiddleware:
    """Pages of other sites may call the API with a key of their own (CORS), and never with somebody's session here.

    No origin is named and no credentials are let along: a browser hands over no answer that its cookie had a part in.
    """

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tell a browser that asks what may be sent; mark an answer that no session had a part in as readable."""
        if not _CALLED_ACROSS.match(request.path) or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return HttpResponse(status=204, headers=_ANYBODY | _MAY_SEND)
        answer = self.get_response(request)
        for name, value in (_ANYBODY | _MAY_READ).items():
            answer[name] = value
        return answer


class BearerMiddleware:
    """On the API a token says who is asking, and for what; it is looked up before the door opens."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the token's owner, or nobody, on the request; a session does not count beside a token."""
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith("/api/") and scheme.lower() == "bearer":
            held = tokens.look_up(key.strip(), now=timezone.now())
            request.bearer = held.scopes if held else frozenset()  # type: ignore[attr-defined]
            request.app = held.app if held else ""  # type: ignore[attr-defined]
            request.user = held.user if held else AnonymousUser()
        return self.get_response(request)


class LanguageMiddleware:
    """The reader's own language, else the cookie's, else Dutch; API clients may ask with Accept-Language."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        language = self._wanted(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        if request.path.startswith("/api/"):
            patch_vary_headers(response, ("Accept-Language",))
        return response

    def _wanted(self, request: HttpRequest) -> str:
        on_api = request.path.startswith("/api/") and "Accept-Language" in request.headers
        asked = translation.get_language_from_request(request) if on_api else ""
        own = getattr(request.user, "language", "")
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return next((code for code in (asked, own, cookie) if code in _OK), settings.LANGUAGE_CODE)


class PrivateMiddleware:
    """No shared cache keeps a page of somebody who signed in; what says no-store itself stays so."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the answer as private."""
        response = self.get_response(request)
        if request.user.is_authenticated and "no-store" not in response.get("Cache-Control", ""):
            patch_cache_control(response, private=True, no_cache=True)
        return response


class SeenMiddleware:
    """A browser that is used stays signed in: thirty days from the last day of use (samenspraak.sessions)."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the day, at the first request of it; a token has no session."""
        if not hasattr(request, "bearer") and request.user.is_authenticated:
            sessions.note_seen(request, today=timezone.localdate())
        return self.get_response(request)


class DraftMiddleware:
    """Tells the browser which of the words that it kept have arrived, so that it lets go of these (app.js)."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the draft in a cookie where sending it led on; refused, or signed out meanwhile, it stays kept."""
        response = self.get_response(request)
        has_arrived = response.status_code in _LEADS_ON and not getattr(request, "was_halted", False)
        if request.method == "POST" and has_arrived and request.user.is_authenticated:
            draft = request.POST.get("kept-draft", "")
            if _DRAFT.fullmatch(draft):
                secure = settings.SESSION_COOKIE_SECURE
                response.set_cookie(f"draft-{draft}", "sent", max_age=_LONG_ENOUGH, secure=secure, samesite="Lax")
        return response


class DoorMiddleware:
    """Everything that a request does happens inside tenancy's door; a breakdown undoes it all."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Open the door for the caller and close it behind the answer."""
        with tenancy.acting_as(request.user):
            response = self.get_response(request)
            connection = transaction.get_connection()
            if response.status_code >= _BROKEN and connection.in_atomic_block:
                transaction.set_rollback(True)
        return response
