"""What people type to join, and in the five steps of a start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cards.models import Tip
from schools.forms import Versioned
from workgroups import codes
from workgroups.forms import line, words
from workgroups.queries import DraftGoal


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


class WhyForm(Versioned):
    """Why the card matters to the group, in one line (G2)."""

    why = words(_("Why does this matter to us?"), max_length=300, help_text=_("One sentence, in your own words"))


class DraftGoalForm(forms.Form):
    """One goal more; it may stay empty for who only goes on."""

    text = words(
        _("What do we want to do better?"),
        max_length=300,
        help_text=_("Something you could hear in your own meetings"),
    )

    def __init__(self, *args: Any, needs_words: bool = True, **kwargs: Any) -> None:
        """Know whether something has to stand there."""
        super().__init__(*args, **kwargs)
        _demand_words(self.fields["text"], _("Write down what you want to do better."), needs_words=needs_words)


class DraftAgreementForm(forms.Form):
    """One agreement more, under one of the goals, perhaps grown from a tip."""

    def __init__(
        self, *args: Any, goals: Sequence[DraftGoal], tips: QuerySet[Tip], needs_words: bool = True, **kwargs: Any
    ) -> None:
        """Ask for the goal where there is more than one; start from the first that has no agreement."""
        super().__init__(*args, **kwargs)
        only = len(goals) == 1
        first = next((goal.id for goal in goals if only or not goal.agreements), None)
        missing = _("Choose the goal that this agreement serves.")
        self.fields["goal"] = forms.TypedChoiceField(
            label=_("Which goal does this serve?"),
            choices=[(str(goal.id), goal.text) for goal in goals],
            coerce=int,
            required=needs_words,
            initial=first,
            widget=forms.HiddenInput if only else forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )
        self.fields["text"] = words(
            _("What do we agree on?"), max_length=300, help_text=_("Something you will do in every meeting")
        )
        self.fields["tip"] = forms.ModelChoiceField(tips, to_field_name="key", required=False, widget=forms.HiddenInput)
        _demand_words(self.fields["text"], _("Write down what you agree on."), needs_words=needs_words)


class LineForm(Versioned):
    """A draft in other words."""

    text = words(_("In other words"), _("Write something here first."), max_length=300)


def _demand_words(field: forms.Field, missing: Any, *, needs_words: bool) -> None:
    field.required = needs_words
    field.error_messages["required"] = missing
