"""Who comes in by the service of a board: whoever is linked there and works for it, or brings an invitation."""

from __future__ import annotations

import datetime as dt
import logging
from http import HTTPStatus
from typing import Any

import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from schools import actions, links, oidc, refusals, tenancy, ways
from schools.models import SignInService, User
from schools.providers.library import Exchange, Login, Provider, Return

PENDING = "service-pending"
PENDING_FOR = dt.timedelta(minutes=15)
_JUST_NOW = dt.timedelta(minutes=5)
_log = logging.getLogger(__name__)
_CANCELLED = _("You stopped at your board's service. Nothing has happened.")
_BROKEN = _("Your board's service did not answer as it should. Try again, or sign in otherwise.")
_STALE = _("This took too long, or was begun in another window. Begin again here.")
_LINKED = _("From now on you can sign in with this account.")
_NO_TIME = _("Your board's service does not say when you signed in there. Sign out here and in again instead.")
_NOT_HERE = _("You do not work at a school of this board any more, as far as Samenspraak knows.")
_BEYOND = _(
    "You work outside this board too, so its account alone does not let you in. Sign in another way. Once you have a "
    "passkey or an app as second step, this button works as well."
)
_OTHER_PERSON = _("That is not the account by which we know you. Choose your own account there.")


def back_from(request: HttpRequest, service: SignInService) -> HttpResponse:
    """Let in who comes back from a service, or say in one sentence why not."""
    try:
        answer: HttpResponse = Return.adapter_view(Exchange(request, service))(request)  # type: ignore[no-untyped-call]
    except refusals.Refused as refused:
        status = HTTPStatus.FORBIDDEN if isinstance(refused, oidc.NotStaffError) else HTTPStatus.UNAUTHORIZED
        _log.warning("a sign-in at service %s was refused: %s", service.pk, refused.code)
        return not_let_in(request, refused.sentence, status=status)
    return answer


def not_let_in(request: HttpRequest, sentence: str | Promise, *, status: int = HTTPStatus.UNAUTHORIZED) -> HttpResponse:
    """The page that says why somebody was not let in, and what can be done."""
    return render(request, "socialaccount/not_let_in.html", {"sentence": sentence}, status=status)


class Adapter(DefaultSocialAccountAdapter):
    """Who may come in by a service: whoever is linked there, or brings an invitation."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Services are found by their board's page, never listed by the library."""
        return []

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        """The service under this key."""
        key = provider.removeprefix("service-")
        return Provider(request, tenancy.fetch(SignInService.objects.select_related("board"), pk=key))

    def get_requests_session(self) -> requests.Session:
        """What asks the service: guarded."""
        return oidc.session()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User | None:
        """Make no person out of what a service tells."""
        return sociallogin.user  # type: ignore[return-value]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The post sends letters, and what happened stands among one's own events."""

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say in one sentence what went wrong; logged is only the kind of it."""
        _log.warning("a sign-in at %s broke off: %s", provider.sub_id, type(exception).__name__ if exception else error)
        if error == AuthError.CANCELLED:
            messages.info(request, str(_CANCELLED))
            raise ImmediateHttpResponse(redirect("account_login"))
        sentence = _STALE if "state_id" in (extra_context or {}) else _BROKEN
        raise ImmediateHttpResponse(not_let_in(request, sentence))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decide by why somebody went there: to sign in, to link the account, or to prove oneself again."""
        decide = {"login": _sign_in, "connect": _link, "prove": _prove}[sociallogin.state["process"]]
        decide(request, sociallogin, sociallogin.provider.service)  # type: ignore[arg-type]  # Exchange made it


def _sign_in(request: HttpRequest, login: Login, service: SignInService) -> None:
    """Let in who is linked and works for the board; lead everybody else to the page for a code."""
    kept, now = login.state["data"], timezone.now()
    code = kept.get("invitation") or ""
    if login.user is None or not login.is_existing:
        request.session[PENDING] = {
            "service": service.pk,
            "subject": login.account.uid,
            "at": now.timestamp(),
            "names": _names(login.told),
            "code": code,
            "next": login.state.get("next", ""),
            "remember": bool(kept.get("remember")),
        }
        raise ImmediateHttpResponse(redirect("service-link"))
    if code:
        actions.accept_as(code=code, by=login.user, now=now)
    _must_be_of(service, login.user, request, today=timezone.localdate(now))
    if request.user.is_authenticated:
        request.session.flush()  # somebody else begins here
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if kept.get("remember") else 0)
    login.state["data"] = {}


def _must_be_of(service: SignInService, user: User, request: HttpRequest, *, today: dt.date) -> None:
    """A board's service opens its board: who is somebody elsewhere too does a second step that is the person's own."""
    with tenancy.acting_for_system("sign-in"):
        here = links.works_for(service.board_id, user=user, today=today)
        beyond = links.works_beyond(service.board_id, user=user, today=today)
    if not here:
        raise ImmediateHttpResponse(not_let_in(request, _NOT_HERE, status=HTTPStatus.FORBIDDEN))
    if beyond and not ways.has_second_step(user):
        raise ImmediateHttpResponse(not_let_in(request, _BEYOND, status=HTTPStatus.FORBIDDEN))
    request.needs_own_step = beyond  # type: ignore[attr-defined]  # signin.steps asks for it within this request


def _link(request: HttpRequest, login: Login, service: SignInService) -> None:
    """Link the account to whoever began this, signed in then and now."""
    if not request.user.is_authenticated or request.user.pk != login.state["data"]["by"]:
        raise ImmediateHttpResponse(not_let_in(request, _STALE))
    actions.link_account(service=service, subject=login.account.uid, user=request.user, now=timezone.now())
    messages.success(request, str(_LINKED))
    raise ImmediateHttpResponse(redirect("account-services"))


def _prove(request: HttpRequest, login: Login, service: SignInService) -> None:
    """Take it as a proof that this is still the same person: signed in at the service again, just now."""
    if not request.user.is_authenticated or not login.is_existing or login.user != request.user:
        raise ImmediateHttpResponse(not_let_in(request, _OTHER_PERSON, status=HTTPStatus.FORBIDDEN))
    at = login.told.get("auth_time")
    if not isinstance(at, int | float):
        raise ImmediateHttpResponse(not_let_in(request, _NO_TIME))
    if timezone.now().timestamp() - at > _JUST_NOW.total_seconds():
        raise ImmediateHttpResponse(not_let_in(request, _STALE))
    record_authentication(request, request.user, "socialaccount", provider=service.account_key, reauthenticated=True)
    request.GET = QueryDict(urlencode({"next": login.state.get("next", "")}))  # where the library looks for it
    raise ImmediateHttpResponse(resume_request(request) or redirect("account"))


def _names(told: dict[str, Any]) -> dict[str, str]:
    """What the service calls somebody, to begin with where an invitation has no name; let go with the session."""
    given, family = told.get("given_name"), told.get("family_name")
    return {"given_name": str(given or "")[:60], "family_name": str(family or "")[:80]}


def pending(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any] | None:
    """Who came back from a service and is not linked to anybody yet; for a quarter of an hour."""
    held = request.session.get(PENDING)
    if not isinstance(held, dict) or now.timestamp() - held["at"] > PENDING_FOR.total_seconds():
        return None
    return held


def come_in(request: HttpRequest, held: dict[str, Any], *, user: User, service: SignInService) -> HttpResponse:
    """Sign in who was just linked, with every step that a sign-in has."""
    request.session.pop(PENDING, None)
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if held["remember"] else 0)
    user.backend = "allauth.account.auth_backends.AuthenticationBackend"
    record_authentication(request, user, "socialaccount", provider=service.account_key)
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=held["next"] or None)
    return answer
