"""What counts as an e-mail address here. Pure.

Stricter than the standard and than Django, which both take what no mailbox of a school has. One ``@``. Before it 1-64
letters without accents, digits and . _ - + ' & ~ =, beginning with a letter, a digit or _, no point at the end and no
two together. After it a name of two parts or more, each 1-63 Latin letters, digits or hyphens, no hyphen at its ends,
the last part of letters alone; accents are written as mail servers know them (xn--). 254 signs in all, and no quotes,
comments, blanks, invisible signs or numbers of machines.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schools import refusals

LONGEST = 254
_LONGEST_BOX = 64
_LONGEST_PART = 63
_FEWEST_PARTS = 2
_BOX = re.compile(r"[a-z0-9_][a-z0-9_+&'~=-]*(?:\.[a-z0-9_+&'~=-]+)*", re.ASCII)
_PART = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_LAST = re.compile(r"(?:[a-z]{2,}|xn--[a-z0-9-]+)", re.ASCII)
_SEEN = frozenset("LNPS")  # letters, digits, marks of punctuation, symbols


class NotAnAddressError(refusals.Refused):
    """This is no e-mail address."""

    message = _("This is not an e-mail address.")
    field = "email"
    code = "not_an_address"


def clean(typed: str) -> str:
    """The address in small letters, its server as mail knows it; raises NotAnAddressError, which says what is wrong."""
    address = unicodedata.normalize("NFC", typed).strip().lower()
    box, at, server = address.partition("@")
    if at and any(unicodedata.category(sign)[0] not in _SEEN for sign in address):
        raise NotAnAddressError(_("There is a space or an invisible character in this address."))
    if not at or "@" in server or not box or not server:
        raise NotAnAddressError(_("An address has one @, with something before and after it."))
    if len(box) > _LONGEST_BOX or not _BOX.fullmatch(box):
        raise NotAnAddressError(_box_trouble(box))
    told = f"{box}@{'.'.join(_server(server.split('.')))}"
    if len(told) > LONGEST:
        raise NotAnAddressError(_("This address is too long."))
    return told


def _box_trouble(box: str) -> str | Promise:
    if len(box) > _LONGEST_BOX:
        return _("This address is too long.")
    if not box.isascii():
        return _("Before the @ an address has letters without accents.")
    return _("Before the @ there is something that an address cannot have.")


def _server(parts: list[str]) -> list[str]:
    """Each part as mail servers know it."""
    if len(parts) < _FEWEST_PARTS:
        raise NotAnAddressError(_("After the @ a dot is missing, as in school.example."))
    known = [_known(part) for part in parts]
    if not _LAST.fullmatch(known[-1]):
        raise NotAnAddressError(_("The end of this address is not right. It should be something like .nl or .org."))
    return known


def _known(part: str) -> str:
    wrong = NotAnAddressError(_("After the @ there is something that an address cannot have."))
    try:
        plain = part.encode("ascii").decode("idna") if part.startswith("xn--") else part
        known = plain.encode("idna").decode("ascii")
        again = known.encode("ascii").decode("idna")
    except UnicodeError:
        raise wrong from None
    is_latin = all(sign.isascii() or unicodedata.name(sign, "").startswith("LATIN SMALL") for sign in plain)
    odd = "--" in known[2:4] and not known.startswith("xn--")
    if not is_latin or again != plain or odd or len(known) > _LONGEST_PART or not _PART.fullmatch(known):
        raise wrong
    return known
