"""What people fill in about a key for a program: what it is for, and for how long."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import scopes
from schools.models import ApiToken

_TOKEN_DAYS = ((30, _("30 days")), (90, _("90 days")), (180, _("Half a year")), (365, _("A year")))


def _how_much(area: scopes.Area) -> list[tuple[str, Any]]:
    return [
        ("", _("Nothing")),
        (scopes.join([scopes.needed(area, "GET")]), _("Read")),
        (scopes.join([scopes.needed(area, "GET"), scopes.needed(area, "POST")]), _("Read and change")),
    ]


class TokenForm(forms.Form):
    """A new key to the API."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Such as the program that will use it"),
        max_length=ApiToken._meta.get_field("name").max_length,
    )
    days = forms.TypedChoiceField(label=_("How long may it be used?"), choices=_TOKEN_DAYS, coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for each part of the work; nothing is chosen before."""
        super().__init__(*args, **kwargs)
        for area in scopes.AREAS:
            self.fields[area.value] = forms.ChoiceField(
                label=str(scopes.NAMES[area]), choices=_how_much(area), required=False
            )

    def clean(self) -> dict[str, Any]:
        """The scopes, as ``held``; a token for nothing is no use."""
        data = super().clean() or {}
        chosen = [scope for area in scopes.AREAS for scope in data.get(area.value, "").split()]
        if not chosen and not any(area.value in self.errors for area in scopes.AREAS):
            raise forms.ValidationError(_("Choose at least one thing that it may read."))
        return {**data, "held": frozenset(chosen)}
