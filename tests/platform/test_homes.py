"""The homes: every hat finds what it came for, and nothing of anybody else."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from observations import actions as visiting
from schools.models import BoardMembership, Membership, OperatorGrant, School
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import LONG_AGO, NOW, TODAY
from tests.observations import pulses, rounds, steps
from workgroups.models import Goal, Guest, Meeting, Seat, WorkGroup

DAY = dt.timedelta(days=1)
HOME = "/s/de-wilg/"
SECRET = "Eerst een vraag, dan je mening"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def _working(cast: TestCast, group: WorkGroup, day: dt.date | None = None) -> tuple[Goal, Meeting]:
    """Give a group a card, a goal, an agreement and a next meeting."""
    goal = factories.goal(factories.period(group, cast.aspects["openness"]))
    factories.agreement(goal)
    return goal, factories.meeting(group, day)


# --- The front ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "where"),
    [("carla", HOME), ("anna", HOME), ("frank", HOME), ("daan", "/s/de-beuk/"), ("gerda", "/b/90001/")],
)
def test_a_single_hat_leads_straight_home(as_: Any, cast: TestCast, who: str, where: str) -> None:
    answer = as_(cast.people[who]).get("/")
    assert answer.status_code == 302
    assert answer["Location"] == where


def test_several_hats_are_listed_with_counts(as_: Any, cast: TestCast) -> None:
    steps.proposed(cast)
    BoardMembership.objects.create(board=cast.schools["de-eik"].board, user=cast.bram, from_date=LONG_AGO)
    Membership.objects.create(school=cast.schools["de-beuk"], user=cast.bram, role=Role.TEACHER, from_date=LONG_AGO)
    Seat.objects.create(school=cast.schools["de-beuk"], group=cast.next_door, user=cast.bram, from_date=LONG_AGO)
    page = as_(cast.bram).get("/").text
    places = [page.index(address) for address in ("/s/de-beuk/", "/s/de-wilg/", "/b/90002/")]
    assert places == sorted(places)
    assert "in 1 groep" in page[places[0] : places[1]]
    assert "1 bezoek" in page[places[1] : places[2]]
    assert "1 bezoek" not in page[places[0] : places[1]]
    assert "/s/de-eik/" not in page


def test_a_hat_that_ended_is_gone(as_: Any, cast: TestCast) -> None:
    Membership.objects.filter(user=cast.carla).update(until_date=TODAY - DAY)
    page = as_(cast.carla).get("/")
    assert page.status_code == 200
    assert "Je hoort hier nog niet bij een school" in page.text
    assert "/s/de-wilg/" not in page.text
    assert as_(cast.carla).get(HOME).status_code == 404


def test_an_operator_sees_counts_only(as_: Any, cast: TestCast) -> None:
    page = as_(cast.hugo).get("/").text
    assert "3 scholen" in page
    assert "2 besturen" in page
    for name in ("De Wilg", "De Beuk", "Waterkant", "Begrijpend lezen"):
        assert name not in page
    assert as_(cast.hugo).get(HOME).status_code == 404


def test_an_operator_with_a_school_chooses(as_: Any, cast: TestCast) -> None:
    OperatorGrant.objects.create(user=cast.carla, from_date=LONG_AGO)
    page = as_(cast.carla).get("/")
    assert page.status_code == 200
    assert HOME in page.text
    assert "3 scholen" in page.text


def test_the_list_of_hats_costs_the_same_however_long(as_: Any, cast: TestCast, django_assert_num_queries: Any) -> None:
    OperatorGrant.objects.create(user=cast.carla, from_date=LONG_AGO)  # so that one school is a list as well
    browser = as_(cast.carla)
    browser.get("/")
    with django_assert_num_queries(12):
        browser.get("/")
    for slug in ("de-beuk", "de-eik"):
        Membership.objects.create(school=cast.schools[slug], user=cast.carla, role=Role.TEACHER, from_date=LONG_AGO)
    with django_assert_num_queries(12):
        assert "/s/de-eik/" in browser.get("/").text


# --- A member's home -----------------------------------------------------------------------


def test_it_works(as_: Any, cast: TestCast) -> None:
    goal, meeting = _working(cast, cast.reading)
    page = as_(cast.carla).get(HOME).text
    assert "Dag Carla" in page
    assert "dinsdag 24 november" in page
    assert "Dinsdag 1 december" in page
    assert "15.15 uur, Teamkamer" in page
    assert SECRET in page
    assert f'href="{HOME}meetings/{meeting.pk}/"' in page
    assert goal.text in page
    assert f'action="{HOME}goals/{goal.pk}/updates/"' in page
    assert page.count('class="button wide"') == 1
    assert "wacht" not in page.split("Jullie doel")[0].split("</h1>")[1]


def test_it_needs_a_sign_in(client: Client, cast: TestCast) -> None:
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("who", ["daan", "irma", "gerda", "hugo"])
def test_next_door_sees_nothing(as_: Any, cast: TestCast, who: str) -> None:
    _working(cast, cast.reading)
    answer = as_(cast.people[who]).get(HOME)
    assert answer.status_code == 404
    assert SECRET not in answer.text
    there = as_(cast.people[who]).get("/s/nergens/")
    assert (there.status_code, len(there.content)) == (answer.status_code, len(answer.content))


def test_another_group_of_the_school_stays_closed(as_: Any, cast: TestCast) -> None:
    _working(cast, cast.reading)
    for who in ("joris", "anna", "frank", "bram"):
        page = as_(cast.people[who]).get(HOME).text
        assert SECRET not in page, who
        assert "Iedereen komt aan het woord" not in page, who


def test_the_meeting_of_today_is_opened_first(as_: Any, cast: TestCast) -> None:
    _goal, meeting = _working(cast, cast.reading, TODAY)
    page = as_(cast.carla).get(HOME).text
    assert "Jullie bijeenkomst van vandaag" in page
    assert f'href="{HOME}meetings/{meeting.pk}/open/"' in page
    assert "wachten op jou" not in page


@pytest.mark.parametrize(
    ("minute", "leads", "words"),
    [(0, "open/", "Begin met jullie afspraken"), (30, "", "Naar deze bijeenkomst"), (45, "close/", "Sluit samen af")],
)
def test_the_meeting_that_goes_on_says_so(as_: Any, cast: TestCast, minute: int, leads: str, words: str) -> None:
    _goal, meeting = _working(cast, cast.reading, TODAY)
    browser = as_(cast.carla)
    with time_machine.travel(meeting.starts_at + dt.timedelta(minutes=minute)):
        if minute:
            browser.post(f"{HOME}meetings/{meeting.pk}/open/")
        page = browser.get(HOME).text
    assert "<mark>Nu</mark>" in page
    assert "Jullie zijn nu bij elkaar" in page
    assert "Tot 16.15 uur, Teamkamer" in page
    assert f'<a class="button wide" href="{HOME}meetings/{meeting.pk}/{leads}">{words}</a>' in page
    for other in ("Volgende bijeenkomst", "Jullie bijeenkomst van vandaag", "wacht op jou", "afgesloten"):
        assert other not in page


def test_so_does_one_of_another_group(as_: Any, cast: TestCast) -> None:
    factories.meeting(cast.reading, TODAY, dt.time(9, 30))  # it is ten o'clock
    group = factories.group(cast.schools["de-wilg"], "Techniek", members=(cast.carla,))
    factories.meeting(group, TODAY, dt.time(9, 45))
    page = as_(cast.carla).get(HOME).text
    assert page.count("Jullie zijn nu bij elkaar") == 2
    assert "Techniek" in page.split("Je andere groepen")[1]


def test_without_a_meeting_the_chair_plans_and_the_others_wait(as_: Any, cast: TestCast) -> None:
    plan = f"{HOME}groups/{cast.reading.pk}/meetings/new/"
    chair = as_(cast.els).get(HOME).text
    assert plan in chair
    assert "<mark>1 ding</mark> wacht op jou" in chair  # the card is not chosen yet
    member = as_(cast.carla).get(HOME).text
    assert plan not in member
    assert "De voorzitter plant de volgende." in member


def test_without_a_seat_there_is_a_place_for_a_card(as_: Any, cast: TestCast) -> None:
    newcomer = factories.person("Noor", cast.schools["de-wilg"])
    assert "Je zit nog niet in een groep" in as_(newcomer).get(HOME).text


def test_a_proposed_visit_waits_and_a_shared_one_is_news(as_: Any, cast: TestCast) -> None:
    _working(cast, cast.reading)
    visit = steps.proposed(cast, cast.reading.meetings.get())
    link = f'href="{HOME}visits/{visit.pk}/"'
    page = as_(cast.carla).get(HOME).text
    assert link in page
    assert "Bram stelt dinsdag 1 december voor. Wat vind jij?" in page
    assert "<mark>1 ding</mark> wacht op jou" in page
    assert link not in as_(cast.joris).get(HOME).text
    visiting.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    page = as_(cast.carla).get(HOME).text
    assert "Bram van der Meer luistert mee" in page
    assert "wacht op jou" not in page


def test_open_rounds_wait_for_the_own_answers(as_: Any, cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan, pulse = rounds.opened(cast), pulses.opened(cast)
    page = as_(cast.carla).get(HOME).text
    assert f'href="{HOME}scans/{scan.pk}/">Vul de zelfscan in</a>' in page
    assert f'href="{HOME}pulses/{pulse.pk}/">Geef antwoord op vier zinnen over vertrouwen</a>' in page
    assert page.count("Open tot dinsdag 1 december, 10.00 uur") == 2
    rounds.answered(scan, people[1:], 3)
    pulses.answer(cast, pulse, cast.carla, 3)
    page = as_(cast.carla).get(HOME).text
    assert "zelfscan" not in page
    assert f"pulses/{pulse.pk}/" not in page
    assert "Vul de zelfscan in" in as_(cast.els).get(HOME).text


def test_a_picture_that_is_ready_waits_for_the_chair(as_: Any, cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.answered(rounds.opened(cast), people, 3)
    assert f'href="{HOME}scans/{scan.pk}/">Bekijk samen jullie zelfscan</a>' in as_(cast.els).get(HOME).text
    assert "zelfscan" not in as_(cast.carla).get(HOME).text


def test_a_round_that_is_answered_together_waits_for_all(as_: Any, cast: TestCast) -> None:
    rounds.opened(cast, way="together", closes_at=None)
    for user in (cast.els, cast.carla):
        assert "Vul samen de zelfscan in" in as_(user).get(HOME).text
    assert "zelfscan" not in as_(cast.joris).get(HOME).text


@pytest.mark.parametrize("many", [1, 3])
def test_home_costs_the_same_however_many_groups(
    as_: Any, cast: TestCast, many: int, django_assert_num_queries: Any
) -> None:
    wilg = cast.schools["de-wilg"]
    for number in range(1, many):
        group = factories.group(wilg, f"Groep {number}", members=(cast.carla,))
        _working(cast, group)
    _working(cast, cast.reading)
    browser = as_(cast.carla)
    browser.get(HOME)
    with django_assert_num_queries(19):
        page = browser.get(HOME).text
    assert page.count(SECRET) == 1


def test_saving_progress_brings_one_back(as_: Any, cast: TestCast) -> None:
    goal, _meeting = _working(cast, cast.reading)
    browser = as_(cast.carla)
    answer = browser.post(
        f"{HOME}goals/{goal.pk}/updates/", {"step": "on_the_way", "note": "Het gaat beter.", "next": HOME}
    )
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert "vorige keer: op weg" in " ".join(browser.get(HOME).text.split())


# --- Other hats -----------------------------------------------------------------------------


def test_a_coach_finds_the_next_visit_and_the_groups(as_: Any, cast: TestCast) -> None:
    empty = as_(cast.bram).get(HOME).text
    assert "Nog geen bezoek gepland" in empty
    assert cast.maths.theme in empty
    _working(cast, cast.reading)
    visit = steps.proposed(cast, cast.reading.meetings.get())
    page = as_(cast.bram).get(HOME).text
    assert "Jouw volgende bezoek" in page
    assert f'href="{HOME}visits/{visit.pk}/"' in page
    assert "De groep heeft nog niet geantwoord." in page
    assert SECRET not in page
    assert cast.next_door.name not in page


def test_a_coach_goes_on_where_the_visit_stands(as_: Any, cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY, dt.time(9, 30))  # it is ten o'clock
    visit = steps.proposed(cast, meeting, now=NOW - DAY)
    visiting.accept_visit(visit=visit, by=cast.hat("els"), now=NOW - DAY)
    assert "Je bent welkom in de groep." in as_(cast.bram).get(HOME).text
    assert Guest.objects.filter(user=cast.bram, group=cast.reading).exists()
    visiting.start_listening(visit=visit, by=cast.hat("bram"), now=NOW)
    assert f'href="{HOME}visits/{visit.pk}/listen/"' in as_(cast.bram).get(HOME).text
    assert "Bram van der Meer luistert mee" in as_(cast.els).get(HOME).text
    visiting.stop_listening(visit=visit, by=cast.hat("bram"), now=NOW + dt.timedelta(minutes=20))
    assert f'href="{HOME}visits/{visit.pk}/notes/"' in as_(cast.bram).get(HOME).text


@pytest.mark.parametrize("who", ["els", "bram"])
@pytest.mark.parametrize("answer", ["none", "yes"])
def test_a_visit_is_over_with_its_meeting(as_: Any, cast: TestCast, who: str, answer: str) -> None:
    visit = steps.proposed(cast, factories.meeting(cast.reading, TODAY, dt.time(12)))
    if answer == "yes":
        visiting.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    link = f'href="{HOME}visits/{visit.pk}/"'
    assert link in as_(cast.people[who]).get(HOME).text
    with time_machine.travel(NOW + DAY):
        assert link not in as_(cast.people[who]).get(HOME).text


def test_nobody_is_welcome_at_a_meeting_that_was_called_off(as_: Any, cast: TestCast) -> None:
    visit = steps.accepted(cast)
    Meeting.objects.update(state="cancelled")
    link = f"{HOME}visits/{visit.pk}/"
    home = as_(cast.bram).get(HOME).text
    assert "Deze bijeenkomst gaat niet door." in home
    assert "Je bent welkom in de groep." not in home
    assert as_(cast.bram).get(f"{link}listen/").status_code == 302
    assert "Deze bijeenkomst gaat niet door." in as_(cast.bram).get(link).text
    assert f'href="{link}"' not in as_(cast.carla).get(HOME).text
    assert "Deze bijeenkomst gaat niet door." in as_(cast.carla).get(link).text


def test_a_shared_visit_is_not_the_next_one(as_: Any, cast: TestCast) -> None:
    shared = steps.shared(cast, factories.meeting(cast.reading, TODAY + DAY))
    page = as_(cast.bram).get(HOME).text
    assert "Nog geen bezoek gepland" in page
    assert f'href="{HOME}visits/{shared.pk}/"' in page
    later = factories.meeting(cast.reading, TODAY + 7 * DAY)
    visit = steps.proposed(cast, later, now=NOW + 3 * DAY)
    page = as_(cast.bram).get(HOME).text
    assert "Jouw volgende bezoek" in page
    assert page.index(f'href="{HOME}visits/{visit.pk}/"') < page.index(f'href="{HOME}visits/{shared.pk}/"')


def test_a_leader_finds_the_overview(as_: Any, cast: TestCast) -> None:
    page = as_(cast.anna).get(HOME).text
    assert f'href="{HOME}dashboard/"' in page
    assert "2 groepen werken aan hun gesprekken." in page
    assert f'href="{HOME}groups/new/"' in page
    assert "carla@dewilg.example" not in page


def test_an_admin_finds_groups_and_people(as_: Any, cast: TestCast) -> None:
    page = as_(cast.frank).get(HOME).text
    for person in ("Anna Visser", "Bram van der Meer", "Carla de Boer", "carla@dewilg.example"):
        assert person in page
    for outsider in ("Daan Hendriks", "Irma Kok", "daan@debeuk.example"):
        assert outsider not in page
    assert cast.reading.name in page
    assert f'href="{HOME}groups/new/"' in page


def test_roles_add_up(as_: Any, cast: TestCast) -> None:
    Membership.objects.create(school=cast.schools["de-wilg"], user=cast.els, role=Role.ADMIN, from_date=LONG_AGO)
    _working(cast, cast.reading)
    page = as_(cast.els).get(HOME).text
    assert SECRET in page
    assert "Anna Visser" in page
    assert page.count('class="button wide"') + page.count('class="button"') == 2  # the deed, and Save once it unfolds


# --- The board ------------------------------------------------------------------------------


def test_a_board_of_two_schools_shows_no_numbers(as_: Any, cast: TestCast) -> None:
    factories.meeting(cast.reading, TODAY - DAY, state="held")
    page = as_(cast.gerda).get("/b/90001/").text
    assert "De Beuk" in page
    assert "De Wilg" in page
    assert "De Eik" not in page
    assert "Nog geen aantallen" in page
    assert "Bijeenkomsten gehouden" not in page


@pytest.mark.parametrize("schools", [3, 57])
def test_a_board_of_three_schools_and_more_shows_numbers(
    as_: Any, cast: TestCast, django_assert_num_queries: Any, schools: int
) -> None:
    """57 is the most that a board has; each with a group and a meeting, for as many queries as three."""
    board = cast.schools["de-wilg"].board
    browser = as_(cast.gerda)
    for number in range(schools - 2):
        school = School.objects.create(slug=f"de-es-{number}", name=f"De Es {number}", board=board)
        factories.meeting(factories.group(school, "Rekenen", chair=cast.els), TODAY - DAY, state="held")
    factories.meeting(cast.reading, TODAY - DAY, state="held")
    factories.meeting(cast.reading, TODAY - 2 * DAY, state="lapsed")  # it took place, whatever the group wrote down
    factories.meeting(cast.reading, TODAY - 3 * DAY, state="cancelled")
    factories.meeting(cast.reading, dt.date(2026, 6, 1), state="held")  # the school year before
    factories.meeting(cast.elsewhere, TODAY - DAY, state="held")
    browser.get("/b/90001/")
    with django_assert_num_queries(7):
        page = browser.get("/b/90001/").text
    assert "Nog geen aantallen" not in page
    row = page[page.index("<b>De Wilg</b>") :].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('">')[2:]] == ["2", "2"]
    assert cast.reading.name not in page


@pytest.mark.parametrize("number", ["90002", "99999", "9" * 30])
def test_another_board_is_not_there(as_: Any, cast: TestCast, number: str) -> None:
    assert as_(cast.gerda).get(f"/b/{number}/").status_code == 404


@pytest.mark.parametrize("who", ["anna", "carla", "hugo", "irma"])
def test_the_board_is_for_its_admins(as_: Any, cast: TestCast, who: str) -> None:
    assert as_(cast.people[who]).get("/b/90001/").status_code == 404


# --- The hat that one wears ------------------------------------------------------------------


def test_one_sees_where_and_as_what_one_acts(as_: Any, cast: TestCast) -> None:
    held = {"school": cast.schools["de-wilg"], "from_date": factories.LONG_AGO}
    Membership.objects.create(user=cast.anna, role=Role.TEACHER, **held)
    for who, place, told in (
        ("carla", "/s/de-wilg/", "als leraar"),
        ("anna", "/s/de-wilg/people/", "als leraar en schoolleider"),
        ("bram", "/s/de-beuk/", "als coach"),
        ("gerda", "/b/90001/", "als beheerder van het bestuur"),
    ):
        head = as_(cast.people[who]).get(place).content.decode().partition("</header>")[0]
        assert told in head, who
        assert ("wissel" in head) is (who == "bram"), "only who has more than one can change"
    assert "wissel" not in as_(cast.bram).get("/me/").content.decode().partition("</header>")[0]


def test_fifty_seven_schools_can_be_found(as_: Any, cast: TestCast, django_assert_num_queries: Any) -> None:
    board = cast.schools["de-wilg"].board
    rows = [
        School(board=board, name=f"School {n}", place="Bergeijk" if n == 56 else "Eersel", slug=f"school-{n}")
        for n in range(57)
    ]
    for school in School.objects.bulk_create(rows):
        Membership.objects.create(school=school, user=cast.bram, role=Role.COACH, from_date=factories.LONG_AGO)
    client = as_(cast.bram)
    with django_assert_num_queries(10):  # as many as with two
        whole = client.get("/").content.decode()
    assert whole.count("/s/school-") == 57
    assert 'name="q"' in whole
    found = client.get("/", {"q": "bergeijk"}).content.decode()
    assert ("/s/school-56/" in found, found.count("/s/school-")) == (True, 1)
    nothing = client.get("/", {"q": '"><script>'}).content.decode()
    assert "Je hebt geen plek met de naam" in nothing
    assert "<script>" not in nothing
    assert 'name="q"' not in as_(cast.carla).get("/", follow=True).content.decode()
