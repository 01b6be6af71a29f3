"""What people type to plan meetings that come back, and to move or call off one with all that follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workgroups.forms import MeetingForm, Told, tiles
from workgroups.models.series import MOST, DaysOff, Every
from workgroups.recurrence import Rule, Sitting

ONCE = "once"
RHYTHMS = (
    (ONCE, Told(_("One time"))),
    (Every.WEEK.value, Told(_("Every week"))),
    (Every.FORTNIGHT.value, Told(_("Every two weeks"))),
    (Every.MONTH.value, Told(_("Every month"), _("On the same weekday: the third Tuesday, for example"))),
    (Every.LAST.value, Told(_("Every month, at its end"), _("On the last of that weekday: the last Thursday"))),
)
ON_DAYS_OFF = (
    (DaysOff.SKIP.value, Told(_("It is left out"))),
    (DaysOff.SHIFT.value, Told(_("It moves to a week with school"), _("On the same weekday, before the next one"))),
)
BELIEVES = (
    ("yes", Told(_("Yes, school is closed"), _("No meetings in these weeks"))),
    ("no", Told(_("No, school is open"), _("Meetings in these weeks too"))),
)
THIS, FOLLOWING = "this", "following"
WHICH = ((THIS, Told(_("Only this one"))), (FOLLOWING, Told(_("This one and all that follow"))))
_MISSING = _("Choose one of these.")


class LookedForm(MeetingForm):
    """When and where meetings go whose dates are looked at first; ``seen`` are the days that were looked at."""

    believes = tiles(_("Is school closed all that time?"), BELIEVES, _MISSING, required=False)
    seen = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    @property
    def carried(self) -> list[forms.BoundField]:
        """What goes along unseen while the dates are looked at."""
        return [self[name] for name in self.fields if name not in {"believes", "seen"}]

    @property
    def believed(self) -> bool | None:
        """Whether the long breaks in the calendar are real; None: nobody said. Of a form that is valid."""
        return {"yes": True, "no": False}.get(self.cleaned_data["believes"])

    def clean_seen(self) -> list[dt.date]:
        """The days, written with commas between; what is no day was not seen."""
        try:
            return [dt.date.fromisoformat(day) for day in filter(None, self.cleaned_data["seen"].split(","))]
        except ValueError:
            return []


class PlanForm(LookedForm):
    """When and where the group meets, once or in a rhythm."""

    every = tiles(_("How often?"), RHYTHMS, _MISSING, required=False, initial=ONCE)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is not a day in the calendar. Choose another.")},
    )
    count = forms.IntegerField(
        label=_("Or: how many meetings?"),
        required=False,
        error_messages={"invalid": _("Fill in a number, such as 10.")},
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST, "inputmode": "numeric"}),
    )
    on_days_off = tiles(
        _("And when there is no school?"), ON_DAYS_OFF, _MISSING, required=False, initial=DaysOff.SKIP.value
    )

    @property
    def repeats(self) -> bool:
        """Whether a series is asked for; of a form that is valid."""
        return (self.cleaned_data.get("every") or ONCE) != ONCE

    def rule(self) -> Rule:
        """The rule of the series; of a form that is valid and repeats."""
        data = self.cleaned_data
        return Rule(
            first=data["day"],
            every=Every(data["every"]),
            on_days_off=DaysOff(data["on_days_off"] or DaysOff.SKIP),
            until=data["last_day"],
            count=data["count"],
            believes=self.believed,
        )


class MoveForm(LookedForm):
    """When and where a meeting of a series goes, alone or with all that follow."""

    which = tiles(_("Which meetings?"), WHICH, _MISSING, initial=THIS)

    @property
    def takes_all(self) -> bool:
        """Whether all that follow go along; of a form that is valid."""
        return bool(self.cleaned_data["which"] == FOLLOWING)


class CancelForm(forms.Form):
    """Whether one meeting of a series is called off, or all that follow too."""

    which = tiles(_("Which meetings?"), WHICH, _MISSING, initial=THIS)


def sitting(form: forms.Form) -> Sitting:
    """Time, length, place and title out of a form that is valid."""
    data: dict[str, Any] = form.cleaned_data
    return Sitting(time=data["time"], minutes=data["minutes"], place=data["place"], title=data["title"])
