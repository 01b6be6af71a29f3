"""When somebody wants to hear the agreements again: for a group, for a school, for oneself; and what else one hears."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext, gettext_lazy as _, ngettext, pgettext

from schools import post
from schools.models import LetterWishes
from workgroups import reminders
from workgroups.actions.rules import MOST_DAYS, MOST_HOURS
from workgroups.forms import Told, tiles

SCHOOL, GROUP, DAYS, HOURS, OFF = "school", "group", "days", "hours", "off"
_MISSING = _("Choose one of these.")
_ON_DAYS = (DAYS, Told(_("Some days before"), _("At a time that you choose")))
_ON_HOURS = (HOURS, Told(_("Some hours before the start"), _("Never at night: then it becomes the evening before")))
_AS_EVER = reminders.Rule()
EACH, DAILY = "each", "daily"
PACES = (
    (EACH, Told(_("Each at its own time"))),
    (DAILY, Told(_("Together, once a day"), _("What cannot wait still comes at once: a meeting that moves or is off"))),
)
ALARMS = (("", _("No")), ("15", _("15 minutes before")), ("60", _("An hour before")), ("1440", _("A day before")))


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Fill in a time, such as 16:00.")},
    )


def _number(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": most, "inputmode": "numeric"}),
        error_messages={"invalid": _("Fill in a number, such as 2.")},
    )


class RuleForm(forms.Form):
    """Some days before at a time, or some hours before."""

    when = tiles(_("When do the agreements come?"), (_ON_DAYS, _ON_HOURS), _MISSING)
    days_before = _number(_("How many days?"), MOST_DAYS)
    at = _time(_("At what time?"))
    hours_before = _number(_("How many hours?"), MOST_HOURS)

    def clean(self) -> dict[str, Any]:
        """What belongs to another choice is not looked at; what belongs to this one is needed."""
        data = super().clean() or {}
        needed = {DAYS: ("days_before", "at"), HOURS: ("hours_before",)}.get(data.get("when", ""), ())
        for name in ("days_before", "at", "hours_before"):
            if name not in needed:
                data[name] = None
                self.errors.pop(name, None)
            elif data.get(name) is None and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["invalid"])
        self._within(data, "days_before", MOST_DAYS)
        self._within(data, "hours_before", MOST_HOURS)
        return data

    def _within(self, data: dict[str, Any], name: str, most: int) -> None:
        if data.get(name) is not None and not 1 <= data[name] <= most:
            self.add_error(name, _("Choose a number from 1 to %(most)s.") % {"most": most})


class GroupRuleForm(RuleForm):
    """A group follows its school, or has a rule of its own, or is not reminded."""

    def __init__(self, *args: Any, school_rule: reminders.Rule, **kwargs: Any) -> None:
        """Say what the school's rule is."""
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            (SCHOOL, Told(_("As the school does"), in_words(school_rule))),
            _ON_DAYS,
            _ON_HOURS,
            (OFF, Told(_("Not at all"), _("Then nobody hears of meetings by mail"))),
        ]


class MyLettersForm(RuleForm):
    """What one person wants to hear, when, and what letters tell the calendar."""

    wanted = forms.MultipleChoiceField(
        label=_("Which letters do you want?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    when = tiles(
        _("When do you want to hear the agreements?"),
        (),
        _MISSING,
    )
    pace = tiles(_("How do your letters come?"), PACES, _MISSING)
    digest_at = _time(_("At what time of day?"))
    calendar_part = forms.BooleanField(
        label=_("Send the meeting along in the letter, so that your calendar takes it over"),
        help_text=_("Works in most calendars: Outlook, Google, Apple."),
        required=False,
    )
    agreements_in_calendar = forms.BooleanField(
        label=_("Put what you agreed in your calendar too"),
        help_text=_("Whoever can see your calendar can read them then."),
        required=False,
    )
    alarm_minutes = forms.TypedChoiceField(
        label=_("An alarm before the meeting"),
        help_text=_("Some calendars only listen to alarms that you set there yourself."),
        choices=ALARMS,
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args: Any, around: Sequence[tuple[str, reminders.Rule | None]] = (), **kwargs: Any) -> None:
        """Offer every sort of letter that can be turned off, and say when each of one's groups hears (``around``)."""
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            (GROUP, Told(_("When my group hears them"), _each_in_words(around))),
            _ON_DAYS,
            _ON_HOURS,
        ]
        self.fields["wanted"].choices = [  # type: ignore[attr-defined]
            (one.name, Told(one.title, one.help)) for one in post.sorts()
        ]

    def clean(self) -> dict[str, Any]:
        """A time of day is needed where letters come together, and not looked at where they do not."""
        data = super().clean()
        if data.get("pace") == EACH:
            data["digest_at"] = None
            self.errors.pop("digest_at", None)
        elif data.get("pace") == DAILY and data.get("digest_at") is None and "digest_at" not in self.errors:
            self.add_error("digest_at", self.fields["digest_at"].error_messages["invalid"])
        return data


def in_words(rule: reminders.Rule | None) -> str:
    """When a rule reminds, as people say it; without one nobody is reminded."""
    if rule is None:
        return gettext("Not at all")
    if rule.hours_before:
        one, more = "One hour before the start", "%(hours)s hours before the start"
        return ngettext(one, more, rule.hours_before) % {"hours": rule.hours_before}
    at = time_format(rule.at or dt.time(), pgettext("time of day", "H:i"))
    if rule.days_before == 1:
        return gettext("The day before, at %(at)s") % {"at": at}
    return gettext("%(days)s days before, at %(at)s") % {"days": rule.days_before, "at": at}


def _each_in_words(around: Sequence[tuple[str, reminders.Rule | None]]) -> str:
    """When each group hears, by its name; once for all where they hear alike."""
    told = {in_words(rule) for _name, rule in around}
    if len(told) <= 1:
        return "".join(told)
    return ". ".join(f"{name}: {in_words(rule)}" for name, rule in around)


def rule_of(form: forms.Form) -> reminders.Rule | None:
    """The rule of days or hours out of a form that is valid; none where something else was chosen."""
    data = form.cleaned_data
    if data["when"] not in {DAYS, HOURS}:
        return None
    return reminders.Rule(data["days_before"], data["at"], data["hours_before"])


def wishes_of(form: forms.Form) -> dict[str, Any]:
    """What one wants beside the rule, out of a form that is valid."""
    data = form.cleaned_data
    names = ("digest_at", "calendar_part", "agreements_in_calendar", "alarm_minutes")
    unwanted = {one.name for one in post.sorts()} - set(data["wanted"])
    return {"unwanted": unwanted, **{name: data[name] for name in names}}


def initial_of(rule: reminders.Rule | None, *, otherwise: str) -> dict[str, Any]:
    """What a form starts from: the rule, or another choice with the usual times at hand."""
    given = rule or _AS_EVER
    return {
        "when": otherwise if rule is None else HOURS if rule.hours_before else DAYS,
        "days_before": given.days_before or _AS_EVER.days_before,
        "at": given.at or _AS_EVER.at,
        "hours_before": given.hours_before or 2,
    }


def initial_wishes(wishes: LetterWishes, unwanted: Iterable[str]) -> dict[str, Any]:
    """What a person chose before, or gets without choosing."""
    no = set(unwanted)
    return {
        "wanted": [one.name for one in post.sorts() if one.name not in no],
        "pace": DAILY if wishes.digest_at else EACH,
        "digest_at": wishes.digest_at or dt.time(16, 0),
        "calendar_part": wishes.calendar_part,
        "agreements_in_calendar": wishes.agreements_in_calendar,
        "alarm_minutes": "" if wishes.alarm_minutes is None else str(wishes.alarm_minutes),
    }
