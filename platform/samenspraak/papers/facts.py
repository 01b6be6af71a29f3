"""What papers state about the product, read from where the product itself reads it: who sees what, and how long."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_lazy

from samenspraak import council, who_sees
from samenspraak.papers.kinds import Row, told
from samenspraak.who_sees.audiences import ONLY_YOU
from samenspraak.who_sees.kept import Words
from samenspraak.who_sees.things import Thing
from schools import retention

# Readers by their marks in the table of doors, from near to far; and beside whose reading theirs is told.
_READERS: tuple[tuple[Words, str, str], ...] = (
    (gettext_lazy("Everybody who works at the school"), "TC", ""),
    (gettext_lazy("School leaders, besides"), "SL", "TC"),
    (gettext_lazy("Admins of the school, besides"), "SA", "TC"),
    (gettext_lazy("A coach who is welcome in the group, besides"), "CO", "TC"),
    (gettext_lazy("The group alone"), "TM", "TC SL SA CO"),
    (gettext_lazy("Admins of the board"), "BA", ""),
    (gettext_lazy("Who keeps the site running"), "OP", ""),
)


def told_things() -> list[Thing]:
    """What the dossier of the council tells of, in its order."""
    return [thing for thing in who_sees.THINGS if thing.is_told]


def by_reader() -> list[Row]:
    """Each kind of reader with what they read, from the table that every page is tested against."""
    rows: list[Row] = [(name, _names(_read_by(mark, beside))) for name, mark, beside in _READERS]
    return [*rows, (_("Only you yourself"), _names([thing for thing in told_things() if thing.reads is ONLY_YOU]))]


def by_thing() -> list[Row]:
    """Each kind of thing with who reads it, who changes it and how long it is kept."""
    return [(_capital(str(thing.name)), thing.reads.words, thing.changes.words, thing.kept) for thing in told_things()]


def by_kind() -> list[Row]:
    """Each kind of data with how long it is kept, by the clock that deletes it."""
    return [(_capital(str(kind.what)), kind.kept) for kind in retention.classes()]


def kept(key: str) -> Words:
    """What a kind of data is and how long it is kept, in one sentence."""
    return told(lambda: f"{_capital(str(retention.kind(key).what))}: {_small(str(retention.kind(key).kept))}")


def figure(sentence: Words) -> Words:
    """A sentence with the numbers that the product goes by (council.Figures) where it names them."""
    return told(lambda: str(sentence) % _numbers())


def _read_by(mark: str, beside: str) -> list[Thing]:
    known = set(beside.split())
    return [thing for thing in told_things() if mark in thing.reads.callers and not thing.reads.callers & known]


def _names(things: list[Thing]) -> str:
    return "; ".join(str(thing.name) for thing in things) or _("nothing of what is written at a school")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _numbers() -> dict[str, str]:
    return {name: _written(value) for name, value in vars(council.Figures()).items()}


def _written(value: float) -> str:
    return number_format(value, decimal_pos=1) if value % 1 else str(int(value))
