"""The pages of a meeting: planning, moving, calling off, and the meeting itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schools.models import Holiday
from tests import factories
from tests.conftest import TestCast
from tests.workgroups.scene import TODAY, Scene, at, reads, tells_nothing
from workgroups import queries
from workgroups.models import Meeting

WEEK = dt.timedelta(weeks=1)
SENT = {"day": "2026-12-15", "time": "15:15", "until": "16:45", "place": "Bibliotheek", "title": "Teksten kiezen"}


# --- planning one


def test_the_chair_plans_a_meeting(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    assert reads(browser.get(at("meeting-new", place.group.pk)))
    answer = browser.post(at("meeting-new", place.group.pk), SENT)
    assert answer["Location"] == at("group", place.group.pk)
    meeting = Meeting.objects.get(title="Teksten kiezen")
    assert (meeting.day, meeting.time, meeting.minutes) == (dt.date(2026, 12, 15), dt.time(15, 15), 90)
    assert meeting.place == "Bibliotheek"


def test_the_form_proposes_the_usual_time_two_weeks_on(place: Scene, as_: Any) -> None:
    proposed = as_(place.cast.els).get(at("meeting-new", place.group.pk)).context["form"].initial
    assert proposed["day"] == TODAY + dt.timedelta(days=28)
    assert (proposed["time"], proposed["until"], proposed["place"]) == (dt.time(15, 15), dt.time(16, 15), "Teamkamer")


def test_a_proposal_never_lies_behind(cast: TestCast) -> None:
    assert queries.proposal(cast.reading, today=TODAY) == {}
    factories.meeting(cast.reading, TODAY - dt.timedelta(days=14))
    assert queries.proposal(cast.reading, today=TODAY)["day"] == TODAY + dt.timedelta(days=14)
    factories.meeting(cast.reading, TODAY - dt.timedelta(days=3))
    assert queries.proposal(cast.reading, today=TODAY)["day"] == TODAY + dt.timedelta(days=11)


def test_a_proposal_waits_for_the_end_of_a_holiday(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY)
    day = meeting.day + dt.timedelta(weeks=2)
    Holiday.objects.create(region=cast.schools["de-wilg"].region, name="Kerst", first_day=day, last_day=day + WEEK)
    assert queries.proposal(cast.reading, today=TODAY)["day"] == day + 2 * WEEK


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "2026-02-31"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "2025-12-01"}, "day"),
        ({"day": "2126-12-01"}, "day"),
        ({"time": "kwart over drie"}, "time"),
        ({"until": "14:30"}, "until"),
        ({"until": "15:17"}, "until"),
        ({"time": "00:10", "until": "23:50"}, "until"),
        ({"place": "x" * 81}, "place"),
        ({"day": "2027-03-28", "time": "02:30", "until": "03:30"}, "time"),
    ],
)
def test_what_does_not_fit_stays_with_a_sentence(place: Scene, as_: Any, wrong: dict[str, str], field: str) -> None:
    answer = as_(place.cast.els).post(at("meeting-new", place.group.pk), SENT | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    for typed in (SENT | wrong).values():
        assert typed in reads(answer)
    assert not Meeting.objects.filter(title="Teksten kiezen").exists()


def test_planning_it_twice_says_so(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    assert browser.post(at("meeting-new", place.group.pk), SENT).status_code == 302
    answer = browser.post(at("meeting-new", place.group.pk), SENT)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["time"])
    assert Meeting.objects.filter(title="Teksten kiezen").count() == 1


@pytest.mark.parametrize(("who", "status"), [("carla", 403), ("anna", 404), ("joris", 404), ("bram", 404)])
def test_planning_is_for_the_chair(place: Scene, as_: Any, who: str, status: int) -> None:
    browser = as_(getattr(place.cast, who))
    assert browser.get(at("meeting-new", place.group.pk)).status_code == status
    assert browser.post(at("meeting-new", place.group.pk), SENT).status_code == status


# --- the meeting itself


def test_it_works(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("meeting", place.ahead.pk)))
    for said in ("Teamkamer", "Over groep 8", "Eerst een vraag", "Iedereen aan het woord", "Openness"):
        assert said in text


def test_a_meeting_that_was_held_tells_how_it_went(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.carla).get(at("meeting", place.held.pk))
    inside = answer.context["inside"]
    assert [(one.text, one.outcome) for one in inside.agreements] == [(place.agreement.text, "kept")]
    assert [(one.text, one.outcome) for one in inside.goals] == [(place.goal.text, "not_yet")]
    assert "Eerst een vraag" in reads(answer)


def test_a_meeting_without_a_card_or_a_goal_leads_there(cast: TestCast, as_: Any, place: Scene) -> None:
    browser, meeting = as_(cast.joris), factories.meeting(cast.maths)
    assert at("focus-new", cast.maths.pk) in reads(browser.get(at("meeting", meeting.pk)))
    period = factories.period(cast.maths, cast.aspects["analysing"])
    assert at("goal-new", period.pk) in reads(browser.get(at("meeting", meeting.pk)))


@pytest.mark.parametrize("who", ["anna", "frank"])
def test_leader_and_admin_see_date_time_and_place(place: Scene, as_: Any, who: str) -> None:
    browser = as_(getattr(place.cast, who))
    for meeting in (place.held, place.now, place.ahead):
        text = reads(browser.get(at("meeting", meeting.pk)))
        assert "Teamkamer" in text
        assert tells_nothing(text)
        assert at("meeting-open", meeting.pk) not in text


@pytest.mark.parametrize("who", ["joris", "bram"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str) -> None:
    assert as_(getattr(place.cast, who)).get(at("meeting", place.ahead.pk)).status_code == 404


def test_a_guest_reads_along_and_ticks_nothing(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    text = reads(as_(place.cast.bram).get(at("meeting", place.now.pk)))
    assert "Eerst een vraag" in text
    assert at("meeting-close", place.now.pk) not in text


def test_next_door_sees_nothing(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.daan)
    for name in ("meeting", "meeting-edit", "meeting-cancel", "meeting-open", "meeting-close", "meeting-skip"):
        answer = browser.get(at(name, place.held.pk, slug="de-beuk"))
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())


def test_the_page_costs_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser = as_(place.cast.carla)
    browser.get(at("meeting", place.ahead.pk))
    with django_assert_num_queries(14):
        browser.get(at("meeting", place.ahead.pk))
    for position in (2, 3):
        goal = factories.goal(place.period, f"Doel {position}", position)
        factories.agreement(goal, f"Afspraak {position}", position)
    with django_assert_num_queries(14):
        browser.get(at("meeting", place.ahead.pk))


# --- moving it, and calling it off


def test_the_chair_moves_a_meeting(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    assert "Over groep 8" in reads(browser.get(at("meeting-edit", place.ahead.pk)))
    assert browser.post(at("meeting-edit", place.ahead.pk), SENT)["Location"] == at("meeting", place.ahead.pk)
    place.ahead.refresh_from_db()
    assert (place.ahead.day, place.ahead.schedule_version) == (dt.date(2026, 12, 15), 2)


def test_what_was_held_moves_no_more(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.els).post(at("meeting-edit", place.held.pk), SENT)
    assert answer.status_code == 422
    assert "Bibliotheek" in reads(answer)


def test_the_chair_calls_it_off_and_changes_their_mind(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.els), at("meeting", place.ahead.pk)
    assert reads(browser.get(at("meeting-cancel", place.ahead.pk)))
    assert browser.post(at("meeting-cancel", place.ahead.pk))["Location"] == address
    assert at("meeting-restore", place.ahead.pk) in reads(browser.get(address))
    assert browser.post(at("meeting-cancel", place.ahead.pk)).status_code == 422
    assert browser.post(at("meeting-restore", place.ahead.pk))["Location"] == address
    assert Meeting.objects.get(pk=place.ahead.pk).state == "planned"


def test_restoring_it_twice_is_a_message(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.els).post(at("meeting-restore", place.ahead.pk), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.parametrize("name", ["meeting-edit", "meeting-cancel"])
@pytest.mark.parametrize(("who", "status"), [("carla", 403), ("anna", 403), ("joris", 404)])
def test_moving_is_for_the_chair(place: Scene, as_: Any, name: str, who: str, status: int) -> None:
    assert as_(getattr(place.cast, who)).get(at(name, place.ahead.pk)).status_code == status
