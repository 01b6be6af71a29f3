"""What people type about a meeting's agenda, its notes and its big screen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.forms import Versioned
from workgroups.forms import line, words
from workgroups.models.agenda import Shows


class AgendaForm(Versioned):
    """The points of a meeting."""

    points = words(
        _("What do you want to talk about?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        help_text=_("One point on each line"),
    )


class PointForm(forms.Form):
    """One more point."""

    point = line(_("Add a point"), _("Write something here first."), max_length=160)


class NotesForm(Versioned):
    """What the group wants to keep of a meeting."""

    notes = words(
        _("What do you want to keep?"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=8000,
        help_text=_("Such as what you decided, and who does what"),
    )


class SteerForm(forms.Form):
    """What the big screen shows from now on, or how long its clock runs (0 stops it)."""

    shows = forms.ChoiceField(choices=Shows.choices, required=False)
    place = forms.IntegerField(min_value=0, max_value=999, required=False)
    clock = forms.IntegerField(min_value=0, max_value=60, required=False)
