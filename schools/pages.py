"""The base doors of HTML pages: who is asking, in which school, and how a form is shown again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import Promise
from django.utils.http import quote_etag
from django.views import View

from schools import permissions, proof, proving, queries, refusals, roles, tenancy
from schools.models import Board, School, User

_READING = {"GET", "HEAD", "OPTIONS"}
RecentlyProved = proving.RecentlyProved
WithinLimits = proving.WithinLimits


class MemberRequest(HttpRequest):
    """A request of somebody who signed in."""

    user: User
    member: roles.Member | None
    board: Board


class Page(View):
    """A page. ``nav_here`` names the place in the menu: today, groups, cards or me."""

    template_name: ClassVar[str] = ""
    nav_here: ClassVar[str] = ""

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page's template with this context."""
        return render(self.request, self.template_name, {"nav_here": self.nav_here, **context}, status=status)


class PersonPage(AccessMixin, Page):
    """A page for anybody who signed in."""

    request: MemberRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send visitors to the sign-in page first."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.now = timezone.now()
        self.enter(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def enter(self, **kwargs: Any) -> None:
        """Find out what the page needs before any method runs; 404 where it is not for this person."""


class SchoolPage(PersonPage):
    """A page inside one school: ``self.member`` is the reader's hat there, ``self.today`` the school's day.

    The roles that sleep (schools.proof) are not among the member's; where the page needs them, it asks for a proof.
    """

    member: roles.Member

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who could see more with a role that sleeps."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Http404, PermissionDenied):
            if hasattr(self, "member") and self.member.asleep:
                return proving.ask(request)
            raise

    def enter(self, **kwargs: Any) -> None:
        """Put on the hat that the address asks for; 404 without one."""
        hat = self.hat(kwargs["slug"])
        self.member = proof.within_limits(
            hat, self.request.session, by_hand=proving.is_by_hand(self.request), now=self.now
        )
        if not self.member.roles and self.member.asleep:
            raise Http404
        self.request.member = self.member
        self.today = self.member.school.today(self.now)

    def hat(self, slug: str) -> roles.Member:
        """The reader's hat in the school; the floors above add seats to it. Or an operator's, to look inside only."""
        try:
            return queries.member_at(user=self.request.user, slug=slug, now=self.now)
        except Http404:
            looks = queries.looking_at(user=self.request.user, slug=slug, now=self.now)
        if self.request.method not in _READING:
            raise PermissionDenied
        tenancy.only_read()
        return looks


class BoardPage(WithinLimits, PersonPage):
    """A page of one board, for its admins: ``self.board`` is the board, ``self.today`` the day."""

    board: Board

    def enter(self, **kwargs: Any) -> None:
        """Find the board that the address names among the reader's own; 404 for everybody else."""
        self.today = timezone.localdate(self.now)
        own = queries.board_hats(user=self.request.user, today=self.today)
        self.board = tenancy.fetch(own, number=kwargs["number"])
        self.request.board = self.board


class StewardPage(WithinLimits, PersonPage):
    """A page about a school's people or its start, for who looks after them; ``may`` says who of these, else 403.

    ``self.steward`` is who, ``self.school`` the school; an admin of its board needs no role there.
    """

    steward: roles.Steward
    school: School
    nav_here = "groups"
    may: ClassVar[staticmethod[[roles.Steward], bool]] = staticmethod(permissions.may_keep_people)

    def enter(self, **kwargs: Any) -> None:
        """Find the school that the address names; 404 for who does not look after it."""
        self.steward = queries.steward_at(user=self.request.user, slug=kwargs["slug"], now=self.now)
        self.school = self.steward.school
        self.today = self.school.today(self.now)
        self.request.member = self.steward.member
        if self.steward.member is None:
            self.request.board = self.school.board
        if not type(self).may(self.steward):
            raise PermissionDenied

    def address(self, name: str, *ids: int) -> str:
        """The address of another such page of the same school."""
        return reverse(name, args=[self.school.slug, *ids])


def state_answer(request: HttpRequest, mark: str) -> HttpResponseBase:
    """What a page that keeps in step asks for: ``{"mark": ...}``, or 304 while it is the same (app.js)."""
    answer = JsonResponse({"mark": mark})
    etag = quote_etag(mark)
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer


class AskingMixin:
    """A page with a form, and what it shows; what happens when it is sent, the page says itself."""

    form_class: ClassVar[type[forms.Form]]

    def form(self, data: Any = None) -> forms.Form:
        """The form, bound to what was sent."""
        return self.form_class(data, **self.form_kwargs())

    def form_kwargs(self) -> dict[str, Any]:
        """What the form needs to know beside the data, such as ``initial``."""
        return {}

    def context(self) -> dict[str, Any]:
        """What the template needs beside the form."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.show(form=self.form(), **self.context())  # type: ignore[attr-defined,no-any-return]


class FormMixin(AskingMixin, ABC):
    """A page with one form: shows it, and shows it again with a sentence beside what does not fit (422).

    A page gives ``form_class`` and ``act(form)``, which makes one domain call and returns the address to go to.
    Where words could be overwritten unseen, the form is a ``forms.Versioned`` and the domain call takes its version.
    """

    done: ClassVar[str | Promise] = ""

    @abstractmethod
    def act(self, form: forms.Form) -> str:
        """Do it: one domain call; returns the address of the next page. Raises Refused with a sentence."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do what was asked, or show the form again with what was typed and a sentence."""
        form, status = self.form(request.POST), 422
        if form.is_valid():
            try:
                address = self.act(form)
            except refusals.Conflict as conflict:
                form, status = self._with_both_texts(form, conflict), 409
            except refusals.Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
            else:
                if self.done:
                    messages.success(request, str(self.done))
                return HttpResponseRedirect(address)
        return self.show(form=form, status=status, **self.context())  # type: ignore[attr-defined,no-any-return]

    def _with_both_texts(self, form: forms.Form, conflict: refusals.Conflict) -> forms.Form:
        """What was typed, beside what is stored now; sent again it counts as a choice between the two (409)."""
        data = self.request.POST.copy()  # type: ignore[attr-defined]
        data[form.add_prefix("version")] = str(conflict.version or "")
        again = self.form(data)
        again.conflict = bool(conflict.theirs)  # type: ignore[attr-defined]  # ui/errors.html says so
        again.full_clean()
        again.add_error(None, str(conflict.sentence))
        for name, stored in conflict.theirs.items():
            _put_beside(again, name, stored)
        return again


def _put_beside(form: forms.Form, name: str, stored: str) -> None:
    """Show what is stored beside a field where something else was typed (ui/field.html, ui/errors.html).

    Nothing was filled in wrongly, so the field carries no error; it is only described by what stands beside it.
    """
    field = form.fields[name]
    if stored == str(form.cleaned_data.get(name) or "").replace("\r\n", "\n"):
        return
    choices = {str(key): label for key, label in getattr(field, "choices", [])}
    field.theirs = choices.get(stored, stored)  # type: ignore[attr-defined]
    bound = form[name]
    if not field.widget.use_fieldset:  # ui/choices.html says it of a fieldset
        described = f"{bound.aria_describedby or ''} {bound.auto_id}_theirs"
        field.widget.attrs["aria-describedby"] = described.strip()


class ButtonMixin(ABC):
    """A page that is only a button somewhere: POST does it, and what happens then the page says itself."""

    http_method_names: Sequence[str] = ["post"]

    @abstractmethod
    def back(self) -> str:
        """The address to return to when it was refused."""

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who opens the button's address, such as after signing in again, is led back to the button (405)."""
        answer = render(request, "405.html", {"href": self.back()}, status=405)
        answer["Allow"] = ", ".join(method.upper() for method in self.http_method_names)
        return answer


class DeedMixin(ButtonMixin):
    """A button that does something and goes on; a refusal becomes a message."""

    done: ClassVar[str | Promise] = ""

    @abstractmethod
    def act(self) -> str:
        """Do it: one domain call; returns the address of the next page. Raises Refused with a sentence."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it once and go on."""
        try:
            address = self.act()
        except refusals.Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect(self.back())
        if self.done:
            messages.success(request, str(self.done))
        return HttpResponseRedirect(address)
