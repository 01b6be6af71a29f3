"""The pages of a visit: proposing it, what each of the two sides sees, and the answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from observations import actions
from observations.models import Visit
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps, test_visits

pytestmark = pytest.mark.usefixtures("clock")

OUTSIDERS = ["anna", "frank", "joris", "daan", "gerda", "hugo", "irma"]
PROPOSAL = {"purpose": "fresh_eyes", "own_words": "Ik luister graag.", "target_minutes": "20"}


def new(cast: TestCast) -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/visits/new/"


def page(visit: Visit, deed: str = "") -> str:
    return f"/s/de-wilg/visits/{visit.pk}/{deed}"


@pytest.mark.parametrize("who", ["bram", "anna"])
def test_it_works(cast: TestCast, as_: Any, who: str) -> None:
    factories.meeting(cast.reading)
    browser: Client = as_(cast.people[who])
    assert "1 december om 15.15 uur" in browser.get(new(cast)).text
    answer = browser.post(new(cast), PROPOSAL)
    visit = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(visit))
    assert (visit.coach, visit.purpose, visit.own_words) == (cast.people[who], "fresh_eyes", "Ik luister graag.")
    assert browser.get(page(visit)).status_code == 200


def test_what_does_not_fit_comes_back_with_a_sentence(cast: TestCast, as_: Any) -> None:
    factories.meeting(cast.reading)
    answer = as_(cast.bram).post(new(cast), {**PROPOSAL, "purpose": "appraisal", "target_minutes": "45"})
    assert answer.status_code == 422
    assert "Kies waarvoor je komt." in answer.text
    assert "Luister 15 tot 30 minuten." in answer.text
    assert "Ik luister graag." in answer.text
    assert not Visit.objects.exists()


def test_twice_comes_back_with_a_sentence(cast: TestCast, as_: Any) -> None:
    steps.proposed(cast)
    answer = as_(cast.bram).post(new(cast), PROPOSAL)
    assert answer.status_code == 422
    assert "al een bezoek voorgesteld" in answer.text


def test_without_a_meeting_it_waits(cast: TestCast, as_: Any) -> None:
    browser = as_(cast.bram)
    assert "Nog geen bijeenkomst gepland" in browser.get(new(cast)).text
    assert browser.post(new(cast), PROPOSAL).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("carla", 403), ("joris", 403), ("frank", 403), ("daan", 404), ("hugo", 404)]
)
def test_it_needs_a_visitor(cast: TestCast, as_: Any, who: str, status: int) -> None:
    factories.meeting(cast.reading)
    browser = as_(cast.people[who])
    assert browser.get(new(cast)).status_code == status
    assert browser.post(new(cast), PROPOSAL).status_code == status
    assert not Visit.objects.exists()


def test_the_chair_decides_and_the_others_see_it(cast: TestCast, as_: Any) -> None:
    visit = steps.proposed(cast)
    assert page(visit, "accept/") in as_(cast.els).get(page(visit)).text
    told = as_(cast.carla).get(page(visit)).text
    assert page(visit, "accept/") not in told
    assert page(visit, "withdraw/") in told
    assert page(visit, "listen/") not in told


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("deed", ["", "accept/", "decline/", "postpone/", "withdraw/"])
def test_others_see_nothing(cast: TestCast, as_: Any, who: str, deed: str) -> None:
    visit = steps.proposed(cast)
    browser = as_(cast.people[who])
    there = browser.post(page(visit, deed)) if deed else browser.get(page(visit))
    nowhere = f"/s/de-wilg/visits/{visit.pk + 1}/{deed}"
    not_there = browser.post(nowhere) if deed else browser.get(nowhere)
    assert there.status_code == not_there.status_code == 404
    visit.refresh_from_db()
    assert visit.state == "proposed"


def test_next_door_sees_nothing(cast: TestCast, as_: Any) -> None:
    visit = steps.shared(cast)
    browser = as_(cast.daan)
    assert browser.get(page(visit)).status_code == 404
    assert browser.get(f"/s/de-beuk/visits/{visit.pk}/").status_code == 404


@pytest.mark.parametrize("deed", ["accept/", "decline/"])
def test_it_needs_the_chair(cast: TestCast, as_: Any, deed: str) -> None:
    visit = steps.proposed(cast)
    for who in ("carla", "bram"):
        assert as_(cast.people[who]).post(page(visit, deed)).status_code == 403


@pytest.mark.parametrize(
    ("deed", "who", "state"),
    [
        ("accept/", "els", "accepted"),
        ("decline/", "els", "declined"),
        ("withdraw/", "carla", "withdrawn"),
        ("withdraw/", "bram", "withdrawn"),
    ],
)
def test_the_buttons_work(cast: TestCast, as_: Any, deed: str, who: str, state: str) -> None:
    visit = steps.proposed(cast)
    browser = as_(cast.people[who])
    opened = browser.get(page(visit, deed))
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert f'href="{page(visit)}"' in opened.text
    answer = browser.post(page(visit, deed))
    assert answer["Location"] == page(visit)
    visit.refresh_from_db()
    assert visit.state == state
    assert browser.get(page(visit)).status_code == 200


def test_any_member_postpones(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    browser = as_(cast.carla)
    assert page(visit, "postpone/") in browser.get(page(visit)).text
    browser.post(page(visit, "postpone/"))
    visit.refresh_from_db()
    assert visit.state == "proposed"


def test_a_jump_that_cannot_be_is_said_in_words(cast: TestCast, as_: Any) -> None:
    visit = steps.shared(cast)
    answer = as_(cast.carla).post(page(visit, "withdraw/"), follow=True)
    assert "Dat kan bij dit bezoek niet meer." in answer.text
    visit.refresh_from_db()
    assert visit.state == "shared"


@pytest.mark.parametrize("state", ["proposed", "accepted", "declined", "withdrawn", "listening", "noting", "shared"])
@pytest.mark.parametrize("who", ["els", "carla", "bram"])
def test_every_state_has_a_page(cast: TestCast, as_: Any, clock: Any, state: str, who: str) -> None:
    visit = test_visits.bring_to(cast, state)
    clock(steps.after(visit.meeting, minutes=10) if state in {"listening", "noting", "shared"} else factories.NOW)
    assert as_(cast.people[who]).get(page(visit)).status_code == 200


def test_the_group_reads_what_was_shared(cast: TestCast, as_: Any, clock: Any) -> None:
    observation = steps.noted(cast, notes={"openness": ("ALLEEN VOOR BRAM", "")})
    now = steps.after(observation.visit.meeting, days=1)
    visit = actions.share_feedback(observation=observation, by=cast.hat("bram"), now=now)
    clock(now)
    for who in ("carla", "els"):
        told = as_(cast.people[who]).get(page(visit)).text
        assert steps.PAIR.strong in told
        assert steps.PAIR.improvement in told
        assert "luisterde 20 minuten" in told
        assert "Gedeeld 1 dag na de bijeenkomst, op woensdag 2 december." in told
        assert "ALLEEN VOOR BRAM" not in told


def test_the_visitor_reads_it_for_30_days(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, days=30))
    assert steps.PAIR.strong in as_(cast.bram).get(page(visit)).text
    clock(steps.after(visit.meeting, days=31))
    gone = as_(cast.bram).get(page(visit))
    assert gone.status_code == 404
    assert steps.PAIR.strong not in gone.text
    assert steps.PAIR.strong in as_(cast.carla).get(page(visit)).text


def test_the_contract_tells_what_a_visitor_really_reads(cast: TestCast, as_: Any) -> None:
    """Whatever opens to a guest is named before anybody says yes (C4); what is not named stays shut."""
    visit = steps.proposed(cast)
    named = (
        "wie jullie zijn",
        "kaart, doelen en afspraken",
        "terugkeken",
        "dialoogprofiel",
        "Jullie eigen zelfscan ook",
    )
    told = as_(cast.carla).get(f"/s/de-wilg/visits/{visit.pk}/").text
    assert not [words for words in named if words not in told]
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=factories.NOW)
    browser = as_(cast.bram)
    group = f"/s/de-wilg/groups/{cast.reading.pk}/"
    assert browser.get(group).status_code == browser.get(f"{group}profile/").status_code == 200
    assert browser.get(f"{group}scans/").status_code == 404
