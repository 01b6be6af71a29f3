"""A small national list with the quirks of the real one."""

from __future__ import annotations

from collections.abc import Iterable

HEADER = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;"
    "HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;"
    "INTERNETADRES;STRAATNAAM CORRESPONDENTIEADRES;HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES;"
    "POSTCODE CORRESPONDENTIEADRES;PLAATSNAAM CORRESPONDENTIEADRES;NODAAL GEBIED CODE;NODAAL GEBIED NAAM;"
    "RPA-GEBIED CODE;RPA-GEBIED NAAM;WGR-GEBIED CODE;WGR-GEBIED NAAM;COROPGEBIED CODE;COROPGEBIED NAAM;"
    "ONDERWIJSGEBIED CODE;ONDERWIJSGEBIED NAAM;RMC-REGIO CODE;RMC-REGIO NAAM;VAKANTIEREGIO"
)


def row(
    code: str = "01AA00",
    name: str = "De Regenboog",
    place: str = "IJSSELSTEIN UT",
    region: str = "Midden",
    board: object = 10001,
) -> str:
    """One location; what nobody reads is blank, which is one space on the list."""
    cells = dict.fromkeys(HEADER.split(";"), " ")
    cells |= {"PROVINCIE": "Fryslân", "INSTELLINGSCODE": code[:4], "BEVOEGD GEZAG NUMMER": str(board)}
    cells |= {"VESTIGINGSCODE": code, "VESTIGINGSNAAM": name, "PLAATSNAAM": place, "VAKANTIEREGIO": region}
    return ";".join(cells.values())


def rows(number: int, *, board: int = 10001) -> list[str]:
    """So many locations with names of their own."""
    return [row(f"{n:04}00", f"School {n}", "'S-GRAVENHAGE", board=board) for n in range(number)]


def file(lines: Iterable[str], *, encoding: str = "cp1252", header: str = HEADER) -> bytes:
    """The list as a file, with CRLF at every line's end."""
    return "".join(f"{line}\r\n" for line in (header, *lines)).encode(encoding)
