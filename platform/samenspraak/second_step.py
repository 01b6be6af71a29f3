"""Who must have a second step gets nowhere else before having one (faults.md 51)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samenspraak.middleware import Respond
from schools import signin, ways

# Signing in and out, making a second step, and what visitors may read too.
OPEN = frozenset(
    {
        "about",
        "account-app-new",
        "account-codes",
        "account-enrol",
        "account-passkey-new",
        "calendar-feed",
        "favicon",
        "guide",
        "guide-step",
        "invitation",
        "invitation-type",
        "manifest",
        "offline",
        "robots",
        "set_language",
        "stop-letters",
        "worker",
    }
)
OPEN_BEGINNINGS = ("account_", "mfa_", "cards:")


class SecondStepMiddleware:
    """Inside the door, since it reads what somebody is; where the site asks no second step it asks nothing."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead to where a second step is made or asked; programs are told."""
        user = request.user
        if not settings.SECOND_STEP_REQUIRED or not user.is_authenticated or signin.second_step_done(request):
            return None
        if _is_open(request) or not ways.must_have_second_step(user, today=timezone.localdate()):
            return None
        has_one = ways.has_second_step(user)
        by_token = getattr(request, "bearer", None) is not None
        if has_one and by_token:
            return None  # made while signed in with both steps
        if request.path.startswith("/api/"):
            return _problem()
        return redirect(_way_on(request, "account_reauthenticate" if has_one else "account-enrol"))


def _is_open(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in OPEN or name.startswith(OPEN_BEGINNINGS)


def _way_on(request: HttpRequest, name: str) -> str:
    here = request.get_full_path() if request.method == "GET" else "/"
    return f"{reverse(name)}?{urlencode({'next': here})}"


def _problem() -> JsonResponse:
    told = {
        "type": "about:blank",
        "title": _("Not allowed"),
        "status": 403,
        "detail": _("Sign in on the pages and set up a second step first."),
        "code": "second_step_missing",
    }
    return JsonResponse(told, status=403, content_type="application/problem+json")
