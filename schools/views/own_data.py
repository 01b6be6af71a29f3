"""What is held about oneself, to take along; and the end of one's account, with seven days to take it back."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache

from schools import actions, downloads, forms, own_file, pages, queries, refusals
from schools.letters import erasure as letters


class Data(pages.PersonPage):
    """Which kinds of things are held about one, the file with all of it, and the way to erase the account."""

    template_name = "schools/own_data.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lay out the page: it tells no data itself."""
        return self.show(kinds=queries.kinds_held())


class DataFile(pages.RecentlyProved, pages.PersonPage):
    """All of it in one file."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with the file, for this reader alone and not to be kept on the way."""
        held = actions.take_own_data(by=self.request.user, now=self.now)
        body = own_file.as_zip(held, now=self.now)
        return downloads.a_file(body, kind="zip", stem="samenspraak", now=self.now)


@method_decorator(never_cache, name="dispatch")
class Erase(pages.RecentlyProved, pages.FormMixin, pages.PersonPage):
    """Ask for the end of one's account."""

    template_name = "schools/own_data_erase.html"
    nav_here = "me"
    proved_for = frozenset({"POST"})
    form_class = forms.EraseForm

    def enter(self, **kwargs: Any) -> None:
        """Find out where nobody would be left in office."""
        self.left = queries.last_in_office(user=self.request.user, now=self.now)

    def form_kwargs(self) -> dict[str, Any]:
        """Ask whether one is sure where that is so."""
        return {"asks": bool(self.left)}

    def context(self) -> dict[str, Any]:
        """What comes of it."""
        return {"left": self.left, "ends": actions.what_ends(user=self.request.user, now=self.now)}

    def act(self, form: fields.Form) -> str:
        """Ask, and have the letter leave; whoever became the last one while sending this is asked first."""
        try:
            letters.ask_erasure(sure=bool(form.cleaned_data.get("sure")), by=self.request.user, now=self.now)
        except actions.LastInOfficeError:
            self.enter()
            form.fields.update(self.form(self.request.POST).fields)
            raise
        return reverse("account-data")


class EraseUndo(pages.DeedMixin, pages.PersonPage):
    """Keep one's account after all."""

    done = gettext_lazy("Your account stays.")

    def act(self) -> str:
        """Take it back."""
        actions.undo_erasure(by=self.request.user, now=self.now)
        return self.back()

    def back(self) -> str:
        """Where it was asked."""
        return reverse("account-data")


@method_decorator(never_cache, name="dispatch")
class ErasureUndo(pages.Page):
    """Behind the link in the letter, whoever is signed in; opening it changes nothing."""

    template_name = "schools/own_data_undo.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say what will happen, in the reader's language."""
        found = queries.erasure_to_undo(key=kwargs["key"], now=timezone.now())
        with translation.override((found and found.language) or request.LANGUAGE_CODE):
            return self.show(person=found, status=200 if found else 404)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take it back."""
        try:
            actions.undo_erasure_by_key(key=kwargs["key"], now=timezone.now())
        except refusals.Refused as refused:
            return self.show(sentence=str(refused.sentence), status=404)
        return self.show(done=_("Your account stays."))
