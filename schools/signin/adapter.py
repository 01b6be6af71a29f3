"""The sign-in library's account pages by our house rules."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from schools import events, links, post, proof
from schools.models import SignInService, User
from schools.signin import spraying, telling

_PLAIN_STEP, _OUR_STEP = "allauth.mfa.stages.AuthenticateStage", "schools.signin.steps.SecondStep"
_EXPIRY = "_session_expiry"
AGAIN: dict[str, str | Promise] = {
    "account_reauthenticate": _("With your password"),
    "mfa_reauthenticate": _("With a code of your app"),
    "mfa_reauthenticate_webauthn": _("With a passkey"),
}


def _by_service(service: SignInService) -> dict[str, Any]:
    """Signing in again at the service of one's board."""
    address = reverse("service-prove", args=[service.board.number, service.shape])
    words = gettext("Sign in again at %(name)s") % {"name": service.name}
    return {"id": service.account_key, "url": address, "description": words}


class Adapter(DefaultAccountAdapter):
    """People come by invitation or by an admin: nobody signs up."""

    error_messages: dict[str, Any] = {  # as the library declares it
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right. Check whether it is the newest one."),
        "incorrect_password": _("This is not your password. Try again."),
        "too_many_login_attempts": _(
            "This was tried too often. Wait five minutes, or sign in with a passkey: that always works."
        ),
        "rate_limited": _("This went very fast. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether to lead there after signing in: only within this site, and nowhere that cannot be read."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a sign-in mail at once; the page says when that failed, to known and unknown people alike."""
        language = translation.get_language() or "nl"
        try:
            post.send_key(template_prefix, {**context, "email": email}, to=email, language=language, now=timezone.now())
        except post.NotSentError as refused:
            messages.error(self.request, str(refused.sentence))

    def get_login_stages(self) -> list[str]:
        """The library's steps of signing in, with our own rule for who is asked the second."""
        return [_OUR_STEP if stage == _PLAIN_STEP else stage for stage in super().get_login_stages()]

    def pre_login(  # type: ignore[override]  # which values there are is the library's to say
        self, request: HttpRequest, user: User, *, email: str | None, **values: Any
    ) -> HttpResponse | None:
        """What was sent to an address opens nothing any more once the account has another one."""
        if email and email.lower() != user.email:
            clear_login(request)
            messages.error(request, str(self.error_messages["incorrect_code"]))
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **values)

    def post_login(  # type: ignore[override]  # which values there are is the library's to say
        self, request: HttpRequest, user: User, **values: Any
    ) -> HttpResponse:
        """Stay signed in on this device only where that was ticked, whatever the way in was."""
        if _EXPIRY not in request.session:
            stays = request.POST.get("remember") == "on"
            request.session.set_expiry(settings.SESSION_COOKIE_AGE if stays else 0)
        events.record(what=events.What.SIGNED_IN, by=user, now=timezone.now())
        return super().post_login(request, user, **values)

    def set_password(self, user: User, password: str) -> None:  # type: ignore[override]  # ours
        """Keep a new password, and let the person know."""
        now = timezone.now()
        super().set_password(user, password)
        events.record(what=events.What.PASSWORD_CHANGED, by=user, now=now)
        telling.tell_change(user, gettext("Your password was changed."), now=now)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try; who tries too often waits, and the account's owner can read that."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tried = User.objects.filter(email=self._get_login_attempts_cache_key(request, **credentials)).first()
            telling.note_halt(tried, now=timezone.now())
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Notice when one place tries many accounts."""
        spraying.note(self.get_client_ip(request), str(credentials.get("email", "")))

    def reauthenticate(self, user: User, password: str) -> bool:  # type: ignore[override]  # ours
        """Whether this is the person's password; wrong ones count like those at the sign-in."""
        request = context.request
        self.pre_authenticate(request, email=user.email or f"person {user.pk}")
        if user.check_password(password):
            self._rollback_login_failed_rl_usage()
            return True
        self.authentication_failed(request, email=user.email or "")
        return False

    def is_reauthentication_required(self, *, app: str, **values: Any) -> bool:
        """The library's own pages ask by the limit of ours."""
        return not proof.is_recent(context.request.session, now=timezone.now())

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """By what the person can prove again who it is, in our words."""
        words = {reverse(name): told for name, told in AGAIN.items()}
        ways = super().get_reauthentication_methods(user)
        told = [{**way, "description": words.get(way["url"], way["description"])} for way in ways]
        return told + [_by_service(one) for one in links.linked_accounts(user) if one.opened_at]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for each account, by whatever name of the site it is tried."""
        return str(credentials.get("email", "")).strip().lower()
