"""A profile to take along: the same for the same people as on the page, to the digit, and nothing more."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pypdf
import pytest

from observations import actions
from observations.models import Remark, SelfScan
from schools import press
from tests import factories
from tests.conftest import TestCast
from tests.observations import files, rounds, steps
from tests.observations.test_profile import several

KINDS = ("csv", "xlsx", "pdf")
MANNER = "Kanarie in de kolenmijn"


@pytest.fixture
def told(cast: TestCast, clock: Any) -> TestCast:
    """A visit, a round that all answered together, and a sealed one about one card, with remarks."""
    people = rounds.colleagues(cast, 5)
    together = rounds.opened(cast, None, way="together", closes_at=None)
    rounds.answer(together, cast.carla, 3, 2, 4, None, manner=MANNER)
    visit = steps.shared(cast)
    later = steps.after(visit.meeting, days=2)
    clock(later)
    sealed = rounds.opened(cast, "openness", now=later)
    for person, degrees in zip(people, [(3, 4), (2, 4), (4, 1), (4, 4), (3, 2)], strict=True):
        rounds.answer(sealed, person, *degrees, manner=MANNER, now=later)
    actions.reveal_scan(scan=sealed, by=cast.hat("els"), now=later)
    assert Remark.objects.exists()
    return cast


def page(cast: TestCast, name: str = "profile/") -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/{name}"


def share(cast: TestCast) -> None:
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)


@pytest.mark.pdf
def test_page_api_and_files_say_the_same_to_the_digit(told: TestCast, as_: Any, api: Any, clock: Any) -> None:
    """One profile, read five ways: each figure, each gap, each word that was given."""
    browser = as_(told.carla)
    found = {kind: browser.get(page(told, f"profile.{kind}")).content for kind in KINDS}
    shown = browser.get(page(told)).text
    rest = api(told.carla).get(f"schools/de-wilg/groups/{told.reading.pk}/profile/").body

    figures = files.figures_of_csv(found["csv"])
    assert len(figures) == 3 * 6
    assert len({figure for figure in figures.values() if figure}) >= 3
    assert "" in figures.values()
    assert files.figures_of_xlsx(found["xlsx"]) == figures
    assert files.figures_of_api(rest) == figures
    assert figures_told(files.words_of_page(shown)) == figures
    assert figures_told(files.text_of_pdf(found["pdf"])) == figures

    for text in (steps.PAIR.strong, steps.PAIR.improvement):
        assert text in shown
        assert text in str(rest)
        assert text in files.text_of_pdf(found["pdf"])
        for rows in (files.table_of_csv(found["csv"]), files.table_of_xlsx(found["xlsx"])):
            assert [row["Wanneer"] for row in rows if row["Tekst"] == text]


_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ROW = re.compile(r"(\d+) (\w+) (\d{4}) (jullie zelf|de coach), (?:\d+ \w+|samen) ((?:(?:\d,\d|–) ?){6})")


def figures_told(words: str) -> files.Figures:
    """What a table tells of each day and mirror, card by card, whether on a page or on paper."""
    found: files.Figures = {}
    for day, month, year, whose, told in _ROW.findall(re.sub("geen gelegenheid|geen beeld", "–", words)):
        when = dt.date(int(year), _MONTHS.index(month[:3]) + 1, int(day))
        mirror = files.OWN if whose == "jullie zelf" else files.COACH
        for card, figure in enumerate(told.split(), start=1):
            found[when, mirror, card] = figure.replace("–", "")
    return found


@pytest.mark.pdf
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_file_that_nothing_keeps(told: TestCast, as_: Any, kind: str) -> None:
    answer = as_(told.carla).get(page(told, f"profile.{kind}"))
    day = factories.TODAY.year
    assert answer.status_code == 200
    assert re.fullmatch(
        rf'attachment; filename="dialoogprofiel-{day}-\d\d-\d\d\.{kind}"', answer["Content-Disposition"]
    )
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer["Content-Type"].startswith("text/html")


@pytest.mark.pdf
@pytest.mark.parametrize("who", ["frank", "joris", "daan", "gerda", "hugo", "irma", "anna"])
def test_it_needs_a_seat(told: TestCast, as_: Any, who: str) -> None:
    """Anna leads the school, and the group does not share."""
    browser = as_(told.people[who])
    for kind in KINDS:
        assert browser.get(page(told, f"profile.{kind}")).status_code == 404


@pytest.mark.pdf
def test_a_guest_takes_the_coachs_mirror_alone(told: TestCast, as_: Any) -> None:
    browser = as_(told.bram)
    rows = files.table_of_csv(browser.get(page(told, "profile.csv")).content)
    assert {row["Welke spiegel"] for row in rows} == {files.COACH}
    assert len([row for row in rows if row["Wat"] == "hoe vaak gehoord"]) == 6
    assert files.table_of_xlsx(browser.get(page(told, "profile.xlsx")).content)[0]["Welke spiegel"] == files.COACH
    text = files.text_of_pdf(browser.get(page(told, "profile.pdf")).content)
    assert "jullie zelf" not in text
    assert "Die spiegel blijft in de groep" in text


@pytest.mark.pdf
def test_remarks_are_in_no_file(told: TestCast, as_: Any) -> None:
    for who in ("carla", "els", "bram"):
        browser = as_(told.people[who])
        for kind, read in (("csv", files.table_of_csv), ("xlsx", files.table_of_xlsx), ("pdf", files.text_of_pdf)):
            told_by_file = str(read(browser.get(page(told, f"profile.{kind}")).content))
            assert "Kanarie" not in told_by_file
            assert steps.NOTES["openness"][0] not in told_by_file


def test_leader_takes_only_what_is_shared(told: TestCast, as_: Any) -> None:
    share(told)
    browser = as_(told.anna)
    rows = files.table_of_csv(browser.get(page(told, "profile.csv")).content)
    assert list(rows[0]) == ["Wanneer", "Welke spiegel", "Kaart", "Aspect", "Wat", "In woorden", "Tekst"]
    heard = [row["In woorden"] for row in rows if row["Wat"] == "hoe vaak gehoord"]
    assert heard == ["vaak", *["geen gelegenheid"] * 4, "zelden"]
    assert {row["Welke spiegel"] for row in rows} == {files.COACH}
    assert not re.search(r"\d[.,]\d", str(rows))
    assert [row["Tekst"] for row in rows if row["Tekst"]] == [steps.PAIR.strong, steps.PAIR.improvement]
    wide = files.table_of_xlsx(browser.get(page(told, "profile.xlsx")).content)
    assert [row["In woorden"] for row in wide] == [row["In woorden"] or None for row in rows]
    assert browser.get(page(told, "profile.pdf")).status_code == 404


def test_leader_takes_the_month_of_an_own_round_and_nothing_nearer(told: TestCast, as_: Any) -> None:
    scan = SelfScan.objects.get(aspect__key="openness")
    actions.decide_sharing(group=told.reading, shares=True, scan=scan, by=told.hat("els"), now=factories.NOW)
    browser = as_(told.anna)
    for kind, read in (("csv", files.table_of_csv), ("xlsx", files.table_of_xlsx)):
        own = [
            row for row in read(browser.get(page(told, f"profile.{kind}")).content) if row["Welke spiegel"] == files.OWN
        ]
        assert {row["Wanneer"] for row in own} == {"december 2026"}
        assert len(own) == 6


def test_the_page_leads_to_what_its_reader_may_take(told: TestCast, as_: Any) -> None:
    share(told)
    for who, kinds in (("carla", KINDS), ("bram", KINDS), ("anna", KINDS[:2])):
        shown = as_(told.people[who]).get(page(told)).text
        assert [kind for kind in KINDS if f'href="{page(told, "profile")}.{kind}"' in shown] == list(kinds)
    preview = as_(told.carla).get(page(told) + "?as=leader").text
    assert "profile.csv" not in preview


def test_it_is_of_the_years_that_the_page_shows(told: TestCast, as_: Any) -> None:
    """An earlier round, of the school year before, is there where somebody asks for all of them."""
    browser = as_(told.carla)
    early = rounds.opened(told, None, way="together", closes_at=None, now=factories.NOW - dt.timedelta(days=500))
    rounds.answer(early, told.carla, 2, now=factories.NOW - dt.timedelta(days=500))
    new, whole = (
        files.figures_of_csv(browser.get(page(told, f"profile.csv{year}")).content) for year in ("", "?year=all")
    )
    assert len(whole) == len(new) + 6
    assert f'href="{page(told, "profile.csv")}?year=all"' in browser.get(page(told) + "?year=all").text


def test_what_is_taken_back_can_be_taken_no_more(told: TestCast, as_: Any) -> None:
    share(told)
    assert as_(told.anna).get(page(told, "profile.csv")).status_code == 200
    actions.decide_sharing(group=told.reading, shares=False, by=told.hat("carla"), now=factories.NOW)
    assert as_(told.anna).get(page(told, "profile.csv")).status_code == 404


def test_what_people_wrote_is_no_formula(cast: TestCast, as_: Any, clock: Any) -> None:
    pair = actions.Pair("openness", '=HYPERLINK("https://kwaad.example";"Klik")', "analysing", "@SUM(1;1)")
    visit = steps.shared(cast, pairs=[pair])
    clock(steps.after(visit.meeting, hours=2))
    browser = as_(cast.carla)
    rows = files.table_of_csv(browser.get(page(cast, "profile.csv")).content)
    assert [row["Tekst"] for row in rows if row["Tekst"]] == [f"'{pair.strong}", f"'{pair.improvement}"]
    wide = files.table_of_xlsx(browser.get(page(cast, "profile.xlsx")).content)
    assert [row["Tekst"] for row in wide if row["Tekst"]] == [pair.strong, pair.improvement]


@pytest.mark.pdf
def test_what_people_wrote_is_text_on_paper(cast: TestCast, as_: Any, clock: Any) -> None:
    pair = actions.Pair("openness", "<b>Šárka</b> & <img src=x>", "analysing", "{{ 7|add:7 }} </style><svg>")
    visit = steps.shared(cast, pairs=[pair])
    clock(steps.after(visit.meeting, hours=2))
    text = files.text_of_pdf(as_(cast.carla).get(page(cast, "profile.pdf")).content)
    assert pair.strong in text
    assert pair.improvement in text


@pytest.mark.pdf
def test_paper_can_be_heard(told: TestCast, as_: Any) -> None:
    """Its language and title are known, and each picture has words."""
    made = pypdf.PdfReader(io.BytesIO(as_(told.carla).get(page(told, "profile.pdf")).content))
    root: Any = made.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert made.metadata is not None
    assert made.metadata.title == "Dialoogprofiel, Begrijpend lezen"
    tags = [element for element in files.tagged(root["/StructTreeRoot"]) if "/S" in element]
    pictures = [element for element in tags if element["/S"] == "/Figure"]
    assert len(pictures) >= 1 + 3 + 6 * 2
    assert all(str(picture.get("/Alt", "")).strip() for picture in pictures)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= {str(element["/S"]) for element in tags}


@pytest.mark.pdf
def test_an_empty_profile_is_a_file_too(cast: TestCast, as_: Any) -> None:
    browser = as_(cast.carla)
    assert files.table_of_csv(browser.get(page(cast, "profile.csv")).content) == []
    assert files.table_of_xlsx(browser.get(page(cast, "profile.xlsx")).content) == []
    assert "Nog geen beeld van jullie gesprek" in files.text_of_pdf(browser.get(page(cast, "profile.pdf")).content)


@pytest.mark.pdf
def test_in_english_too(told: TestCast, as_: Any) -> None:
    told.carla.language = "en"
    told.carla.save()
    browser = as_(told.carla)
    answer = browser.get(page(told, "profile.csv"))
    assert 'filename="dialogue-profile-' in answer["Content-Disposition"]
    assert {"3,5"} <= {row["Degree (1 to 4)"] for row in files.table_of_csv(answer.content)}
    text = files.text_of_pdf(browser.get(page(told, "profile.pdf")).content)
    assert "Your dialogue profile" in text
    assert "3.5" in text


def test_where_no_pdf_can_be_made_the_page_says_so(told: TestCast, as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(press.NEEDS, "pdf", "no_such_library")
    browser = as_(told.carla)
    assert "profile.pdf" not in browser.get(page(told)).text
    answer = browser.get(page(told, "profile.pdf"))
    assert (answer.status_code, answer["Location"]) == (302, page(told))
    assert "Print de pagina" in browser.get(page(told)).text


@pytest.mark.parametrize("count", [1, 3])
def test_visits_cost_no_queries(
    cast: TestCast, as_: Any, clock: Any, django_assert_num_queries: Any, count: int
) -> None:
    several(cast, count)
    browser = as_(cast.carla)
    with django_assert_num_queries(QUERIES):
        rows = files.table_of_csv(browser.get(page(cast, "profile.csv")).content)
    assert len([row for row in rows if row["Wat"] == "hoe vaak gehoord"]) == 6 * count


QUERIES = 19
