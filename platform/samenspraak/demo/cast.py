"""The cast: the same people and schools in the tests, the demo, the docs and the screenshots.

Anna leads De Wilg, Bram coaches at De Wilg and De Beuk, Carla teaches at De Wilg and sits in "Begrijpend lezen",
Daan teaches at De Beuk and must see nothing of De Wilg. De Eik belongs to another board.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from schools.models import Board, BoardMembership, Membership, OperatorGrant, School, User
from schools.models.place import Region
from schools.roles import Role

# Kept in the demo only, where nothing but 127.0.0.1 can reach it.
PASSWORD = "samen-in-gesprek"  # noqa: S105


@dataclass(frozen=True)
class Person:
    """Somebody of the cast: a name, an address and the roles per school."""

    given_name: str
    infix: str
    family_name: str
    email: str
    roles: tuple[tuple[str, Role], ...] = ()


BOARDS = ((90001, "Stichting De Waterkant"), (90002, "Stichting Bosrijk"))
SCHOOLS = (
    ("de-wilg", "De Wilg", "Rivierdam", 90001, Region.MIDDLE),
    ("de-beuk", "De Beuk", "Rivierdam", 90001, Region.MIDDLE),
    ("de-eik", "De Eik", "Bosrijk", 90002, Region.NORTH),
)
PEOPLE = {
    "anna": Person("Anna", "", "Visser", "anna@dewilg.example", (("de-wilg", Role.LEADER),)),
    "bram": Person("Bram", "van der", "Meer", "bram@coach.example", (("de-wilg", Role.COACH), ("de-beuk", Role.COACH))),
    "carla": Person("Carla", "de", "Boer", "carla@dewilg.example", (("de-wilg", Role.TEACHER),)),
    "daan": Person("Daan", "", "Hendriks", "daan@debeuk.example", (("de-beuk", Role.TEACHER),)),
    "els": Person("Els", "", "Mulder", "els@dewilg.example", (("de-wilg", Role.TEACHER),)),
    "frank": Person("Frank", "", "Smit", "frank@dewilg.example", (("de-wilg", Role.ADMIN),)),
    "gerda": Person("Gerda", "van", "Dijk", "gerda@waterkant.example"),
    "hugo": Person("Hugo", "", "Bos", "hugo@beheer.example"),
    "irma": Person("Irma", "", "Kok", "irma@deeik.example", (("de-eik", Role.TEACHER),)),
    "joris": Person("Joris", "", "Dekker", "joris@dewilg.example", (("de-wilg", Role.TEACHER),)),
}
BOARD_ADMINS = {"gerda": 90001}
OPERATORS = ("hugo",)
# What each of them is, for the list of sign-ins.
ROLES = {
    "anna": "school leader of De Wilg",
    "bram": "coach at De Wilg and De Beuk",
    "carla": "teacher at De Wilg, in Begrijpend lezen",
    "daan": "teacher at De Beuk, chair of Spelling",
    "els": "teacher at De Wilg, chair of Begrijpend lezen",
    "frank": "school admin of De Wilg",
    "gerda": "board admin of De Wilg and De Beuk",
    "hugo": "operator: keeps the site running",
    "irma": "teacher at De Eik, of another board",
    "joris": "teacher at De Wilg, chair of Rekenen",
}


@dataclass
class Cast:
    """The rows of the cast, by short name and by slug."""

    boards: dict[int, Board] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)


def gather(*, since: dt.date, password: str | None = PASSWORD) -> Cast:
    """Write the boards, schools and people down; their roles hold since that day."""
    cast = Cast()
    hashed = make_password(password)  # once for all of them: it is slow on purpose
    for number, name in BOARDS:
        cast.boards[number] = Board.objects.create(number=number, name=name)
    for slug, name, place, board, region in SCHOOLS:
        cast.schools[slug] = School.objects.create(
            slug=slug, name=name, place=place, board=cast.boards[board], region=region
        )
    for short, person in PEOPLE.items():
        cast.people[short] = invite(person, cast.schools, since=since, hashed=hashed)
    for short, number in BOARD_ADMINS.items():
        BoardMembership.objects.create(board=cast.boards[number], user=cast.people[short], from_date=since)
    for short in OPERATORS:
        OperatorGrant.objects.create(user=cast.people[short], from_date=since)
    return cast


def invite(person: Person, schools: dict[str, School], *, since: dt.date, hashed: str) -> User:
    """Write one person down with the roles since that day."""
    user = User.objects.create(
        email=person.email,
        password=hashed,
        given_name=person.given_name,
        infix=person.infix,
        family_name=person.family_name,
    )
    for slug, role in person.roles:
        Membership.objects.create(school=schools[slug], user=user, role=role, from_date=since)
    return user
