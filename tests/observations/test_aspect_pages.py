"""One aspect of the profile from near: sentence by sentence, point by point; its guest sees the coach's part alone."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from observations.actions import debrief
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds, steps
from tests.observations.test_profile import several
from tests.observations.test_profile_pages import open_to_leader
from tests.workgroups.test_kept import agreed, judged

pytestmark = pytest.mark.usefixtures("clock")
AUTUMN = dt.date(2026, 9, 10)
SPRING = dt.date(2026, 3, 10)


def page(cast: TestCast, key: str = "openness", asked: str = "") -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/profile/{key}/" + (f"?year={asked}" if asked else "")


def own_part(told: str) -> str:
    """What stands under the group's own sentences."""
    found = re.search(r'<section[^>]*aria-labelledby="heard">.*?</section>', told, re.DOTALL)
    return found.group() if found else ""


def test_it_works(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    rounds.pictured(cast, "openness", AUTUMN, halves=5, respondents=9, spread="mixed")
    agreement = agreed(cast)
    judged(agreement, "kept", "partly")
    clock(steps.after(visit.meeting, hours=2))
    told = as_(cast.carla).get(page(cast)).text
    assert own_part(told).count("<caption") == 4
    assert own_part(told).count('class="spread"') == 4
    assert ">2,5</b>" in own_part(told)
    assert "gemengd" in own_part(told)
    assert "9 antwoorden" in own_part(told)
    assert ">3,5</td>" in told
    assert "20 minuten" in told
    assert steps.PAIR.strong in told
    assert f'href="/s/de-wilg/visits/{visit.pk}/"' in told
    assert agreement.text in told
    assert 'aria-label="nagekomen 1×, deels 1×"' in told


def test_it_is_about_one_card(cast: TestCast, as_: Any, clock: Any) -> None:
    """The strong point was about openness, the improvement point and this round about analysing."""
    visit = steps.shared(cast)
    rounds.pictured(cast, "analysing", AUTUMN, halves=7)
    agreed(cast, "Een afspraak over open staan")
    clock(steps.after(visit.meeting, hours=2))
    told = as_(cast.carla).get(page(cast)).text
    assert steps.PAIR.strong in told
    assert steps.PAIR.improvement not in told
    assert "own-dot" not in told
    assert "nog niet gevraagd" in told
    other = as_(cast.carla).get(page(cast, "analysing")).text
    assert steps.PAIR.improvement in other
    assert steps.PAIR.strong not in other
    assert ">3,5</b>" in own_part(other)
    assert "Een afspraak over open staan" not in other


def test_what_the_group_said_to_a_point_stands_with_it(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    now = steps.after(visit.meeting, hours=2)
    clock(now)
    debrief.begin_debrief(visit=visit, by=cast.hat("els"), now=now)
    debrief.answer_point(visit=visit, place=1, answer="recognised", by=cast.hat("els"), now=now)
    told = as_(cast.carla).get(page(cast)).text
    assert "dat herkennen we" in told
    assert "dat herkennen we" not in as_(cast.carla).get(page(cast, "analysing")).text


def test_a_guest_sees_the_coachs_part_alone(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    rounds.pictured(cast, "openness", AUTUMN, halves=5, respondents=7)
    agreement = agreed(cast)
    clock(steps.after(visit.meeting, hours=2))
    told = as_(cast.bram).get(page(cast)).text
    assert steps.PAIR.strong in told
    assert agreement.text in told
    assert own_part(told) == ""
    for planted in ("own-dot", "2,5", "7 antwoorden", "/scans/", "10 september", f"/agreements/{agreement.pk}/"):
        assert planted not in told
    assert "Die spiegel blijft in de groep" in told


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan", "gerda", "hugo", "irma"])
def test_it_needs_a_seat(cast: TestCast, as_: Any, clock: Any, who: str) -> None:
    """Not even the leader of a group that shares, who reads the whole in words."""
    visit = steps.shared(cast)
    open_to_leader(cast)
    clock(steps.after(visit.meeting, hours=2))
    answer = as_(cast.people[who]).get(page(cast))
    assert answer.status_code == 404
    assert steps.PAIR.strong not in answer.text


def test_a_card_that_is_not_there(cast: TestCast, as_: Any) -> None:
    assert as_(cast.carla).get(page(cast, "sparkle")).status_code == 404


def test_nothing_heard_yet_explains_itself(cast: TestCast, as_: Any) -> None:
    told = as_(cast.carla).get(page(cast)).text
    assert "Van deze kaart is nog niets gehoord" in told
    assert "<table" not in told


def test_a_time_in_which_nobody_asked_explains_itself(cast: TestCast, as_: Any) -> None:
    """A round about another card draws no empty picture of this one."""
    rounds.pictured(cast, "analysing", SPRING)
    rounds.pictured(cast, "openness", AUTUMN)
    told = as_(cast.carla).get(page(cast, asked="2025")).text
    assert "In deze tijd is niets van deze kaart gehoord" in told
    assert 'class="plot"' not in told


@pytest.mark.parametrize(("respondents", "told_as"), [(4, "4 antwoorden"), (None, "samen")])
def test_of_how_many_a_round_is(cast: TestCast, as_: Any, respondents: int | None, told_as: str) -> None:
    rounds.pictured(cast, "openness", AUTUMN, respondents=respondents)
    told = own_part(as_(cast.carla).get(page(cast)).text)
    assert f">{told_as}<" in told
    assert 'class="spread"' not in told


def test_what_was_hard_to_say_is_a_gap(cast: TestCast, as_: Any) -> None:
    rounds.pictured(cast, "openness", AUTUMN, halves=None)
    told = own_part(as_(cast.carla).get(page(cast)).text)
    assert "own-dot" not in told
    assert told.count('class="gap"') == 4
    assert "niet te zeggen" in told


def test_an_earlier_year_shows_that_year(cast: TestCast, as_: Any) -> None:
    rounds.pictured(cast, "openness", SPRING, halves=3)
    for month in (9, 10, 11):
        rounds.pictured(cast, "openness", dt.date(2026, month, 2), halves=6)
    browser = as_(cast.carla)
    now, then = own_part(browser.get(page(cast)).text), own_part(browser.get(page(cast, asked="2025")).text)
    assert (now.count(">3,0</b>"), now.count(">1,5</b>")) == (12, 0)
    assert (then.count(">3,0</b>"), then.count(">1,5</b>")) == (0, 4)
    assert own_part(browser.get(page(cast, asked="all")).text).count(">1,5</b>") == 4
    assert own_part(browser.get(page(cast, asked="1999")).text) == now


def test_a_difference_is_asked_about_today_not_in_the_past(cast: TestCast, as_: Any, clock: Any) -> None:
    """Openness: 3.5 by the coach, 1.5 by the group."""
    visit = steps.shared(cast)
    rounds.pictured(cast, "openness", AUTUMN, halves=3)
    rounds.pictured(cast, "openness", SPRING, halves=3)
    ahead = factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=21))
    clock(steps.after(visit.meeting, hours=2))
    browser = as_(cast.carla)
    assert f"/meetings/{ahead.pk}/points/" in browser.get(page(cast)).text
    assert "/points/" not in browser.get(page(cast, asked="2025")).text
    assert "/points/" not in browser.get(page(cast, "reflecting")).text
    assert "/points/" not in as_(cast.bram).get(page(cast)).text


@pytest.mark.parametrize("count", [1, 3])
def test_rounds_visits_and_meetings_cost_no_queries(
    cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int
) -> None:
    several(cast, count)
    for number in range(1, count + 1):
        rounds.pictured(cast, "openness", dt.date(2026, 9, number), halves=6)
        judged(agreed(cast, f"Afspraak {number}", number), *["kept"] * count, first=dt.date(2026, 8, number))
    browser = as_(cast.carla)
    with django_assert_num_queries(22):
        told = browser.get(page(cast)).text
    assert own_part(told).count(">3,0</b>") == 4 * count
    assert told.count("Afspraak ") >= count
