"""The style page: every component of templates/ui once, with sample words. Served in demo mode only."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView


class Told(str):
    """A choice's words with a hint underneath."""

    __slots__ = ("hint",)
    hint: Any

    def __new__(cls, words: Any, hint: Any) -> Self:
        told = super().__new__(cls, words)
        told.hint = hint
        return told


class SampleForm(forms.Form):
    """One field of every kind."""

    day = forms.DateField(
        label=_("Date"),
        help_text=_("A day from today on"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label=_("Place"), required=False)
    why = forms.CharField(
        label=_("Why does this matter to you?"),
        help_text=_("In your own words, one sentence is enough"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("team", _("Learning team")), ("subject", _("Subject group"))])
    outcome = forms.ChoiceField(
        label=_("How did that go today?"),
        widget=forms.RadioSelect,
        choices=lambda: [
            ("kept", Told(_("Kept"), _("It worked, or nearly always"))),
            ("partly", Told(_("Partly"), _("Sometimes yes, sometimes no"))),
            ("not", Told(_("Not"), _("It did not work this time"))),
            ("no_occasion", Told(_("No occasion"), _("It did not come up"))),
        ],
    )
    goal = forms.ChoiceField(
        label=_("Where are you now?"),
        widget=forms.RadioSelect,
        choices=[("not_yet", _("Not yet")), ("on_the_way", _("On the way")), ("reached", _("Reached"))],
    )
    told = forms.BooleanField(label=_("Tell the group"), help_text=_("Everyone gets one message"), required=False)


AGREEMENTS = [
    {
        "text": _("We let each other finish and then count to three in silence."),
        "last": "kept",
        "last_label": _("kept"),
    },
    {"text": _("First a question, only then your own opinion."), "last": "partly", "last_label": _("partly")},
    {"text": _("Every time we ask: who sees this differently?"), "last": "no_occasion", "last_label": _("no occasion")},
]
MEETINGS = [
    {"state": "held", "opened": True, "closed": True, "label": _("10 November: repeated and evaluated")},
    {"state": "held", "opened": True, "closed": False, "label": _("17 November: repeated")},
    {"state": "held", "opened": False, "closed": True, "label": _("24 November: evaluated")},
    {"state": "held", "opened": None, "closed": None, "label": _("1 December: took place")},
    {"state": "cancelled", "opened": False, "closed": False, "label": _("8 December: cancelled")},
    {"state": "lapsed", "opened": False, "closed": False, "label": _("15 December: not closed")},
    {"state": "planned", "opened": False, "closed": False, "label": _("22 December: planned")},
]
ASPECTS = [
    {"number": 1, "name": _("Being open")},
    {"number": 2, "name": _("Reflecting")},
    {"number": 3, "name": _("Analysing")},
    {"number": 4, "name": _("Giving grounds")},
    {"number": 5, "name": _("Knowledge from outside")},
    {"number": 6, "name": _("Feedback")},
]
PAIR = {
    "strong": ASPECTS[0] | {"text": _("You asked on four times before anybody named a solution.")},
    "chance": ASPECTS[3] | {"text": _("The decision came fast. Perhaps first say aloud what speaks against it.")},
}
GLYPHS = {
    "kept": _("kept"),
    "partly": _("partly"),
    "not": _("not"),
    "no_occasion": _("no occasion"),
    "not_yet": _("not yet"),
    "on_the_way": _("on the way"),
    "reached": _("reached"),
    "planned": _("planned"),
}
ICONS = [
    "arrow",
    "back",
    "calendar",
    "people",
    "cards",
    "person",
    "error",
    "mail",
    "plus",
    "clock",
    "place",
    "open",
    "closed",
    "ear",
    "pen",
]


class PartsPage(TemplateView):
    """All components on one page."""

    template_name = "ui/parts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the samples, a form at rest and one that came back with errors."""
        answers = {"day": "2020-02-31", "start": "15:15", "outcome": "partly", "goal": "on_the_way", "kind": "team"}
        samples = {
            "agreements": AGREEMENTS,
            "meetings": MEETINGS,
            "aspects": ASPECTS,
            "pair": PAIR,
            "outcomes": GLYPHS,
            "icons": ICONS,
            "form": SampleForm(prefix="rest", initial={"outcome": "partly"}),
            "wrong": SampleForm(answers),
        }
        return super().get_context_data(**samples, **kwargs)
