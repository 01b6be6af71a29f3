"""De Beuk's year, and a little of De Eik's, which belongs to another board."""

import datetime as dt

from samenspraak.demo.shapes import BEUK, EIK, Aim, Asked, Promise, Round, Scanned, Tale, Visited

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
    pulses=(Asked(None, "aims", {"youssef": "322", "wim": "233"}),),
    scans=(Scanned(None, "substantiating", {"youssef": "32233", "wim": "22332"}),),
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
