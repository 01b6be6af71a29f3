"""What people type about a group's life: who sits there and until when, the new school year, and the end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.models import User
from workgroups.forms import PersonField, Told, line, tiles, words

_ODD_DAY = _("This is not a day in the calendar. Choose another.")
TURNS = (
    ("go_on", Told(_("We go on together"), _("Your card, goals and agreements stay as they are"))),
    ("change_people", Told(_("We go on with other people"), _("Next you say who leaves and who joins"))),
    ("end", Told(_("We end"), _("Next you say why. You can read everything for a year"))),
)
AT_ONCE, LATER = "now", "later"
LEAVES = (
    (AT_ONCE, Told(_("From today on"), _("The group is closed to this person at once"))),
    (LATER, Told(_("After a last day"), _("Until then everything stays as it is"))),
)


def day(label: Any, missing: Any = "", **options: Any) -> forms.DateField:
    """A day; ``missing`` is said when it stays empty."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"required": missing, "invalid": _ODD_DAY}
    return forms.DateField(label=label, widget=widget, required=bool(missing), error_messages=errors, **options)


class SeatForm(forms.Form):
    """Somebody who gets a seat, from today on or from a later day."""

    user = PersonField(_("Who joins the group?"), _("Choose somebody who has no seat yet."))
    from_date = day(_("From when?"), help_text=_("Empty means: from today"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        """Offer the people without a seat."""
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """When a seat ends."""

    when = tiles(_("When?"), LEAVES, _("Choose one of the two."))
    last_day = day(_("Last day"), help_text=_("Only with a last day"))

    def clean(self) -> dict[str, Any]:
        """A last day is needed where it ends later, and not looked at where it ends at once."""
        data = super().clean() or {}
        if data.get("when") == AT_ONCE:
            data["last_day"] = None
            self.errors.pop("last_day", None)
        elif data.get("when") == LATER and not data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Choose the last day."))
        return data


class LineForm(forms.Form):
    """What colleagues may come and ask one about (P8)."""

    text = line(
        _("You can ask me about ..."),
        max_length=120,
        help_text=_("What do you know or can you do that helps the others? Only your group reads it."),
    )


class TurnForm(forms.Form):
    """What the group does in the new school year."""

    answer = tiles(_("What do you do next school year?"), TURNS, _("Choose one of the three. Decide together."))


class EndForm(forms.Form):
    """Why the group ends, in its own words."""

    because = words(
        _("We end, because ..."),
        _("Write in a few words why you end."),
        max_length=400,
        help_text=_("What did it bring you? The group reads it here later on."),
    )
