"""Where one is signed in, and proving once more that it is oneself."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from schools import actions, devices, pages, proof, queries


@method_decorator(never_cache, name="dispatch")
class Sessions(pages.PersonPage):
    """Every browser in which one is signed in, by what it is and the day it was last used; no place, no time."""

    template_name = "schools/sessions.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, this one first."""
        here = request.session.kept_as  # type: ignore[attr-defined]  # samenspraak.sessions
        rows = queries.sessions_of(user=self.request.user, now=self.now)
        listed = [(devices.in_words(row.device), row, row.session_key == here) for row in rows]
        own_first = sorted(listed, key=lambda line: not line[2])
        return self.show(listed=own_first, others=len(rows) > 1, today=timezone.localdate(self.now))


class SessionEnd(pages.DeedMixin, pages.PersonPage):
    """Sign out in one other browser."""

    done = _("You are signed out there.")

    def act(self) -> str:
        """End it."""
        actions.end_session(key=self.kwargs["key"], by=self.request.user, now=self.now)
        return self.back()

    def back(self) -> str:
        """The list."""
        return reverse("account-sessions")


class SessionsEnd(pages.DeedMixin, pages.PersonPage):
    """Sign out in every other browser."""

    done = _("You are signed out everywhere but here.")

    def act(self) -> str:
        """End them."""
        here = self.request.session.kept_as  # type: ignore[attr-defined]  # samenspraak.sessions
        actions.end_other_sessions(key=here, by=self.request.user, now=self.now)
        return self.back()

    def back(self) -> str:
        """The list."""
        return reverse("account-sessions")


@method_decorator(never_cache, name="dispatch")
class Prove(pages.PersonPage):
    """For who signed in by a way that cannot be asked for a second time: sign in again, and come back."""

    template_name = "schools/prove.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say so; who has another way proves it there, and who just did goes on."""
        if proof.is_recent(request.session, now=self.now):
            return redirect(self._onward())
        ways = get_adapter().get_reauthentication_methods(self.request.user)
        if ways:
            return redirect(f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: self._onward()})}")
        return self.show(onward=self._onward())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign out, and lead to the sign-in."""
        onward = self._onward()
        logout(request)
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: onward})}")

    def _onward(self) -> str:
        """Where to afterwards: within this site only."""
        told = {**self.request.GET.dict(), **self.request.POST.dict()}.get(REDIRECT_FIELD_NAME, "")
        return told if told and get_adapter(self.request).is_safe_url(told) else reverse("account")
