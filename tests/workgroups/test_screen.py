"""The big screen: it follows the meeting through three acts, any member steers it, and everybody keeps in step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.workgroups.scene import Scene, at, reads, tells_nothing
from workgroups import actions, queries
from workgroups.models import Meeting, Scene as SceneRow

MINUTE = dt.timedelta(minutes=1)


def _given(place: Scene, who: str = "carla", now: dt.datetime = NOW) -> dict[str, Any]:
    return {"meeting": place.now, "by": place.cast.hat(who), "now": now}


def _screen(place: Scene, now: dt.datetime = NOW) -> queries.Screen:
    meeting = queries.at_own_table(place.now, member=place.cast.hat("carla"))
    assert meeting is not None
    return queries.screen_of(meeting, focus=queries.focus_of(place.group), now=now)


def _mark(place: Scene, now: dt.datetime = NOW) -> str:
    meeting = queries.at_own_table(place.now, member=place.cast.hat("carla"))
    assert meeting is not None
    return queries.mark_of(meeting, now=now)


# --- the three acts


def test_it_follows_the_meeting_by_itself(place: Scene) -> None:
    assert (_screen(place).act, _screen(place).showing) == ("open", "agreements")
    actions.open_meeting(**_given(place))
    assert (_screen(place).act, _screen(place).showing) == ("talk", "agenda")
    late = place.now.ends_at - 10 * MINUTE
    assert (_screen(place, late).act, _screen(place, late).showing) == ("close", "look_back")
    agreements, goals = {place.agreement.pk: "kept"}, {place.goal.pk: "reached"}
    actions.close_meeting(**_given(place), agreements=agreements, goals=goals)
    assert (_screen(place).act, _screen(place).showing) == ("done", "outcome")


def test_without_agreements_there_is_nothing_to_repeat(place: Scene) -> None:
    place.agreement.delete()
    assert _screen(place).act == "talk"


def test_what_was_chosen_stays_until_it_is_done(place: Scene) -> None:
    actions.show(**_given(place), shows="agreements", place=0)
    actions.open_meeting(**_given(place))
    assert _screen(place).chosen == "now"
    actions.show(**_given(place), shows="card", place=1)
    assert _screen(place, place.now.ends_at - MINUTE).showing == "card"


# --- steering


def test_any_member_steers_it(place: Scene) -> None:
    actions.write_agenda(**_given(place), points="Een\nTwee\nDrie", version=None)
    actions.show(**_given(place, "els"), shows="agenda", place=1)
    screen = _screen(place)
    assert [(one.text, one.is_now) for one in screen.points] == [("Een", False), ("Twee", True), ("Drie", False)]
    assert (screen.before, screen.after) == (0, 2)
    actions.show(**_given(place), shows="agenda", place=99)
    assert (_screen(place).place, _screen(place).after) == (2, None)


def test_a_long_agenda_shows_what_lies_near(place: Scene) -> None:
    actions.write_agenda(**_given(place), points="\n".join(f"Punt {n}" for n in range(1, 21)), version=None)
    for at_place, first in ((0, 1), (10, 7), (19, 13)):
        actions.show(**_given(place), shows="agenda", place=at_place)
        points = _screen(place).points
        assert (points[0].number, len(points)) == (first, 8)
        assert [one.number for one in points if one.is_now] == [at_place + 1]


def test_phrases_go_round_in_the_same_order_everywhere(place: Scene) -> None:
    aspect = place.period.aspect
    for number in range(2, 6):
        aspect.utterances.create(key=f"openness-u{number}", position=number, texts={"nl": {"text": f"Zin {number}"}})
    actions.show(**_given(place), shows="starter", place=4)
    screen = _screen(place)
    assert screen.after == 0
    assert screen.phrases == _screen(place).phrases
    assert sorted(screen.phrases) == sorted(line.text for line in aspect.utterances.all())
    starter = screen.starter(7)
    assert starter is not None
    assert (starter.text, starter.place, starter.after) == (screen.phrases[2], 2, 3)


def test_a_silent_minute_brings_its_clock_and_takes_it_along(place: Scene) -> None:
    actions.show(**_given(place), shows="silence", place=0)
    assert _screen(place).seconds_left == 60
    assert _screen(place, NOW + 2 * MINUTE).seconds_left == 0
    actions.show(**_given(place), shows="agenda", place=0)
    assert _screen(place).seconds_left is None


def test_the_clock_runs_and_stops(place: Scene) -> None:
    actions.set_clock(**_given(place), minutes=5)
    actions.show(**_given(place), shows="round", place=0)
    assert _screen(place, NOW + MINUTE).seconds_left == 240
    actions.set_clock(**_given(place), minutes=None)
    assert _screen(place).seconds_left is None
    for minutes in (0, 61):
        with pytest.raises(actions.UnknownWord):
            actions.set_clock(**_given(place), minutes=minutes)


def test_looking_back_goes_along_with_the_closer_on_a_phone(place: Scene, as_: Any) -> None:
    browser, names = as_(place.cast.carla), list(place.answers())
    browser.post(at("meeting-close", place.now.pk), {"about": names[0], names[0]: "kept"})
    look_at = _screen(place).look_at
    assert look_at is not None
    assert (look_at.about, look_at.text) == ("goal", place.goal.text)
    again = browser.get(at("meeting-close", place.now.pk), {"about": names[1]})
    assert b"data-field" not in again.content  # the question is not taken for a page of a visit
    browser.post(at("meeting-close", place.now.pk), {"about": names[1], names[1]: "not_yet"})
    assert _screen(place).showing == "look_back"


@pytest.mark.parametrize("who", ["anna", "joris"])
def test_it_needs_a_seat(place: Scene, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.show(**_given(place, who), shows="card", place=0)
    with pytest.raises(PermissionDenied):
        actions.set_clock(**_given(place, who), minutes=1)
    assert not SceneRow.objects.exists()


def test_only_a_planned_meeting_is_steered(place: Scene) -> None:
    with pytest.raises(actions.NotPlanned):
        actions.show(**(_given(place) | {"meeting": place.held}), shows="card", place=0)
    with pytest.raises(actions.UnknownWord):
        actions.show(**_given(place), shows="cinema", place=0)


# --- the pages


@pytest.mark.sqlite
@pytest.mark.parametrize("shows", ["now", "agreements", "agenda", "card", "starter", "round", "silence", "look_back"])
def test_it_works(place: Scene, as_: Any, shows: str) -> None:
    browser, screen = as_(place.cast.carla), at("meeting-screen", place.now.pk)
    answer = browser.post(at("meeting-scene", place.now.pk), {"shows": shows, "from": "screen"})
    assert answer["Location"] == screen
    page = browser.get(screen)
    assert page.context["screen"].chosen == shows
    assert f'id="show-{shows.replace("_", "-")}"' in reads(page)


def test_a_phone_steers_and_stays_where_it_is(place: Scene, as_: Any) -> None:
    browser, home = as_(place.cast.carla), at("meeting", place.now.pk)
    assert browser.post(at("meeting-scene", place.now.pk), {"clock": "5"})["Location"] == f"{home}#screen"
    assert _screen(place).seconds_left == 300
    browser.post(at("meeting-scene", place.now.pk), {"clock": "0"})
    assert _screen(place).seconds_left is None


@pytest.mark.parametrize("sent", [{}, {"shows": "cinema"}, {"shows": "card", "place": "-1"}, {"clock": "many"}])
def test_an_odd_request_is_a_message(place: Scene, as_: Any, sent: dict[str, str]) -> None:
    answer = as_(place.cast.carla).post(at("meeting-scene", place.now.pk), sent, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not SceneRow.objects.exists()


def test_repeating_is_ticked_on_the_screen(place: Scene, as_: Any) -> None:
    browser, screen = as_(place.cast.carla), at("meeting-screen", place.now.pk)
    assert browser.post(at("meeting-open", place.now.pk), {"from": "screen"})["Location"] == screen
    assert browser.get(screen).context["screen"].act == "talk"


def test_it_shows_how_it_went_and_when_the_group_meets_next(place: Scene, as_: Any) -> None:
    Meeting.objects.filter(pk=place.ahead.pk).delete()
    browser = as_(place.cast.carla)
    browser.post(at("meeting-close", place.now.pk), place.answers())
    text = reads(browser.get(at("meeting-screen", place.now.pk)))
    assert "Eerst een vraag" in text
    assert str((TODAY + dt.timedelta(days=14)).day) in text


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
@pytest.mark.parametrize("name", ["meeting-screen", "meeting-state"])
def test_outside_the_group_it_is_not_there(place: Scene, as_: Any, who: str, name: str) -> None:
    if who == "bram":
        place.invite(place.cast.bram)
    answer = as_(getattr(place.cast, who)).get(at(name, place.now.pk))
    assert answer.status_code == 404
    assert tells_nothing(answer.content.decode())


def test_a_guest_finds_no_screen_on_the_page(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    text = reads(as_(place.cast.bram).get(at("meeting", place.now.pk)))
    assert "data-follow" not in text
    assert at("meeting-screen", place.now.pk) not in text


def test_a_phone_shows_another_sentence(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    for odd in ("1", "-1", "x", "9" * 40, "²"):
        assert browser.get(at("meeting", place.now.pk), {"starter": odd}).context["starter"].text == "..."


# --- in step


def test_the_mark_changes_with_everything_that_is_shown(place: Scene) -> None:
    marks = [_mark(place)]

    def note() -> None:
        marks.append(_mark(place))

    actions.write_agenda(**_given(place), points="Een", version=None)
    note()
    actions.write_notes(**_given(place), notes="Twee", version=None)
    note()
    actions.show(**_given(place), shows="card", place=0)
    note()
    actions.set_clock(**_given(place), minutes=1)
    note()
    marks.append(_mark(place, NOW + 2 * MINUTE))
    actions.open_meeting(**_given(place))
    note()
    factories.agreement(place.goal, "Nog een afspraak", 2)
    note()
    factories.goal(place.period, "Nog een doel", 2)
    note()
    marks.append(_mark(place, place.now.ends_at - MINUTE))
    marks.append(_mark(place, place.now.ends_at))
    assert len(set(marks)) == len(marks)
    assert _mark(place) == _mark(place)


def test_asking_is_cheap(place: Scene, as_: Any, django_assert_num_queries: Any) -> None:
    browser, address = as_(place.cast.carla), at("meeting-state", place.now.pk)
    first = browser.get(address)
    assert set(first.json()) == {"mark"}
    assert "no-cache" in first["Cache-Control"]
    with django_assert_num_queries(8):
        assert browser.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    actions.show(**_given(place), shows="card", place=0)
    assert browser.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(("name", "queries_"), [("meeting-screen", 12), ("meeting", 14)])
def test_the_pages_cost_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any, name: str, queries_: int
) -> None:
    browser, address = as_(place.cast.carla), at(name, place.now.pk)
    browser.get(address)
    with django_assert_num_queries(queries_):
        browser.get(address)
    for position in (2, 3):
        goal = factories.goal(place.period, f"Doel {position}", position)
        factories.agreement(goal, f"Afspraak {position}", position)
    actions.write_agenda(**_given(place), points="Een\nTwee\nDrie", version=None)
    with django_assert_num_queries(queries_):
        browser.get(address)


# --- the next meeting


def test_the_chair_plans_the_proposal_in_one_tap(place: Scene, as_: Any) -> None:
    Meeting.objects.filter(pk=place.ahead.pk).delete()
    browser = as_(place.cast.els)
    home = browser.post(at("meeting-close", place.now.pk), place.answers(), follow=True)
    form = home.context["next_form"]
    sent = {field.html_name: field.value() for field in form}
    assert sent["day"] == TODAY + dt.timedelta(days=14)
    assert browser.post(at("meeting-new", place.group.pk), sent).status_code == 302
    planned = Meeting.objects.get(group=place.group, state="planned")
    assert (planned.day, planned.time, planned.minutes, planned.title) == (sent["day"], dt.time(9, 0), 90, "")


def test_a_member_reads_who_can_plan_it(place: Scene, as_: Any) -> None:
    Meeting.objects.filter(pk=place.ahead.pk).delete()
    home = as_(place.cast.carla).post(at("meeting-close", place.now.pk), place.answers(), follow=True)
    assert home.context["next_form"] is None
    assert place.cast.els.name in reads(home)


def test_where_the_next_one_is_planned_nothing_is_proposed(place: Scene, as_: Any) -> None:
    home = as_(place.cast.els).post(at("meeting-close", place.now.pk), place.answers(), follow=True)
    assert home.context["whats_next"].planned == place.ahead
    with time_machine.travel(NOW + dt.timedelta(days=60), tick=False):
        assert "whats_next" not in as_(place.cast.els).get(at("meeting", place.now.pk)).context


@pytest.mark.parametrize(
    ("days", "gap"), [([7, 14, 21], 7), ([21, 42, 63], 21), ([14, 28, 98], 14), ([200], 14), ([7, 28, 35], 7)]
)
def test_a_proposal_keeps_the_usual_rhythm(cast: TestCast, days: list[int], gap: int) -> None:
    for ago in [0, *days]:
        factories.meeting(cast.maths, TODAY - dt.timedelta(days=ago))
    assert queries.proposal(cast.maths, today=TODAY)["day"] == TODAY + dt.timedelta(days=gap)
