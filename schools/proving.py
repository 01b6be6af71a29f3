"""Asking somebody to prove once more to be who signed in: what for, and how one comes back with every word typed.

A page puts one of these first among its bases. Who is not signed in at all is sent to the sign-in page by the page.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.internal.httpkit import serialize_request
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View

from schools import proof

# Of what was typed, in bytes: more than any form here takes.
MOST_KEPT = 64_000
_SECRETS = {"HTTP_COOKIE", "HTTP_AUTHORIZATION"}
# Fields of which the words are kept nowhere but as a hash or under a seal: these are typed again.
_NEVER_KEPT = {"code", "oldpassword", "password", "password1", "password2", "secret"}

if TYPE_CHECKING:
    _Base = View
else:
    _Base = object


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to where the person can prove it, and from there back; what was sent goes on then as if nothing happened.

    What was sent is kept in the session until then, and only there; a file or a password is not.
    """
    ways = get_adapter().get_reauthentication_methods(request.user)
    address = ways[0]["url"] if ways else reverse("account-prove")
    request.was_halted = True  # type: ignore[attr-defined]  # DraftMiddleware: it has not arrived
    request.session.pop(STATE_SESSION_KEY, None)
    if request.method == "POST" and _may_keep(request):
        request.session[STATE_SESSION_KEY] = {"request": _kept(request)}
    return redirect(f"{address}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def _may_keep(request: HttpRequest) -> bool:
    is_short = len(request.POST.urlencode()) <= MOST_KEPT
    return is_short and not request.FILES and _NEVER_KEPT.isdisjoint(request.POST)


def _kept(request: HttpRequest) -> str:
    """The request as the sign-in library takes it up again, without what nobody should find in a session."""
    bare = copy.copy(request)
    bare.META = {name: value for name, value in request.META.items() if name not in _SECRETS}
    return str(serialize_request(bare))


def is_by_hand(request: HttpRequest) -> bool:
    """Whether a person asked for it: what a page fetches by itself keeps nobody awake."""
    return proof.is_by_hand(request.method, request.headers.get("Sec-Fetch-Mode", ""))


class RecentlyProved(_Base):
    """A sensitive step: asks for a proof of the last quarter of an hour, for reading and writing alike.

    ``proved_for`` names the methods that ask; ``{"POST"}`` where reading tells nothing.
    """

    proved_for: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD", "POST"})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask first, whatever the address names: who is asked learns nothing from it."""
        recent = proof.is_recent(request.session, now=timezone.now())
        if request.user.is_authenticated and request.method in self.proved_for and not recent:
            return ask(request)
        return super().dispatch(request, *args, **kwargs)


class WithinLimits(_Base):
    """What a board, an operator or a visitor with unshared notes may do: it sleeps after two hours without it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who has not used it for long, whatever the address names."""
        if request.user.is_authenticated:
            now = timezone.now()
            if not proof.is_fresh(request.session, now=now):
                return ask(request)
            if is_by_hand(request):
                proof.use(request.session, now=now)
        return super().dispatch(request, *args, **kwargs)
