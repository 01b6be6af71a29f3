"""What the groups of the demo did this school year, as data: who, what about, what they agreed and how it went.

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
    """A goal, its agreements, what members wrote about it (meeting, who, step, note), and how it ended."""

    text: str
    promises: tuple[Promise, ...]
    notes: tuple[tuple[int, str, str, str], ...] = ()
    ended: str = ""


@dataclass(frozen=True)
class Round:
    """A focus period: from which meeting on, which aspect, why, and what the group wants."""

    starts_at_meeting: int
    aspect: str
    why: str
    aims: tuple[Aim, ...]


@dataclass(frozen=True)
class Visited:
    """A coach's visit to a past meeting: marks per aspect key, and pairs of strong point and improvement point."""

    meeting: int
    purpose: str
    own_words: str
    marks: dict[str, str]
    notes: dict[str, tuple[str, str]]
    pairs: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Tale:
    """One group and its year: meetings every so many weeks on a fixed weekday, told from the oldest on."""

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
    skipped: dict[int, str] | None = None
    unopened: tuple[int, ...] = ()
    shares: bool = False


READING = Tale(
    school=WILG,
    name="Begrijpend lezen",
    theme="Rijke teksten in groep 5 tot en met 8",
    kind="learning_team",
    present="We werken uit de methode. Iedereen kiest zelf welke teksten erbij komen.",
    desired="We lezen samen met de kinderen teksten die ertoe doen, en praten daar echt over.",
    chair="els",
    members=("carla", "fatima", "ruud", "lotte"),
    weekday=1,
    time=dt.time(15, 15),
    place="Teamkamer",
    held=8,
    rounds=(
        Round(
            0,
            "reflecting",
            "We doen veel uit gewoonte en vragen ons bijna nooit af wat het oplevert.",
            (
                Aim(
                    "We weten van elke leesles waarom we hem zo geven.",
                    (
                        Promise("We beginnen elk plan met de vraag: wat leren de kinderen hiervan?", "pkkk", "habit"),
                        Promise("Elke keer vertelt één van ons over een les die anders liep.", "nonp", "dropped"),
                    ),
                    (
                        (
                            1,
                            "fatima",
                            "on_the_way",
                            "Ik stopte met de vragen bij de tekst. Het gesprek werd beter.",
                        ),
                    ),
                    "reached",
                ),
            ),
        ),
        Round(
            4,
            "openness",
            "Bij ons besluiten de snelle praters. De rest haakt af.",
            (
                Aim(
                    "Iedereen komt aan het woord voordat we iets besluiten.",
                    (
                        Promise("We laten elkaar uitpraten en tellen dan in stilte tot drie.", "pkpk"),
                        Promise("Eerst een vraag, dan pas je eigen mening.", "npkp"),
                    ),
                    (
                        (5, "carla", "on_the_way", "Het tellen voelde eerst gek. Nu komen er meer stemmen bij."),
                        (
                            7,
                            "ruud",
                            "on_the_way",
                            "Bij het rooster vroegen we eerst door. Dat scheelde een half uur.",
                        ),
                    ),
                ),
                Aim(
                    "We zoeken de mening op die we nog niet gehoord hebben.",
                    (Promise("We vragen elke keer: wie ziet dit anders?", "okok"),),
                    ((6, "els", "not_yet", "We vragen het wel, maar te snel. Er is geen tijd om na te denken."),),
                ),
            ),
        ),
    ),
    visits=(
        Visited(
            3,
            "support",
            "Jullie werken aan reflecteren. Ik luister graag mee waar dat al lukt.",
            {
                "openness": "2323",
                "reflecting": "323",
                "analysing": "2122",
                "substantiating": "22--1",
                "feedback": "21-2",
            },
            {
                "reflecting": ("Er wordt gevraagd waarom de les zo in elkaar zit.", "De vraag blijft vaak liggen."),
                "openness": ("Er is aandacht voor elkaar.", "Een andere mening krijgt snel een tegenargument."),
            },
            (
                (
                    "reflecting",
                    "Jullie vroegen vier keer hardop waarom jullie iets zo doen.",
                    "openness",
                    "Geef een andere mening even de ruimte voordat er een antwoord komt.",
                ),
            ),
        ),
        Visited(
            6,
            "support",
            "Jullie kozen voor open staan. Ik kom luisteren hoe dat klinkt.",
            {
                "openness": "3333",
                "reflecting": "233",
                "analysing": "2212",
                "substantiating": "322-2",
                "feedback": "3233",
            },
            {
                "openness": ("Er wordt doorgevraagd, en er vallen stiltes.", "De uitnodiging komt soms laat."),
                "analysing": ("", "Er valt snel een oplossing."),
                "feedback": ("Hulp vragen gaat gewoon.", ""),
            },
            (
                (
                    "openness",
                    "Jullie vroegen door voordat iemand een oplossing noemde.",
                    "analysing",
                    "Zeg eerst hardop wat jullie al weten, en wat nog niet.",
                ),
                (
                    "feedback",
                    "Er werd twee keer om hulp gevraagd, en die kwam meteen.",
                    "openness",
                    "Vraag vóór het besluit wie er nog iets mist, niet erna.",
                ),
            ),
        ),
    ),
    unopened=(2,),
    shares=True,
)

MATHS = Tale(
    school=WILG,
    name="Rekenen",
    theme="Automatiseren: van trucje naar begrip",
    kind="subject_group",
    present="We oefenen veel rijtjes. In groep 6 zijn ze de sommen weer kwijt.",
    desired="We weten van elk kind waar het stokt, en kiezen daar de oefening bij.",
    chair="joris",
    members=("mirjam", "sander"),
    weekday=3,
    time=dt.time(15, 30),
    place="Lokaal groep 6",
    held=8,
    rounds=(
        Round(
            0,
            "substantiating",
            "We kopen materiaal omdat het mooi is. Een half jaar later ligt het in de kast.",
            (
                Aim(
                    "We kiezen pas materiaal als we weten waarvoor.",
                    (Promise("We schrijven op wat we ervan verwachten voordat we de doos openen.", "kkk", "habit"),),
                    ((2, "joris", "reached", "Drie spullen niet gekocht, één wel. En dat ene wordt gebruikt."),),
                    "reached",
                ),
            ),
        ),
        Round(
            3,
            "analysing",
            "We springen van de toets meteen naar extra oefenen.",
            (
                Aim(
                    "We zoeken eerst uit waar het stokt.",
                    (
                        Promise("We zeggen erbij of we iets weten of denken.", "pkkpk"),
                        Promise("Bij elke toets kijken we samen naar het werk van drie kinderen.", "kopkk"),
                    ),
                    (
                        (
                            4,
                            "mirjam",
                            "on_the_way",
                            "Drie kladblaadjes bekeken. Ze rekenen terug in plaats van door.",
                        ),
                        (6, "sander", "on_the_way", ""),
                    ),
                ),
                Aim(
                    "We praten over de kinderen, niet over het gemiddelde.",
                    (Promise("We noemen altijd een kind als voorbeeld, zonder de naam.", "nnn", "dropped"),),
                    ((5, "joris", "not_yet", "Voorbeelden zonder naam werken niet. Iedereen weet toch wie het is."),),
                    "dropped",
                ),
            ),
        ),
    ),
    visits=(
        Visited(
            5,
            "fresh_eyes",
            "",
            {
                "openness": "2232",
                "reflecting": "222",
                "analysing": "3323",
                "substantiating": "3222-",
                "feedback": "2-12",
            },
            {"analysing": ("Er ligt echt werk van kinderen op tafel.", "Het gesprek gaat snel naar de methode.")},
            (
                (
                    "analysing",
                    "Jullie hadden het werk van de kinderen voor je en vroegen daarop door.",
                    "reflecting",
                    "Sta er eens bij stil waarom jullie de toets nu afnemen.",
                ),
            ),
        ),
    ),
    skipped={6: "De brandoefening duurde langer dan gepland."},
    unopened=(1, 6),
)

YOUNG = Tale(
    school=WILG,
    name="Jonge kind",
    theme="Spelend leren in groep 1 en 2",
    kind="working_group",
    present="We maken hoeken klaar en hopen dat het goed komt.",
    desired="We spelen zelf mee en zien wat een kind wil leren.",
    chair="noor",
    members=("tineke", "els"),
    weekday=0,
    time=dt.time(15, 0),
    place="Speellokaal",
    held=7,
    rounds=(
        Round(
            1,
            "feedback",
            "We kijken nooit bij elkaar binnen, en dat is zonde.",
            (
                Aim(
                    "We vragen elkaar om te komen kijken.",
                    (
                        Promise("Elke maand kijkt iemand een kwartier mee in de hoek.", "kpkokk"),
                        Promise("Wie om feedback vraagt, zegt erbij waarop we moeten letten.", "ppkkkk"),
                    ),
                    (
                        (
                            3,
                            "tineke",
                            "on_the_way",
                            "Er keek iemand mee in de bouwhoek. Eén vraag en ik zag het ook.",
                        ),
                        (6, "noor", "reached", "Alle drie een keer binnen geweest bij een ander."),
                    ),
                ),
            ),
        ),
    ),
    shares=True,
)

HOME = Tale(
    school=WILG,
    name="Thuis en school",
    theme="Ouders als partner bij lezen",
    kind="working_group",
    present="",
    desired="",
    chair="fatima",
    members=("sander", "carla"),
    weekday=2,
    time=dt.time(14, 45),
    place="Bibliotheek",
    held=0,
)

SPELLING = Tale(
    school=BEUK,
    name="Spelling",
    theme="Een nieuwe aanpak voor spelling kiezen",
    kind="project_group",
    present="Elk dictee een cijfer. De fouten komen de week erna gewoon terug.",
    desired="Kinderen denken na over woorden en letten ook bij het schrijven op hun spelling.",
    chair="daan",
    members=("youssef", "hanneke", "wim"),
    weekday=1,
    time=dt.time(15, 45),
    place="Kamer boven",
    held=8,
    rounds=(
        Round(
            0,
            "outside-knowledge",
            "We vinden er allemaal wat van, maar niemand heeft het gelezen.",
            (
                Aim(
                    "We kiezen op grond van meer dan onze eigen ervaring.",
                    (
                        Promise("Om de beurt neemt iemand een artikel mee van één bladzijde.", "kkpk", "habit"),
                        Promise("We bellen een school die al een jaar verder is.", "nnok", "dropped"),
                    ),
                    ((3, "hanneke", "reached", "Obs De Meent gebeld. Bij hen duurde het een jaar voor het liep."),),
                    "reached",
                ),
            ),
        ),
        Round(
            4,
            "substantiating",
            "De keuze moet over drie jaar nog kloppen.",
            (
                Aim(
                    "We weten straks nog waarom we hiervoor kozen.",
                    (
                        Promise("We spreken eerst af waar we op letten, en vergelijken dan pas.", "kkpk"),
                        Promise("Bij elk plan zoekt iemand de minnen op.", "pkkn"),
                    ),
                    ((6, "daan", "on_the_way", "De lijst met eisen staat. Wat kinderen ervan leren telt dubbel."),),
                ),
            ),
        ),
    ),
    visits=(
        Visited(
            4,
            "support",
            "Jullie staan voor een grote keuze. Ik luister graag hoe jullie die onderbouwen.",
            {"openness": "3232", "reflecting": "22-", "substantiating": "33223", "outside-knowledge": "32311"},
            {"substantiating": ("De eisen komen eerst.", "Eén aanpak krijgt veel meer tijd dan de andere.")},
            (
                (
                    "substantiating",
                    "Jullie noemden bij elk idee ook wat ertegen pleit.",
                    "openness",
                    "Vraag ook door bij een idee dat niet het jouwe is.",
                ),
            ),
        ),
    ),
)

WORLD = Tale(
    school=BEUK,
    name="Wereldoriëntatie",
    theme="Minder hoofdstukken, meer vragen van kinderen",
    kind="plc",
    present="We krijgen het boek niet uit en de kinderen onthouden weinig.",
    desired="Elke periode staat er één vraag centraal waar kinderen zelf mee aan de slag gaan.",
    chair="saskia",
    members=("marjan", "wim"),
    weekday=3,
    time=dt.time(15, 15),
    place="Handvaardigheidslokaal",
    held=6,
    every_weeks=4,
    rounds=(
        Round(
            0,
            "reflecting",
            "Het boek bepaalt wat we doen. Dat willen we omdraaien.",
            (
                Aim(
                    "We kijken na elk thema terug voordat we verdergaan.",
                    (Promise("Na een thema vragen we vijf kinderen wat ze nog weten.", "okkpkk"),),
                    ((4, "marjan", "on_the_way", "Ze wisten vooral nog wat ze zelf hadden gemaakt."),),
                ),
            ),
        ),
    ),
    shares=True,
)

ELSEWHERE = Tale(
    school=EIK,
    name="Taal",
    theme="Woordenschat in alle vakken",
    kind="working_group",
    present="",
    desired="",
    chair="irma",
    members=("pieter",),
    weekday=1,
    time=dt.time(15, 0),
    place="Lokaal 3",
    held=3,
    rounds=(
        Round(
            1,
            "openness",
            "We kennen elkaars lessen niet.",
            (Aim("We horen hoe het bij de ander gaat.", (Promise("We beginnen met een rondje.", "kk"),)),),
        ),
    ),
)

TALES = (READING, MATHS, YOUNG, HOME, SPELLING, WORLD, ELSEWHERE)
