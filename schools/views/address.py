"""Another e-mail address for oneself, confirmed from the new one, and put back from the old one."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache

from schools import actions, forms, pages, queries, refusals
from schools.letters import address as letters


class Address(pages.RecentlyProved, pages.FormMixin, pages.PersonPage):
    """Ask for another address; the page says the same whether anybody has it or not."""

    template_name = "schools/address.html"
    nav_here = "me"
    form_class = forms.AddressForm

    def act(self, form: fields.Form) -> str:
        """Ask, and have both letters leave."""
        letters.change_address(address=form.cleaned_data["email"], by=self.request.user, now=self.now)
        return reverse("account-address-asked")


class AddressAsked(pages.PersonPage):
    """What happens now."""

    template_name = "schools/address_asked.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say where to look."""
        return self.show()


@method_decorator(never_cache, name="dispatch")
class AddressConfirm(pages.FormMixin, pages.PersonPage):
    """Behind the link in the letter to the new address, for the person who asked; opening it changes nothing."""

    template_name = "schools/address_confirm.html"
    nav_here = "me"
    form_class = fields.Form
    done = gettext_lazy("This is your address now. The old one can put it back for seven days.")

    def act(self, form: fields.Form) -> str:
        """Take it."""
        actions.confirm_address(key=self.kwargs["key"], by=self.request.user, now=self.now)
        return reverse("account")


@method_decorator(never_cache, name="dispatch")
class AddressUndo(pages.Page):
    """Behind the link in the letter to the old address, whoever is signed in; opening it changes nothing."""

    template_name = "schools/address_undo.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say what will happen, in the reader's language."""
        change = queries.change_to_undo(key=kwargs["key"], now=timezone.now())
        with translation.override((change and change.user.language) or request.LANGUAGE_CODE):
            return self.show(change=change, status=200 if change else 404)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Put it back."""
        try:
            actions.undo_address(key=kwargs["key"], now=timezone.now())
        except refusals.Refused as refused:
            return self.show(change=None, sentence=str(refused.sentence), status=404)
        return self.show(done=_("Your address is back."))
