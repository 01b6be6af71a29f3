"""Choosing a card by its question (G1), and saying why it matters (G2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import TestCast
from tests.workgroups.scene import NOW, Scene, at, reads, tells_nothing
from workgroups.models import Agreement, FocusPeriod, Goal, GoalUpdate


def live(group: int) -> FocusPeriod:
    """The group's live period."""
    return FocusPeriod.objects.get(group_id=group, state="live")


def test_six_questions_lie_open(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("focus-new", place.group.pk)))
    assert all(f"{key}?" in text for key in place.cast.aspects)
    assert text.count("is-live") == 1


def test_a_card_unfolds_beside_the_form(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("focus-new", place.group.pk), {"card": "feedback"}))
    assert "feedback?" in text
    assert "analysing?" not in text
    assert "Eerst een vraag" in text


def test_a_card_that_is_none_shows_the_deck(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("focus-new", place.group.pk), {"card": "harten-aas"}))
    assert "analysing?" in text


def test_a_first_card_leads_to_its_start(cast: TestCast, as_: Any, place: Scene) -> None:
    browser = as_(cast.joris)
    answer = browser.post(at("focus-new", cast.maths.pk), {"aspect": "analysing", "why": "We kiezen te snel"})
    period = live(cast.maths.pk)
    assert answer["Location"] == at("start", period.pk)
    assert (period.aspect.key, period.why) == ("analysing", "We kiezen te snel")


@pytest.mark.parametrize("ending", ["live", "habit", "dropped"])
def test_another_card_closes_this_one_and_asks_about_each_agreement(place: Scene, as_: Any, ending: str) -> None:
    sent = {
        "aspect": "feedback",
        "why": "",
        f"ending-{place.agreement.pk}": ending,
        f"goal-ending-{place.goal.pk}": "reached",
    }
    assert as_(place.cast.carla).post(at("focus-new", place.group.pk), sent).status_code == 302
    assert live(place.group.pk).aspect.key == "feedback"
    assert FocusPeriod.objects.get(pk=place.period.pk).state == "closed"
    assert Agreement.objects.get(pk=place.agreement.pk).state == ending
    assert Goal.objects.get(pk=place.goal.pk).state == "reached"


def test_without_a_word_on_an_agreement_nothing_changes(place: Scene, as_: Any) -> None:
    sent = {"aspect": "feedback", "why": "Omdat het schuurt", f"goal-ending-{place.goal.pk}": "dropped"}
    answer = as_(place.cast.carla).post(at("focus-new", place.group.pk), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [f"ending-{place.agreement.pk}"])
    assert "Omdat het schuurt" in reads(answer)
    assert live(place.group.pk) == place.period


def test_without_a_word_on_a_goal_nothing_changes(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("focus-new", place.group.pk)
    sent = {"aspect": "feedback", "why": "Omdat het schuurt", f"ending-{place.agreement.pk}": "live"}
    for ending in ({}, {f"goal-ending-{place.goal.pk}": "live"}):
        answer = browser.post(address, sent | ending)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [f"goal-ending-{place.goal.pk}"])
    assert live(place.group.pk) == place.period
    GoalUpdate.objects.create(
        school=place.group.school, group=place.group, goal=place.goal, step="reached", written_at=NOW
    )
    form = browser.get(address, {"card": "feedback"}).context["form"]
    assert form[f"goal-ending-{place.goal.pk}"].initial == "reached"


@pytest.mark.parametrize("aspect", ["", "harten-aas"])
def test_it_needs_one_of_the_six(place: Scene, as_: Any, aspect: str) -> None:
    sent = {"aspect": aspect, f"ending-{place.agreement.pk}": "live", f"goal-ending-{place.goal.pk}": "dropped"}
    answer = as_(place.cast.carla).post(at("focus-new", place.group.pk), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["aspect"])
    assert "analysing?" in reads(answer)


def test_choosing_it_twice_starts_one_period(cast: TestCast, as_: Any, place: Scene) -> None:
    browser = as_(cast.joris)
    for status in (302, 422):
        answer = browser.post(at("focus-new", cast.maths.pk), {"aspect": "analysing", "why": "Zo"})
        assert answer.status_code == status
    assert "Zo" in reads(answer)
    assert FocusPeriod.objects.filter(group=cast.maths).count() == 1


def test_why_it_matters_is_written_and_rewritten(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("focus-why", place.period.pk)
    assert "De snelle praters" in reads(browser.get(address))
    assert browser.post(address, {"why": "Iedereen telt", "version": 1})["Location"] == at("group", place.group.pk)
    assert live(place.group.pk).why == "Iedereen telt"
    answer = browser.post(address, {"why": "Samen", "version": 1})
    text = answer.content.decode()
    assert (answer.status_code, "Iedereen telt" in text, "Samen" in text) == (409, True, True)
    assert browser.post(address, {"why": "x" * 301}).status_code == 422


def test_a_closed_period_keeps_its_words(place: Scene, as_: Any) -> None:
    sent = {"aspect": "feedback", f"ending-{place.agreement.pk}": "live", f"goal-ending-{place.goal.pk}": "dropped"}
    browser = as_(place.cast.carla)
    browser.post(at("focus-new", place.group.pk), sent)
    answer = browser.post(at("focus-why", place.period.pk), {"why": "Achteraf"})
    assert answer.status_code == 422
    assert "Achteraf" in reads(answer)


@pytest.mark.parametrize(("who", "status"), [("anna", 404), ("frank", 404), ("joris", 404), ("bram", 404)])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str, status: int) -> None:
    browser = as_(getattr(place.cast, who))
    for address in (at("focus-new", place.group.pk), at("focus-why", place.period.pk)):
        answer = browser.get(address)
        assert answer.status_code == status
        assert tells_nothing(answer.content.decode())
        assert browser.post(address, {"why": "x", "aspect": "feedback"}).status_code == status


def test_a_guest_chooses_nothing(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    for address in (at("focus-new", place.group.pk), at("focus-why", place.period.pk)):
        assert as_(place.cast.bram).post(address, {"why": "x", "aspect": "feedback"}).status_code == 403


def test_next_door_sees_nothing(place: Scene, as_: Any) -> None:
    for name, pk in (("focus-new", place.group.pk), ("focus-why", place.period.pk)):
        answer = as_(place.cast.daan).get(at(name, pk, slug="de-beuk"))
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())
