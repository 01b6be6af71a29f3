"""Inviting people to a school, and what became of it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from schools import actions, codes, forms, pages, permissions, queries, refusals
from schools.models import Invitation


class Invite(pages.RecentlyProved, pages.FormMixin, pages.StewardPage):
    """Invite one person or several; leaders invite too, and read no addresses."""

    template_name = "schools/invite.html"
    form_class = forms.InviteForm
    proved_for = frozenset({"POST"})
    may = staticmethod(permissions.may_start_school)

    def form_kwargs(self) -> dict[str, Any]:
        """Offer the roles to which the person may invite."""
        return {"may": permissions.may_be_invited_as(self.steward)}

    def context(self) -> dict[str, Any]:
        """Whether letters may leave yet."""
        return {"school": self.school, "may_keep": permissions.may_keep_people(self.steward)}

    def act(self, form: django_forms.Form) -> str:
        """Invite them, and say what became of it."""
        assert isinstance(form, forms.InviteForm)  # noqa: S101  # tells the type
        done = actions.invite(people=form.invitees(form.cleaned_data["role"]), by=self.steward, now=self.now)
        keeps = permissions.may_keep_people(self.steward)
        for sentence in done.in_words(tells_known=keeps, may_leave=self.school.may_invite):
            messages.success(self.request, sentence)
        return self.address("people-invitations") if keeps else self.address("people-invite")


class Invitations(pages.StewardPage):
    """What waits for an answer, and what can be done about it."""

    template_name = "schools/invitations.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List the open invitations."""
        rows = queries.open_invitations(self.school)
        return self.show(school=self.school, invitations=rows, now=self.now)


class _InvitationDeed(pages.RecentlyProved, pages.DeedMixin, pages.StewardPage):
    """A button beside an open invitation."""

    def back(self) -> str:
        """The list."""
        return self.address("people-invitations")


class InvitationSend(_InvitationDeed):
    """Send it again."""

    done = _("The invitation is on its way again. The link in the earlier one no longer works.")

    def act(self) -> str:
        """Send it."""
        actions.invite_again(invitation_id=self.kwargs["invitation_id"], by=self.steward, now=self.now)
        return self.back()


class InvitationWithdraw(_InvitationDeed):
    """Withdraw it."""

    done = _("The invitation no longer works.")

    def act(self) -> str:
        """Withdraw it."""
        actions.withdraw_invitation(invitation_id=self.kwargs["invitation_id"], by=self.steward, now=self.now)
        return self.back()


@method_decorator(never_cache, name="dispatch")
class _Paper(pages.RecentlyProved, pages.StewardPage):
    """A page that shows a code, this once."""

    proved_for = frozenset({"POST"})

    def paper(self, row: Invitation, code: str) -> HttpResponse:
        """The code to hand over."""
        address = f"{settings.PUBLIC_URL}{reverse('invitation-type')}"
        until = (self.now + actions.INVITATION_LIFETIME).astimezone(self.school.zone)
        direct = f"{settings.PUBLIC_URL}{reverse('invitation', args=[code])}"
        told: dict[str, Any] = {"school": self.school, "invitation": row, "code": codes.written(code)}
        self.template_name = "schools/code.html"  # type: ignore[misc]
        return self.show(**told, address=address, direct=direct, until=until.date())


class InvitationPaper(pages.AskingMixin, _Paper):
    """Invite somebody without an address, by a code on paper."""

    template_name = "schools/invite_on_paper.html"
    form_class = forms.PaperForm

    def form_kwargs(self) -> dict[str, Any]:
        """Offer the roles."""
        return {"may": permissions.may_be_invited_as(self.steward)}

    def context(self) -> dict[str, Any]:
        """The school."""
        return {"school": self.school}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Make the invitation and show its code."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                row, code = actions.invite_on_paper(**form.cleaned_data, by=self.steward, now=self.now)
            except refusals.Refused as refused:
                form.add_error(None, str(refused.sentence))
            else:
                return self.paper(row, code)
        return self.show(form=form, status=422, **self.context())


class _PaperDeed(pages.ButtonMixin, _Paper):
    """A button that makes such a code."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Make it and show it."""
        try:
            row, code = self.made()
        except refusals.Refused as refused:
            messages.error(request, str(refused.sentence))
            return redirect(self.back())
        return self.paper(row, code)

    @abstractmethod
    def made(self) -> tuple[Invitation, str]:
        """One domain call: the invitation and its code. Raises Refused with a sentence."""


class InvitationCode(_PaperDeed):
    """A new code for an invitation without an address."""

    def made(self) -> tuple[Invitation, str]:
        """Another one: the code before it no longer works."""
        return actions.code_on_paper(invitation_id=self.kwargs["invitation_id"], by=self.steward, now=self.now)

    def back(self) -> str:
        """The list."""
        return self.address("people-invitations")


class PersonPaper(_PaperDeed):
    """A code for somebody of the school who has no address and no way in any more."""

    def made(self) -> tuple[Invitation, str]:
        """A code that opens the same account again."""
        return actions.open_again_on_paper(user_id=self.kwargs["user_id"], by=self.steward, now=self.now)

    def back(self) -> str:
        """The person."""
        return self.address("person", self.kwargs["user_id"])
