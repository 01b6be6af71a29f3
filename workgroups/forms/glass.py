"""What an operator says before looking inside."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workgroups.actions.glass import HOURS, REASON
from workgroups.forms import line


class GlassForm(forms.Form):
    """Where, why and for how long; without a group it is the school."""

    place = line(
        _("Which school?"),
        _("Say which school."),
        help_text=_("Its code of six characters, or its name as it stands in the address of its pages"),
        max_length=120,
    )
    group_number = forms.IntegerField(
        label=_("Which group?"),
        help_text=_("The number in the address of its page. Leave it empty to look at the school itself."),
        required=False,
        min_value=1,
        max_value=2**62,
    )
    reason = line(
        _("Why?"),
        _("Say why: everybody at the school can read it."),
        help_text=_("Such as: asked by Frank Smit, whose list of people would not load"),
        max_length=REASON,
    )
    hours = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=[(1, _("1 hour")), (2, _("2 hours")), (4, _("4 hours"))],
        coerce=int,
        initial=HOURS[0],
        widget=forms.RadioSelect,
    )
