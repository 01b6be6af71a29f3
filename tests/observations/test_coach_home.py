"""A coach's home: what to propose, what is coming, what to finish and what to share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from observations import actions
from observations.models import Visit
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations import steps
from workgroups.models import Meeting, WorkGroup

pytestmark = pytest.mark.usefixtures("clock")

HOME = "/s/de-wilg/"
DAY = dt.timedelta(days=1)


def parts(browser: Any) -> dict[str, str]:
    """The sections of the home by their titles, each on one line."""
    page = " ".join(browser.get(HOME).text.split())
    return {
        re.sub(r"<.*?>", "", title): rest
        for title, rest in (section.split("</h2>", 1) for section in page.split("<h2")[1:])
        for title in [title.split(">", 1)[1]]
    }


def group_of(cast: TestCast, name: str, day: dt.date, chair: str = "els") -> Meeting:
    group: WorkGroup = factories.group(cast.schools["de-wilg"], name, chair=cast.people[chair])
    return factories.meeting(group, day)


def yes_to(cast: TestCast, meeting: Meeting) -> Visit:
    visit = steps.proposed(cast, meeting)
    return actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)


def test_it_works(cast: TestCast, as_: Any, clock: Any) -> None:
    free = group_of(cast, "Jonge kind", TODAY + 9 * DAY)
    asked = steps.proposed(cast, group_of(cast, "Techniek", TODAY + 10 * DAY))
    welcome = yes_to(cast, group_of(cast, "Muziek", TODAY + 11 * DAY))
    begun = steps.noting(cast, group_of(cast, "Gym", TODAY + DAY)).visit
    written = steps.noted(cast, group_of(cast, "Verkeer", TODAY + 2 * DAY)).visit
    given = steps.shared(cast, factories.meeting(cast.reading, TODAY + 3 * DAY))
    clock(steps.after(given.meeting, hours=20))
    found = parts(as_(cast.bram))
    assert f"visits/{written.pk}/" in found["Klaar om te delen"]
    assert "ligt klaar om te delen" in found["Klaar om te delen"]
    assert f"visits/{asked.pk}/" in found["Komt eraan"]
    assert f"visits/{welcome.pk}/" in found["Komt eraan"]
    assert f"visits/{given.pk}/" in found["Achter de rug"]
    assert f"groups/{free.group_id}/visits/new/" in found["Een bezoek voorstellen"]
    for known in (asked, welcome, given):
        assert f"groups/{known.group_id}/visits/new/" not in found["Een bezoek voorstellen"]
    page = as_(cast.bram).get(HOME).text
    assert f'class="button wide" href="{HOME}visits/{begun.pk}/notes/"' in page  # what was begun first comes first
    assert page.count('class="button wide"') == 1


def test_who_said_not_now_is_not_offered_again(cast: TestCast, as_: Any) -> None:
    visit = steps.proposed(cast)
    actions.decline_visit(visit=visit, by=cast.hat("els"), now=NOW)
    browser = as_(cast.bram)
    assert "Een bezoek voorstellen" not in parts(browser)
    page = browser.get(f"{HOME}groups/{cast.reading.pk}/visits/new/")
    assert "Je vroeg al naar deze bijeenkomst" in page.text
    assert "<form class" not in page.text
    sent = {"purpose": "support", "own_words": "", "target_minutes": "20"}
    answer = browser.post(f"{HOME}groups/{cast.reading.pk}/visits/new/", sent)
    assert (answer.status_code, Visit.objects.count()) == (422, 1)


def test_what_is_written_asks_to_be_shared(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.noted(cast).visit
    clock(visit.meeting.ends_at)
    page = as_(cast.bram).get(HOME).text
    assert f'href="{HOME}visits/{visit.pk}/share/"' in page
    assert "Klaar om te delen" in page


def test_what_the_group_wants_otherwise_asks_for_an_answer(cast: TestCast, as_: Any) -> None:
    visit = steps.amended(cast)
    assert "De groep wil iets anders. Vind je dat goed?" in as_(cast.bram).get(HOME).text
    for who in ("carla", "els"):
        home = as_(cast.people[who]).get(HOME).text
        assert "Wat vinden jullie" not in home
        assert "Bram stelt" not in home
        assert f"visits/{visit.pk}/" in home


def test_away_from_the_next_meeting_the_group_reads_with_whom_it_lies(cast: TestCast, as_: Any) -> None:
    steps.amended(cast)
    factories.meeting(cast.reading, TODAY + DAY)
    assert "Het ligt bij Bram, die ja of nee zegt" in as_(cast.carla).get(HOME).text


def test_who_is_welcome_can_prepare(cast: TestCast, as_: Any) -> None:
    visit = steps.proposed(cast)
    assert "/prepare/" not in as_(cast.bram).get(HOME).text
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert f'href="{HOME}visits/{visit.pk}/prepare/"' in as_(cast.bram).get(HOME).text


def test_own_groups_and_groups_without_a_meeting_are_no_proposals(cast: TestCast, as_: Any) -> None:
    own = group_of(cast, "Eigen groep", TODAY + DAY, chair="bram")
    page = as_(cast.bram).get(HOME).text
    assert f"groups/{own.group_id}/visits/new/" not in page
    assert "Een bezoek voorstellen" not in page


@pytest.mark.parametrize("who", ["carla", "joris", "frank", "anna"])
def test_only_a_coach_is_offered_visits(cast: TestCast, as_: Any, who: str) -> None:
    factories.meeting(cast.reading)
    assert "Een bezoek voorstellen" not in as_(cast.people[who]).get(HOME).text


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(cast: TestCast, as_: Any, clock: Any, django_assert_num_queries: Any, count: int) -> None:
    for number in range(1, count + 1):
        written = steps.noted(cast, group_of(cast, f"Groep {number}", TODAY + number * DAY)).visit
        group_of(cast, f"Vrij {number}", TODAY + (9 + number) * DAY)
    clock(written.meeting.ends_at)
    browser = as_(cast.bram)
    browser.get(HOME)
    with django_assert_num_queries(16):
        assert browser.get(HOME).text.count("/visits/new/") == count
