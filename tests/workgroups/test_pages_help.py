"""The pages of help: where a group asks its school, where a leader answers, and where everybody finds it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW
from tests.workgroups.scene import Scene, at, reads
from tests.workgroups.test_help import ANSWER, QUESTION, answer, ask
from workgroups import actions
from workgroups.models import HelpRequest, WorkGroup

HOME = reverse("school-home", args=["de-wilg"])
ASKED = {"kind": "expert", "text": QUESTION}


@pytest.fixture
def asked(place: Scene) -> HelpRequest:
    """What Carla's group asked."""
    return ask(place.cast)


@pytest.mark.sqlite
def test_it_goes_from_a_question_to_done(place: Scene, as_: Any) -> None:
    carla, page = as_(place.cast.carla), at("help", place.group.pk)
    assert "Iedereen die op school werkt kan jullie vraag lezen" in reads(carla.get(page))
    assert carla.post(page, ASKED)["Location"] == page
    asked = HelpRequest.objects.get()
    assert "Nog geen antwoord" in reads(carla.get(page))
    anna, desk = as_(place.cast.anna), at("help-answer", asked.pk)
    assert "Begrijpend lezen vraagt om hulp" in reads(anna.get(HOME))
    assert desk in reads(anna.get(HOME))
    assert QUESTION in reads(anna.get(desk))
    assert anna.post(desk, {"answer": ANSWER, "version": 1})["Location"] == desk
    assert desk not in reads(anna.get(HOME))
    els = as_(place.cast.els)
    assert "Er is antwoord voor Begrijpend lezen" in reads(els.get(HOME))
    told = reads(els.get(page))
    assert ANSWER in told
    assert "Antwoord van Anna Visser" in told
    els.post(at("help-done", asked.pk))
    assert "Er is antwoord voor" not in reads(els.get(HOME))
    assert "Waar jullie klaar mee zijn" in reads(els.get(page))
    assert "De groep is ermee klaar." in reads(as_(place.cast.anna).get(desk))


def test_what_does_not_fit_is_said_and_kept(place: Scene, as_: Any) -> None:
    carla, page = as_(place.cast.carla), at("help", place.group.pk)
    answered = carla.post(page, {"kind": "", "text": QUESTION})
    assert (answered.status_code, list(answered.context["form"].errors)) == (422, ["kind"])
    assert QUESTION in reads(answered)
    answered = carla.post(page, {"kind": "money", "text": "x" * 501})
    assert set(answered.context["form"].errors) == {"kind", "text"}
    assert not HelpRequest.objects.exists()


def test_it_can_be_said_otherwise(place: Scene, as_: Any, asked: HelpRequest) -> None:
    els, page = as_(place.cast.els), at("help-edit", asked.pk)
    assert QUESTION in reads(els.get(page))
    els.post(page, {"kind": "time", "text": "Een uur samen", "version": 1})
    late = els.post(page, {"kind": "time", "text": "Twee uur", "version": 1})
    assert late.status_code == 409
    said = late.content.decode()
    assert "Een uur samen" in said
    assert "Twee uur" in said
    els.post(page, {"kind": "time", "text": "Twee uur", "version": late.context["form"]["version"].value()})
    assert HelpRequest.objects.get().text == "Twee uur"


def test_a_late_rewording_keeps_the_words(place: Scene, as_: Any, asked: HelpRequest) -> None:
    answer(place.cast, asked)
    els, page = as_(place.cast.els), at("help-edit", asked.pk)
    late = els.post(page, {"kind": "time", "text": "Twee uur", "version": 1})
    assert late.status_code == 422
    assert "Twee uur" in reads(late)
    assert "Er is antwoord, dus deze vraag blijft zoals hij is." in reads(els.get(page))


def test_a_leader_sees_the_other_words_before_answering(place: Scene, as_: Any, asked: HelpRequest) -> None:
    by: dict[str, Any] = {"by": place.cast.hat("els"), "now": NOW}
    actions.reword_help(help_request=asked, kind="time", text="Een uur samen", version=1, **by)
    anna, desk = as_(place.cast.anna), at("help-answer", asked.pk)
    late = anna.post(desk, {"answer": ANSWER, "version": 1})
    assert late.status_code == 409
    said = late.content.decode()
    assert "Een uur samen" in said
    assert ANSWER in said
    assert "De groep zei de vraag net in andere woorden." in said
    assert "twee teksten" not in said
    anna.post(desk, {"answer": ANSWER, "version": late.context["form"]["version"].value()})
    assert HelpRequest.objects.get().answer == ANSWER


def test_an_answer_to_what_was_taken_back_keeps_its_words(place: Scene, as_: Any, asked: HelpRequest) -> None:
    anna, desk = as_(place.cast.anna), at("help-answer", asked.pk)
    done = answer(place.cast, asked)
    actions.finish_help(help_request=done, by=place.cast.hat("els"), now=NOW)
    late = anna.post(desk, {"answer": "Toch anders", "version": 2})
    assert late.status_code == 422
    assert "Toch anders" in reads(late)
    actions.take_help_back(help_request=done, by=place.cast.hat("els"), now=NOW)
    assert anna.get(desk).status_code == 404


def test_it_is_taken_back_by_a_button(place: Scene, as_: Any, asked: HelpRequest) -> None:
    carla = as_(place.cast.carla)
    assert at("help-back", asked.pk) in reads(carla.get(at("help", place.group.pk)))
    for _twice in range(2):
        assert carla.post(at("help-back", asked.pk))["Location"] == at("help", place.group.pk)
    assert QUESTION not in reads(carla.get(at("help", place.group.pk)))
    assert "Jullie namen deze vraag terug." in reads(carla.get(at("help-edit", asked.pk)))


def test_five_that_wait_leave_no_room(place: Scene, as_: Any) -> None:
    for number in range(5):
        ask(place.cast, text=f"Vraag {number}")
    carla, page = as_(place.cast.carla), at("help", place.group.pk)
    assert "Vijf vragen wachten op antwoord." in reads(carla.get(page))
    late = carla.post(page, ASKED)
    assert late.status_code == 422
    assert "Jullie wachten al op vijf antwoorden." in reads(late)


def test_a_group_that_ended_reads_what_it_asked(place: Scene, as_: Any, asked: HelpRequest) -> None:
    answer(place.cast, asked)
    WorkGroup.objects.filter(pk=place.group.pk).update(state="ended", ended_on=NOW.date())
    told = reads(as_(place.cast.carla).get(at("help", place.group.pk)))
    assert ANSWER in told
    assert "Vraag het je school" not in told
    assert at("help-done", asked.pk) not in told
    desk = reads(as_(place.cast.anna).get(at("help-answer", asked.pk)))
    assert ANSWER in desk
    assert "<textarea" not in desk


def test_the_group_page_leads_there(place: Scene, as_: Any, asked: HelpRequest) -> None:
    page = at("group", place.group.pk)
    told = reads(as_(place.cast.carla).get(page))
    assert at("help", place.group.pk) in told
    assert "1 vraag wacht op antwoord" in told
    place.invite(place.cast.bram)
    assert at("help", place.group.pk) not in reads(as_(place.cast.bram).get(page))
    answer(place.cast, asked)
    assert "Jullie school gaf antwoord" in reads(as_(place.cast.els).get(page))


@pytest.mark.parametrize("who", ["bram", "frank", "joris", "daan", "gerda", "hugo"])
def test_everybody_else_gets_what_is_not_there(place: Scene, as_: Any, asked: HelpRequest, who: str) -> None:
    place.invite(place.cast.bram)
    browser = as_(place.cast.people[who])
    nowhere = browser.get(at("help-answer", 987_654)).content
    for name in ("help-answer", "help-edit"):
        found = browser.get(at(name, asked.pk))
        assert (found.status_code, found.content) == (404, nowhere)
    assert browser.get(at("help", place.group.pk)).status_code == 404
    for name in ("help-answer", "help-edit", "help-back", "help-done"):
        assert browser.post(at(name, asked.pk), {"answer": "x", "version": 1}).status_code == 404
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("asked", "")


@pytest.mark.parametrize("times", [1, 3])
def test_the_pages_cost_the_same_however_much_was_asked(
    place: Scene, as_: Any, times: int, django_assert_num_queries: Any
) -> None:
    for number in range(times):
        done = answer(place.cast, ask(place.cast, text=f"Klaar {number}"))
        actions.finish_help(help_request=done, by=place.cast.hat("els"), now=NOW)
        answer(place.cast, ask(place.cast, text=f"Beantwoord {number}"))
        ask(place.cast, text=f"Open {number}")
    carla = as_(place.cast.carla)
    with django_assert_num_queries(9):
        told = reads(carla.get(at("help", place.group.pk)))
    assert told.count("<article") == 3 * times
    anna, last = as_(place.cast.anna), HelpRequest.objects.latest("pk")
    with django_assert_num_queries(8):
        assert reads(anna.get(at("help-answer", last.pk)))
