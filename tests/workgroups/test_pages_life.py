"""The pages of a group's life: seats by date, the chair in turns, the new school year, and the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from tests import factories
from tests.conftest import TestCast
from tests.workgroups.scene import TODAY, Scene, at, reads, tells_nothing
from workgroups.models import Seat, WorkGroup

JUNE = dt.datetime(2027, 6, 8, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def seat_of(place: Scene, who: str) -> Seat:
    return Seat.objects.get(group=place.group, user=place.cast.people[who])


# --- seats by date


def test_a_seat_from_next_month_stands_on_the_page(place: Scene, as_: Any) -> None:
    browser, page = as_(place.cast.els), at("group-seats", place.group.pk)
    later = TODAY + 30 * DAY
    assert browser.post(page, {"user": place.cast.joris.pk, "from_date": later.isoformat()}).status_code == 302
    text = reads(browser.get(page))
    assert "komt erbij op 24 december 2026" in text
    assert at("seat-chair", seat_of(place, "joris").pk) not in text
    assert browser.post(at("seat-leave", seat_of(place, "joris").pk), {"when": "now"}).status_code == 302
    assert not Seat.objects.filter(user=place.cast.joris, group=place.group).exists()


def test_a_day_that_is_none_stays_on_the_form_with_a_sentence(place: Scene, as_: Any) -> None:
    browser, page = as_(place.cast.els), at("group-seats", place.group.pk)
    for day, said in (("morgen", "bestaat niet"), ("2026-11-01", "binnen een jaar")):
        answer = browser.post(page, {"user": place.cast.joris.pk, "from_date": day})
        assert answer.status_code == 422
        assert said in reads(answer)
        assert day in reads(answer)


def test_a_seat_ends_after_a_last_day_and_stays_after_all(place: Scene, as_: Any) -> None:
    browser, seat = as_(place.cast.els), seat_of(place, "carla")
    assert "last_day" in browser.post(at("seat-leave", seat.pk), {"when": "later"}).context["form"].errors
    sent = {"when": "later", "last_day": (TODAY + 7 * DAY).isoformat()}
    assert browser.post(at("seat-leave", seat.pk), sent).status_code == 302
    text = reads(browser.get(at("group-seats", place.group.pk)))
    assert "tot en met 1 december 2026" in text
    assert at("seat-chair", seat.pk) not in text
    assert browser.post(at("seat-stay", seat.pk)).status_code == 302
    assert seat_of(place, "carla").until_date is None


# --- what they may ask me


def test_the_own_line_is_read_by_the_group_alone(place: Scene, as_: Any) -> None:
    browser, seat = as_(place.cast.carla), seat_of(place, "carla")
    assert at("seat-line", seat.pk) in reads(browser.get(at("group-seats", place.group.pk)))
    assert browser.post(at("seat-line", seat.pk), {"text": "x" * 121}).status_code == 422
    assert browser.post(at("seat-line", seat.pk), {"text": "rijke prentenboeken"}).status_code == 302
    assert "rijke prentenboeken" in reads(browser.get(at("seat-line", seat.pk)))
    place.invite(place.cast.bram)
    page = at("group-seats", place.group.pk)
    assert "rijke prentenboeken" in reads(as_(place.cast.els).get(page))
    for who in ("anna", "frank", "bram"):
        assert "rijke prentenboeken" not in reads(as_(place.cast.people[who]).get(page))
    assert as_(place.cast.els).get(at("seat-line", seat.pk)).status_code == 403


# --- the chair in turns


def test_after_a_closed_meeting_the_chair_goes_on_in_one_tap(place: Scene, as_: Any) -> None:
    browser, page = as_(place.cast.els), at("group", place.group.pk)
    assert browser.post(at("chair-rotate", place.group.pk), {"rotates": "on"}).status_code == 302
    assert "Na jou komt Carla" in reads(browser.get(at("group-seats", place.group.pk)))
    assert "aan de beurt" not in reads(browser.get(page))
    with time_machine.travel(factories.NOW + DAY / 24, tick=False):
        browser.post(at("meeting-close", place.now.pk), place.answers())
        text = reads(browser.get(page))
        assert "Carla is nu aan de beurt" in text
        assert at("seat-chair", seat_of(place, "carla").pk) in text
        assert "aan de beurt" not in reads(as_(place.cast.carla).get(page))
        home = reads(as_(place.cast.els).get("/s/de-wilg/"))
        assert "Geef het voorzitterschap door" in home
        assert as_(place.cast.els).post(at("seat-chair", seat_of(place, "carla").pk)).status_code == 302
        assert "aan de beurt" not in reads(as_(place.cast.carla).get(page))
    assert place.cast.hat("carla").chairs(place.group.pk)


def test_the_chair_does_it_once_more(place: Scene, as_: Any) -> None:
    browser, page = as_(place.cast.els), at("group", place.group.pk)
    WorkGroup.objects.filter(pk=place.group.pk).update(chair_rotates=True)
    assert "aan de beurt" in reads(browser.get(page))
    assert browser.post(at("chair-keep", place.group.pk))["Location"] == page
    assert "aan de beurt" not in reads(browser.get(page))
    assert place.cast.hat("els").chairs(place.group.pk)


# --- the new school year


@pytest.fixture
def june(cast: TestCast) -> Any:
    """The group of Els, on a morning in June."""
    with time_machine.travel(JUNE, tick=False):
        yield cast


def test_the_chair_answers_for_the_new_school_year(june: TestCast, as_: Any) -> None:
    browser, group = as_(june.els), june.reading
    for page in (at("group", group.pk), "/s/de-wilg/"):
        assert at("group-turn", group.pk) in reads(browser.get(page))
    assert "2027-2028" in reads(browser.get(at("group-turn", group.pk)))
    assert browser.post(at("group-turn", group.pk)).status_code == 422
    answer = browser.post(at("group-turn", group.pk), {"answer": "change_people"})
    assert answer["Location"] == at("group-seats", group.pk)
    assert at("group-turn", group.pk) not in reads(browser.get(at("group", group.pk)))
    assert browser.post(at("group-turn", group.pk), {"answer": "go_on"})["Location"] == at("group", group.pk)
    assert browser.post(at("group-turn", group.pk), {"answer": "end"})["Location"] == at("group-end", group.pk)
    assert group.turns.get().answer == "go_on"
    assert at("group-turn", group.pk) not in reads(as_(june.carla).get(at("group", group.pk)))


def test_out_of_season_the_page_says_when(place: Scene, as_: Any) -> None:
    browser, page = as_(place.cast.els), at("group-turn", place.group.pk)
    assert "Van 1 juni tot en met 15 oktober" in reads(browser.get(page))
    assert browser.post(page, {"answer": "go_on"}).status_code == 422


# --- the end


def test_the_group_ends_and_stays_readable_to_its_members(place: Scene, as_: Any) -> None:
    browser, page = as_(place.cast.els), at("group", place.group.pk)
    asked = reads(browser.get(at("group-end", place.group.pk)))
    assert "Eén bijeenkomst die nog komt" in asked
    assert browser.post(at("group-end", place.group.pk), {"because": ""}).status_code == 422
    assert browser.post(at("group-end", place.group.pk), {"because": "Lezen leeft nu."})["Location"] == page
    for who in ("els", "carla"):
        text = reads(as_(place.cast.people[who]).get(page))
        for said in ("Lezen leeft nu.", "Iedereen aan het woord", "Eerst een vraag", "Deze groep stopte"):
            assert said in text
        for name in ("group-edit", "group-end", "meeting-new", "focus-new"):
            assert at(name, place.group.pk) not in text
        assert "Begrijpend lezen" in reads(as_(place.cast.people[who]).get("/s/de-wilg/dashboard/"))
    assert "gestopt" not in reads(as_(place.cast.joris).get("/s/de-wilg/dashboard/"))
    for who in ("joris", "anna"):
        assert tells_nothing(reads(as_(place.cast.people[who]).get(page)))
    assert as_(place.cast.els).get(at("group-end", place.group.pk))["Location"] == page


def test_nothing_is_offered_in_a_group_that_ended(place: Scene, as_: Any) -> None:
    WorkGroup.objects.filter(pk=place.group.pk).update(state="ended", ended_on=TODAY)
    browser = as_(place.cast.els)
    text = reads(browser.get(at("group-seats", place.group.pk)))
    assert "<form" not in text.split("<main")[1].split("</main>")[0]
    text = reads(browser.get(at("meeting", place.now.pk)))
    assert at("meeting-close", place.now.pk) not in text
    assert browser.get(at("group-turn", place.group.pk))["Location"] == at("group", place.group.pk)
    assert browser.post(at("group-seats", place.group.pk), {"user": place.cast.joris.pk}).status_code == 422
    assert "Je zit nog niet in een groep" in reads(as_(place.cast.carla).get("/s/de-wilg/"))


@pytest.mark.parametrize("name", ["group-turn", "group-end", "chair-keep", "chair-rotate"])
def test_next_door_sees_nothing(place: Scene, as_: Any, name: str) -> None:
    for who in ("daan", "joris", "anna"):
        assert as_(place.cast.people[who]).post(at(name, place.group.pk)).status_code == 404


# --- what they cost


def test_its_pages_cost_the_same_however_many(place: Scene, as_: Any, django_assert_num_queries: Any) -> None:
    browser = as_(place.cast.els)
    pages = {"group-turn": 8, "group-end": 10}
    for name, queries in pages.items():
        browser.get(at(name, place.group.pk))
        with django_assert_num_queries(queries):
            browser.get(at(name, place.group.pk))
    for days in (21, 28):
        factories.meeting(place.group, TODAY + days * DAY)
    with django_assert_num_queries(pages["group-end"]):
        browser.get(at("group-end", place.group.pk))


def test_the_list_of_ended_groups_costs_one_query(cast: TestCast, as_: Any, django_assert_num_queries: Any) -> None:
    browser = as_(cast.carla)
    with time_machine.travel(factories.NOW, tick=False):
        WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
        browser.get("/s/de-wilg/dashboard/")
        with django_assert_num_queries(18):
            browser.get("/s/de-wilg/dashboard/")
        for name in ("Een", "Twee"):
            group = factories.group(cast.schools["de-wilg"], name, chair=cast.carla)
            WorkGroup.objects.filter(pk=group.pk).update(state="ended", ended_on=TODAY)
        with django_assert_num_queries(18):
            browser.get("/s/de-wilg/dashboard/")
