"""De Wilg's year: four groups, one of which still has to begin."""

import datetime as dt

from samenspraak.demo.shapes import WILG, Aim, Asked, Promise, Round, Scanned, Tale, Visited, Wanted

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
                    point=(3, 2),
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
            said=("recognised", "surprised"),
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
    pulses=(Asked(0, "trust", {"els": "3344", "carla": "2233", "fatima": "3244", "ruud": "2243", "lotte": "1234"}),),
    scans=(
        Scanned(
            0,
            "",
            {
                "els": "2232 222 2322 3222- 1211- 2212",
                "carla": "2122 212 2222 2221- 12-11 2122",
                "fatima": "3222 323 3232 32221 2111- 2222",
                "ruud": "2121 211 2321 2112- 1111- 1112",
                "lotte": "2231 22- 2222 22221 1-11- 22-2",
            },
            shown=True,
        ),
        Scanned(
            4,
            "openness",
            {"els": "3222", "carla": "2123", "fatima": "2222", "ruud": "3132", "lotte": "2122"},
            (
                ("carla", 0, "Als we tijd hebben. Onder druk verdwijnt het als eerste."),
                ("ruud", 1, "We wachten niet. Er is altijd meteen iemand die antwoord geeft."),
                ("lotte", 1, "Eén keer: toen het over de boekenkast ging."),
                ("fatima", 3, "Vooral aan het eind, als het besluit al bijna vastligt."),
            ),
            shown=True,
        ),
        Scanned(
            7,
            "",
            {
                "els": "3332 333 3323 3222- 2212- 3323",
                "carla": "3223 223 3332 22321 1211- 3233",
                "fatima": "4333 333 3333 32322 2221- 3333",
                "ruud": "3332 322 3333 3223- 1211- 2332",
                "lotte": "3323 232 3333 2232- 2-21- 3333",
            },
            (
                ("els", 0, "Er vallen nu stiltes, en niemand vult ze meteen op."),
                ("ruud", 7, "We zeggen wat we zien. Wat we niet weten zeggen we nog niet."),
                ("lotte", 16, "We lezen weinig van buiten. We hebben elkaar al zo veel te vertellen."),
                ("carla", 21, "Ik vraag het nu gewoon. Eerst vond ik dat lastig."),
                ("fatima", 22, "Hulp vragen kost geen moed meer."),
            ),
        ),
    ),
    wants=(
        Wanted(
            12,
            "expert",
            "Wij zoeken iemand die een middag meeleest: hoe praten we met kinderen over een tekst die schuurt?",
            "De taalcoördinator van ons bestuur komt graag. Kies samen een middag, dan regel ik de vervanging.",
        ),
    ),
    unopened=(2,),
    shares=True,
    ask_about={
        "els": "boeken die kinderen niet meer wegleggen",
        "carla": "hoe je een gesprek over een tekst open houdt",
        "ruud": "lezen met kinderen die het spannend vinden",
    },
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
    in_series=True,
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
    scans=(
        Scanned(
            3,
            "analysing",
            {"": "2312"},
            (("", 0, "We zien de fout wel, en gaan dan meteen door."), ("", 2, "Alleen als er werk op tafel ligt.")),
        ),
    ),
    wants=(
        Wanted(
            3,
            "data",
            "Kunnen wij de tempotoetsen per opgave krijgen? Nu zien we alleen het totaal, en niet waar het stokt.",
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
    rotates=True,
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
