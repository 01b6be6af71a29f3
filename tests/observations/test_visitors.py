"""Who comes to listen, on the page of the meeting and on its card at home: for the group, not for others."""

from __future__ import annotations

from typing import Any

import pytest

from observations import actions
from observations.models import Visit
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups.models import Meeting

pytestmark = pytest.mark.usefixtures("clock")

ASKS = "Bram van der Meer wil graag meeluisteren"
LISTENS = "Bram van der Meer luistert mee"
HOME = "/s/de-wilg/"


def page(meeting: Meeting) -> str:
    return f"{HOME}meetings/{meeting.pk}/"


def told(visit: Visit, words: str) -> str:
    return f'<a href="{HOME}visits/{visit.pk}/">{words}</a>'


@pytest.mark.parametrize("who", ["els", "carla"])
def test_it_works(cast: TestCast, as_: Any, clock: Any, who: str) -> None:
    visit, browser = steps.proposed(cast), as_(cast.people[who])
    places = (page(visit.meeting), HOME)
    for place in places:
        assert told(visit, ASKS) in browser.get(place).text
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=factories.NOW)
    for place in places:
        text = browser.get(place).text
        assert told(visit, LISTENS) in text
        assert ASKS not in text
        assert text.count(f"visits/{visit.pk}/") == 1  # said once
    clock(visit.meeting.starts_at)
    actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)
    for place in places:
        assert told(visit, LISTENS) in browser.get(place).text
    clock(visit.meeting.ends_at)
    for place in places:
        assert told(visit, LISTENS) not in browser.get(place).text


def test_a_meeting_that_moved_asks_again(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    Meeting.objects.update(starts_at=steps.after(visit.meeting, hours=1))
    browser = as_(cast.carla)
    for place in (page(visit.meeting), HOME):
        text = browser.get(place).text
        assert told(visit, ASKS) in text
        assert LISTENS not in text


def test_a_visit_that_is_off_is_not_told(cast: TestCast, as_: Any) -> None:
    visit = steps.proposed(cast)
    actions.decline_visit(visit=visit, by=cast.hat("els"), now=factories.NOW)
    browser = as_(cast.carla)
    for place in (page(visit.meeting), HOME):
        assert "Bram van der Meer" not in browser.get(place).text


def test_a_meeting_that_was_called_off_has_no_visitor(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    Meeting.objects.update(state="cancelled")
    assert "Bram van der Meer" not in as_(cast.carla).get(page(visit.meeting)).text


def test_a_visit_to_a_later_meeting_is_told_there(cast: TestCast, as_: Any) -> None:
    steps.accepted(cast, factories.meeting(cast.reading))
    first, browser = factories.meeting(cast.reading, factories.TODAY), as_(cast.carla)
    assert "Bram van der Meer" not in browser.get(page(first)).text
    home = browser.get(HOME).text
    assert LISTENS not in home
    assert "Bram komt meeluisteren" in home


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan"])
def test_others_read_no_visitor(cast: TestCast, as_: Any, who: str) -> None:
    visit, browser = steps.accepted(cast), as_(cast.people[who])
    for place in (page(visit.meeting), HOME):
        text = browser.get(place).text
        assert LISTENS not in text
        assert f"visits/{visit.pk}/" not in text


def test_a_visitor_reads_of_no_other_visitor(cast: TestCast, as_: Any) -> None:
    visit = steps.accepted(cast)
    other = factories.person("Noor", cast.schools["de-wilg"], Role.COACH)
    steps.proposed(cast, visit.meeting, by=factories.hat(other, cast.schools["de-wilg"]))
    text = as_(cast.bram).get(page(visit.meeting)).text
    assert "meeluisteren" not in text
    assert "luistert mee" not in text
    assert other.name not in text
    assert other.name in as_(cast.carla).get(page(visit.meeting)).text


@pytest.mark.parametrize("visitors", [1, 3])
def test_it_costs_the_same_however_many_come(
    cast: TestCast, as_: Any, visitors: int, django_assert_num_queries: Any
) -> None:
    meeting, wilg = factories.meeting(cast.reading), cast.schools["de-wilg"]
    steps.proposed(cast, meeting)
    for number in range(1, visitors):
        coach = factories.person(f"Coach {number}", wilg, Role.COACH)
        steps.proposed(cast, meeting, by=factories.hat(coach, wilg))
    browser = as_(cast.carla)
    browser.get(HOME)
    for place, queries in ((page(meeting), 12), (HOME, 18)):
        with django_assert_num_queries(queries):
            text = browser.get(place).text
        assert text.count(" wil graag meeluisteren</a>") == visitors
