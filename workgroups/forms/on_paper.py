"""A meeting that was held on paper, on one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workgroups.forms import CloserForm, words


class PaperForm(CloserForm):
    """Everything that stands on the sheet of a meeting: repeated or not, every outcome, and notes."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        """Ask about each agreement and goal under its own words, and for the rest of the sheet around them."""
        super().__init__(*args, **kw)
        for one in kw["agreements"]:
            self.fields[f"agreement-{one.id}"].label = one.text
        for one in kw["goals"]:
            self.fields[f"goal-{one.id}"].label = one.text
        self.fields["repeated"] = forms.BooleanField(
            label=_("We repeated our agreements at the start"), required=False, initial=True
        )
        self.fields["notes"] = words(
            _("What do you want to keep?"), max_length=8000, help_text=_("Only your group reads it")
        )

    @property
    def about_agreements(self) -> list[forms.BoundField]:
        """The questions about the agreements."""
        return [self[name] for name in self.fields if name.startswith("agreement-")]

    @property
    def about_goals(self) -> list[forms.BoundField]:
        """The questions about the goals."""
        return [self[name] for name in self.fields if name.startswith("goal-")]
