"""Getting ready: the cards, what the group works on as far as it allows, and what to say (C2, C5, C6)."""

from __future__ import annotations

from typing import Any

import pytest

from observations.models import Visit
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps, test_visits
from workgroups.models import Agenda, Meeting

pytestmark = pytest.mark.usefixtures("clock")

AGREEMENT = "Eerst een vraag, dan je mening"
SAY = "Ik kom voor hoe jullie met elkaar praten."


def page(visit: Visit) -> str:
    return f"/s/de-wilg/visits/{visit.pk}/prepare/"


def working(cast: TestCast, count: int = 1) -> None:
    """The reading group has a card, a goal and so many agreements."""
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    for slot in range(1, count + 1):
        factories.agreement(goal, slot=slot, text=f"{AGREEMENT} {slot}")


def test_it_works(cast: TestCast, as_: Any) -> None:
    working(cast)
    visit = steps.accepted(cast)
    browser = as_(cast.bram)
    told = browser.get(page(visit))
    assert told["Cache-Control"].count("no-store") == 1
    for words in (AGREEMENT, SAY, "Wie ziet wat", *(aspect.name for aspect in cast.aspects.values())):
        assert words in told.text
    assert f"visits/{visit.pk}/listen/" in told.text
    assert page(visit) in browser.get(f"/s/de-wilg/visits/{visit.pk}/").text


@pytest.mark.parametrize("state", ["proposed", "amended", "moved"])
def test_before_the_yes_the_group_stays_shut(cast: TestCast, as_: Any, state: str) -> None:
    working(cast)
    visit = {"proposed": steps.proposed, "amended": steps.amended, "moved": steps.accepted}[state](cast)
    if state == "moved":
        test_visits.move(visit.meeting)
    told = as_(cast.bram).get(page(visit)).text
    assert AGREEMENT not in told
    assert "zodra de groep ja heeft gezegd" in told
    assert SAY in told
    assert f"visits/{visit.pk}/listen/" not in told


def test_the_subject_of_the_meeting_stays_with_the_group(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    points = "DE TOETSEN VAN GROEP 4"
    Agenda.objects.create(school=cast.reading.school, group=cast.reading, meeting=visit.meeting, points=points)
    assert "DE TOETSEN" not in as_(cast.bram).get(page(visit)).text


@pytest.mark.parametrize("state", ["declined", "withdrawn", "listening", "noting", "shared"])
def test_when_it_does_not_lie_ahead_the_visit_says_so(cast: TestCast, as_: Any, state: str) -> None:
    visit = test_visits.bring_to(cast, state)
    assert as_(cast.bram).get(page(visit))["Location"] == f"/s/de-wilg/visits/{visit.pk}/"


def test_nor_after_it_was_called_off(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.accepted(cast)
    clock(visit.meeting.ends_at)
    assert as_(cast.bram).get(page(visit)).status_code == 302
    clock(factories.NOW)
    Meeting.objects.update(state="cancelled")
    assert as_(cast.bram).get(page(visit)).status_code == 302


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris", "daan", "hugo"])
def test_it_is_the_visitors_alone(cast: TestCast, as_: Any, who: str) -> None:
    assert as_(cast.people[who]).get(page(steps.accepted(cast))).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int) -> None:
    working(cast, count)
    visit = steps.accepted(cast)
    browser = as_(cast.bram)
    browser.get(page(visit))
    with django_assert_num_queries(12):
        assert f"{AGREEMENT} {count}" in browser.get(page(visit)).text
