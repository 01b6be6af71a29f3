"""What is seen of a request from outside: a number, the name of its address, how it ended and how long it took.

The number goes along in the answer (``X-Request-ID``) and in each line that is written meanwhile. Nobody's name,
address, path or words are seen.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from samenspraak import logs, metrics

HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Who asked to postpone a visit or answered a round, and at which second, is nobody's business: of the mirrors' pages
# no line is written and they are counted as one, unless something broke there.
UNTOLD = "observations"
STATIC, NOWHERE = "static", "nowhere"
BROKEN = 500
_requests = logging.getLogger("samenspraak.requests")


class WatchMiddleware:
    """One line for each page, and its time among those of its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give it a number, answer, and tell."""
        began, number = time.perf_counter(), secrets.token_hex(8)
        request.number = number  # type: ignore[attr-defined]
        with logs.about(request=number):
            response = self.get_response(request)
            tell(request, response.status_code, time.perf_counter() - began)
        response[HEADER] = number
        return response


def tell(request: HttpRequest, status: int, seconds: float) -> None:
    """Write the line, and count."""
    route = route_of(request)
    metrics.page(route, status, seconds)
    if (route in {UNTOLD, STATIC} and status < BROKEN) or not _requests.isEnabledFor(logging.INFO):
        return
    method = request.method if request.method in METHODS else "other"
    told = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    _requests.info("request", extra=told)


def route_of(request: HttpRequest) -> str:
    """The name of the address, which says what kind of page it is and not whose."""
    match = request.resolver_match
    if match is None:
        return STATIC if request.path.startswith(settings.STATIC_URL) else NOWHERE
    if match.func.__module__.partition(".")[0] == UNTOLD:
        return UNTOLD
    return match.view_name or NOWHERE
