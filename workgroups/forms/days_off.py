"""What people type about days on which there is no school."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.models import Holiday
from workgroups.forms import line
from workgroups.forms.life import day


class DaysOffForm(forms.Form):
    """A study day, or a break of the school's own."""

    name = line(
        _("What is it?"),
        _("Say in a word what it is."),
        help_text=_("Such as a study day, or a holiday that begins earlier here"),
        max_length=Holiday._meta.get_field("name").max_length,
    )
    first_day = day(_("First day"), _("Choose a day."))
    last_day = day(_("Last day, if it is more than one"))
