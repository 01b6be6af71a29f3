"""The name shield: whoever is of this school is asked about, harmless words are left alone (C13)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from observations.names import Known, Person, Why, find, known

SHIELD = Path(__file__).parent / "shield"
# Of people.csv, by hand: names that are words too.
WORDS = set(
    re.findall(
        r"\w+",
        """
        roos mark wil bas iris linde merel storm door hope ton fleur max mees noor lies joke sam ans jasmijn bakker
        visser kok koning prins bloem klein vrolijk zomer winter vos wolf kamp berg meer groot wit jong boer graaf hart
        kuiper dekker timmer leeuwen
        """,
    )
)


class Line(NamedTuple):
    text: str
    names: list[tuple[int, int]]


def school() -> Known:
    with (SHIELD / "people.csv").open(encoding="utf-8") as rows:
        return known(Person(**row) for row in csv.DictReader(rows, delimiter=";"))


def lines(name: str) -> Iterator[Line]:
    for line in (SHIELD / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            places = [match.span() for match in re.finditer(r"\[[^]]*]", line)]
            yield Line(
                re.sub(r"[\[\]]", "", line),
                [(start - 2 * nth, end - 2 * nth - 2) for nth, (start, end) in enumerate(places)],
            )


def is_a_word(name: str) -> bool:
    words = [word for word in re.findall(r"\w+", name.lower()) if word not in {"de", "t"}]
    return len(words) == 1 and words[0] in WORDS


def people(*names: str) -> Known:
    """People written as "given|infix|family|nickname"; what is left out at the end is empty."""
    return known(Person(*name.split("|")) for name in names)


@pytest.mark.parametrize(("name", "count"), [("sentences.txt", 500), ("kept.txt", 200)])
def test_the_labelled_sentences(name: str, count: int) -> None:
    by_name = school()
    found: dict[bool, list[bool]] = {True: [], False: []}
    harmless, alarms = 0, []
    for line in lines(name):
        flags = find(line.text, by_name)
        for start, end in line.names:
            hit = any(flag.start < end and start < flag.end for flag in flags)
            found[is_a_word(line.text[start:end])].append(hit)
        harmless += not line.names
        alarms += [line.text] if flags and not line.names else []
    assert len(list(lines(name))) >= count - 20
    assert len(found[False]) > 50
    assert len(found[True]) > 20
    assert sum(found[False]) / len(found[False]) >= 0.98
    assert sum(found[True]) / len(found[True]) >= 0.85
    assert len(alarms) < harmless / 100, alarms


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("Lois, Loïs en Jose", ["Lois", "Loïs", "Jose"]),
        ("Zoe\u0308 vroeg", ["Zoe\u0308"]),
        ("Jo\u00adsé", ["Jo\u00adsé"]),
        *((f"Lo{sign}ïs zei", [f"Lo{sign}ïs"]) for sign in "\u200b\u200e\u202e\u2063\ufe0f\ufeff"),
        ("𝐒𝐚𝐚𝐫 en Ｓａａｒ", ["𝐒𝐚𝐚𝐫", "Ｓａａｒ"]),
        ("José's vraag, Loïs’ idee", ["José", "Loïs"]),
        ("anne-fleur, Anne Fleur, AnneFleur", ["anne-fleur", "Anne Fleur", "AnneFleur"]),
        ("Volgens Jan-Willems bron", ["Jan-Willems"]),
        ("van den berg, v.d. Berg, vd Berg, v/d Berg", ["van den berg", "v.d. Berg", "vd Berg", "v/d Berg"]),
        ("DAT ZEI VAN DEN BERG", ["VAN DEN BERG"]),
        ("J.W. van den Berg", ["J.W. van den Berg"]),
        ("Volgens KdW, K.d.W. en Kim W.", ["KdW", "K.d.W", "Kim W"]),
        ("Volgens LS lukt het", ["LS"]),
        ("mevr. de Wit", ["de Wit"]),
        ("Saars idee", ["Saars"]),
        ("juf Kim, juf kim", ["Kim", "kim"]),
        ("PJ en pj", ["PJ"]),
        ("Mail saar@school.example", ["saar"]),
        ("juf S. vroeg, volgens meester J", ["S", "J"]),
        ("juf A-groep, meester A’dam, groep S, de juf zei: S, juf Q.", []),
        ("zoë vroeg, zoe vroeg", ["zoë"]),
        ("mevrouw de wit, volgens de wit", ["de wit"]),
        ("_Saar_", ["Saar"]),
        ("de wit, De witte, LS", []),
        ("MAAR DIE BERG WERK BLEEF", []),
        ("Saartje, bewaar, zo'n berg werk, de berg-etappe", []),
        ("", []),
        ("\ud7ff \u200b ... 12", []),
    ],
)
def test_the_ways_to_write_a_name(text: str, flagged: list[str]) -> None:
    by_name = people(
        "Loïs||Smit", "José||García", "Zoë", "Anne-Fleur||Pol", "Jan-Willem|van den|Berg|PJ", "Saar||Kok", "Kim|de|Wit"
    )
    found = find(text, by_name)
    assert [flag.text for flag in found] == flagged
    assert all(text[flag.start : flag.end] == flag.text for flag in found)


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("Jan. Op 12 jan, in mei. Een roos. Wil jij dat? De beer sliep. Door te vragen.", []),
        ("Roos in het water. Roos, wil jij?", ["Roos"]),
        ("Roos vroeg door. Door vroeg te beginnen. Groot vroeg of het kon. Groot vroeg men.", ["Roos", "Groot"]),
        ("Kans: Wil jij dat? Sterk: Roos vroeg door.", ["Roos"]),
        ("Roos en Jan. Jan en alleman. Roos en doornen.", ["Roos", "Jan"]),
        ("Roos’ vraag. Jans idee. Bakkers idee.", ["Roos", "Jans"]),
        ("De juf wil dat. Mevrouw groot. Juf groot.", ["groot"]),
        ("Volgens roos kan het. Volgens wil, volgens de roos, volgens jan.", ["roos"]),
        ("School in Leiden. Volgens Leiden. Volgens Van Leiden.", ["Leiden", "Van Leiden"]),
        ("Dat zei Bo. De bo. Dé zei de.", ["Bo", "Dé"]),
        ("Het lukte o.a. Roos en dhr. Bakker.", ["Roos", "Bakker"]),
    ],
)
def test_a_name_that_is_a_word_needs_a_sign_of_a_person(text: str, flagged: list[str]) -> None:
    by_name = people("Jan||Mei", "Beer|de|Roos", "Roos||Bakker", "Wil||Groot", "Door|van|Leiden", "Bo||Li", "Dé")
    assert [flag.text for flag in find(text, by_name)] == flagged


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("Volgens Mareike", ["Mareike"]),
        ("Mariek vroeg, en Marieeke ook", ["Mariek", "Marieeke"]),
        ("Toen Hoeksta kwam", ["Hoeksta"]),
        ("Mariek", []),
        ("volgens mareike, Volgens Larieke, Volgens Mark", []),
        ("Volgens " + "A" * 10_000, []),
    ],
)
def test_one_letter_from_a_name(text: str, flagged: list[str]) -> None:
    found = find(text, people("Marieke||Hoekstra"))
    assert [(flag.text, flag.why) for flag in found] == [(text, Why.ALMOST) for text in flagged]


def test_it_tells_why() -> None:
    found = find("Saar en Roos, volgens Saat", people("Saar", "Roos"))
    assert [flag.why for flag in found] == [Why.NAME, Why.WORD]


def test_infixes_where_the_school_wrote_them_into_the_name() -> None:
    by_name = people("Els||De Boer", "Anna Maria||Vermeulen-de Smit")
    text = "Mevrouw De Boer, en Anna, De Smit en Vermeulen - De Smit. De boer uit het verhaal."
    assert [flag.text for flag in find(text, by_name)] == ["De Boer", "Anna", "De Smit", "Vermeulen - De Smit"]


def test_nobody_is_nobody() -> None:
    assert find("Els vroeg door.", people()) == []
    assert find("Els vroeg door.", people("", " |van|-")) == []


def test_names_of_others_are_no_concern() -> None:
    text = "Joris, Annie M.G. Schmidt en Meneer Aart. In Den Bosch en Zwolle, op Goede Vrijdag, met de Citotoets."
    assert find(text, school()) == []


def test_the_cards_own_words_name_nobody() -> None:
    texts = (Path(__file__).parents[2] / "cards" / "catalogue" / "nl.json").read_text(encoding="utf-8")
    assert len(texts) > 10_000
    assert find(texts, school()) == []
