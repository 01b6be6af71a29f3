"""The papers of a school and a board: what they state is what the product does, and they fit on their sheets."""

from __future__ import annotations

import ast
import re
from html import unescape
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.utils import translation

from samenspraak import council, who_sees
from samenspraak.papers import PAPERS, facts, risks
from samenspraak.who_sees.things import Thing
from schools import retention
from schools.models import School
from tests import factories, parts, promises
from tests.conftest import TestCast

SCHOOL = "/s/de-wilg/papers/"
TOLD = [thing for thing in who_sees.THINGS if thing.is_told]


def words_of(page: str) -> str:
    """What people read of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("who", ["anna", "frank", "gerda"])
def test_it_works(cast: TestCast, as_: Any, who: str) -> None:
    browser = as_(cast.people[who])
    listed = browser.get(SCHOOL).text
    for key, paper in PAPERS.items():
        assert f'href="{SCHOOL}{key}/"' in listed
        page = browser.get(f"{SCHOOL}{key}/").text
        assert f"<h1>{paper.title}</h1>" in page
        assert "De Wilg" in words_of(page)
        assert "Stichting De Waterkant" in words_of(page)


def test_a_board_has_them_for_all_its_schools(cast: TestCast, as_: Any) -> None:
    board = f"/b/{cast.schools['de-wilg'].board.number}/"
    gerda = as_(cast.gerda)
    assert f'href="{board}papers/"' in gerda.get(board).text
    for key in PAPERS:
        assert f'href="{board}papers/{key}/"' in gerda.get(f"{board}papers/").text
        assert "Stichting De Waterkant" in gerda.get(f"{board}papers/{key}/").text


@pytest.mark.parametrize("who", ["carla", "bram", "daan", "irma", "hugo"])
def test_next_door_sees_nothing(cast: TestCast, as_: Any, who: str) -> None:
    for page in ("", "dpia/", "dpia.pdf"):
        assert as_(cast.people[who]).get(SCHOOL + page).status_code == 404


def test_there_are_no_others(cast: TestCast, as_: Any) -> None:
    for page in ("grondwet/", "grondwet.pdf"):
        assert as_(cast.anna).get(SCHOOL + page).status_code == 404


def test_a_day_of_the_council_stands_there_and_else_a_line_to_write_on(cast: TestCast, as_: Any) -> None:
    def head() -> str:
        return str(as_(cast.anna).get(f"{SCHOOL}arrangement/").text).partition("<dl")[2].partition("</dl>")[0]

    School.objects.update(consented_on="2026-09-03")
    assert "3 september 2026" in head()
    School.objects.update(consented_on=None)
    assert '<dd class="write"></dd>' in head()


@pytest.mark.parametrize("key", ["", *PAPERS])
@pytest.mark.parametrize("groups", [1, 3])
def test_a_paper_asks_nothing_of_the_database(
    cast: TestCast, as_: Any, key: str, groups: int, django_assert_num_queries: Any
) -> None:
    """But who is asking: no group and no number of a school is in it."""
    for number in range(groups):
        factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.joris)
    browser = as_(cast.anna)
    with django_assert_num_queries(QUERIES):
        browser.get(f"{SCHOOL}{key}/".replace("//", "/"))


QUERIES = 7


@pytest.mark.parametrize("key", ["dpia", "annex"])
def test_each_thing_stands_there_with_its_readers_and_its_time(cast: TestCast, as_: Any, key: str) -> None:
    page = words_of(as_(cast.anna).get(f"{SCHOOL}{key}/").text)
    with translation.override("nl"):
        for thing in TOLD:
            row = f"{str(thing.name)[1:]} {thing.reads.words} {thing.changes.words} {thing.kept}"
            assert row in page, thing.key
        for kind in retention.classes():
            assert f"{str(kind.what)[1:]} {kind.kept}" in page, kind.key


def _readers(thing: Thing) -> frozenset[str]:
    """The marks of the readers by whom the arrangement names a thing."""
    marks = {mark for _name, mark, _beside in facts._READERS}
    return thing.reads.callers & marks


def test_the_arrangement_names_each_thing_under_each_of_its_readers() -> None:
    """What everybody at the school reads is not said again of a leader; of all others each line is whole."""
    rows = dict(zip([mark for _name, mark, _beside in facts._READERS], facts.by_reader(), strict=False))
    for thing in TOLD:
        for mark in _readers(thing):
            beside = {one for _name, own, known in facts._READERS if own == mark for one in known.split()}
            named = str(thing.name) in str(rows[mark][1]).split("; ")
            assert named is not bool(beside & thing.reads.callers), (thing.key, mark)


def test_what_nobody_may_read_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who_sees, "THINGS", ())
    with translation.override("nl"):
        assert {str(names) for _reader, names in facts.by_reader()} == {"niets van wat op een school geschreven wordt"}


def test_the_papers_tell_the_products_own_numbers(cast: TestCast, as_: Any, monkeypatch: Any) -> None:
    """Other limits make other papers: none is typed."""
    odd = council.Figures(*range(1001, 1001 + len(council.Figures.__dataclass_fields__)))
    browser = as_(cast.anna)
    monkeypatch.setattr(council, "Figures", lambda: odd)
    page = browser.get(f"{SCHOOL}dpia/").text + browser.get(f"{SCHOOL}arrangement/").text
    told = ("enough", "enough_for_spread", "lowest", "highest", "seldom", "often", "schools")
    assert [name for name in told if str(getattr(odd, name)) not in page] == []


def test_each_risk_names_tests_that_are_there() -> None:
    assert len({risk.key for risk in risks.RISKS}) == len(risks.RISKS)
    for risk in risks.RISKS:
        assert risk.tried_by
        for tried in risk.tried_by:
            path, _mark, name = tried.partition("::")
            tree = ast.parse((parts.ROOT / path).read_text(encoding="utf-8"))
            defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert name in defined if name else defined, tried


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_arrangement_is_one_sheet(cast: TestCast, as_: Any, language: str) -> None:
    School.objects.filter(slug="de-wilg").update(name="Openbare basisschool De Wilg aan de Oude Rivierdijk")
    browser = as_(cast.anna)
    browser.cookies["language"] = language
    answer = browser.get(f"{SCHOOL}arrangement.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    made = pypdf.PdfReader(BytesIO(answer.content))
    [sheet] = made.pages
    with translation.override(language):
        title = str(PAPERS["arrangement"].title)
        last = str(PAPERS["arrangement"].sections[-1].blocks[-1].labels[-1])  # type: ignore[union-attr]
    assert made.metadata
    assert made.metadata.title == title
    assert last in " ".join(sheet.extract_text().split())


def test_without_what_prints_the_page_is_there(cast: TestCast, as_: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("schools.press.has", lambda _kind: False)
    browser = as_(cast.anna)
    page = browser.get(f"{SCHOOL}dpia/")
    assert "dpia.pdf" not in page.text
    assert "data-print" in page.text
    assert browser.get(f"{SCHOOL}dpia.pdf")["Location"] == f"{SCHOOL}dpia/"


def test_the_page_of_promises_is_up_to_date() -> None:
    with translation.override("en"):
        assert promises.WRITTEN.read_text(encoding="utf-8") == promises.page(), "Run: python -m tests.promises"
