"""Names as lists have them, made into parts; and whether two names can be one person. Pure.

Kept as people write them: accents (composed, NFC), capitals, double names. Put right: a tussenvoegsel that stands with
the surname or behind its comma. Refused: what shows that letters were lost on the way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST = {"given_name": 60, "infix": 20, "family_name": 80}
# Small words that stand before a surname; "van der", "in 't", "op den" are made of these.
_SMALL = frozenset(
    ("'s", "'t", "aan", "af", "al", "bij", "da", "dal", "de", "degli", "dei", "del", "della", "den", "der", "des", "di",
     "do", "dos", "du", "el", "en", "het", "in", "la", "le", "les", "op", "over", "ten", "ter", "te", "the", "tot",
     "uit", "uijt", "van", "ver", "vom", "von", "voor", "vor", "zu", "zum", "zur")
)  # fmt: skip
_SIGNS = frozenset(" '’‘ʼ`´-‐‑–.,()/·")
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Name:
    """The parts of a name."""

    given: str
    infix: str = ""
    family: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.given, self.infix, self.family) if part)

    def __bool__(self) -> bool:
        return bool(str(self))

    @property
    def key(self) -> str:
        """The name without capitals, accents and marks: the same for everybody who writes it a little otherwise."""
        return "".join(words(str(self)))


def name_of(given: str, infix: str, family: str) -> Name:
    """The parts, each written in one way."""
    given, infix, family = (_written(part) for part in (given, infix, family))
    if not infix:
        family, infix = _parted(family)
    return Name(given, infix.replace("’", "'"), family)


def trouble(name: Name) -> str:
    """A sentence where this cannot be a name; empty where it can."""
    told = str(name)
    if not name.given:
        return _("The first name is missing.")
    if any(len(part) > longest for part, longest in zip(_parts(name), LONGEST.values(), strict=True)):
        return _("The name is too long.")
    if "@" in told:
        return _("There is an address where a name should be.")
    if "?" in told or "\ufffd" in told or _is_garbled(told):
        return _("Letters of this name were lost when the file was saved. Save it as “CSV UTF-8” or as a workbook.")
    return _odd_sign(told)


def _odd_sign(told: str) -> str:
    odd = next((sign for sign in told if not _fits(sign)), "" if told[0].isalpha() else told[0])
    if not odd:
        return ""
    if not odd.isprintable():
        return _("There is an invisible character in this name.")
    return _("A name cannot have “%(sign)s” there.") % {"sign": odd}


def is_one(one: Name, other: Name) -> bool:
    """Whether two lines of one list name the same person, however they write it."""
    given = set(words(one.given)) & set(words(other.given))
    family = (set(words(one.family)), set(words(other.family)))
    return one.key == other.key or (bool(given) and (not all(family) or bool(family[0] & family[1])))


def may_be_one(one: Name, other: Name) -> bool:
    """Whether two names can be the same person's: they share a word of some length, such as after a marriage."""
    long = (set(words(f"{name.given} {name.family}")) for name in (one, other))
    mine, theirs = ({word for word in said if len(word) > 1} for said in long)
    return not mine or not theirs or bool(mine & theirs)


def words(text: str) -> list[str]:
    """The words without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ß", "ss").replace("ı", "i").replace("ø", "o")
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _WORDS.findall(bare.replace("'", "").replace("’", ""))


def _parts(name: Name) -> tuple[str, str, str]:
    return name.given, name.infix, name.family


def _written(part: str) -> str:
    """Composed, with one blank between words, without signs that nobody sees."""
    seen = (sign for sign in unicodedata.normalize("NFC", part) if unicodedata.category(sign) != "Cf")
    return " ".join("".join(seen).split())


def _parted(family: str) -> tuple[str, str]:
    """The surname and its small words, wherever these stood: "van der Meer" or "Meer, van der"."""
    name, comma, behind = family.partition(",")
    if comma and _are_small(behind.split()):
        return name.strip(), behind.strip().lower()
    said = family.split()
    count = next((place for place, word in enumerate(said) if not _are_small([word])), len(said))
    if not count or count == len(said) or not said[0][0:2].strip("'’‘").islower():
        return family, ""
    return " ".join(said[count:]), " ".join(said[:count])


def _are_small(said: list[str]) -> bool:
    return bool(said) and all(word.lower().replace("’", "'").replace("‘", "'") in _SMALL for word in said)


def _fits(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or sign in _SIGNS or sign.isdecimal()


def _is_garbled(told: str) -> bool:
    """Whether UTF-8 was once read as Windows-1252: then it can be read back, and a name without accents cannot."""
    try:
        return told.encode("cp1252").decode("utf-8") != told
    except UnicodeError:
        return False
