"""Notes, pairs and sharing: for the visitor alone until it is shared (C8-C13)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from observations import actions, queries
from observations.models import Observation
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps

pytestmark = pytest.mark.usefixtures("clock")

SECRET = "Dit leest alleen Bram"
PAGES = ["notes/", "feedback/", "share/"]


def page(observation: Observation, name: str) -> str:
    return f"/s/de-wilg/visits/{observation.visit_id}/{name}"


def pair(number: int, **values: str) -> dict[str, str]:
    whole = {
        "strong": "Jullie vroegen door.",
        "strong_aspect": "openness",
        "improvement": "Zeg wat ertegen pleit.",
        "improvement_aspect": "substantiating",
        **values,
    }
    return {f"p{number}-{name}": value for name, value in whole.items()}


def test_it_works(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    browser = as_(cast.bram)
    told = browser.get(page(observation, "notes/"))
    assert told.text.count("<textarea") == 12
    assert told.text.count('type="radio"') == 25 * 5
    marks = {"mark-openness-b1": "3", "mark-openness-b2": "none"}
    typed = {"version": "1", "well-openness": "Fijn.", "chances-feedback": "Vaker.", **marks}
    answer = browser.post(page(observation, "notes/"), {**typed, "next": ""})
    assert answer["Location"] == page(observation, "feedback/")
    assert queries.notes_in(observation) == {"openness": ("Fijn.", ""), "feedback": ("", "Vaker.")}
    assert queries.marks_in(observation) == {"openness-b1": 3, "openness-b2": None}

    answer = browser.post(page(observation, "feedback/"), {"version": "2", "shown": "1", **pair(1)})
    assert answer["Location"] == page(observation, "share/")
    assert "Jullie vroegen door." in browser.get(page(observation, "share/")).text
    answer = browser.post(page(observation, "share/"), {"version": "3"})
    assert answer["Location"] == page(observation, "")
    observation.visit.refresh_from_db()
    assert observation.visit.state == "shared"
    assert queries.notes_in(observation)["openness"] == ("Fijn.", "")


@pytest.mark.parametrize("name", PAGES)
def test_no_browser_keeps_it(cast: TestCast, as_: Any, name: str) -> None:
    answer = as_(cast.bram).get(page(steps.noted(cast), name))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris", "daan", "gerda", "hugo"])
def test_nobody_else_reads_it(cast: TestCast, as_: Any, clock: Any, who: str) -> None:
    """Real notes are there; neither their pages nor any other page of the visit shows them."""
    observation = steps.noted(cast, notes={"openness": (SECRET, SECRET)})
    clock(steps.after(observation.visit.meeting, minutes=30))
    browser = as_(cast.people[who])
    for name in PAGES:
        for answer in (browser.get(page(observation, name)), browser.post(page(observation, name))):
            assert answer.status_code == 404
            assert SECRET not in answer.text
    for address in (page(observation, ""), f"/s/de-wilg/groups/{cast.reading.pk}/profile/"):
        assert SECRET not in browser.get(address).text


@pytest.mark.parametrize("who", ["carla", "els", "anna"])
def test_after_sharing_neither(cast: TestCast, as_: Any, clock: Any, who: str) -> None:
    visit = steps.shared(cast, notes={"openness": (SECRET, SECRET)})
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)
    clock(steps.after(visit.meeting, hours=2))
    browser = as_(cast.people[who])
    for name in PAGES:
        assert browser.get(page(visit.observation, name)).status_code == 404
    for address in (page(visit.observation, ""), f"/s/de-wilg/groups/{cast.reading.pk}/profile/"):
        assert SECRET not in browser.get(address).text


@pytest.mark.parametrize("name", PAGES)
def test_first_listen_then_note(cast: TestCast, as_: Any, clock: Any, name: str) -> None:
    visit = steps.listening(cast)
    clock(steps.after(visit.meeting, minutes=5))
    address = f"/s/de-wilg/visits/{visit.pk}/{name}"
    assert as_(cast.bram).get(address).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_what_was_shared_is_read_on_its_own_page(cast: TestCast, as_: Any, name: str) -> None:
    visit = steps.shared(cast)
    browser = as_(cast.bram)
    assert browser.get(page(visit.observation, name))["Location"] == page(visit.observation, "")
    sent = {"version": "2", "shown": "1", **pair(1, strong="Iets anders."), "well-openness": "Iets anders."}
    assert browser.post(page(visit.observation, name), sent).status_code == 422
    assert queries.pairs_of(visit.observation) == [steps.PAIR]


def test_notes_come_back_with_what_was_typed(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    typed = {"version": "1", "well-openness": "a" * 2001, "chances-openness": "Blijft staan."}
    answer = as_(cast.bram).post(page(observation, "notes/"), typed)
    assert answer.status_code == 422
    assert "Blijft staan." in answer.text


def sheets(told: str) -> dict[str, bool]:
    """The cards on the page, in its order, and whether each lies open."""
    sheet = r'<details class="card note-sheet a\d"( open)?>.*?<textarea[^>]*name="well-([\w-]+)"'
    return {key: bool(is_open) for is_open, key in re.findall(sheet, told, re.DOTALL)}


def test_the_card_of_the_group_comes_first_and_open(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noting(cast), as_(cast.bram)
    without = browser.get(page(observation, "notes/")).text
    assert list(sheets(without)) == list(queries.aspects_in_use(cast.reading))
    assert [key for key, is_open in sheets(without).items() if is_open] == ["openness"]
    assert "De kaart van de groep" not in without
    factories.period(cast.reading, cast.aspects["analysing"])
    told = browser.get(page(observation, "notes/")).text
    rest = [key for key in queries.aspects_in_use(cast.reading) if key != "analysing"]
    assert list(sheets(told)) == ["analysing", *rest]
    assert [key for key, is_open in sheets(told).items() if is_open] == ["analysing"]
    assert told.count("De kaart van de groep") == 1
    assert told.count("<textarea") == 12


def test_what_holds_words_or_marks_lies_open(cast: TestCast, as_: Any) -> None:
    marks = {"outside-knowledge-b1": None}
    observation = steps.noted(cast, notes={"feedback": ("", "Vraag er eens om.")}, marks=marks)
    factories.period(cast.reading, cast.aspects["analysing"])
    told = as_(cast.bram).get(page(observation, "notes/")).text
    assert [key for key, is_open in sheets(told).items() if is_open] == ["analysing", "outside-knowledge", "feedback"]
    assert told.count('<details class="marks" open>') == 1


def test_what_does_not_fit_lies_open_and_nothing_is_lost(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    factories.period(cast.reading, cast.aspects["analysing"])
    typed = {
        "version": "1",
        "well-openness": "a" * 2001,
        "chances-feedback": "Blijft staan.",
        "mark-reflecting-b1": "9",
        "mark-substantiating-b1": "4",
    }
    answer = as_(cast.bram).post(page(observation, "notes/"), typed)
    assert answer.status_code == 422
    assert [key for key, is_open in sheets(answer.text).items() if not is_open] == ["outside-knowledge"]
    assert "a" * 2001 in answer.text
    assert "Blijft staan." in answer.text
    assert re.search(r'name="mark-substantiating-b1" value="4"[^>]* checked', answer.text)
    assert answer.text.count('<details class="marks" open>') == 2
    assert queries.notes_in(observation) == {}


@pytest.mark.parametrize("many", [False, True])
def test_notes_cost_the_same_however_many(cast: TestCast, as_: Any, many: bool, django_assert_num_queries: Any) -> None:
    notes = dict.fromkeys(queries.aspects_in_use(cast.reading), ("Fijn.", "Vaker.")) if many else steps.NOTES
    observation = steps.noted(cast, notes=notes)
    factories.period(cast.reading, cast.aspects["analysing"])
    browser = as_(cast.bram)
    with django_assert_num_queries(14):
        browser.get(page(observation, "notes/"))


def test_two_devices_do_not_overwrite_each_other(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast)
    typed = {"version": "1", "well-openness": "Van het andere scherm.", "mark-openness-b1": "1"}
    browser = as_(cast.bram)
    answer = browser.post(page(observation, "notes/"), typed)
    assert answer.status_code == 409
    for words in ("Van het andere scherm.", *(text for pair in steps.NOTES.values() for text in pair)):
        assert words in answer.text
    assert 'name="version" value="2"' in answer.text
    assert queries.notes_in(observation) == steps.NOTES
    assert browser.post(page(observation, "notes/"), typed | {"version": "2"}).status_code == 302
    assert queries.notes_in(observation) == {"openness": ("Van het andere scherm.", "")}


def test_one_more_pair_keeps_what_was_typed(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    browser = as_(cast.bram)
    told = browser.get(page(observation, "feedback/")).text
    assert told.count('class="pair"') == 1
    typed = pair(1, improvement="")
    for shown in (1, 2, 3):
        sent = {"version": "1", "shown": str(shown), "more": "", **typed}
        answer = browser.post(page(observation, "feedback/"), sent)
        assert answer.status_code == 200
        assert answer.text.count('class="pair"') == min(shown + 1, 3)
        assert "Jullie vroegen door." in answer.text
    assert 'name="more"' not in answer.text
    assert queries.pairs_of(observation) == []


def test_a_pair_needs_both_sides_and_their_cards(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    browser = as_(cast.bram)
    for values, sentence in (
        ({"strong": ""}, "Schrijf een sterk punt naast dit verbeterpunt."),
        ({"improvement": " "}, "Schrijf een verbeterpunt naast dit sterke punt."),
        ({"strong_aspect": ""}, "Kies de kaart waar dit over gaat."),
        ({"improvement_aspect": "charm"}, "charm"),
    ):
        answer = browser.post(page(observation, "feedback/"), {"version": "1", "shown": "1", **pair(1, **values)})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert queries.pairs_of(observation) == []


def test_an_empty_pair_is_no_pair(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    browser = as_(cast.bram)
    empty = pair(1, strong="", improvement="")
    answer = browser.post(page(observation, "feedback/"), {"version": "1", "shown": "1", **empty})
    assert answer.status_code == 422
    answer = browser.post(page(observation, "feedback/"), {"version": "1", "shown": "2", **empty, **pair(2)})
    assert answer.status_code == 302
    assert len(queries.pairs_of(observation)) == 1


def test_more_than_three_never_fit(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    sent = {"version": "1", "shown": "9", **pair(1), **pair(2), **pair(3), **pair(4)}
    assert as_(cast.bram).post(page(observation, "feedback/"), sent).status_code == 302
    assert len(queries.pairs_of(observation)) == 3


def test_the_own_notes_lie_beside_the_pairs(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast, notes={"openness": (SECRET, "")})
    assert SECRET in as_(cast.bram).get(page(observation, "feedback/")).text


def test_what_another_device_changed_is_not_shared_unseen(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast)
    browser = as_(cast.bram)
    assert 'name="version" value="2"' in browser.get(page(observation, "share/")).text
    other = actions.Pair("openness", "Van het andere scherm.", "feedback", "Vraag er eens om.")
    steps.log(observation.visit, cast.hat("bram"), id=observation.pk, version=2, pairs=[other])
    answer = browser.post(page(observation, "share/"), {"version": "2"})
    assert answer.status_code == 409
    assert "Van het andere scherm." in answer.text
    assert 'name="version" value="3"' in answer.text
    observation.visit.refresh_from_db()
    assert observation.visit.state == "noting"
    assert browser.post(page(observation, "share/"), {"version": "3"}).status_code == 302


@pytest.mark.parametrize("number", ["9" * 5000, "2147483647", "9" * 30, "-1", "٣", ""])
def test_odd_numbers_in_hidden_fields_break_nothing(cast: TestCast, as_: Any, number: str) -> None:
    observation = steps.noted(cast)
    browser = as_(cast.bram)
    hidden = {"version": number, "shown": number}
    assert browser.post(page(observation, "notes/"), {**hidden, "well-openness": "Anders."}).status_code in {409, 422}
    assert browser.post(page(observation, "feedback/"), {**hidden, **pair(1)}).status_code in {409, 422}
    assert browser.post(page(observation, "feedback/"), {**hidden, "more": ""}).status_code == 200
    assert browser.post(page(observation, "share/"), hidden).status_code in {409, 422}
    assert queries.pairs_of(observation) == [steps.PAIR]


def test_what_nobody_can_read_is_no_point(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast)
    sent = {"version": "2", "shown": "1", **pair(1, strong="\u200b")}
    answer = as_(cast.bram).post(page(observation, "feedback/"), sent)
    assert answer.status_code == 422
    assert sent["p1-improvement"] in answer.text
    assert queries.pairs_of(observation) == [steps.PAIR]


def test_nothing_written_has_nothing_to_share(cast: TestCast, as_: Any) -> None:
    observation = steps.noting(cast)
    browser = as_(cast.bram)
    assert "Nog geen paar geschreven" in browser.get(page(observation, "share/")).text
    assert browser.post(page(observation, "share/")).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_pairs_cost_no_queries(cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int) -> None:
    observation = steps.noted(cast, pairs=[steps.PAIR] * count)
    browser = as_(cast.bram)
    with django_assert_num_queries(13):
        browser.get(page(observation, "feedback/"))
