"""Coming in by an invitation: the page behind its link, and the one where its code is typed."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from schools import actions, forms, links, pages
from schools.models import User

_LIMIT = "invitation"  # settings/people.py


class InvitationType(pages.FormMixin, pages.Page):
    """Type the code that stands on paper. Whether it opens something is told on the next page."""

    template_name = "schools/invitation_type.html"
    form_class = forms.CodeForm

    def act(self, form: django_forms.Form) -> str:
        """Lead to the invitation's page."""
        return reverse("invitation", args=[form.cleaned_data["code"]])


@method_decorator(never_cache, name="dispatch")
class Invitation(pages.Page):
    """Take an invitation, with a new account or one's own. The page is the same for known and unknown addresses.

    Whatever the code is, one that opens nothing gets the same answer (404); who asks for many such is halted (429).
    """

    template_name = "schools/invitation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the invitation."""
        self.now, self.code = timezone.now(), kwargs["invitation_code"]
        if not self._may_try(dry_run=True):
            return ratelimit.respond_429(request)
        try:
            self.invitation = actions.invitation_of(code=self.code, now=self.now)
            return super().dispatch(request, *args, **kwargs)
        except actions.InvitationOverError:
            self._may_try()
            self.template_name = "schools/invitation_over.html"  # type: ignore[misc]
            return self.show(status=404)

    def _may_try(self, *, dry_run: bool = False) -> bool:
        """Whether this caller has not asked for too many that open nothing; without ``dry_run`` this is one more."""
        app = "allauth.account"
        used = ratelimit.consume(self.request, app=app, action=_LIMIT, limit_get=True, dry_run=dry_run)
        return used is not None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say who invites to what, and offer both ways."""
        names = {part: getattr(self.invitation, part) for part in ("given_name", "infix", "family_name")}
        return self._lay_out(forms.NewAccountForm(email=self.invitation.email, initial=names))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take it with the account that is signed in, or else with a new one."""
        if isinstance(request.user, User):
            return self._take_as(request.user)
        form = forms.NewAccountForm(request.POST, email=self.invitation.email)
        if form.is_valid():
            try:
                user = actions.accept_as_new(code=self.code, **form.cleaned_data, now=self.now)
            except actions.AccountThereError as refused:
                form.add_error(None, str(refused.sentence))
            else:
                return self._welcome(user)
        return self._lay_out(form, status=422)

    def _take_as(self, user: User) -> HttpResponse:
        try:
            actions.accept_as(code=self.code, by=user, now=self.now)
        except actions.OtherAddressError as refused:
            messages.error(self.request, str(refused.sentence))
            return redirect("invitation", self.code)
        messages.success(self.request, self._welcome_words())
        return redirect("school-home", self.invitation.school.slug)

    def _welcome(self, user: User) -> HttpResponse:
        """Sign in; who has no address makes another way in first."""
        user.backend = "allauth.account.auth_backends.AuthenticationBackend"
        where = reverse("school-home", args=[self.invitation.school.slug]) if user.email else reverse("account-ways")
        messages.success(self.request, self._welcome_words())
        answer: HttpResponse = perform_login(self.request, user, email_verification="none", redirect_url=where)
        return answer

    def _welcome_words(self) -> str:
        return _("Welcome to %(school)s.") % {"school": self.invitation.school.name}

    def _lay_out(self, form: django_forms.Form, *, status: int = 200) -> HttpResponse:
        mine = self.request.user if isinstance(self.request.user, User) else None
        fits = mine is not None and self.invitation.email in {None, mine.email}
        return self.show(
            status=status,
            form=form,
            invitation=self.invitation,
            code=self.code,
            groups=actions.named_by(self.invitation),
            is_mine=fits,
            is_other=mine is not None and not fits,
            services=links.services_of(self.invitation.school.board_id),
        )
