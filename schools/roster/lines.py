"""What a line says of a person, or why it cannot be taken. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from schools import addresses
from schools.roles import Role
from schools.roster import Line, naming

_ROLES = {
    Role.TEACHER: ("leraar", "lerares", "leerkracht", "docent", "docente", "teacher", "groepsleerkracht"),
    Role.COACH: ("coach", "gesprekscoach"),
    Role.LEADER: ("schoolleider", "directeur", "directrice", "leidinggevende", "leider", "school leader", "leader"),
    Role.ADMIN: ("beheerder", "schoolbeheerder", "school admin", "admin"),
}
_IS = {word: role for role, said in _ROLES.items() for word in said}
_AND = re.compile(r"[,;/+&|]| en | and ")


@dataclass(frozen=True)
class Said:
    """A line in our own terms: who, with which address ("" for none), as what, and where as the file names it."""

    line: Line
    name: naming.Name
    email: str
    roles: tuple[Role, ...]
    place: str
    wrong: tuple[str, ...] = ()


def said_by(line: Line) -> Said:
    """What the line says, with a sentence for each thing that is wrong with it."""
    wrong: list[str] = []
    name = naming.name_of(line.given_name, line.infix, line.family_name)
    wrong.append(naming.trouble(name))
    email = ""
    if line.email:
        try:
            email = addresses.clean(line.email)
        except addresses.NotAnAddressError as refused:
            wrong.append(str(refused.sentence))
    roles, unknown = _roles(line.roles)
    if unknown:
        told = _("We know no role “%(role)s”. Write leraar, coach, schoolleider or beheerder.")
        wrong.append(told % {"role": unknown})
    return Said(line, name, email, roles, line.place.upper().replace(" ", ""), tuple(filter(None, wrong)))


def _roles(text: str) -> tuple[tuple[Role, ...], str]:
    """The roles, a teacher where none stands; and the first word that is none."""
    said = [" ".join(word.split()) for word in _AND.split(text.lower()) if word.strip()] or ["leraar"]
    unknown = next((word for word in said if word not in _IS), "")
    return tuple(dict.fromkeys(_IS[word] for word in said if word in _IS)), unknown[:40]
