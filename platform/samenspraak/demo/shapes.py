"""The shape of a tale: what a group did in a school year, who took part, what they agreed and how it went.

All people are made up. A letter per meeting tells how an agreement went: k kept, p partly, n not, o no occasion.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from samenspraak.demo.cast import Person
from schools.roles import Role

WILG, BEUK, EIK = "de-wilg", "de-beuk", "de-eik"


def _teacher(given_name: str, infix: str, family_name: str, school: str, role: Role = Role.TEACHER) -> Person:
    address = f"{given_name.lower()}@{school.replace('-', '')}.example"
    return Person(given_name, infix, family_name, address, ((school, role),))


EXTRAS = {
    "fatima": _teacher("Fatima", "", "Yilmaz", WILG),
    "ruud": _teacher("Ruud", "", "Jacobs", WILG),
    "lotte": _teacher("Lotte", "van den", "Heuvel", WILG),
    "mirjam": _teacher("Mirjam", "", "Postma", WILG),
    "sander": _teacher("Sander", "", "Willems", WILG),
    "noor": _teacher("Noor", "", "Peters", WILG),
    "tineke": _teacher("Tineke", "ter", "Horst", WILG),
    "youssef": _teacher("Youssef", "", "Amrani", BEUK),
    "hanneke": _teacher("Hanneke", "", "Vos", BEUK),
    "wim": _teacher("Wim", "de", "Groot", BEUK),
    "saskia": _teacher("Saskia", "", "Kuipers", BEUK),
    "marjan": _teacher("Marjan", "", "Bakker", BEUK),
    "pieter": _teacher("Pieter", "", "Veenstra", EIK),
    "karin": _teacher("Karin", "", "Scholten", BEUK, Role.LEADER),
    "leo": _teacher("Leo", "van", "Loon", EIK, Role.LEADER),
}
LEADERS = {WILG: "anna", BEUK: "karin", EIK: "leo"}


@dataclass(frozen=True)
class Promise:
    """An agreement and how it went: one letter per meeting since it was made; how it ended, if it did."""

    text: str
    went: str
    ended: str = ""


@dataclass(frozen=True)
class Aim:
    """A goal, its agreements, what members wrote about it (meeting, who, step, note), and how it ended.

    ``point`` is the point of a visitor that it came from: the meeting of the visit, and the place of the point.
    """

    text: str
    promises: tuple[Promise, ...]
    notes: tuple[tuple[int, str, str, str], ...] = ()
    ended: str = ""
    point: tuple[int, int] | None = None


@dataclass(frozen=True)
class Round:
    """A focus period: from which meeting on, which aspect, why, and what the group wants."""

    starts_at_meeting: int
    aspect: str
    why: str
    aims: tuple[Aim, ...]


@dataclass(frozen=True)
class Visited:
    """A coach's visit to a past meeting: marks per aspect key, and pairs of strong point and improvement point.

    ``said`` is what the group answered to each point when it began its next focus period; empty where it still has to.
    """

    meeting: int
    purpose: str
    own_words: str
    marks: dict[str, str]
    notes: dict[str, tuple[str, str]]
    pairs: tuple[tuple[str, str, str, str], ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scanned:
    """A self-scan at a past meeting (None: open now), of one aspect or all six ("").

    ``answers`` maps a member onto a degree (or "-": cannot say) per behaviour; "" is one voice for all.
    ``manners`` are written with the behaviour of that place in the round. ``shown``: the leader reads it, in words.
    """

    meeting: int | None
    aspect: str
    answers: dict[str, str]
    manners: tuple[tuple[str, int, str], ...] = ()
    shown: bool = False


@dataclass(frozen=True)
class Asked:
    """A pulse at the start of a past meeting (None: open now); ``answers`` maps a member onto a degree per sentence."""

    meeting: int | None
    kind: str
    answers: dict[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a group asked its school for so many days ago, and what the leader answered; empty while nobody did."""

    days_ago: int
    kind: str
    text: str
    answer: str = ""


@dataclass(frozen=True)
class Tale:
    """One group and its year: meetings every so many weeks on a fixed weekday, told from the oldest on.

    What is ahead was planned one by one, or, in a group ``in_series``, every two weeks in one go.
    """

    school: str
    name: str
    theme: str
    kind: str
    present: str
    desired: str
    chair: str
    members: tuple[str, ...]
    weekday: int
    time: dt.time
    place: str
    held: int
    every_weeks: int = 3
    rounds: tuple[Round, ...] = ()
    visits: tuple[Visited, ...] = ()
    scans: tuple[Scanned, ...] = ()
    pulses: tuple[Asked, ...] = ()
    wants: tuple[Wanted, ...] = ()
    skipped: dict[int, str] | None = None
    unopened: tuple[int, ...] = ()
    shares: bool = False
    ask_about: dict[str, str] | None = None
    rotates: bool = False
    in_series: bool = False
