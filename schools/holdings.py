"""What the product holds about a person, told by every floor in one shape: for the person, to read and to take along.

A floor says in ``HOLDINGS`` of its ``queries`` what it has; those above this one tell it when the process starts, as
with letters. Every column that names a person belongs to one of them, or a test says why not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from schools.models import User

Words = str | Promise
Cell = str | Promise | int | bool | dt.date | dt.datetime | dt.time | None
Tell = Callable[["User", dt.datetime], Iterable[Sequence[Cell]]]


@dataclass(frozen=True)
class Holding:
    """One kind of thing: its key and title, what each of it says (key and label), and those of a person.

    ``tell(user, now)`` gives a row of cells for each thing, in the order of ``says``; it asks for the system's door, as
    schools that somebody left are told too. ``columns`` are those that it covers, as "workgroups.Seat.user".
    """

    key: str
    title: Words
    says: tuple[tuple[str, Words], ...]
    tell: Tell
    columns: frozenset[str] = frozenset()


_above: list[Holding] = []
# This floor's own to begin with.
_letters: dict[str, Words] = dict.fromkeys(("school_empty", "board_empty"), _("Nobody is an admin any more"))


def register(holdings: Iterable[Holding], *, letters: Mapping[str, Words]) -> None:
    """Take in what a floor above holds, once, and how it calls its kinds and sorts of letters."""
    known = {one.key for one in _above}
    _above.extend(one for one in holdings if one.key not in known)
    _letters.update(letters)


def of_floors_above() -> tuple[Holding, ...]:
    """What the floors above hold, in the order in which they said so."""
    return tuple(_above)


def letter_in_words(name: str) -> Words:
    """A kind or sort of letters as people know it."""
    return _letters.get(name, name)
