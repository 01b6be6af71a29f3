"""The pages of a group: its start, its own page, what it is called, and who sits in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from tests import factories
from tests.conftest import TestCast
from tests.workgroups.scene import TODAY, Scene, at, reads, tells_nothing
from workgroups.models import Seat, WorkGroup

TOGETHER = "Jullie zijn nu bij elkaar"
AT_ONCE = {"when": "now"}
NEW = {"name": "Schrijven", "theme": "Meer schrijven", "kind": "plc"}


# --- starting a group


def test_a_leader_starts_a_group(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.anna)
    assert reads(browser.get(at("group-new")))
    answer = browser.post(at("group-new"), NEW | {"chair": place.cast.joris.pk, "present_practice": "Weinig"})
    group = WorkGroup.objects.get(name="Schrijven")
    assert answer["Location"] == at("group-seats", group.pk)
    assert (group.theme, group.kind, group.present_practice) == ("Meer schrijven", "plc", "Weinig")
    assert group.seats.get().user == place.cast.joris


def test_a_group_needs_a_name_a_theme_and_a_chair(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.anna).post(at("group-new"), {"name": " ", "present_practice": "Zo gaat het", "kind": "x"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "theme", "kind", "chair"}
    assert "Zo gaat het" in reads(answer)


def test_starting_it_twice_says_so(place: Scene, as_: Any) -> None:
    browser, sent = as_(place.cast.anna), NEW | {"chair": place.cast.joris.pk}
    assert browser.post(at("group-new"), sent).status_code == 302
    answer = browser.post(at("group-new"), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert "Meer schrijven" in reads(answer)
    assert WorkGroup.objects.filter(name="Schrijven").count() == 1


def test_the_chair_comes_from_the_school(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.anna).post(at("group-new"), NEW | {"chair": place.cast.daan.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["chair"])
    assert "Hendriks" not in reads(answer)


def test_teachers_start_no_groups(place: Scene, as_: Any) -> None:
    assert as_(place.cast.els).get(at("group-new")).status_code == 403


# --- the group's own page


@pytest.mark.sqlite
def test_it_works(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("group", place.group.pk)))
    for said in ("Thema van Begrijpend lezen", "Openness", "De snelle praters", "Alles uit de methode"):
        assert said in text
    for said in ("Iedereen aan het woord", "Eerst een vraag", "Els Mulder"):
        assert said in text
    for meeting in (place.held, place.now, place.ahead):
        assert at("meeting", meeting.pk) in text or at("meeting-open", meeting.pk) in text


def test_it_shows_what_was_last_said_of_an_agreement(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.carla).get(at("group", place.group.pk))
    assert [one.last for one in answer.context["inside"].focus.agreements] == ["kept"]
    assert answer.context["inside"].focus.goals[0].step == "not_yet"


@pytest.mark.parametrize("who", ["joris", "bram"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str) -> None:
    text = reads(as_(getattr(place.cast, who)).get(at("group", place.group.pk)))
    assert "Thema van Begrijpend lezen" in text
    assert "Els Mulder" in text
    assert tells_nothing(text)
    assert at("meeting", place.ahead.pk) not in text
    assert at("group-seats", place.group.pk) not in text
    assert "Carla" not in text


@pytest.mark.parametrize("who", ["anna", "frank"])
def test_leader_and_admin_see_only_names_and_dates(place: Scene, as_: Any, who: str) -> None:
    text = reads(as_(getattr(place.cast, who)).get(at("group", place.group.pk)))
    assert "Thema van Begrijpend lezen" in text
    assert at("meeting", place.held.pk) in text
    assert tells_nothing(text)


def test_a_guest_reads_along_but_writes_nothing(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    text = reads(as_(place.cast.bram).get(at("group", place.group.pk)))
    assert "Eerst een vraag" in text
    for name in ("focus-new", "group-edit", "meeting-new"):
        assert at(name, place.group.pk) not in text
    assert at("goal-new", place.period.pk) not in text


def test_next_door_sees_nothing(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.daan)
    mine = {"slug": "de-beuk"}
    for address in (at("group", place.group.pk), at("group", place.group.pk, **mine)):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())


def test_an_empty_group_says_what_comes_first(cast: TestCast, as_: Any) -> None:
    answer = as_(cast.joris).get(at("group", cast.maths.pk))
    assert at("focus-new", cast.maths.pk) in reads(answer)
    assert at("meeting-new", cast.maths.pk) in reads(answer)
    assert answer.context["inside"].ask == "choose"


@pytest.mark.parametrize(
    ("state", "minute", "ask", "leads", "says"),
    [
        ("began", 60, "open", "meeting-open", TOGETHER),
        ("began", 89, "open", "meeting-open", TOGETHER),
        ("opened", 60, None, "meeting", TOGETHER),
        ("opened", 75, "close", "meeting-close", TOGETHER),
        ("opened", 90, "close", "meeting-close", "Nog niet afgesloten"),
        ("began", 90, "close", "meeting-close", "Nog niet afgesloten"),
    ],
)
def test_there_is_one_thing_to_do_now(
    place: Scene, as_: Any, state: str, minute: int, ask: str | None, leads: str, says: str
) -> None:
    browser = as_(place.cast.carla)
    if state == "opened":
        browser.post(at("meeting-open", place.now.pk))
    with time_machine.travel(place.now.starts_at + dt.timedelta(minutes=minute)):
        answer = browser.get(at("group", place.group.pk))
    text = " ".join(reads(answer).split())
    assert answer.context["inside"].ask == ask
    assert text.count('class="button wide"') == 1
    assert f'<a class="button wide" href="{at(leads, place.now.pk)}">' in text
    assert [words for words in (TOGETHER, "Nog niet afgesloten", "Volgende bijeenkomst") if words in text] == [says]
    assert ("nog niet afgesloten" in text) == (minute == 90)  # in the list of meetings


def test_the_meeting_that_goes_on_comes_before_one_that_nobody_closed(place: Scene, as_: Any) -> None:
    old = factories.meeting(place.group, TODAY - dt.timedelta(days=2))
    browser = as_(place.cast.carla)
    text = reads(browser.get(at("group", place.group.pk)))
    assert TOGETHER in text
    assert at("meeting-open", place.now.pk) in text
    assert at("meeting-open", old.pk) not in text
    assert text.count("nog niet afgesloten") == 1
    browser.post(at("meeting-open", place.now.pk))
    assert at("meeting-close", old.pk) not in reads(browser.get(at("group", place.group.pk)))


def test_the_meeting_that_goes_on_is_one_tap_away_with_its_screen(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.carla).get(at("group", place.group.pk)))
    assert f'href="{at("meeting", place.now.pk)}"' in text
    assert at("meeting-screen", place.now.pk) in text


def test_a_second_meeting_at_the_same_time_is_going_on_too(place: Scene, as_: Any) -> None:
    factories.meeting(place.group, TODAY, dt.time(9, 30))
    assert reads(as_(place.cast.carla).get(at("group", place.group.pk))).count("nu bezig") == 1


def test_an_ended_group_stays_readable(place: Scene, as_: Any) -> None:
    WorkGroup.objects.filter(pk=place.group.pk).update(state="ended", ended_on=TODAY)
    answer = as_(place.cast.els).get(at("group", place.group.pk))
    assert "Eerst een vraag" in reads(answer)
    assert answer.context["inside"].ask is None
    assert at("group-edit", place.group.pk) not in reads(answer)


def test_the_page_costs_the_same_with_one_and_with_three(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser = as_(place.cast.carla)
    browser.get(at("group", place.group.pk))
    queries = 19
    with django_assert_num_queries(queries):
        browser.get(at("group", place.group.pk))
    for position in (2, 3):
        goal = factories.goal(place.period, f"Doel {position}", position)
        factories.agreement(goal, f"Afspraak {position}", position)
        factories.meeting(place.group, TODAY - dt.timedelta(days=30 * position), state="held")
        factories.meeting(place.group, TODAY + dt.timedelta(days=30 * position))
    with django_assert_num_queries(queries):
        browser.get(at("group", place.group.pk))


# --- what the group is called


def test_the_chair_describes_the_group_with_its_why(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    assert "Alles uit de methode" in reads(browser.get(at("group-edit", place.group.pk)))
    sent = NEW | {"present_practice": "Zo gaat het", "desired_practice": "Zo willen we het"}
    assert browser.post(at("group-edit", place.group.pk), sent)["Location"] == at("group", place.group.pk)
    place.group.refresh_from_db()
    assert (place.group.name, place.group.desired_practice) == ("Schrijven", "Zo willen we het")


def test_a_leader_changes_name_and_theme_and_never_sees_the_why(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.anna)
    assert tells_nothing(reads(browser.get(at("group-edit", place.group.pk))))
    assert browser.post(at("group-edit", place.group.pk), NEW | {"present_practice": "x"}).status_code == 302
    place.group.refresh_from_db()
    assert (place.group.name, place.group.present_practice) == ("Schrijven", "Alles uit de methode")


def test_nor_does_a_leader_write_the_why_as_a_guest(place: Scene, as_: Any) -> None:
    place.invite(place.cast.anna)
    browser = as_(place.cast.anna)
    assert "Alles uit de methode" not in reads(browser.get(at("group-edit", place.group.pk)))
    assert browser.post(at("group-edit", place.group.pk), NEW | {"present_practice": "x"}).status_code == 302
    place.group.refresh_from_db()
    assert (place.group.name, place.group.present_practice) == ("Schrijven", "Alles uit de methode")


def test_who_was_later_reads_both_names(place: Scene, as_: Any) -> None:
    address = at("group-edit", place.group.pk)
    assert as_(place.cast.els).post(address, NEW | {"version": 1, "present_practice": "Anders"}).status_code == 302
    anna, late = as_(place.cast.anna), NEW | {"name": "Boeken", "version": 1}
    answer = anna.post(address, late)
    told = answer.content.decode()
    assert (answer.status_code, "Schrijven" in told, "Boeken" in told, "Anders" in told) == (409, True, True, False)
    assert anna.post(address, late | {"version": 2}).status_code == 302


def test_a_name_that_is_taken_keeps_what_was_typed(place: Scene, as_: Any) -> None:
    answer = as_(place.cast.els).post(at("group-edit", place.group.pk), NEW | {"name": "Rekenen"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert "Meer schrijven" in reads(answer)


@pytest.mark.parametrize("who", ["carla", "joris", "bram"])
def test_others_do_not_describe_it(place: Scene, as_: Any, who: str) -> None:
    assert as_(getattr(place.cast, who)).get(at("group-edit", place.group.pk)).status_code == 403


# --- who sits in it


@pytest.mark.parametrize("who", ["els", "anna", "frank"])
def test_chair_leader_and_admin_give_a_seat(place: Scene, as_: Any, who: str) -> None:
    browser = as_(getattr(place.cast, who))
    assert "Carla de Boer" in reads(browser.get(at("group-seats", place.group.pk)))
    answer = browser.post(at("group-seats", place.group.pk), {"user": place.cast.joris.pk})
    assert answer["Location"] == at("group-seats", place.group.pk)
    assert Seat.objects.filter(group=place.group, user=place.cast.joris).count() == 1


def test_a_seat_is_given_once(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    for status in (302, 422):
        answer = browser.post(at("group-seats", place.group.pk), {"user": place.cast.joris.pk})
        assert answer.status_code == status
    assert list(answer.context["form"].errors) == ["user"]
    assert Seat.objects.filter(group=place.group, user=place.cast.joris).count() == 1


def test_nobody_of_another_school_is_offered_or_taken(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    assert "Hendriks" not in reads(browser.get(at("group-seats", place.group.pk)))
    assert browser.post(at("group-seats", place.group.pk), {"user": place.cast.daan.pk}).status_code == 422


def test_a_member_sees_who_sits_there_and_gives_no_seats(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    text = reads(browser.get(at("group-seats", place.group.pk)))
    assert "Els Mulder" in text
    assert "<select" not in text
    assert browser.post(at("group-seats", place.group.pk), {"user": place.cast.joris.pk}).status_code == 403


def test_the_chair_ends_a_seat_after_being_asked(place: Scene, as_: Any) -> None:
    browser, seat = as_(place.cast.els), Seat.objects.get(user=place.cast.carla)
    assert "Carla" in reads(browser.get(at("seat-leave", seat.pk)))
    assert browser.post(at("seat-leave", seat.pk), AT_ONCE)["Location"] == at("group-seats", place.group.pk)
    places = browser.get(at("group-seats", place.group.pk)).context["places"]
    assert [one.seat.user for one in places] == [place.cast.els]
    assert browser.post(at("seat-leave", seat.pk), AT_ONCE).status_code == 404
    assert tells_nothing(reads(as_(place.cast.carla).get(at("group", place.group.pk))))


def test_the_chair_stays_until_it_is_handed_over(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    own, other = (Seat.objects.get(user=user) for user in (place.cast.els, place.cast.carla))
    assert browser.post(at("seat-leave", own.pk), AT_ONCE).status_code == 422
    assert "Carla" in reads(browser.get(at("seat-chair", other.pk)))
    assert browser.post(at("seat-chair", other.pk)).status_code == 302
    assert browser.post(at("seat-leave", own.pk)).status_code == 403
    assert place.cast.hat("carla").chairs(place.group.pk)


def test_next_door_sees_no_seats(place: Scene, as_: Any) -> None:
    browser, seat = as_(place.cast.daan), Seat.objects.get(user=place.cast.carla)
    for name, pk in (("group-seats", place.group.pk), ("seat-leave", seat.pk), ("seat-chair", seat.pk)):
        assert browser.get(at(name, pk, slug="de-beuk")).status_code == 404


def test_the_list_of_seats_costs_the_same_with_two_and_with_four(
    place: Scene, as_: Any, django_assert_num_queries: Any
) -> None:
    browser = as_(place.cast.els)
    browser.get(at("group-seats", place.group.pk))
    with django_assert_num_queries(11):
        browser.get(at("group-seats", place.group.pk))
    for user in (place.cast.joris, place.cast.frank):
        Seat.objects.create(school=place.group.school, group=place.group, user=user, from_date=factories.LONG_AGO)
    with django_assert_num_queries(11):
        browser.get(at("group-seats", place.group.pk))
