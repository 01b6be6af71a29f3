"""Which column holds what, by the names that schools give them. Pure."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from schools.roster import limits
from schools.roster.refusing import at_line

GIVEN, INFIX, FAMILY, EMAIL, ROLES, PLACE = "given_name", "infix", "family_name", "email", "roles", "place"
COLUMNS = (GIVEN, INFIX, FAMILY, EMAIL, ROLES, PLACE)
# Without blanks, hyphens, accents and capitals; the first is the one that the template has.
NAMES = {
    GIVEN: ("voornaam", "roepnaam", "givenname", "firstname", "forename"),
    INFIX: ("tussenvoegsel", "tussenvoegsels", "voorvoegsel", "voorvoegsels", "infix", "prefix"),
    FAMILY: ("achternaam", "familienaam", "surname", "familyname", "lastname"),
    EMAIL: ("email", "emailadres", "mailadres", "mail", "emailaddress", "address", "werkemail", "emailwerk"),
    ROLES: ("rol", "rollen", "functie", "functies", "role", "roles"),
    PLACE: ("locatiecode", "vestigingscode", "locatie", "vestiging", "brin", "brincode", "brinnummer", "locationcode",
            "location", "schoolcode"),
}  # fmt: skip
_IS = {name: column for column, names in NAMES.items() for name in names}
_SHOWN = 40
_BETWEEN = re.compile(r"[^a-z]")


def of_head(head: Sequence[str], number: int) -> dict[str, int]:
    """The place of each column that we read; raises NotAListError where the line names none, or one twice."""
    if len(head) > limits.MOST_COLUMNS:
        told = _("there are more than %(most)s columns. Keep only those of the list.")
        raise at_line(number, told % {"most": limits.MOST_COLUMNS})
    found: dict[str, int] = {}
    for place, name in enumerate(head):
        column = _IS.get(_key(name))
        if column in found:
            raise at_line(number, _("two columns hold the same: “%(name)s”. Keep one.") % {"name": _short(name)})
        if column:
            found[column] = place
    if GIVEN not in found:
        told = _("the first line has to name the columns, with at least “voornaam”. Use our template.")
        raise at_line(number, told)
    return found


def unread(head: Sequence[str]) -> list[str]:
    """The columns that we do not read, by their names: nothing in them is kept."""
    return [_short(name) for name in head if name.strip() and _key(name) not in _IS]


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name[: limits.LONGEST_CELL]).casefold()
    return _BETWEEN.sub("", plain)


def _short(name: str) -> str:
    shown = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    return textwrap.shorten(shown, _SHOWN, placeholder="…") or f"{shown[:_SHOWN]}…"
