"""The opener on the board (G5), and the closer, one question at a time (G6, G7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.conftest import TestCast
from tests.workgroups.scene import TODAY, Scene, at, reads, tells_nothing
from workgroups.models import AgreementCheck, Closer, Goal, GoalCheck, Meeting, Opener

# --- the board


def test_the_board_shows_the_agreements_and_one_button(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("meeting-open", place.now.pk)))
    assert "Eerst een vraag" in text
    assert "Iedereen aan het woord" in text
    assert text.count('class="button"') == 1


def test_repeating_is_ticked_once(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-open", place.now.pk)
    assert browser.post(address)["Location"] == at("meeting", place.now.pk)
    answer = browser.post(address, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "error"]
    assert Opener.objects.filter(meeting=place.now).count() == 1
    assert 'class="button"' not in reads(browser.get(address))


def test_the_board_of_a_later_meeting_has_no_button(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-open", place.ahead.pk)
    assert 'class="button"' not in reads(browser.get(address))
    assert browser.post(address).status_code == 302
    assert not Opener.objects.filter(meeting=place.ahead).exists()


def test_a_group_without_agreements_gets_its_question(cast: TestCast, as_: Any) -> None:
    meeting = factories.meeting(cast.maths)
    assert 'class="button"' not in reads(as_(cast.joris).get(at("meeting-open", meeting.pk)))
    factories.period(cast.maths, cast.aspects["analysing"])
    assert "analysing?" in reads(as_(cast.joris).get(at("meeting-open", meeting.pk)))


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
@pytest.mark.parametrize("name", ["meeting-open", "meeting-close", "meeting-skip"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str, name: str) -> None:
    answer = as_(getattr(place.cast, who)).get(at(name, place.now.pk))
    assert answer.status_code == 404
    assert tells_nothing(answer.content.decode())


def test_a_guest_sees_the_board_and_ticks_nothing(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    browser = as_(place.cast.bram)
    assert "Eerst een vraag" in reads(browser.get(at("meeting-open", place.now.pk)))
    assert browser.post(at("meeting-open", place.now.pk)).status_code == 403
    assert browser.get(at("meeting-close", place.now.pk)).status_code == 403
    assert browser.post(at("meeting-close", place.now.pk), place.answers()).status_code == 403
    assert not Opener.objects.filter(meeting=place.now).exists()


# --- the closer, in steps


@pytest.mark.sqlite
def test_one_question_at_a_time_until_the_meeting_is_closed(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-close", place.now.pk)
    names = list(place.answers())
    first = browser.get(address)
    assert first.context["question"].name == names[0]
    assert "Eerst een vraag" in reads(first)
    second = browser.post(address, {"about": names[0], names[0]: "partly"}, follow=True)
    assert second.context["question"].name == names[1]
    assert "Iedereen aan het woord" in reads(second)
    whole = browser.post(address, {"about": names[1], names[1]: "on_the_way"}, follow=True)
    assert whole.context["question"] is None
    assert [one.answer for one in whole.context["questions"]] == ["partly", "on_the_way"]
    assert not Closer.objects.filter(meeting=place.now).exists()
    assert browser.post(address)["Location"] == at("meeting", place.now.pk)
    assert AgreementCheck.objects.get(closer__meeting=place.now).outcome == "partly"
    assert GoalCheck.objects.get(closer__meeting=place.now).outcome == "on_the_way"
    assert f"closer-{place.now.pk}" not in browser.session


def test_a_question_without_an_answer_is_asked_again(place: Scene, as_: Any) -> None:
    name, *_rest = place.answers()
    for sent in ({"about": name}, {"about": name, name: "perfect"}):
        answer = as_(place.cast.carla).post(at("meeting-close", place.now.pk), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])


def test_an_answer_can_be_changed_before_closing(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-close", place.now.pk)
    for name, value in place.answers().items():
        browser.post(address, {"about": name, name: value})
    name, *_rest = place.answers()
    again = browser.get(address, {"about": name})
    assert again.context["field"].value() == "partly"
    assert browser.post(address, {"about": name, name: "not"})["Location"] == f"{address}?about=all"
    assert [one.answer for one in browser.get(address).context["questions"]] == ["not", "on_the_way"]


def test_all_answers_at_once_close_it_too(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.carla).post(at("meeting-close", place.now.pk), place.answers())
    assert answer["Location"] == at("meeting", place.now.pk)
    assert Meeting.objects.get(pk=place.now.pk).state == "held"


def test_a_missing_answer_closes_nothing_and_keeps_the_others(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-close", place.now.pk)
    kept, step = place.answers()
    answer = browser.post(address, {kept: "kept"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [step])
    assert browser.get(address).context["question"].name == step
    assert not Closer.objects.filter(meeting=place.now).exists()


def test_closing_it_twice_is_a_message(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-close", place.now.pk)
    browser.post(address, place.answers())
    for answer in (browser.post(address, place.answers()), browser.get(address)):
        assert answer["Location"] == at("meeting", place.now.pk)
    assert Closer.objects.filter(meeting=place.now).count() == 1


def test_a_meeting_to_come_cannot_be_closed(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-close", place.ahead.pk)
    for answer in (browser.get(address, follow=True), browser.post(address, place.answers(), follow=True)):
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not Closer.objects.filter(meeting=place.ahead).exists()


def test_a_goal_that_was_reached_is_done_and_its_agreement_lives_on(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    browser.post(at("meeting-close", place.now.pk), place.answers(step="reached"))
    assert Goal.objects.get(pk=place.goal.pk).state == "reached"
    focus = browser.get(at("group", place.group.pk)).context["inside"].focus
    assert [one.text for one in focus.carried] == [place.agreement.text]


def test_a_group_without_agreements_closes_right_away(cast: TestCast, as_: Any, place: Scene) -> None:
    meeting = factories.meeting(cast.maths, TODAY, place.now.time)
    browser, address = as_(cast.joris), at("meeting-close", meeting.pk)
    assert browser.get(address).context["questions"] == []
    assert browser.post(address).status_code == 302
    assert Meeting.objects.get(pk=meeting.pk).state == "held"


def test_the_closer_costs_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser, address = as_(place.cast.carla), at("meeting-close", place.now.pk)
    browser.get(address)
    with django_assert_num_queries(11):
        browser.get(address)
    for position in (2, 3):
        goal = factories.goal(place.period, f"Doel {position}", position)
        factories.agreement(goal, f"Afspraak {position}", position)
    with django_assert_num_queries(11):
        browser.get(address)


# --- skipping it


def test_skipping_needs_a_reason(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-skip", place.now.pk)
    assert reads(browser.get(address))
    answer = browser.post(address, {"because": "  "})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["because"])
    assert browser.post(address, {"because": "Brandoefening"})["Location"] == at("meeting", place.now.pk)
    assert "Brandoefening" in reads(browser.get(at("meeting", place.now.pk)))
    again = browser.post(address, {"because": "Nog eens"})
    assert again.status_code == 422
    assert "Nog eens" in reads(again)


def test_the_reason_stays_in_the_group(place: Scene, as_: Any) -> None:
    as_(place.cast.carla).post(at("meeting-skip", place.now.pk), {"because": "Brandoefening"})
    assert "Brandoefening" not in reads(as_(place.cast.anna).get(at("meeting", place.now.pk)))
    assert "Brandoefening" not in reads(as_(place.cast.anna).get(at("group", place.group.pk)))
