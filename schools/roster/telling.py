"""A plan in words, line by line and in all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.utils.translation import gettext as _, ngettext_lazy

from schools.roles import Role
from schools.roster.plan import Entry, Kind, Person

_LINES = (
    (Kind.INVITE, ngettext_lazy("%(n)s line: somebody is invited", "%(n)s lines: people are invited", "n")),
    (Kind.ADD, ngettext_lazy("%(n)s line: a role is added", "%(n)s lines: roles are added", "n")),
    (
        Kind.MOVE,
        ngettext_lazy(
            "%(n)s line: an invitation gets another address", "%(n)s lines: invitations get another address", "n"
        ),
    ),
    (Kind.SAME, ngettext_lazy("%(n)s line: right already", "%(n)s lines: right already", "n")),
    (Kind.AGAIN, ngettext_lazy("%(n)s line: said before", "%(n)s lines: said before", "n")),
    (Kind.REFUSED, ngettext_lazy("%(n)s line: cannot be imported", "%(n)s lines: cannot be imported", "n")),
)
_DONE = (
    (Kind.INVITE, ngettext_lazy("%(n)s person is invited", "%(n)s people are invited", "n")),
    (Kind.ADD, ngettext_lazy("%(n)s person has one role more", "%(n)s people have a role more", "n")),
    (
        Kind.MOVE,
        ngettext_lazy("%(n)s invitation goes to another address", "%(n)s invitations go to another address", "n"),
    ),
    ("ended", ngettext_lazy("the time of %(n)s person here ends", "the time of %(n)s people here ends", "n")),
    (Kind.SAME, ngettext_lazy("%(n)s line was right already", "%(n)s lines were right already", "n")),
)


class Tick(str):
    """A choice's words with a hint underneath."""

    __slots__ = ("hint",)
    hint: str

    def __new__(cls, words: Any, hint: str) -> Self:
        """Put the hint beside the words."""
        tick = super().__new__(cls, words)
        tick.hint = hint
        return tick


def told(entry: Entry) -> str:
    """What becomes of one line that can be taken."""
    roles = _listed(entry.roles)
    if entry.kind is Kind.INVITE and not entry.said.email:
        return _("gets a code on paper, as %(roles)s") % {"roles": roles}
    if entry.kind is Kind.INVITE:
        return _("is invited as %(roles)s") % {"roles": roles}
    if entry.kind is Kind.ADD:
        return _("known here, and now also %(roles)s") % {"roles": roles}
    if entry.kind is Kind.MOVE:
        return _("the invitation goes to this address now")
    if entry.kind is Kind.AGAIN:
        return _("line %(number)s says this already") % {"number": entry.first}
    is_invited = entry.person and entry.person.user_id is None
    return _("was invited already, nothing changes") if is_invited else _("works here already, nothing changes")


def summary(counts: Mapping[Kind, int]) -> list[str]:
    """How many lines come to what, leaving out what none comes to."""
    return [words % {"n": counts[kind]} for kind, words in _LINES if counts.get(kind)]


def done(tally: Mapping[str, int]) -> list[str]:
    """What became of a list that was taken in."""
    return [words % {"n": tally[kind]} for kind, words in _DONE if tally.get(kind)]


def namesake(entry: Entry) -> Tick:
    """The question whether somebody known is meant."""
    words = _("Line %(number)s: %(name)s, %(address)s") % {
        "number": entry.number,
        "name": entry.said.name,
        "address": entry.said.email,
    }
    if entry.asks == "works":
        hint = _("Somebody of this name works here, with another address. Only a tick sends an invitation.")
    else:
        hint = _("Somebody of this name was invited, at another address. Without a tick that invitation moves.")
    return Tick(words, hint)


def leaver(person: Person, school: str) -> Tick:
    """The question whether somebody left."""
    roles = _listed(person.keys)
    words = f"{person.name}, {school}" if school else str(person.name)
    return Tick(words, roles if person.user_id else _("%(roles)s, invited") % {"roles": roles})


def _listed(roles: Iterable[Role]) -> str:
    return ", ".join(str(role.label) for role in roles)
