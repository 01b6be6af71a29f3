"""What is typed in a pulse: until when it goes, and how often each sentence is so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from observations.forms.scan import A_WEEK, AT_ONCE
from observations.models.pulse import QUESTIONS, Often, PulseKind
from workgroups import forms as work

_UNTIL = {"now": AT_ONCE, "week": A_WEEK}
_CHOICES = (
    ("now", work.Told(_("Now, while we sit together"), _("Ten minutes, each on your own phone"))),
    ("week", work.Told(_("This week"), _("Each in your own time, seven days"))),
)
_OFTEN = tuple((str(value), label) for value, label in Often.choices)


class StartPulseForm(forms.Form):
    """Which pulse, and until when."""

    kind = forms.ChoiceField(choices=PulseKind.choices, widget=forms.HiddenInput)
    until = work.tiles(_("When do you answer?"), _CHOICES, _("Choose when you answer."), initial="now")

    def closes_at(self, now: dt.datetime) -> dt.datetime:
        """When it closes, for a start at this moment."""
        return now + _UNTIL[self.cleaned_data["until"]]


class PulseForm(forms.Form):
    """How often each sentence is so, for oneself."""

    def __init__(self, *args: Any, kind: str, given: Mapping[str, int]) -> None:
        """Ask every sentence; what one answered before stands there."""
        super().__init__(*args)
        for question in QUESTIONS[kind]:
            initial = str(given[question]) if question in given else None
            self.fields[question] = work.tiles(question.label, _OFTEN, _("Choose one of the four."), initial=initial)

    @property
    def answers(self) -> dict[str, int]:
        """The degree per question."""
        return {question: int(value) for question, value in self.cleaned_data.items()}
