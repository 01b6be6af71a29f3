"""The pages of the papers: what they show, keep and refuse, and whom they keep out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.conftest import TestCast
from tests.workgroups.scene import NOW, Scene, at, reads
from tests.workgroups.test_papers_shelf import fill
from workgroups.actions import papers as actions
from workgroups.models import (
    Criterion,
    DecisionNote,
    KnowLine,
    KnowSheet,
    Option,
    RoutineReview,
    Source,
    WorkGroup,
)
from workgroups.queries import papers


def by(cast: TestCast, who: str = "carla") -> dict[str, Any]:
    return {"by": cast.hat(who), "now": NOW}


def note_at(place: Scene, state: str = "criteria") -> DecisionNote:
    """A decision note as far as this state."""
    note = actions.start_decision(group=place.group, question="Welke tekst?", **by(place.cast))
    actions.add_criterion(note=note, text="Past bij ons", weight=2, **by(place.cast))
    if state != "criteria":
        note = actions.open_options(note=note, **by(place.cast))
        for text in ("Zelf kiezen", "Niets doen"):
            actions.add_option(note=note, text=text, **by(place.cast))
    return note


# --- the shelf


@pytest.mark.parametrize("times", [1, 3])
def test_the_shelf_lists_every_paper(place: Scene, as_: Any, times: int, django_assert_num_queries: Any) -> None:
    fill(place.cast, times)
    browser, address = as_(place.cast.carla), at("papers", place.group.pk)
    browser.get(address)
    with django_assert_num_queries(16):
        text = reads(browser.get(address))
    for name in ("Routine", "Vraag", "Besluit", "Bron", "Wie"):
        assert all(f"{name} {number}" in text for number in range(times))


def test_the_card_in_focus_comes_first_with_the_one_solid_button(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("papers", place.group.pk)))
    assert text.count('class="button"') == 1
    assert text.index(at("papers-round", place.group.pk)) < text.index(at("know-new", place.group.pk))


@pytest.mark.parametrize(("step", "shown"), [("", 1), ("3", 3), ("5", 5), ("6", 1), ("x", 1), ("-1", 1)])
def test_the_round_goes_step_by_step(place: Scene, as_: Any, step: str, shown: int) -> None:
    answer = as_(place.cast.carla).get(at("papers-round", place.group.pk), {"step": step})
    assert (answer.status_code, answer.context["step"]) == (200, shown)


def test_the_group_page_says_what_waits(place: Scene, as_: Any) -> None:
    sheet = actions.start_sheet(group=place.group, question="Waarom?", **by(place.cast))
    actions.add_line(sheet=sheet, column="find_out", text="Wie?", owner=place.cast.els, **by(place.cast))
    browser, address = as_(place.cast.carla), at("group", place.group.pk)
    assert "1 ding uit te zoeken" in reads(browser.get(address))
    place.invite(place.cast.bram)
    assert "uit te zoeken" not in reads(as_(place.cast.bram).get(address))


def test_who_finds_something_out_has_it_at_home(place: Scene, as_: Any) -> None:
    sheet = actions.start_sheet(group=place.group, question="Waarom?", **by(place.cast))
    line = actions.add_line(
        sheet=sheet, column="find_out", text="Lezen ze thuis?", owner=place.cast.els, **by(place.cast)
    )
    home = reverse("school-home", args=["de-wilg"])
    assert "Lezen ze thuis?" not in reads(as_(place.cast.carla).get(home))
    assert at("know-found", line.pk) in reads(as_(place.cast.els).get(home))
    actions.note_found(line=line, found="Soms", **by(place.cast))
    assert "Lezen ze thuis?" not in reads(as_(place.cast.els).get(home))


def test_a_group_that_ended_still_reads_its_papers(place: Scene, as_: Any) -> None:
    note, browser = note_at(place), as_(place.cast.carla)
    WorkGroup.objects.filter(pk=place.group.pk).update(state="ended", ended_on=factories.TODAY)
    assert '<button class="button' not in _main(reads(browser.get(at("decision", note.pk))))
    assert at("know-new", place.group.pk) not in reads(browser.get(at("papers", place.group.pk)))
    assert browser.post(at("know-new", place.group.pk), {"question": "Waarom?"}).status_code == 422


# --- know, think, find out


@pytest.mark.sqlite
def test_a_question_is_laid_out_line_by_line(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    assert reads(browser.get(at("know-new", place.group.pk)))
    answer = browser.post(at("know-new", place.group.pk), {"question": "Waarom haken ze af?"})
    sheet = KnowSheet.objects.get()
    assert answer["Location"] == at("know", sheet.pk)
    for line in (
        {"column": "know", "text": "Een derde haakt af"},
        {"column": "find_out", "text": "Welke woorden?", "owner": place.cast.els.pk},
    ):
        answer = browser.post(at("know-add", sheet.pk), line)
        assert answer["Location"] == f"{at('know', sheet.pk)}?column={line['column']}#add"
    found = at("know-found", KnowLine.objects.get(column="find_out").pk)
    assert reads(browser.get(found))
    browser.post(found, {"found": "Veertien woorden"})
    text = reads(browser.get(at("know", sheet.pk)))
    assert all(said in text for said in ("Een derde haakt af", "Veertien woorden", "Els"))
    assert reads(browser.get(at("know-line", KnowLine.objects.get(column="know").pk)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"column": ""}, "column"), ({"text": " "}, "text"), ({"owner": ""}, "owner"), ({"owner": 999_999}, "owner")],
)
def test_what_does_not_fit_stays_with_a_sentence(place: Scene, as_: Any, wrong: dict[str, Any], field: str) -> None:
    sheet = actions.start_sheet(group=place.group, question="Waarom?", **by(place.cast))
    line = {"column": "find_out", "text": "Welke woorden kennen ze?", "owner": place.cast.els.pk}
    answer = as_(place.cast.carla).post(at("know-add", sheet.pk), line | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert field == "text" or "Welke woorden kennen ze?" in reads(answer)


@pytest.mark.parametrize("lines", [1, 3])
def test_the_sheet_asks_as_much_however_many_lines(
    place: Scene, as_: Any, lines: int, django_assert_num_queries: Any
) -> None:
    sheet = actions.start_sheet(group=place.group, question="Waarom?", **by(place.cast))
    for column in ("know", "think", "find_out"):
        for number in range(lines):
            text = f"{column} {number}"
            actions.add_line(sheet=sheet, column=column, text=text, owner=place.cast.els, **by(place.cast))
    browser = as_(place.cast.carla)
    browser.get(at("know", sheet.pk))
    with django_assert_num_queries(11):
        assert "find_out 0" in reads(browser.get(at("know", sheet.pk)))


# --- the decision note


@pytest.mark.sqlite
def test_a_decision_goes_in_four_steps(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    assert reads(browser.get(at("decision-new", place.group.pk)))
    browser.post(at("decision-new", place.group.pk), {"question": "Welke tekst?", "vision": "Doen"})
    note = DecisionNote.objects.get()
    home = at("decision", note.pk)
    assert 'aria-disabled="true"' in reads(browser.get(home))
    browser.post(at("criterion-new", note.pk), {"text": "Past bij ons", "weight": "2"})
    assert 'aria-disabled="true"' not in reads(browser.get(home))
    assert browser.post(at("decision-open", note.pk))["Location"] == home
    for text in ("Zelf kiezen", "Niets doen"):
        answer = browser.post(at("option-new", note.pk), {"text": text})
    option = Option.objects.latest("pk")
    assert answer["Location"] == at("option", option.pk)
    learning = Criterion.objects.get(is_learning=True)
    words = {"text": "Niets doen", "pros": "Rust", "cons": "", f"fit-{learning.pk}": "hardly"}
    assert browser.post(at("option", option.pk), words)["Location"] == home
    assert browser.post(at("decision-decide", note.pk), {"decision": "x", "because": "y"}).status_code == 422
    browser.post(at("decision-other-view", note.pk), {"other_view": "Parttimers zien zoekwerk"})
    assert reads(browser.get(at("decision-decide", note.pk)))
    browser.post(at("decision-decide", note.pk), {"decision": "Zelf kiezen", "because": "Ze lezen door"})
    text = reads(browser.get(home))
    assert all(said in text for said in ("Zelf kiezen", "Ze lezen door", "Parttimers", "Rust", "Past bij ons"))
    assert '<button class="button' not in _main(text)


def test_an_old_page_bends_no_criterion(place: Scene, as_: Any) -> None:
    """The page was opened while the criteria were made; meanwhile a colleague put the options on the table."""
    note = note_at(place)
    criterion = Criterion.objects.get(text="Past bij ons")
    browser = as_(place.cast.carla)
    actions.open_options(note=note, **by(place.cast, "els"))
    for address in (at("criterion-new", note.pk), at("criterion", criterion.pk)):
        answer = browser.post(address, {"text": "Mijn favoriet wint", "weight": "3"})
        assert answer.status_code == 422
        assert "Mijn favoriet wint" in reads(answer)
    browser.post(at("criterion-drop", criterion.pk))
    browser.post(at("decision-edit", note.pk), {"question": "Anders?", "vision": ""})
    note.refresh_from_db()
    criterion.refresh_from_db()
    assert (note.question, criterion.text, criterion.weight) == ("Welke tekst?", "Past bij ons", 2)
    assert Criterion.objects.count() == 2


def test_two_people_weighing_one_option_keep_both_texts(place: Scene, as_: Any) -> None:
    note_at(place, "options")
    option = Option.objects.get(text="Zelf kiezen")
    browser = as_(place.cast.carla)
    version = browser.get(at("option", option.pk)).context["form"]["version"].value()
    words = {"text": "Zelf kiezen", "pros": "Van Els", "cons": ""}
    given = {"option": option, "written": words, "fits": {}, "version": version}
    actions.weigh_option(**given, **by(place.cast, "els"))
    answer = browser.post(at("option", option.pk), words | {"pros": "Van Carla", "version": version})
    text = answer.content.decode()
    assert (answer.status_code, "Van Els" in text, "Van Carla" in text) == (409, True, True)
    again = answer.context["form"]["version"].value()
    assert browser.post(at("option", option.pk), words | {"pros": "Samen", "version": again}).status_code == 302
    assert Option.objects.get(pk=option.pk).pros == "Samen"


def test_how_an_option_fits_is_not_wiped_by_who_left_it_open(place: Scene, as_: Any) -> None:
    note = note_at(place, "options")
    option, criteria = Option.objects.get(text="Zelf kiezen"), list(Criterion.objects.order_by("position"))
    browser, address = as_(place.cast.carla), at("option", option.pk)
    version = browser.get(address).context["form"]["version"].value()
    words = {"text": "Zelf kiezen", "pros": "", "cons": ""}
    fits = {criteria[0].pk: "well", criteria[1].pk: ""}
    actions.weigh_option(option=option, written=words, fits=fits, version=version, **by(place.cast, "els"))
    sent = words | {f"fit-{criteria[1].pk}": "hardly", "version": version}
    answer = browser.post(address, sent)
    fit = answer.context["form"].fields[f"fit-{criteria[0].pk}"]
    assert (answer.status_code, hasattr(fit, "theirs")) == (409, True)
    assert papers.decision_page(note).options[0].weighed[0].fit == "well"


def test_two_people_at_one_line_keep_both_texts(place: Scene, as_: Any) -> None:
    sheet = actions.start_sheet(group=place.group, question="Waarom?", **by(place.cast))
    line = actions.add_line(sheet=sheet, column="know", text="Geteld", **by(place.cast))
    browser, address = as_(place.cast.carla), at("know-line", line.pk)
    version = browser.get(address).context["form"]["version"].value()
    actions.change_line(line=line, column="think", text="Van Els", version=version, **by(place.cast, "els"))
    answer = browser.post(address, {"column": "know", "text": "Van Carla", "version": version})
    text = answer.content.decode()
    assert (answer.status_code, "Van Els" in text, "Van Carla" in text) == (409, True, True)
    again = answer.context["form"]["version"].value()
    assert browser.post(address, {"column": "know", "text": "Samen", "version": again}).status_code == 302
    assert KnowLine.objects.get().text == "Samen"


def test_two_people_at_one_criterion_keep_both_texts(place: Scene, as_: Any) -> None:
    note_at(place)
    criterion = Criterion.objects.get(is_learning=False)
    browser, address = as_(place.cast.carla), at("criterion", criterion.pk)
    version = browser.get(address).context["form"]["version"].value()
    actions.change_criterion(criterion=criterion, text="Past", weight=3, version=version, **by(place.cast, "els"))
    sent = {"text": "Past bij ons", "weight": "1"}
    answer = browser.post(address, sent | {"version": version})
    twice = [name for name, field in answer.context["form"].fields.items() if hasattr(field, "theirs")]
    assert (answer.status_code, sorted(twice)) == (409, ["text", "weight"])
    again = answer.context["form"]["version"].value()
    assert browser.post(address, sent | {"version": again}).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.text, criterion.weight) == ("Past bij ons", 1)


@pytest.mark.parametrize("options", [1, 3])
def test_the_note_asks_as_much_however_many_options(
    place: Scene, as_: Any, options: int, django_assert_num_queries: Any
) -> None:
    note = note_at(place)
    actions.open_options(note=note, **by(place.cast))
    for number in range(options):
        actions.add_option(note=note, text=f"Optie {number}", **by(place.cast))
    browser = as_(place.cast.carla)
    browser.get(at("decision", note.pk))
    with django_assert_num_queries(12):
        assert "Optie 0" in reads(browser.get(at("decision", note.pk)))


# --- routines, sources, interviews


@pytest.mark.parametrize(
    ("kind", "words", "missing"),
    [
        ("routine", {"routine": "Dictee", "aim_for_pupils": "Goed schrijven", "keep": "Nakijken"}, "aim_for_pupils"),
        ("source", {"title": "Hardop denken", "says": "Het helpt"}, "title"),
        ("interview", {"whom": "Een school", "may_record": "on", "learned": "Klein beginnen"}, "whom"),
    ],
)
def test_a_paper_is_begun_read_and_written_on(
    place: Scene, as_: Any, kind: str, words: dict[str, str], missing: str
) -> None:
    browser = as_(place.cast.carla)
    assert reads(browser.get(at(f"{kind}-new", place.group.pk)))
    refused = browser.post(at(f"{kind}-new", place.group.pk), words | {missing: " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [missing])
    answer = browser.post(at(f"{kind}-new", place.group.pk), words)
    text = reads(browser.get(answer["Location"]))
    assert all(said in text for said in words.values() if said != "on")
    edit = f"{answer['Location']}edit/"
    form = browser.get(edit).context["form"]
    assert browser.post(edit, words | {"version": form["version"].value()})["Location"] == answer["Location"]
    late = dict.fromkeys(words, "Heel anders") | {"version": form["version"].value()}
    assert browser.post(edit, late).status_code == 409


def test_a_web_address_is_a_link_that_the_reader_opens(place: Scene, as_: Any) -> None:
    actions.add_source(group=place.group, written={"title": "Site", "where": "https://een.example/"}, **by(place.cast))
    text = reads(as_(place.cast.carla).get(at("source", Source.objects.get().pk)))
    assert '<a href="https://een.example/" rel="nofollow">' in text


# --- who gets in


@pytest.mark.parametrize("who", ["anna", "frank", "bram", "joris", "daan"])
def test_nobody_without_a_seat_gets_in(place: Scene, as_: Any, who: str) -> None:
    place.invite(place.cast.bram)
    fill(place.cast, 1)
    browser: Client = as_(place.cast.people[who])
    pages = [
        at("papers", place.group.pk),
        at("papers-round", place.group.pk),
        at("know", KnowSheet.objects.get().pk),
        at("decision", DecisionNote.objects.get().pk),
        at("routine", RoutineReview.objects.get().pk),
        at("source", Source.objects.get().pk),
    ]
    assert {browser.get(page).status_code for page in pages} == {404}


def _main(text: str) -> str:
    """The page itself: what stands around it has buttons of its own."""
    return text.partition("<main")[2].partition("</main>")[0]
