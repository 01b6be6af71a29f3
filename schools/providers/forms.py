"""What admins of a board fill in about its service, and what somebody fills in who is not linked yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import oidc
from schools.forms import CodeForm
from schools.models import SignInService
from schools.models.providers import Shape


def _longest(name: str) -> int | None:
    return getattr(SignInService._meta.get_field(name), "max_length", None)


class ServiceForm(forms.Form):
    """How a board's service is reached."""

    issuer = forms.CharField(label=_("Address of the service (issuer)"), max_length=_longest("issuer"))
    client_id = forms.CharField(label=_("Client id"), max_length=_longest("client_id"))
    secret = forms.CharField(
        label=_("Secret"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = forms.CharField(
        label=_("Mail domains of your staff"),
        help_text=_("What comes after the @, such as bestuur.example. People find your board by it"),
        max_length=_longest("domains"),
        required=False,
    )

    def __init__(self, *args: Any, shape: Shape, is_new: bool, **kwargs: Any) -> None:
        """Say of each kind of service where its address is found."""
        super().__init__(*args, **kwargs)
        manners = oidc.MANNERS[shape]
        example = _("Such as %(address)s") % {"address": manners.issuer}
        self.fields["issuer"].help_text = example
        self.fields["secret"].required = is_new
        self.fields["domains"].required = manners.by_domain
        if not is_new:
            self.fields["secret"].help_text = _("We keep it sealed. Leave this empty to keep the one we know")
        if manners.is_shared:
            self.fields["issuer"].initial = manners.issuer


class LinkForm(CodeForm):
    """The code of an invitation, and a name where neither the invitation nor the service tells it."""

    given_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    infix = forms.CharField(
        label=_("Name prefix"), help_text=_("Such as de, van, van der"), max_length=20, required=False
    )
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
