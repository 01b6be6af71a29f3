"""What a list would change, line by line, beside what is known at the schools that the importer looks after. Pure.

Nobody else's people are looked at, so nothing tells whether an address has an account elsewhere: whoever is not known
here is invited, known to the product or not.
"""

from __future__ import annotations

import enum
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from schools.roles import Role
from schools.roster.lines import Said
from schools.roster.naming import Name, is_one, may_be_one

_BRIN = 4
_SHOWN = 5


class Kind(enum.StrEnum):
    """What a line comes to."""

    INVITE = "invite"  # somebody new here
    ADD = "add"  # somebody known here gets a role or a school
    MOVE = "move"  # an invitation goes to another address
    SAME = "same"  # known already, nothing changes
    AGAIN = "again"  # an earlier line said it
    REFUSED = "refused"


@dataclass(frozen=True)
class Place:
    """A school that the importer looks after."""

    pk: int
    name: str
    slug: str
    code: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody known at one school: who works there (``user_id``), or was invited and did not come yet.

    ``keys`` are the rows behind each role: memberships, or invitations.
    """

    school_id: int
    name: Name
    email: str
    keys: dict[Role, int]
    user_id: int | None = None


@dataclass(frozen=True)
class Known:
    """What is known: the schools, and who works or was invited there. ``own_id`` is the importer."""

    places: tuple[Place, ...]
    people: tuple[Person, ...]
    own_id: int


@dataclass(frozen=True)
class Entry:
    """What one line comes to: ``roles`` are given to ``person`` or invited; ``asks`` names a possible namesake."""

    said: Said
    kind: Kind
    place: Place | None = None
    roles: tuple[Role, ...] = ()
    person: Person | None = None
    wrong: tuple[str, ...] = ()
    asks: str = ""
    first: int = 0

    @property
    def number(self) -> int:
        """The line's number in the file."""
        return self.said.line.number


@dataclass(frozen=True)
class Plan:
    """What the whole list comes to, and who works or was invited at its schools without standing in it."""

    entries: tuple[Entry, ...]
    missing: tuple[Person, ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Differs as soon as another thing would be done."""
        told = [
            (entry.number, entry.kind, entry.place and entry.place.pk, entry.roles, _keys(entry.person), entry.asks)
            for entry in self.entries
        ]
        gone = [_keys(person) for person in self.missing]
        return hashlib.sha256(repr((told, gone)).encode()).hexdigest()[:32]


def plan(said: Sequence[Said], known: Known, *, others: AbstractSet[int] = frozenset()) -> Plan:
    """What the lines come to; ``others`` are the lines that are about somebody else than the known namesake."""
    drawn = _Drawing(said, known, others)
    entries = tuple(drawn.entry(line) for line in said)
    counts = {kind: sum(entry.kind is kind for entry in entries) for kind in Kind}
    return Plan(entries, drawn.missing(entries), counts)


def _keys(person: Person | None) -> list[tuple[Role, int]]:
    return sorted(person.keys.items()) if person else []


class _Drawing:
    """The lookups while a plan is drawn."""

    def __init__(self, said: Sequence[Said], known: Known, others: AbstractSet[int]) -> None:
        self.known, self.others = known, others
        self.wrong = _between_lines(said)
        self.addresses = {line.email for line in said if line.email}
        self.done: dict[tuple[int, str], tuple[int, set[Role]]] = {}
        self.claimed: set[int] = set()
        self.workers: dict[str, list[Person]] = defaultdict(list)
        self.named: dict[tuple[int, str], list[Person]] = defaultdict(list)
        self.at: dict[tuple[int, str], Person] = {}
        for person in known.people:
            self.named[person.school_id, person.name.key].append(person)
            if person.email:
                self.at[person.school_id, person.email] = person
                if person.user_id:
                    self.workers[person.email].append(person)
        self.places = _called(known.places)

    def entry(self, said: Said) -> Entry:
        """What this line comes to."""
        place, trouble = self._place(said.place)
        wrong = [*said.wrong, trouble, self.wrong.get(said.line.number, "")]
        if place is None or any(wrong):
            return Entry(said, Kind.REFUSED, place, wrong=tuple(filter(None, wrong)))
        first, had = self.done.setdefault((place.pk, said.email or said.name.key), (said.line.number, set()))
        roles = tuple(role for role in said.roles if role not in had)
        had.update(roles)
        if first != said.line.number and not roles:
            return Entry(said, Kind.AGAIN, place, first=first)
        return self._met(said, place, roles) if said.email else self._by_name(said, place, roles)

    def _place(self, named: str) -> tuple[Place | None, str]:
        if not named and len(self.known.places) == 1:
            return self.known.places[0], ""
        if not named:
            return None, _("The location code is missing: at which school is this?")
        found = self.places.get(named, [])
        if len(found) == 1:
            return found[0], ""
        if found:
            return None, _("Several schools begin with this code. Write all six characters.")
        if len(self.known.places) == 1:
            return None, _("This is not the code of your school.")
        return None, _("Your board has no open school with this code.")

    def _met(self, said: Said, place: Place, roles: tuple[Role, ...]) -> Entry:
        """Somebody with an address."""
        here = self.at.get((place.pk, said.email))
        elsewhere = self.workers.get(said.email)
        met = here or (elsewhere[0] if elsewhere else None)
        if met and not may_be_one(met.name, said.name):
            told = _("Somebody else here has this address already. Everybody needs an address of their own.")
            return Entry(said, Kind.REFUSED, place, wrong=(told,))
        if here is None and elsewhere:
            return Entry(said, Kind.ADD, place, roles, self._at(place, elsewhere[0]))
        return self._known(said, place, roles, here) if here else self._new(said, place, roles)

    def _at(self, place: Place, worker: Person) -> Person:
        """The person at a school where nothing is known of the person yet."""
        return Person(place.pk, worker.name, worker.email, {}, worker.user_id)

    def _new(self, said: Said, place: Place, roles: tuple[Role, ...]) -> Entry:
        """Nobody here has the address; somebody here may have the name."""
        same = [one for one in self.named[place.pk, said.name.key] if one.email not in self.addresses]
        if len(same) != 1:
            return Entry(said, Kind.INVITE, place, roles)
        asks = "works" if same[0].user_id else "invited"
        if said.line.number in self.others:
            return Entry(said, Kind.INVITE, place, roles, asks=asks)
        if same[0].user_id:
            entry = self._known(said, place, roles, same[0])
            return Entry(said, entry.kind, place, entry.roles, same[0], asks=asks)
        self._claim(same[0])
        return Entry(said, Kind.MOVE, place, tuple(dict.fromkeys((*same[0].keys, *roles))), same[0], asks=asks)

    def _by_name(self, said: Said, place: Place, roles: tuple[Role, ...]) -> Entry:
        """Somebody without an address: only the name tells."""
        same = self.named[place.pk, said.name.key]
        if len(same) > 1:
            told = _("Several people here have this name. The address tells which of them this is.")
            return Entry(said, Kind.REFUSED, place, wrong=(told,))
        return self._known(said, place, roles, same[0]) if same else Entry(said, Kind.INVITE, place, roles)

    def _known(self, said: Said, place: Place, roles: tuple[Role, ...], person: Person) -> Entry:
        """Somebody who works or was invited here: what is not there yet is added."""
        self._claim(person)
        more = tuple(role for role in roles if role not in person.keys)
        if not more:
            return Entry(said, Kind.SAME, place, person=person)
        return Entry(said, Kind.ADD if person.user_id else Kind.INVITE, place, more, person)

    def _claim(self, person: Person) -> None:
        self.claimed.add(id(person))

    def missing(self, entries: Iterable[Entry]) -> tuple[Person, ...]:
        """Who is known at the schools of the list and stands on no line; a refused line may be about anybody."""
        concerned = {entry.place.pk for entry in entries if entry.place and entry.kind is not Kind.REFUSED}
        return tuple(
            person
            for person in self.known.people
            if person.school_id in concerned and id(person) not in self.claimed and person.user_id != self.known.own_id
        )


def _called(places: Iterable[Place]) -> dict[str, list[Place]]:
    """Schools by what a list can call them: six signs, the last part of their address, or four signs."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        found[place.slug.upper()].append(place)
        if place.code:
            found[place.code].append(place)
            found[place.code[:_BRIN]].append(place)
    return found


def _between_lines(said: Sequence[Said]) -> dict[int, str]:
    """What is wrong between lines, by the line's number: shared addresses, and namesakes whom nothing tells apart."""
    wrong: dict[int, str] = {}
    by_address: dict[str, list[Said]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for line in said:
        by_name[line.place, line.name.key].append(line)
        if line.email:
            by_address[line.email].append(line)
    for lines in by_address.values():
        if any(not is_one(lines[0].name, line.name) for line in lines):
            told = _("Lines %(lines)s have one address and different names. Everybody needs an address of their own.")
            wrong |= dict.fromkeys(_numbers(lines), told % {"lines": _listed(lines)})
    for lines in by_name.values():
        if len(lines) > 1 and not all(line.email for line in lines):
            told = _("Lines %(lines)s have one name, and not all an address. Give each an address, or each one line.")
            wrong |= dict.fromkeys(_numbers(lines), told % {"lines": _listed(lines)})
    return wrong


def _numbers(lines: Iterable[Said]) -> list[int]:
    return [line.line.number for line in lines]


def _listed(lines: Iterable[Said]) -> str:
    """The numbers, the first few of many."""
    numbers = [str(number) for number in _numbers(lines)]
    return ", ".join(numbers[:_SHOWN]) + (" …" if numbers[_SHOWN:] else "")
