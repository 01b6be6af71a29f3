"""What people write on the papers that help with a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schools.forms import Versioned
from schools.models import User
from workgroups.forms import PersonField, Told, line, tiles, words
from workgroups.models import Criterion
from workgroups.models.helpers import Fit

COLUMNS = (
    ("know", Told(_("We know"), _("There are facts: we saw, counted or tested it"))),
    ("think", Told(_("We think"), _("A feeling or an experience, not sure yet"))),
    ("find_out", Told(_("We must find out"), _("Somebody goes and looks"))),
)
WEIGHTS = ((1, _("A little")), (2, _("Much")), (3, _("Most")))
GROUNDS = (
    ("saw", Told(_("I saw or heard it"), _("A colleague beside me would have noticed the same"))),
    ("asked", Told(_("Partly I conclude it, and I ask whether that is right"), _("My question stands in the text"))),
    ("concluded", Told(_("It is what I conclude"), _("Then the text is not ready yet"))),
)
_ASK_SOMEBODY = _("Choose somebody who has a seat in your group.")


class SheetForm(forms.Form):
    """The question of a know sheet."""

    question = words(
        _("What do you want to understand better?"),
        _("Write down what you want to understand."),
        max_length=200,
        help_text=_("For example: why do pupils in year 5 stop halfway through a text?"),
    )


class LineForm(forms.Form):
    """A line of the sheet, and who finds it out where that is needed."""

    column = tiles(_("Is it known, or does it feel so?"), COLUMNS, _("Choose one of the three."))
    text = words(_("What is it?"), _("Write the line first."), max_length=300)
    owner = PersonField(_("Who finds it out?"), _ASK_SOMEBODY)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        """Offer who sits in the group."""
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.queryset = people  # type: ignore[attr-defined]
        owner.required = False
        owner.help_text = _("Only for what you must find out")


class LineWordsForm(LineForm, Versioned):
    """The same for a line that stands there, which others can change too."""


class FoundForm(forms.Form):
    """What was found."""

    found = words(
        _("What did you find out?"),
        _("Write down what you found. That there is nothing to find is an answer too."),
        max_length=500,
        help_text=_("Say where it comes from, so that you all know how sure it is"),
    )


class DecisionForm(Versioned):
    """What is to be decided, and what the school stands for in it."""

    question = words(
        _("What do you want to decide?"),
        _("Write down what you want to decide."),
        max_length=200,
        help_text=_("As an open question, without the answer in it"),
    )
    vision = words(
        _("What does your school stand for in this?"),
        max_length=1000,
        help_text=_("A sentence from your school's vision. It lies beside the options when you weigh them"),
    )


class CriterionForm(forms.Form):
    """What matters in the choice, and how heavily it weighs."""

    text = words(
        _("What must a good choice do?"),
        _("Write down what matters."),
        max_length=200,
        help_text=_("For example: it costs us no extra evening, or it fits how we test now"),
    )
    weight = forms.TypedChoiceField(
        label=_("How heavily does it weigh?"),
        choices=WEIGHTS,
        coerce=int,
        widget=forms.RadioSelect,
        initial=2,
        error_messages={"required": _("Choose one of the three."), "invalid_choice": _("Choose one of the three.")},
    )


class CriterionWordsForm(CriterionForm, Versioned):
    """The same for a criterion that stands there, which others can change too."""


class OptionForm(forms.Form):
    """A new option."""

    text = words(
        _("What could you do?"),
        _("Write down what you could do."),
        max_length=200,
        help_text=_("Leaving it as it is counts as an option too"),
    )


class WeighForm(Versioned):
    """What speaks for and against an option, and how it fits each criterion."""

    text = words(_("The option"), _("Write down what you could do."), max_length=200)
    pros = words(_("What speaks for it?"), max_length=1000)
    cons = words(_("What speaks against it, and what does it ask of you?"), max_length=1000)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        """Ask about every criterion, the heaviest first."""
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            field = tiles(criterion.text, Fit.choices, _("Choose one of the three."), required=False)
            self.fields[f"fit-{criterion.pk}"] = field

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions about the criteria."""
        return [self[name] for name in self.fields if name.startswith("fit-")]

    @property
    def fits(self) -> dict[int, str]:
        """How it fits, by the id of the criterion; empty where nothing was chosen."""
        names = (name for name in self.fields if name.startswith("fit-"))
        return {int(name.removeprefix("fit-")): self.cleaned_data[name] for name in names}


class OtherViewForm(Versioned):
    """Who sees it differently, and how."""

    other_view = words(
        _("Who sees it differently, and what do they see?"),
        _("Write down what you heard, also when nobody sees it differently."),
        max_length=1000,
        help_text=_("No names needed: the view counts, not whose it is"),
    )


class DecideForm(forms.Form):
    """The choice, with its reason."""

    decision = words(_("What do you decide?"), _("Write down what you decide."), max_length=300)
    because = words(
        _("Why?"),
        _("Write down why: a decision without a reason is soon forgotten."),
        max_length=1000,
        help_text=_("So that a colleague who was not there understands it"),
    )
    conditions = words(_("What must be in place for it to work?"), max_length=1000)


class AskForm(forms.Form):
    """A question to one colleague about one's own work."""

    giver = PersonField(_("Whom do you ask?"), _ASK_SOMEBODY)
    question = words(
        _("What do you want to know about your own work?"),
        _("Write down your question."),
        max_length=300,
        help_text=_("The more exact, the more you get out of it: which lesson, which moment, which words?"),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        """Offer the colleagues at the table."""
        super().__init__(*args, **kwargs)
        self.fields["giver"].queryset = people  # type: ignore[attr-defined]


def _part(label: str | Promise, missing: str | Promise, hint: str | Promise) -> forms.CharField:
    return words(label, missing, max_length=1000, help_text=hint)


class GiveForm(forms.Form):
    """The answer: affirm, critique, constructive, in that order and all three (A6)."""

    affirm = _part(
        _("1. What goes well"),
        _("Say first what goes well: feedback begins there."),
        _("What did you see that works, and what did it bring about?"),
    )
    critique = _part(
        _("2. What you missed"),
        _("Say what you missed, or what could be clearer."),
        _("What was not there yet, or hard to see? Say it as you would want to hear it"),
    )
    constructive = _part(
        _("3. What could help"),
        _("Give something to go on with."),
        _("An idea, a question, or an offer: shall we try it together?"),
    )
    ground = tiles(_("Is this what you saw, or what you conclude?"), GROUNDS, _("Choose where it comes from."))


class RoutineForm(Versioned):
    """One routine: what it is for, and what to keep, change and stop (A2)."""

    routine = line(
        _("Which routine do you look at?"),
        _("Name the routine."),
        max_length=200,
        help_text=_("One thing that you do as a matter of course, such as the weekly dictation"),
    )
    aim_for_pupils = words(
        _("What is it for, for your pupils?"),
        _("Say first what pupils get from it: without that you cannot weigh the rest."),
        max_length=300,
    )
    method = line(
        _("How do you know whether it works?"),
        max_length=300,
        help_text=_("See the ways to find out beside this form"),
    )
    keep = words(_("What do you keep?"), max_length=1000)
    change = words(_("What do you change?"), max_length=1000)
    stop = words(_("What do you stop?"), max_length=1000)


class SourceForm(Versioned):
    """Knowledge from outside, with three questions before it is used (A5)."""

    title = line(_("What is it called?"), _("Give the source a name."), max_length=200)
    where = line(
        _("Where do you find it?"), max_length=400, help_text=_("A web address, a book, or who told you about it")
    )
    says = words(_("What does it say that matters to you?"), max_length=1000)
    reliability = words(
        _("Can you rely on it?"),
        max_length=500,
        help_text=_("Who wrote it, when, and on what does it rest?"),
    )
    fit = words(
        _("Does it fit your school?"),
        max_length=500,
        help_text=_("Which pupils was it about? What is the same with you, and what is not?"),
    )
    counter_voice = words(
        _("Who says something else?"),
        max_length=500,
        help_text=_("Go and look for one source that comes to another answer"),
    )


class InterviewForm(Versioned):
    """Questions to somebody outside, prepared beforehand (A5)."""

    whom = line(
        _("Whom do you ask?"),
        _("Say whom you will ask."),
        max_length=200,
        help_text=_("A school or an expert. A role is enough, a name is not needed"),
    )
    questions = words(_("Your questions"), max_length=2000, help_text=_("One on a line"))
    may_record = forms.BooleanField(
        label=_("They say that we may record the talk"),
        required=False,
        help_text=_("Ask before you begin. Without this tick you only take notes"),
    )
    learned = words(_("What did you learn?"), max_length=2000)
    problems = words(
        _("What went wrong there when they began, and what did they do about it?"),
        max_length=1000,
    )
