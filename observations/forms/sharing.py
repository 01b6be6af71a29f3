"""The last look before sharing: a question beside each name, to be answered first (C12, C13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from observations import queries
from observations.names import Why
from observations.queries.shield import Side
from observations.queries.visits import GivenPair, GivenPoint
from schools.forms import Versioned

_SENTENCES = {
    Why.NAME: _("“%s” is the name of somebody here."),
    Why.WORD: _("“%s” is a word, and the name of somebody here."),
    Why.ALMOST: _("“%s” looks much like the name of somebody here."),
}


def mark(words: str) -> str:
    """What a tick for these words is called: for them alone."""
    return blake2b(words.encode(), digest_size=6).hexdigest()


def tick_for(words: str) -> forms.BooleanField:
    """The tick that says that these words name nobody here."""
    return forms.BooleanField(
        label=_("“%s” is no person here") % words,
        error_messages={"required": _("Is it a person? Write it differently. If not, tick this.")},
    )


def sentence(words: str, why: Why) -> str:
    """What is said of words that may name somebody."""
    return str(_SENTENCES[why]) % words


@dataclass(frozen=True)
class Question:
    """Words in a point that may name somebody, with the tick that says otherwise."""

    sentence: str
    tick: forms.BoundField


@dataclass(frozen=True)
class AskedPoint:
    """A point as the group will read it, the id of its field where it is written, and what is asked about it."""

    point: GivenPoint
    is_strong: bool
    field: str
    questions: list[Question]


class ShareForm(Versioned):
    """Yes, to what you see here: ``version`` is the one that stood on the page, with a tick for each name in it.

    The same words in the same point are asked about once, in another point again. A tick is named after its words, so
    that it answers for no others when the people of the school change in between.
    """

    def __init__(
        self, *args: Any, asked: Sequence[queries.Asked], pairs: Sequence[GivenPair], version: int, **kwargs: Any
    ) -> None:
        """Make a tick for each question."""
        super().__init__(*args, **kwargs)
        self.initial["version"] = version
        self.given = pairs
        self.asked: dict[tuple[str, str], tuple[str, Why]] = {}
        for one in asked:
            if (one.field, one.flag.text) not in self.asked:
                name = f"{one.field}-{mark(one.flag.text)}"
                self.asked[one.field, one.flag.text] = (name, one.flag.why)
                self.fields[name] = tick_for(one.flag.text)

    @cached_property
    def pairs(self) -> list[tuple[AskedPoint, AskedPoint]]:
        """The pairs in their order, with what is asked about each point."""
        return [
            (self._point(number, "strong", pair.strong), self._point(number, "improvement", pair.improvement))
            for number, pair in enumerate(self.given, start=1)
        ]

    def _point(self, number: int, side: Side, point: GivenPoint) -> AskedPoint:
        field = f"p{number}-{side}"
        questions = [
            Question(sentence(words, why), self[name])
            for (where, words), (name, why) in self.asked.items()
            if where == field
        ]
        return AskedPoint(point, side == "strong", field, questions)

    @property
    def no_person(self) -> frozenset[str]:
        """The words that name nobody, wherever they stand."""
        ticked = {words for (_field, words), (name, _why) in self.asked.items() if self.cleaned_data[name]}
        return frozenset(ticked)
