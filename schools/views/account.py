"""One's own pages: who one is here, the language, and keys to the API."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from schools import actions, forms, pages, queries, refusals, scopes
from schools.forms import tokens as token_forms


def not_offered(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """A page that the sign-in library has and the product has not: 404."""
    raise Http404


class Account(pages.PersonPage):
    """Who one is, where, and what one can change about oneself."""

    template_name = "schools/account.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lay out the page."""
        user, today = self.request.user, timezone.localdate(self.now)
        return self.show(
            hats=queries.hats_of(user=user, today=today),
            boards=queries.boards_of(user=user, today=today),
            is_operator=queries.is_operator(user=user, today=today),
            tokens=len(queries.tokens_of(user=user)),
            sessions=len(queries.sessions_of(user=user, now=self.now)),
            form=forms.LanguageForm(initial={"language": translation.get_language()}),
        )


class Name(pages.RecentlyProved, pages.FormMixin, pages.PersonPage):
    """By which names one is known here."""

    template_name = "schools/name.html"
    nav_here = "me"
    form_class = forms.NameForm
    done = _("Your name is saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """The names as they are."""
        return {"initial": {name: getattr(self.request.user, name) for name in forms.NameForm.base_fields}}

    def act(self, form: Form) -> str:
        """Take them."""
        actions.call_oneself(**form.cleaned_data, by=self.request.user)
        return reverse("account")


@method_decorator(never_cache, name="dispatch")
class Tokens(pages.RecentlyProved, pages.PersonPage):
    """One's keys to the API; a new one is shown once, here, and nowhere ever again."""

    template_name = "schools/tokens.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the keys."""
        return self._lay_out(token_forms.TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a key and show it; sending the same form again is refused, since the name is taken."""
        form = token_forms.TokenForm(request.POST)
        if form.is_valid():
            try:
                key = self._make(**form.cleaned_data)
            except refusals.Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
            else:
                return self._lay_out(token_forms.TokenForm(), key=key)
        return self._lay_out(form, status=422)

    def _make(self, *, name: str, held: frozenset[str], days: int, **_parts: Any) -> str:
        return actions.make_token(name=name, held=held, days=days, by=self.request.user, now=self.now)

    def _lay_out(self, form: token_forms.TokenForm, **more: Any) -> HttpResponse:
        rows = queries.tokens_of(user=self.request.user)
        listed = [(row, scopes.told(scopes.split(row.scopes))) for row in rows]
        return self.show(form=form, listed=listed, now=self.now, **more)


class TokenRevoke(pages.RecentlyProved, pages.DeedMixin, pages.PersonPage):
    """End one of one's own keys."""

    done = _("The token no longer works.")

    def act(self) -> str:
        """Revoke it."""
        actions.revoke_token(token_id=self.kwargs["token_id"], by=self.request.user, now=self.now)
        return reverse("account-tokens")

    def back(self) -> str:
        """The list of keys."""
        return reverse("account-tokens")
