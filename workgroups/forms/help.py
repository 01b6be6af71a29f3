"""What a group asks its school for, and what the leader answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.forms import Versioned
from workgroups.forms import Told, tiles, words
from workgroups.models import HelpKind

_HINTS = {
    HelpKind.TIME: _("To come together, to prepare, or to look in on each other"),
    HelpKind.DATA: _("Figures or results that you cannot get at yourselves"),
    HelpKind.EXPERT: _("Somebody who knows more about your theme"),
    HelpKind.SCHOOL: _("One that already does what you want to try"),
}
KINDS = [(kind.value, Told(kind.label, hint)) for kind, hint in _HINTS.items()]


class HelpForm(forms.Form):
    """A question to the school."""

    kind = tiles(_("What would help you?"), KINDS, _("Choose what would help you."))
    text = words(
        _("What do you ask, and what is it for?"),
        _("Write down what you ask."),
        max_length=500,
        help_text=_("Write about your theme and your conversations, not about a person"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class HelpWordsForm(HelpForm, Versioned):
    """The same in other words, while nobody answered."""


class AnswerHelpForm(Versioned):
    """A leader's answer."""

    answer = words(
        _("Your answer"),
        _("Write down what you answer."),
        max_length=1000,
        help_text=_("A no, or a later, is an answer too. Your name stands under it"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
