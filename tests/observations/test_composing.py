"""Composing: points chosen from the own notes, words to start with, and how late it would be (C9, C11, C14)."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.utils import translation

from observations import actions, queries, wording
from observations.forms import choosing
from observations.models import Observation
from tests.conftest import TestCast
from tests.observations import steps

pytestmark = pytest.mark.usefixtures("clock")

NOTES = {
    "openness": ("- Iedereen vroeg door.\r\n\r\n• Wachten lukte.  ", "Nog korter."),
    "feedback": ("", "Vraag er eens om.\nZeg wat je zag."),
}


def page(observation: Observation, name: str = "feedback/") -> str:
    return f"/s/de-wilg/visits/{observation.visit_id}/{name}"


def lines(told: str) -> dict[str, tuple[str, str]]:
    """Per button its words, and the pair in which these stand ("" for none)."""
    found = re.findall(r'name="use" value="([^"]+)".*?data-words>(.*?)</span>(.*?)</button>', told, re.DOTALL)
    stands = {name: re.search(r"data-stands>.*?<b>(\d)</b>", rest, re.DOTALL) for name, _words, rest in found}
    return {name: (html.unescape(words), _number(stands[name])) for name, words, _rest in found}


def _number(stands: re.Match[str] | None) -> str:
    return stands[1] if stands else ""


def fields(told: str) -> dict[str, str]:
    """What stands in the points, and which card is chosen for each."""
    texts = re.findall(r'<textarea[^>]*name="(p\d-\w+)"[^>]*>\s*(.*?)</textarea>', told, re.DOTALL)
    picks = re.findall(r'<select[^>]*name="(p\d-\w+_aspect)"[^>]*>(.*?)</select>', told, re.DOTALL)
    chosen = {name: re.search(r'value="([\w-]*)" selected', options) for name, options in picks}
    return {**dict(texts), **{name: found[1] if found else "" for name, found in chosen.items()}}


def sent(**values: str) -> dict[str, str]:
    return {"version": "2", "shown": "1", **values}


def use(browser: Any, observation: Observation, name: str, **values: str) -> str:
    answer = browser.post(page(observation), sent(use=name, **{k.replace("_", "-", 1): v for k, v in values.items()}))
    assert answer.status_code == 200
    return str(answer.text)


def test_each_line_of_a_note_can_be_taken(cast: TestCast, as_: Any) -> None:
    observation = steps.noted(cast, notes=NOTES, pairs=[])
    assert lines(as_(cast.bram).get(page(observation)).text) == {
        "strong:openness:0": ("Iedereen vroeg door.", ""),
        "strong:openness:1": ("Wachten lukte.", ""),
        "improvement:openness:0": ("Nog korter.", ""),
        "improvement:feedback:0": ("Vraag er eens om.", ""),
        "improvement:feedback:1": ("Zeg wat je zag.", ""),
    }


def test_a_line_goes_to_the_first_free_place_with_its_card(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noted(cast, notes=NOTES, pairs=[]), as_(cast.bram)
    told = use(browser, observation, "improvement:feedback:1")
    assert fields(told)["p1-improvement"] == "Zeg wat je zag."
    assert fields(told)["p1-improvement_aspect"] == "feedback"
    assert fields(told)["p1-strong"] == ""
    assert lines(told)["improvement:feedback:1"] == ("Zeg wat je zag.", "1")
    assert queries.pairs_of(observation) == []


def test_it_keeps_what_was_typed_and_makes_room(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noted(cast, notes=NOTES, pairs=[]), as_(cast.bram)
    told = use(browser, observation, "strong:openness:1", p1_strong="Zelf bedacht.", p1_improvement="Half")
    assert fields(told)["p1-strong"] == "Zelf bedacht."
    assert fields(told)["p1-improvement"] == "Half"
    assert (fields(told)["p2-strong"], fields(told)["p2-strong_aspect"]) == ("Wachten lukte.", "openness")
    assert 'name="shown" value="2"' in told


def test_a_gap_is_filled_first_and_no_pair_goes_away(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noted(cast, notes=NOTES, pairs=[]), as_(cast.bram)
    told = use(browser, observation, "strong:openness:0", p2_strong="Zelf bedacht.", shown="2")
    assert (fields(told)["p1-strong"], fields(told)["p2-strong"]) == ("Iedereen vroeg door.", "Zelf bedacht.")


def test_what_already_stands_in_a_pair_is_not_taken_twice(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noted(cast, notes=NOTES, pairs=[]), as_(cast.bram)
    told = use(browser, observation, "strong:openness:0", p1_strong="Jullie zagen: Iedereen vroeg door. Mooi.")
    assert fields(told)["p1-strong"] == "Jullie zagen: Iedereen vroeg door. Mooi."
    assert "p2-strong" not in fields(told)
    assert lines(told)["strong:openness:0"][1] == "1"


def test_a_fourth_finds_no_place_and_that_is_told(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noted(cast, notes=NOTES, pairs=[]), as_(cast.bram)
    full = {f"p{number}_strong": f"Punt {number}" for number in (1, 2, 3)}
    told = use(browser, observation, "strong:openness:0", shown="3", **full)
    assert [fields(told)[f"p{number}-strong"] for number in (1, 2, 3)] == ["Punt 1", "Punt 2", "Punt 3"]
    assert re.search(r'role="status" data-full>', told)
    assert re.search(r'role="status" data-full hidden>', use(browser, observation, "improvement:openness:0"))


@pytest.mark.parametrize("name", ["", "strong:openness:9", "strong:charm:0", "chance:openness:0", "\x00", "9" * 5000])
def test_a_line_that_is_not_there_changes_nothing(cast: TestCast, as_: Any, name: str) -> None:
    observation = steps.noted(cast, notes=NOTES, pairs=[])
    told = use(as_(cast.bram), observation, name, p1_strong="Zelf bedacht.")
    assert fields(told)["p1-strong"] == "Zelf bedacht."
    assert "p2-strong" not in fields(told)


def test_what_was_chosen_is_saved_like_what_was_typed(cast: TestCast, as_: Any) -> None:
    observation, browser = steps.noted(cast, notes=NOTES, pairs=[]), as_(cast.bram)
    half = fields(use(browser, observation, "strong:openness:0"))
    typed = {key.replace("-", "_", 1): value for key, value in half.items()}
    whole = fields(use(browser, observation, "improvement:feedback:0", **typed))
    assert browser.post(page(observation), sent(**whole))["Location"] == page(observation, "share/")
    expected = actions.Pair("openness", "Iedereen vroeg door.", "feedback", "Vraag er eens om.")
    assert queries.pairs_of(observation) == [expected]


@pytest.mark.parametrize("asked", ["use", "more"])
def test_what_was_shared_meanwhile_is_read_and_no_longer_composed(cast: TestCast, as_: Any, asked: str) -> None:
    visit = steps.shared(cast, notes=NOTES)
    answer = as_(cast.bram).post(page(visit.observation), sent(**{asked: "strong:openness:0"}))
    assert answer["Location"] == page(visit.observation, "")


def test_without_notes_there_is_nothing_to_choose(cast: TestCast, as_: Any) -> None:
    told = as_(cast.bram).get(page(steps.noting(cast))).text
    assert lines(told) == {}
    assert "Je hebt geen aantekeningen gemaakt." in told


@pytest.mark.parametrize("many", [False, True])
def test_choosing_costs_the_same_however_many(
    cast: TestCast, as_: Any, many: bool, django_assert_num_queries: Any
) -> None:
    notes = dict.fromkeys(queries.aspects_in_use(cast.reading), ("Fijn.\nMooi.", "Vaker.")) if many else NOTES
    observation, browser = steps.noted(cast, notes=notes), as_(cast.bram)
    with django_assert_num_queries(13):
        browser.get(page(observation))


def test_words_to_start_with_for_every_card(cast: TestCast) -> None:
    deck = queries.aspects_in_use(cast.reading)
    for language in ("nl", "en"):
        with translation.override(language):
            starts = wording.starts_for(deck.values())
            told = [str(words) for one in starts for words in (*one.strong, *one.improvement)]
        assert [one.aspect.key for one in starts] == list(deck)
        assert all(2 <= len(side) <= 3 for one in starts for side in (one.strong, one.improvement))
        assert all(words.endswith(" …") and words.count("…") == 1 for words in told)
        assert len(set(told)) == len(told)


def test_words_to_start_with_are_about_the_group(cast: TestCast) -> None:
    """No start invites to write about one person (C13): it speaks to all, or about the talk."""
    with translation.override("nl"):
        starts = wording.starts_for(queries.aspects_in_use(cast.reading).values())
        told = [str(words) for one in starts for words in (*one.strong, *one.improvement)]
    for words in told:
        assert not re.search(r"\b(hij|zij|haar|hem|iemand|degene|collega)\b", words, re.IGNORECASE), words


def test_the_words_stand_on_the_page(cast: TestCast, as_: Any) -> None:
    told = as_(cast.bram).get(page(steps.noting(cast))).text
    assert told.count("data-starts=") == 12
    assert "Jullie vroegen door toen …" in told


@pytest.mark.parametrize("name", ["feedback/", "share/"])
@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "De bijeenkomst was 1 dag geleden. De groep leest straks: gedeeld 1 dag na de bijeenkomst."),
        (6, "De bijeenkomst was 6 dagen geleden. De groep leest straks: gedeeld 6 dagen na de bijeenkomst."),
    ],
)
def test_late_is_told_before(cast: TestCast, as_: Any, clock: Any, name: str, days: int, words: str) -> None:
    observation, browser = steps.noted(cast), as_(cast.bram)
    clock(steps.after(observation.visit.meeting, hours=3))
    assert "geleden" not in browser.get(page(observation, name)).text
    clock(steps.after(observation.visit.meeting, days=days))
    assert words in as_(cast.bram).get(page(observation, name)).text


def test_late_is_told_to_the_group(cast: TestCast, as_: Any, clock: Any) -> None:
    observation = steps.noted(cast)
    later = steps.after(observation.visit.meeting, days=6)
    actions.share_feedback(observation=observation, by=cast.hat("bram"), now=later)
    clock(later)
    for who in (cast.els, cast.bram):
        assert "Gedeeld 6 dagen na de bijeenkomst, op maandag 7 december." in as_(who).get(page(observation, "")).text


def test_late_by_the_school_s_own_day(cast: TestCast, as_: Any, clock: Any) -> None:
    observation = steps.noted(cast)
    late = observation.visit.meeting.starts_at.replace(hour=22, minute=59)
    actions.share_feedback(observation=observation, by=cast.hat("bram"), now=late)
    observation.visit.refresh_from_db()
    assert queries.days_late(observation.visit) == 0
    assert queries.days_after(observation.visit, observation.visit.school.today(late + dt.timedelta(hours=1))) == 1


def test_marks_before_a_line_are_no_words() -> None:
    told = choosing.texts_in(" - een\n–twee\n\n * drie \n•\n-\n4 min stilte\n-5 graden")
    assert told == ["een", "twee", "drie", "4 min stilte", "5 graden"]
