"""Signing in by the service of one's board: finding it, going there, coming back, and linking an account there."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.core.internal import ratelimit
from django import forms as django_forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from schools import actions, links, pages, providers, refusals, tenancy, ways
from schools.models import Board, SignInService
from schools.providers import forms

_BOARD = "board"  # the cookie that remembers where somebody signed in
_A_YEAR = 365 * 24 * 3600


class FindBoard(pages.Page):
    """Find the board by a school's name or a mail domain; what stands before the @ is not looked at."""

    template_name = "socialaccount/find.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask, or list what was found; on top the board where somebody signed in on this device before."""
        said = request.GET.get("q", "")[:200]
        last = links.boards_numbered(request.COOKIES.get(_BOARD, ""))
        found = links.boards_found(said, today=timezone.localdate())
        return self.show(said=said.strip(), found=found, last=last, next=_next(request))


class BoardServices(pages.Page):
    """The buttons of one board."""

    template_name = "socialaccount/board.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show them; 404 for a board without any, as for none."""
        offered = links.services_of(tenancy.fetch(Board.objects.all(), number=number))
        if not offered:
            tenancy.fetch(Board.objects.none())
        return self.show(board=offered[0].board, services=offered, next=_next(request))


class _Leave(pages.Page):
    """Goes on to the service, by a page of ours that says so: a form may not lead to another site."""

    template_name = "socialaccount/leave.html"
    process: ClassVar[str] = "login"

    def leave(self, service: SignInService, *, next_url: str, **kept: Any) -> HttpResponse:
        """The page that leads on at once, or by its link."""
        provider = providers.Provider(self.request, service)
        address = provider.leave(self.request, process=self.process, next_url=next_url, **kept)
        answer = self.show(service=service, address=address)
        answer["Cache-Control"] = "no-store"
        return answer


class ServiceLogin(_Leave):
    """Begin to sign in; an invitation's code goes along."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int, shape: str) -> HttpResponse:
        """Go on to the service, and remember the board on this device."""
        service = links.service_at(number=number, shape=shape)
        if ratelimit.consume(request, app="allauth.account", action="login") is None:
            limited: HttpResponse = ratelimit.respond_429(request)
            return limited
        kept = {"invitation": request.POST.get("invitation", "")[:60], "remember": "remember" in request.POST}
        answer = self.leave(service, next_url=_next(request), **kept)
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(_BOARD, str(number), max_age=_A_YEAR, secure=secure, httponly=True, samesite="Lax")
        return answer


@method_decorator(never_cache, name="dispatch")
class ServiceBack(pages.Page):
    """Where the service sends people back to."""

    def get(self, request: HttpRequest, number: int, shape: str) -> HttpResponse:
        """Let them in, or say why not."""
        return providers.back_from(request, links.service_at(number=number, shape=shape))


@method_decorator(never_cache, name="dispatch")
class ServiceLink(pages.AskingMixin, pages.Page):
    """For who signed in at a service and is not known here by it: with a code it is linked, and the person is in."""

    template_name = "socialaccount/link.html"
    form_class: ClassVar[type[django_forms.Form]] = forms.LinkForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for a quarter of an hour after coming back."""
        self.now = timezone.now()
        held = providers.pending(request, now=self.now)
        if held is None or request.user.is_authenticated:
            return redirect("home" if request.user.is_authenticated else "find-board")
        self.held = held
        self.service = links.service_numbered(held["service"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask for the code; who brought one goes in at once, if it says who it is for."""
        if self.held["code"]:
            form = self.form({"code": self.held["code"]})
            if form.is_valid():
                try:
                    return self._come_in(form)
                except refusals.Refused as refused:
                    form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
            return self.show(form=form, status=422, **self.context())
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take the code; who types many that open nothing is halted."""
        if ratelimit.consume(request, app="allauth.account", action="invitation", dry_run=True) is None:
            halted: HttpResponse = ratelimit.respond_429(request)
            return halted
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self._come_in(form)
            except refusals.Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
        ratelimit.consume(request, app="allauth.account", action="invitation")
        return self.show(form=form, status=422, **self.context())

    def context(self) -> dict[str, Any]:
        """Which service, and how to go on without a code."""
        return {"service": self.service}

    def form_kwargs(self) -> dict[str, Any]:
        """The name as the service tells it, to begin with."""
        return {"initial": self.held["names"]}

    def _come_in(self, form: django_forms.Form) -> HttpResponse:
        told = form.cleaned_data
        user = actions.come_in_by_service(
            service=self.service,
            subject=self.held["subject"],
            code=told["code"],
            names={part: told[part] for part in ("given_name", "infix", "family_name")},
            fallback=self.held["names"],
            now=self.now,
        )
        return providers.come_in(self.request, self.held, user=user, service=self.service)


class AccountServices(pages.PersonPage):
    """One's own links to services of boards for which one works."""

    template_name = "schools/services/mine.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List what is linked, and what could be."""
        user = self.request.user
        linked = links.linked_accounts(user)
        offered = [one for one in links.services_for(user, today=timezone.localdate(self.now)) if one not in linked]
        return self.show(linked=linked, offered=offered)


class ServiceConnect(pages.RecentlyProved, _Leave, pages.PersonPage):
    """Go on to a service to link one's account there."""

    http_method_names = ["post"]
    process = "connect"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Go on; 404 for the service of a board for which one does not work."""
        mine = links.services_for(self.request.user, today=timezone.localdate(self.now))
        return self.leave(_among(mine, **kwargs), next_url=reverse("account-services"))


class ServiceUnlink(pages.RecentlyProved, pages.DeedMixin, pages.PersonPage):
    """End one's own link, if another way in is left."""

    done = _("This account is no longer a way in.")

    def act(self) -> str:
        """Unlink it; 404 for what is not linked."""
        user = self.request.user
        service = _among(links.linked_accounts(user), **self.kwargs)
        held = ways.ways_of(user)
        actions.unlink_account(
            service=service, by=user, ways_left=held.opens_without_services or held.services > 1, now=self.now
        )
        return self.back()

    def back(self) -> str:
        """The list of links."""
        return reverse("account-services")


class ServiceProve(_Leave, pages.PersonPage):
    """Prove again who one is, by signing in at the service once more."""

    template_name = "socialaccount/prove.html"
    process = "prove"

    def enter(self, **kwargs: Any) -> None:
        """Only at a service to which one is linked."""
        linked = links.linked_accounts(self.request.user)
        self.service = _among([one for one in linked if one.opened_at], **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask for it."""
        return self.show(service=self.service, next=_next(request))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Go on to the service."""
        self.template_name = _Leave.template_name  # type: ignore[misc]
        return self.leave(self.service, next_url=_next(request))


def _among(services: list[SignInService], *, number: int, shape: str) -> SignInService:
    """The one of these that the address names; 404 for any other."""
    found = next((one for one in services if (one.board.number, one.shape) == (number, shape)), None)
    if found is None:
        raise Http404
    return found


def _next(request: HttpRequest) -> str:
    """Where somebody was going, if that is on this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if fits else ""
