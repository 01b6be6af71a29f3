"""What a visitor sets right in shared feedback, with a question beside each name (C13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from observations.forms.sharing import Question, mark, sentence, tick_for
from observations.models.correction import LONGEST_CORRECTION
from observations.names import Flag, Why
from workgroups import forms as work


class CorrectionForm(forms.Form):
    """The words to add; ``asked`` are those in what was sent that may name somebody, each once with its own tick."""

    text = work.words(
        _("What do you want to set right?"),
        _("Write what you want to set right."),
        max_length=LONGEST_CORRECTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 400 characters. You write to all of them together, without names"),
    )

    def __init__(self, *args: Any, asked: Sequence[Flag] = (), **kwargs: Any) -> None:
        """Make a tick for each question."""
        super().__init__(*args, **kwargs)
        self.asked: dict[str, tuple[str, Why]] = {flag.text: (f"name-{mark(flag.text)}", flag.why) for flag in asked}
        for words, (name, _why) in self.asked.items():
            self.fields[name] = tick_for(words)

    @property
    def questions(self) -> list[Question]:
        """What is asked about the words."""
        return [Question(sentence(words, why), self[name]) for words, (name, why) in self.asked.items()]

    @property
    def no_person(self) -> frozenset[str]:
        """The words that name nobody."""
        return frozenset(words for words, (name, _why) in self.asked.items() if self.cleaned_data[name])
