"""A meeting on paper: the sheet to print, and the one form that takes it over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.factories import NOW, TODAY
from tests.workgroups.scene import Scene, at, reads
from workgroups import actions
from workgroups.models import Agenda, AgreementCheck, Closer, GoalCheck, Meeting, Opener

DAY = dt.timedelta(days=1)


def sent(place: Scene, **more: str) -> dict[str, str]:
    return place.answers() | {"repeated": "on", "notes": "Volgende keer de kleuters"} | more


# --- taking it over


def test_everything_is_written_down_at_once(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    text = reads(browser.get(at("meeting-paper", place.now.pk)))
    assert "Eerst een vraag, dan je mening" in text
    assert "Iedereen aan het woord" in text
    assert browser.post(at("meeting-paper", place.now.pk), sent(place))["Location"] == at("meeting", place.now.pk)
    assert Meeting.objects.get(pk=place.now.pk).state == "held"
    closer = Closer.objects.get(meeting=place.now)
    assert AgreementCheck.objects.get(closer=closer).outcome == "partly"
    assert GoalCheck.objects.get(closer=closer).outcome == "on_the_way"
    assert Opener.objects.get(meeting=place.now).opened_at == place.now.starts_at
    assert Agenda.objects.get(meeting=place.now).notes == "Volgende keer de kleuters"


def test_what_was_not_repeated_stays_so(place: Scene, as_: Any) -> None:
    answers = sent(place)
    del answers["repeated"]
    assert as_(place.cast.carla).post(at("meeting-paper", place.now.pk), answers).status_code == 302
    assert not Opener.objects.filter(meeting=place.now).exists()


def test_an_answer_that_is_missing_is_asked_for_and_nothing_is_lost(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.carla).post(at("meeting-paper", place.now.pk), sent(place) | {f"goal-{place.goal.pk}": ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [f"goal-{place.goal.pk}"]
    assert "Volgende keer de kleuters" in reads(answer)
    assert not Closer.objects.filter(meeting=place.now).exists()
    assert not Opener.objects.filter(meeting=place.now).exists()


def test_a_meeting_of_last_week_is_taken_over_too(place: Scene, as_: Any) -> None:
    past = factories.meeting(place.group, TODAY - 7 * DAY)
    assert as_(place.cast.els).post(at("meeting-paper", past.pk), sent(place)).status_code == 302
    assert Meeting.objects.get(pk=past.pk).state == "held"


def test_notes_come_below_what_stands_there(place: Scene) -> None:
    given: dict[str, Any] = {"meeting": place.now, "by": place.cast.hat("carla"), "now": NOW}
    actions.write_notes(**given, notes="Eerder", version=None)
    actions.open_meeting(**given)
    agreements, goals = {place.agreement.pk: "kept"}, {place.goal.pk: "not_yet"}
    actions.enter_paper(**given, repeated=True, agreements=agreements, goals=goals, notes="Later")
    assert Agenda.objects.get(meeting=place.now).notes == "Eerder\n\nLater"
    assert Opener.objects.get(meeting=place.now).opened_at == NOW
    with pytest.raises(actions.AlreadyClosed):
        actions.enter_paper(**given, repeated=True, agreements=agreements, goals=goals, notes="")


def test_it_waits_until_the_meeting_has_begun(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    for meeting in (place.ahead, place.held):
        assert browser.get(at("meeting-paper", meeting.pk))["Location"] == at("meeting", meeting.pk)
        assert browser.post(at("meeting-paper", meeting.pk), sent(place)).status_code == 422
    assert not Opener.objects.filter(meeting=place.ahead).exists()


@pytest.mark.parametrize("who", ["anna", "joris", "bram"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str) -> None:
    place.invite(place.cast.bram)
    for name in ("meeting-paper", "meeting-sheet"):
        assert as_(place.cast.people[who]).get(at(name, place.now.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.enter_paper(
            meeting=place.now, repeated=True, agreements={}, goals={}, notes="", by=place.cast.hat(who), now=NOW
        )


# --- the sheet


def test_the_sheet_has_everything_to_write_on(place: Scene, as_: Any) -> None:
    actions.write_agenda(
        meeting=place.now, points="De boekenkring\nRondvraag", version=None, by=place.cast.hat("els"), now=NOW
    )
    browser = as_(place.cast.carla)
    text = reads(browser.get(at("meeting-sheet", place.now.pk)))
    for said in ("Eerst een vraag, dan je mening", "Iedereen aan het woord", "De boekenkring", "Over groep 8"):
        assert said in text
    assert text.count('class="box"') == 1 + 4 + 3
    assert '<svg role="img" aria-label="Code' in text
    assert at("meeting-sheet", place.now.pk) in reads(browser.get(at("meeting", place.now.pk)))
    assert at("meeting-paper", place.now.pk) in reads(browser.get(at("meeting", place.now.pk)))


def test_the_sheet_of_a_new_group_has_room_too(place: Scene, as_: Any) -> None:
    meeting = factories.meeting(place.cast.maths)
    text = reads(as_(place.cast.joris).get(at("meeting-sheet", meeting.pk)))
    assert "Wat we willen bewaren" in text
    assert 'class="box"' not in text


def test_they_cost_the_same_with_one_and_with_three(place: Scene, as_: Any, django_assert_num_queries: Any) -> None:
    browser = as_(place.cast.carla)
    pages = {"meeting-sheet": 12, "meeting-paper": 11}
    for name, queries in pages.items():
        browser.get(at(name, place.now.pk))
        with django_assert_num_queries(queries):
            browser.get(at(name, place.now.pk))
    for slot in (2, 3):
        factories.agreement(factories.goal(place.period, f"Doel {slot}", slot), f"Afspraak {slot}", slot)
    for name, queries in pages.items():
        with django_assert_num_queries(queries):
            browser.get(at(name, place.now.pk))
