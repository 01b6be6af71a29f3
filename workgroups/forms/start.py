"""What people type to join, and in the five steps of a start."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workgroups import codes
from workgroups.forms import line


class JoinForm(forms.Form):
    """The short code on the big screen."""

    code = line(
        _("The code on the screen"),
        _("Type the code that stands on the screen."),
        max_length=20,
        help_text=_("Four or more letters and figures. Capitals and the dash do not matter."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the code as it is typed: no words are guessed in it."""
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocapitalize": "characters",
            "autocomplete": "off",
            "spellcheck": "false",
        }

    def clean_code(self) -> int:
        """The number of the group; a code with a wrong sign belongs to none."""
        return codes.group_id_of(self.cleaned_data["code"]) or 0
