"""What is typed about the contract of a visit, cleaned into Python values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from observations.models.visit import Purpose
from workgroups import forms as work

_PURPOSES = (
    (
        Purpose.SUPPORT,
        work.Told(_("Support with the group’s card"), _("Listen along with what the group is practising")),
    ),
    (Purpose.FRESH_EYES, work.Told(_("Fresh eyes"), _("Hear how the conversation goes, without a fixed question"))),
    (
        Purpose.AFTER_HARD_TIMES,
        work.Told(_("After a hard time"), _("Find each other again when it has not been easy")),
    ),
)
_FIFTEEN_TO_THIRTY = _("Listen for 15 to 30 minutes.")


def _minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=15,
        max_value=30,
        initial=20,
        help_text=_("About 20, at least 15 and at most 30"),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _FIFTEEN_TO_THIRTY),
    )


class VisitForm(forms.Form):
    """Why a visitor wants to listen, and for how long (C2, C3, C7)."""

    purpose = work.tiles(_("What do you come for?"), _PURPOSES, _("Choose what you come for."))
    own_words = work.words(
        _("In your own words"),
        max_length=300,
        help_text=_("The group reads this. One or two sentences are enough"),
    )
    target_minutes = _minutes(_("How many minutes will you listen?"))


class AmendForm(forms.Form):
    """What the group would rather have listened to, and for how long (C2)."""

    group_words = work.words(
        _("What do you want your visitor to listen to?"),
        max_length=300,
        help_text=_("For instance: do we let each other finish? Write about the conversation, not about one person"),
    )
    target_minutes = _minutes(_("How many minutes may your visitor listen?"))
