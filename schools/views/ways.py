"""How one gets in: one's own passkeys, authenticator app and recovery codes, and the way to a second step."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any, ClassVar

from allauth.account.views import PasswordSetView
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms as django_forms
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.cache import never_cache

from schools import actions, pages, signin, ways
from schools.signin import forms

_ON_TO = "after_second_step"
_HALF = 4


class Ways(pages.PersonPage):
    """Everything by which one gets in, each with its last use."""

    template_name = "schools/ways/list.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lay out the page."""
        user = self.request.user
        return self.show(
            held=ways.ways_of(user), must=ways.must_have_second_step(user, today=timezone.localdate(self.now))
        )


class Enrol(pages.PersonPage):
    """The calm page for who needs a second step and has none: why, and which two there are."""

    template_name = "schools/ways/enrol.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Explain, and remember where the person was going; who has one already goes on."""
        asked = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
            request.session[_ON_TO] = asked
        if signin.second_step_done(request):
            return HttpResponseRedirect(_on_to(request))
        return self.show(must=ways.must_have_second_step(self.request.user, today=timezone.localdate(self.now)))


@method_decorator(never_cache, name="dispatch")
class PasswordSet(pages.RecentlyProved, PasswordSetView):
    """The library's page for who has no password yet; a browser left alone must not be able to choose one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send visitors to the sign-in page first."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)


class _Change(pages.RecentlyProved, pages.FormMixin, pages.PersonPage):
    """One change of one's ways in; the person hears of it by mail as well."""

    nav_here = "me"
    form_class: ClassVar[type[django_forms.Form]] = django_forms.Form
    told: ClassVar[str | Promise] = ""

    def act(self, form: django_forms.Form) -> str:
        """Do it, say so by mail, and go on."""
        address = self.change(form)
        signin.tell_change(self.request.user, str(self.told), now=self.now)
        return address

    @abstractmethod
    def change(self, form: django_forms.Form) -> str:
        """One domain call; returns the address of the next page."""


@method_decorator(never_cache, name="dispatch")
class PasskeyNew(_Change):
    """Make a passkey on this device, or on a phone beside it."""

    template_name = "schools/ways/passkey_new.html"
    form_class = forms.NewPasskeyForm
    done = _("Your passkey is ready.")
    told = _("A passkey was added.")

    def context(self) -> dict[str, Any]:
        """What the browser needs to make one."""
        return {"asked": json.dumps(webauthn.begin_registration(self.request.user, passwordless=True))}

    def change(self, form: django_forms.Form) -> str:
        """Keep it."""
        user, today = self.request.user, formats.date_format(timezone.localdate(self.now), "j F")
        name = form.cleaned_data["name"] or gettext("Passkey of %(day)s") % {"day": today}
        with_codes = actions.add_passkey(name=name, credential=form.cleaned_data["credential"], by=user, now=self.now)
        signin.note_second_step(self.request, user, kind=ways.Kind.WEBAUTHN)
        return reverse("account-codes") if with_codes else _on_to(self.request)


class _OnePasskey(_Change):
    """Something with one of one's own passkeys; 404 for anybody else's."""

    def context(self) -> dict[str, Any]:
        """The passkey."""
        own = (key for key in ways.ways_of(self.request.user).passkeys if key.pk == self.kwargs["key_id"])
        passkey = next(own, None)
        if passkey is None:
            raise Http404
        return {"passkey": passkey}


class PasskeyName(_OnePasskey):
    """Give it another name."""

    template_name = "schools/ways/passkey_name.html"
    form_class = forms.NameForm
    done = _("The new name is saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """The name as it is."""
        return {"initial": {"name": self.context()["passkey"].name}}

    def act(self, form: django_forms.Form) -> str:
        """Save it and tell nobody: that is no news."""
        return self.change(form)

    def change(self, form: django_forms.Form) -> str:
        """Save it."""
        actions.name_passkey(key_id=self.kwargs["key_id"], name=form.cleaned_data["name"], by=self.request.user)
        return reverse("account-ways")


class PasskeyRemove(_OnePasskey):
    """It opens nothing any more."""

    template_name = "schools/ways/passkey_remove.html"
    done = _("The passkey no longer works.")
    told = _("A passkey was removed.")

    def change(self, form: django_forms.Form) -> str:
        """Remove it."""
        actions.remove_passkey(key_id=self.kwargs["key_id"], by=self.request.user, now=self.now)
        return reverse("account-ways")


@method_decorator(never_cache, name="dispatch")
class AppNew(_Change):
    """Put the account in an authenticator app: scan or type the secret, and type the first code."""

    template_name = "schools/ways/app_new.html"
    done = _("Your authenticator app is set up.")
    told = _("An authenticator app was added.")

    def form(self, data: Any = None) -> django_forms.Form:
        """The form, whose secret the page shows too."""
        self.asked = forms.NewAppForm(data, user=self.request.user)
        return self.asked

    def context(self) -> dict[str, Any]:
        """The secret: as an address for phones, and to type."""
        secret = self.asked.secret
        typed = " ".join(secret[at : at + _HALF] for at in range(0, len(secret), _HALF))
        return {"address": get_adapter().build_totp_url(self.request.user, secret), "typed": typed}

    def change(self, form: django_forms.Form) -> str:
        """Keep it."""
        user, code = self.request.user, form.cleaned_data["code"]
        with_codes = actions.add_app(secret=self.asked.secret, code=code, by=user, now=self.now)
        clear_totp_secret(self.request)
        signin.note_second_step(self.request, user, kind=ways.Kind.TOTP)
        return reverse("account-codes") if with_codes else _on_to(self.request)


class AppRemove(_Change):
    """Its codes are not asked for any more."""

    template_name = "schools/ways/app_remove.html"
    done = _("The authenticator app is no longer asked for.")
    told = _("The authenticator app was removed.")

    def context(self) -> dict[str, Any]:
        """404 without one."""
        if ways.ways_of(self.request.user).app is None:
            raise Http404
        return {}

    def change(self, form: django_forms.Form) -> str:
        """Remove it."""
        actions.remove_app(by=self.request.user, now=self.now)
        return reverse("account-ways")


@method_decorator(never_cache, name="dispatch")
class Codes(_Change):
    """The recovery codes that still work, to keep on paper; and ten new ones."""

    template_name = "schools/ways/codes.html"
    done = _("These are your new codes. The old ones no longer work.")
    told = _("New recovery codes were made.")

    def context(self) -> dict[str, Any]:
        """The codes in two halves each; 404 for who has none."""
        codes = ways.codes_of(self.request.user)
        if codes is None:
            raise Http404
        halved = [f"{code[:_HALF]} {code[_HALF:]}" for code in map(normalize_user_code, codes)]
        return {"codes": halved, "on_to": _on_to(self.request)}

    def change(self, form: django_forms.Form) -> str:
        """Make ten new ones."""
        actions.renew_codes(by=self.request.user, now=self.now)
        return reverse("account-codes")


def _on_to(request: HttpRequest) -> str:
    """Where the person was going when a second step came between, else the page of ways in."""
    address: str = request.session.get(_ON_TO, "")
    return address or reverse("account-ways")
