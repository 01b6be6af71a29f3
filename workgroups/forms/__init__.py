"""What people type about groups, meetings, goals and agreements, cleaned into Python values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Tip
from schools.models import User
from workgroups.models import Goal, GroupKind
from workgroups.queries import Focus, FocusGoal, LiveAgreement


@dataclass(frozen=True)
class Told:
    """The words of a choice, with a hint underneath."""

    words: str | Promise
    hint: str | Promise = ""

    def __str__(self) -> str:
        """The words alone."""
        return str(self.words)


KEPT = (
    ("kept", Told(_("Kept"), _("It worked, or nearly always"))),
    ("partly", Told(_("Partly"), _("Sometimes it did, sometimes not"))),
    ("not", Told(_("Not kept"), _("It did not work this time"))),
    ("no_occasion", Told(_("No occasion"), _("It did not come up"))),
)
STEPS = (("not_yet", _("Not yet")), ("on_the_way", _("On the way")), ("reached", _("Reached")))
ENDINGS = (
    ("live", Told(_("It goes on"), _("You keep repeating it at the start"))),
    ("habit", Told(_("It is a habit now"), _("You do it without being reminded"))),
    ("dropped", Told(_("You let it go"), _("It does not help, or no longer fits"))),
)
SHORTEST, LONGEST = 5, 480
GOAL_ENDS = (
    ("reached", Told(_("You reached it"), _("This is how your meetings go now"))),
    ("dropped", Told(_("You let it go"), _("Something else matters more now"))),
)


def words(label: Any, missing: Any = "", **options: Any) -> forms.CharField:
    """A field for a sentence of the group's own; ``missing`` is said when it stays empty."""
    options.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
    return forms.CharField(label=label, required=bool(missing), error_messages={"required": missing}, **options)


def line(label: Any, missing: Any = "", **options: Any) -> forms.CharField:
    """As ``words``, for a name or a place: one line."""
    return words(label, missing, widget=forms.TextInput(), **options)


def tiles(label: Any, choices: Iterable[tuple[str, Any]], missing: Any, **options: Any) -> forms.ChoiceField:
    """One choice out of a few, as tiles."""
    errors = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors, **options)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of the school, by full name."""

    def __init__(self, label: Any, missing: Any) -> None:
        """Start with nobody; the form fills in the people."""
        errors = {"required": missing, "invalid_choice": missing}
        super().__init__(User.objects.none(), label=label, empty_label="", error_messages=errors)

    def label_from_instance(self, obj: User) -> str:
        """The full name."""
        return obj.name


class GroupForm(forms.Form):
    """What a group is called and works on."""

    name = line(_("Name"), _("Give the group a name."), max_length=80)
    theme = line(
        _("Theme"),
        _("Say in a few words what the group works on."),
        max_length=160,
        help_text=_("What do you want to improve? For example: more conversation in maths lessons"),
    )
    kind = forms.ChoiceField(label=_("What do you call it?"), choices=GroupKind.choices)


class WhyForm(GroupForm):
    """A group with its why: how it goes now and how the group wants it to go (P1)."""

    present_practice = words(_("How does it go now?"), max_length=400, help_text=_("One or two sentences are enough"))
    desired_practice = words(_("How do you want it to go?"), max_length=400)


class NewGroupForm(WhyForm):
    """A new group, with somebody in the chair."""

    chair = PersonField(_("Who chairs the group?"), _("Choose somebody to chair the group."))

    field_order = ["name", "theme", "kind", "chair"]

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        """Offer the people of the school."""
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = people  # type: ignore[attr-defined]
        self.fields["chair"].help_text = _("The chair plans the meetings and can hand the chair over")


class MeetingForm(forms.Form):
    """When and where the group meets."""

    day = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("This is not a day in the calendar. Choose another."),
        },
    )
    time = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Choose a time to start."),
            "invalid": _("This is not a time. Write it like 15:15."),
        },
    )
    until = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Choose a time to end."),
            "invalid": _("This is not a time. Write it like 16:15."),
        },
    )
    place = line(_("Place"), max_length=80)
    title = line(_("What is it about?"), max_length=80, help_text=_("Only the group sees this"))

    def clean(self) -> dict[str, Any]:
        """Turn the two times into minutes; the end lies after the start, on the same day."""
        data = super().clean() or {}
        start, end = data.get("time"), data.get("until")
        if start and end:
            minutes = data["minutes"] = _minutes(end) - _minutes(start)
            if minutes <= 0:
                self.add_error("until", _("The end lies before the start. Choose a later end."))
            elif not SHORTEST <= minutes <= LONGEST:
                self.add_error("until", _("A meeting lasts between 5 minutes and 8 hours."))
        return data


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


class PeriodForm(forms.Form):
    """Why the card matters to the group (G2)."""

    why = words(
        _("Why does this matter to you?"),
        max_length=300,
        help_text=_("In your own words. You can also write this later."),
    )


class FocusForm(PeriodForm):
    """The card the group chose, and what becomes of each goal and agreement that lives (G1)."""

    def __init__(self, *args: Any, aspects: QuerySet[Aspect], focus: Focus, **kw: Any) -> None:
        """Offer the cards, and ask about each agreement and each goal of the card until now."""
        super().__init__(*args, **kw)
        missing = _("Choose one of the six cards.")
        self.fields["aspect"] = forms.ModelChoiceField(
            aspects,
            to_field_name="key",
            widget=forms.HiddenInput,
            error_messages={"required": missing, "invalid_choice": missing},
        )
        for goal in focus.live_goals:
            ended = "reached" if goal.step == "reached" else None
            field = tiles(goal.text, GOAL_ENDS, _("Choose one of the two."), initial=ended)
            self.fields[f"goal-ending-{goal.id}"] = field
        for agreement in focus.agreements:
            field = tiles(agreement.text, ENDINGS, _("Choose what becomes of it."), initial="live")
            self.fields[f"ending-{agreement.id}"] = field

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions about the agreements."""
        return [self[name] for name in self.fields if name.startswith("ending-")]

    @property
    def asked_of_goals(self) -> list[forms.BoundField]:
        """The questions about the goals."""
        return [self[name] for name in self.fields if name.startswith("goal-ending-")]

    @property
    def endings(self) -> dict[int, str]:
        """What becomes of each agreement, by its id."""
        return _by_id(self, "ending")

    @property
    def goal_endings(self) -> dict[int, str]:
        """How each goal ends, by its id."""
        return _by_id(self, "goal-ending")


class AgreementForm(forms.Form):
    """An agreement in the group's own words."""

    text = words(_("Your agreement"), _("Write down what you agree on."), max_length=300)


class NewAgreementForm(AgreementForm):
    """A new agreement, perhaps grown from a tip."""

    def __init__(self, *args: Any, tips: QuerySet[Tip], goals: QuerySet[Goal] | None = None, **kwargs: Any) -> None:
        """Know the tips of the card; ask for the goal where these are given."""
        super().__init__(*args, **kwargs)
        self.fields["tip"] = _grown_from(tips)
        if goals is not None:
            missing = _("Choose the goal that this agreement serves.")
            self.fields["goal"] = forms.ModelChoiceField(
                goals,
                label=_("Which goal does this serve?"),
                empty_label=None,
                widget=forms.RadioSelect,
                error_messages={"required": missing, "invalid_choice": missing},
            )


class GoalForm(forms.Form):
    """A goal with its first agreements (G4), each perhaps grown from a tip."""

    text = words(
        _("What do you want to do better?"),
        _("Write down what you want to do better."),
        max_length=300,
        help_text=_("Something you could hear in your own meetings"),
    )
    agreements = words(
        _("What do you agree on?"),
        _("Write down at least one agreement."),
        max_length=300,
        help_text=_("Something you will do in every meeting"),
    )
    another = words(_("One more agreement"), max_length=300)

    def __init__(self, *args: Any, tips: QuerySet[Tip], **kwargs: Any) -> None:
        """Know the tips of the card."""
        super().__init__(*args, **kwargs)
        self.fields["tip"] = _grown_from(tips)
        self.fields["another_tip"] = _grown_from(tips)

    @property
    def written(self) -> list[str]:
        """The agreements, in the order of ``tips``; one that was not written is empty."""
        return [self.cleaned_data["agreements"], self.cleaned_data["another"]]

    @property
    def tips(self) -> list[Tip | None]:
        """What each of them grew from."""
        return [self.cleaned_data["tip"], self.cleaned_data["another_tip"]]


class StepForm(forms.Form):
    """How far a goal is, with a note; ``next`` is the page to return to."""

    step = tiles(_("Where are you now?"), STEPS, _("Choose where you are now."))
    note = words(_("What did you notice?"), max_length=500)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class EndGoalForm(forms.Form):
    """How a goal ends."""

    how = tiles(_("How did it end?"), GOAL_ENDS, _("Choose one of the two."))


class SkipForm(forms.Form):
    """Why the group does not judge its agreements this time."""

    because = words(
        _("We skip this, because ..."), _("Write in a few words why you skip it this time."), max_length=300
    )


class CloserForm(forms.Form):
    """One answer per agreement and per goal that lives (G6, G7)."""

    def __init__(self, *args: Any, agreements: Sequence[LiveAgreement], goals: Sequence[FocusGoal], **kw: Any) -> None:
        """Ask about each, in the order in which they are read."""
        super().__init__(*args, **kw)
        for agreement in agreements:
            field = tiles(_("How did that go today?"), KEPT, _("Choose one of the four. Decide together."))
            self.fields[f"agreement-{agreement.id}"] = field
        for goal in goals:
            field = tiles(_("Where are you now?"), STEPS, _("Choose one of the three. Decide together."))
            self.fields[f"goal-{goal.id}"] = field

    def only(self, name: str) -> CloserForm:
        """The same form, about one question."""
        for other in [other for other in self.fields if other != name]:
            del self.fields[other]
            self.errors.pop(other, None)
        return self

    @property
    def agreements(self) -> dict[int, str]:
        """The outcome of each agreement, by its id."""
        return _by_id(self, "agreement")

    @property
    def goals(self) -> dict[int, str]:
        """The outcome of each goal, by its id."""
        return _by_id(self, "goal")


def _grown_from(tips: QuerySet[Tip]) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    return forms.ModelChoiceField(tips, to_field_name="key", required=False, widget=forms.HiddenInput)


def _by_id(form: forms.Form, prefix: str) -> dict[int, str]:
    start = f"{prefix}-"
    return {int(key.removeprefix(start)): form.cleaned_data[key] for key in form.fields if key.startswith(start)}
