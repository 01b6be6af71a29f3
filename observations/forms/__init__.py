"""What is typed about notes and feedback, cleaned into Python values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect, Behaviour
from observations.models.observation import Degree
from observations.queries import Pair
from schools.forms import Versioned
from workgroups import forms as work

NO_OCCASION = "none"
PAIRS_AT_MOST = 3
_SIDES = (
    ("strong", _("Strong point"), _("Card of this strong point")),
    ("improvement", _("Improvement point"), _("Card of this improvement point")),
)
_DEGREES = (*((str(value), label) for value, label in Degree.choices), (NO_OCCASION, _("no occasion")))


class PlainForm(forms.Form):
    """A page that only asks: yes?"""


@dataclass(frozen=True)
class Sheet:
    """The fields of one aspect, for the template."""

    aspect: Aspect
    well: forms.BoundField
    chances: forms.BoundField
    marks: list[forms.BoundField]
    in_focus: bool
    is_marked: bool
    is_open: bool


class NotesForm(Versioned):
    """Two fields per aspect, and a mark per behaviour; everything may stay empty (C8)."""

    def __init__(
        self, *args: Any, behaviours: Iterable[Behaviour], version: int, focus: Aspect | None = None, **kwargs: Any
    ) -> None:
        """Make the fields from the deck, the card in focus first; ``version`` is the one that the writer read."""
        super().__init__(*args, **kwargs)
        self.focus = focus.key if focus else ""
        self.deck: dict[str, tuple[Aspect, list[str]]] = {}
        self.initial["version"] = version
        for line in sorted(behaviours, key=lambda one: one.aspect.key != self.focus):
            key = line.aspect.key
            if key not in self.deck:
                self.deck[key] = (line.aspect, [])
                self.fields[f"well-{key}"] = work.words(_("What goes well"), max_length=2000)
                self.fields[f"chances-{key}"] = work.words(_("Chances"), max_length=2000)
            self.deck[key][1].append(line.key)
            self.fields[f"mark-{line.key}"] = forms.ChoiceField(
                label=line.text, choices=_DEGREES, widget=forms.RadioSelect, required=False
            )

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The fields per aspect; open are the card in focus (else the first one) and what holds words or errors."""
        return [self._sheet(key, aspect, lines) for key, (aspect, lines) in self.deck.items()]

    def _sheet(self, key: str, aspect: Aspect, lines: list[str]) -> Sheet:
        well, chances, marks = self[f"well-{key}"], self[f"chances-{key}"], [self[f"mark-{line}"] for line in lines]
        fields, first = [well, chances, *marks], next(iter(self.deck))
        return Sheet(
            aspect=aspect,
            well=well,
            chances=chances,
            marks=marks,
            in_focus=key == self.focus,
            is_marked=any(mark.value() or mark.errors for mark in marks),
            is_open=key == first or any(field.value() or field.errors for field in fields),
        )

    @property
    def notes(self) -> dict[str, tuple[str, str]]:
        """Per aspect key: going well, chances."""
        data = self.cleaned_data
        return {key: (data[f"well-{key}"], data[f"chances-{key}"]) for key in self.deck}

    @property
    def marks(self) -> dict[str, int | None]:
        """Per behaviour key a degree, or None for no occasion; what was left open is not there."""
        given = {
            key.removeprefix("mark-"): value for key, value in self.cleaned_data.items() if key.startswith("mark-")
        }
        return {key: None if value == NO_OCCASION else int(value) for key, value in given.items() if value}


def notes_initial(notes: Mapping[str, tuple[str, str]], marks: Mapping[str, int | None]) -> dict[str, str]:
    """Notes and marks as a NotesForm shows them."""
    shown = {f"mark-{key}": NO_OCCASION if degree is None else str(degree) for key, degree in marks.items()}
    for key, (well, chances) in notes.items():
        shown[f"well-{key}"], shown[f"chances-{key}"] = well, chances
    return shown


@dataclass(frozen=True)
class PairFields:
    """The four fields of one pair, for the template."""

    number: int
    strong_aspect: forms.BoundField
    strong: forms.BoundField
    improvement_aspect: forms.BoundField
    improvement: forms.BoundField


class PairsForm(Versioned):
    """One to three pairs: a strong point beside each improvement point, each with its card (C9, C10).

    ``shown`` pairs stand on the page; a pair that is wholly empty is no pair. ``typed`` is what stood on the page
    when one more pair was asked.
    """

    def __init__(
        self,
        *args: Any,
        aspects: Iterable[Aspect],
        pairs: Sequence[Pair],
        version: int,
        shown: int = 1,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Start from what was typed, else from the pairs that were saved."""
        super().__init__(*args)
        self.count = min(max(len(pairs), shown, 1), PAIRS_AT_MOST)
        cards = [("", _("Choose a card")), *((aspect.key, aspect.name) for aspect in aspects)]
        self.fields["shown"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        for place in range(1, self.count + 1):
            for side, label, card in _SIDES:
                self.fields[f"p{place}-{side}"] = work.words(
                    label, max_length=400, widget=forms.Textarea(attrs={"rows": 4})
                )
                self.fields[f"p{place}-{side}_aspect"] = forms.ChoiceField(label=card, choices=cards, required=False)
        self.initial = {"version": version, **_pairs_initial(pairs), **(typed or {}), "shown": self.count}

    @property
    def pairs(self) -> list[PairFields]:
        """The fields pair by pair."""
        return [
            PairFields(place, *(self[f"p{place}-{name}"] for name in Pair.__dataclass_fields__))
            for place in range(1, self.count + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the other side, and for the card of each side."""
        data = super().clean() or {}
        for place in range(1, self.count + 1):
            self._clean_pair(f"p{place}", data)
        return data

    def _clean_pair(self, pair: str, data: Mapping[str, str]) -> None:
        missing = {
            "strong": _("Write a strong point beside this improvement point."),
            "improvement": _("Write an improvement point beside this strong point."),
        }
        if not any(data.get(f"{pair}-{side}") or f"{pair}-{side}" in self.errors for side in missing):
            return
        for side, sentence in missing.items():
            if not data.get(f"{pair}-{side}") and f"{pair}-{side}" not in self.errors:
                self.add_error(f"{pair}-{side}", sentence)
            elif not data.get(f"{pair}-{side}_aspect"):
                self.add_error(f"{pair}-{side}_aspect", _("Choose the card that this is about."))

    @property
    def written(self) -> list[Pair]:
        """The pairs that were written."""
        data = self.cleaned_data
        pairs = [
            Pair(*(data[f"p{place}-{name}"] for name in Pair.__dataclass_fields__))
            for place in range(1, self.count + 1)
        ]
        return [pair for pair in pairs if pair.strong or pair.improvement]


def _pairs_initial(pairs: Sequence[Pair]) -> dict[str, str]:
    return {
        f"p{place}-{name}": value for place, pair in enumerate(pairs, start=1) for name, value in vars(pair).items()
    }


def shown_in(data: Mapping[str, str]) -> int:
    """How many pairs stood on the page that was sent, and one more if that was asked."""
    sent = data.get("shown", "")
    stood = int(sent) if sent.isdecimal() and len(sent) == 1 else 1
    return min(stood + ("more" in data), PAIRS_AT_MOST)
