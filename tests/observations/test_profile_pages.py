"""The profile: whole for the group and its guest, in words for the leader if the group shares, 404 for others."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from observations import actions, queries
from observations.models import Snapshot
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds, steps
from tests.observations.test_profile import several
from tests.workgroups.test_kept import agreed, judged
from workgroups import actions as group_actions

pytestmark = pytest.mark.usefixtures("clock")


def page(cast: TestCast, name: str = "profile/") -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/{name}"


def open_to_leader(cast: TestCast) -> None:
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)


def test_it_works(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, hours=2))
    for who in ("carla", "els", "bram"):
        answer = as_(cast.people[who]).get(page(cast))
        assert answer.status_code == 200
        assert 'class="plot radar"' in answer.text
        assert ">3,5</td>" in answer.text
        assert ">1,0</td>" in answer.text
        assert answer.text.count(">geen gelegenheid</td>") == 4
        assert steps.PAIR.strong in answer.text


def test_an_empty_profile_explains_itself(cast: TestCast, as_: Any) -> None:
    told = as_(cast.carla).get(page(cast)).text
    assert "Nog geen beeld van jullie gesprek" in told
    assert "<table" not in told


def test_an_ended_group_is_invited_to_nothing(cast: TestCast, as_: Any) -> None:
    group_actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=factories.NOW)
    browser = as_(cast.carla)
    told = browser.get(page(cast)).text
    assert "Jullie groep stopte voordat er een beeld was" in told
    assert "/scans/" not in told
    assert "Jullie zelfscan" not in browser.get(page(cast, "")).text


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram", "daan", "gerda", "hugo", "irma"])
def test_it_needs_a_seat(cast: TestCast, as_: Any, clock: Any, who: str) -> None:
    """Bram was a guest, until 30 days after sharing."""
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, days=31))
    browser = as_(cast.people[who])
    for address in (page(cast), page(cast) + "?as=leader"):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert steps.PAIR.strong not in answer.text
    assert browser.post(page(cast, "sharing/"), {"shares": "yes"}).status_code == 404
    assert not queries.shares_profile(cast.reading.pk)


def test_leader_sees_only_what_is_shared(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast, notes={"openness": ("Dit leest alleen Bram", "")})
    clock(steps.after(visit.meeting, hours=2))
    open_to_leader(cast)
    answer = as_(cast.anna).get(page(cast))
    assert answer.status_code == 200
    table = re.search(r"<table.*</table>", answer.text, re.DOTALL)
    assert table
    words = re.findall(r"<td[^>]*>([^<]*)</td>", table.group())
    assert words == ["vaak", *["geen gelegenheid"] * 4, "zelden"]
    assert "3,5" not in answer.text
    assert "radar" not in answer.text
    assert "openness 1" not in answer.text
    assert "Dit leest alleen Bram" not in answer.text
    assert "20 minuten" not in answer.text
    assert steps.PAIR.strong in answer.text
    assert f"/visits/{visit.pk}/" not in answer.text


@pytest.mark.parametrize("who", ["frank", "joris", "daan", "gerda"])
def test_sharing_is_with_the_leader_alone(cast: TestCast, as_: Any, who: str) -> None:
    steps.shared(cast)
    open_to_leader(cast)
    assert as_(cast.people[who]).get(page(cast)).status_code == 404


def test_the_group_sees_beforehand_what_the_leader_would_see(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, hours=2))
    preview = as_(cast.carla).get(page(cast) + "?as=leader").text
    open_to_leader(cast)
    leaders = as_(cast.anna).get(page(cast)).text
    start, end = "<table", "</table>"
    assert preview[preview.index(start) : preview.index(end)] == leaders[leaders.index(start) : leaders.index(end)]


def test_any_member_takes_it_back(cast: TestCast, as_: Any) -> None:
    steps.shared(cast)
    assert as_(cast.carla).post(page(cast, "sharing/"), {"shares": "yes"}).status_code == 403
    assert as_(cast.els).post(page(cast, "sharing/"), {"shares": "yes"})["Location"] == page(cast)
    assert as_(cast.anna).get(page(cast)).status_code == 200
    as_(cast.carla).post(page(cast, "sharing/"), {"shares": "no"})
    assert as_(cast.anna).get(page(cast)).status_code == 404


def test_a_guest_decides_nothing(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, hours=2))
    assert as_(cast.bram).post(page(cast, "sharing/"), {"shares": "no"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_visits_cost_no_queries(
    cast: TestCast, as_: Any, clock: Any, django_assert_num_queries: Any, count: int
) -> None:
    several(cast, count)
    browser = as_(cast.carla)
    with django_assert_num_queries(22):
        assert browser.get(page(cast)).text.count("/visits/") == count


@pytest.mark.parametrize("count", [1, 3])
def test_nor_for_the_leader(cast: TestCast, as_: Any, clock: Any, django_assert_num_queries: Any, count: int) -> None:
    several(cast, count)
    open_to_leader(cast)
    browser = as_(cast.anna)
    with django_assert_num_queries(14):
        assert browser.get(page(cast)).status_code == 200


def own_rounds(cast: TestCast, count: int) -> None:
    """The group looked at all six cards, as often as that, together: everything was heard often."""
    for _number in range(count):
        scan = rounds.opened(cast, None, way="together", closes_at=None)
        rounds.answer(scan, cast.carla, 3, manner="Kanarie")


def test_both_mirrors_stand_side_by_side(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    own_rounds(cast, 1)
    clock(steps.after(visit.meeting, hours=2))
    told = as_(cast.carla).get(page(cast)).text
    assert told.count("own-dot") == 6 + 6
    assert told.count(">3,0</td>") == 6 + 6
    assert ">3,5</td>" in told
    assert "Kanarie" not in told


def test_a_difference_is_a_question_for_the_next_meeting(cast: TestCast, as_: Any, clock: Any) -> None:
    """Feedback: heard often by the group (3), not heard by the coach (1)."""
    visit = steps.shared(cast)
    own_rounds(cast, 1)
    clock(steps.after(visit.meeting, hours=2))
    ahead = factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=21))
    told = as_(cast.carla).get(page(cast)).text
    assert "Jullie: vaak.<br>De coach: niet gehoord." in told
    assert f"/meetings/{ahead.pk}/points/" in told


def test_an_own_mirror_needs_no_coach(cast: TestCast, as_: Any) -> None:
    own_rounds(cast, 1)
    told = as_(cast.carla).get(page(cast)).text
    assert told.count("own-dot") == 6
    assert "coach-box" not in told
    assert "Nog geen coach" in told


def test_a_guest_sees_the_coachs_mirror_alone(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    own_rounds(cast, 1)
    clock(steps.after(visit.meeting, hours=2))
    told = as_(cast.bram).get(page(cast)).text
    assert "own-dot" not in told
    assert ">3,0</td>" not in told
    assert "/scans/" not in told
    assert "Die spiegel blijft in de groep" in told


def test_the_leader_sees_nothing_of_the_own_mirror(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, hours=2))
    open_to_leader(cast)
    told = []
    for _time in range(2):
        told.append([line for line in as_(cast.anna).get(page(cast)).text.splitlines() if "csrf" not in line])
        own_rounds(cast, 1)
    assert told[0] == told[1]


def test_a_picture_that_was_not_revealed_is_on_no_page_and_in_no_file(cast: TestCast, as_: Any, api: Any) -> None:
    """It is made as the round closes; the group looks at it together first."""
    people = rounds.colleagues(cast, 4)
    scan = rounds.answered(rounds.opened(cast), people, 3)
    assert Snapshot.objects.filter(scan=scan, scan__state="closed").exists()
    browser = as_(cast.carla)
    address = f"schools/de-wilg/groups/{cast.reading.pk}/profile/"
    assert "3,0" not in browser.get(page(cast)).text
    assert "3,0" not in browser.get(page(cast, "profile/reflecting/")).text
    assert "3,0" not in browser.get(page(cast, "profile.csv")).text
    assert api(cast.carla).get(address).body["rounds"] == []
    actions.reveal_scan(scan=scan, by=cast.hat("els"), now=factories.NOW)
    for name in ("profile/", "profile/reflecting/", "profile.csv"):
        assert "3,0" in browser.get(page(cast, name)).text
    assert len(api(cast.carla).get(address).body["rounds"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_rounds_cost_no_queries(cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int) -> None:
    own_rounds(cast, count)
    browser = as_(cast.carla)
    with django_assert_num_queries(22):
        assert browser.get(page(cast)).status_code == 200


def test_the_table_says_of_how_many_and_for_how_long(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    rounds.pictured(cast, "openness", dt.date(2026, 9, 10), halves=5, respondents=7)
    rounds.pictured(cast, "reflecting", dt.date(2026, 10, 8), halves=4, respondents=None)
    clock(steps.after(visit.meeting, hours=2))
    told = as_(cast.carla).get(page(cast)).text
    assert ">10 sep 2026<br>7 antwoorden</td>" in told
    assert ">8 okt 2026<br>samen</td>" in told
    assert f">{visit.meeting.day.day} dec 2026<br>20 minuten</td>" in told


def test_each_aspect_leads_to_its_page(cast: TestCast, as_: Any) -> None:
    own_rounds(cast, 1)
    told = as_(cast.carla).get(page(cast)).text
    for key in cast.aspects:
        assert f'href="{page(cast)}{key}/"' in told


def test_an_earlier_year_shows_how_it_was_then(cast: TestCast, as_: Any) -> None:
    rounds.pictured(cast, "openness", dt.date(2025, 3, 10), halves=3)
    rounds.pictured(cast, "reflecting", dt.date(2025, 5, 10), halves=3)
    for month in (9, 10, 11):
        rounds.pictured(cast, "openness", dt.date(2026, month, 2), halves=6)
    browser = as_(cast.carla)
    now, then = browser.get(page(cast)).text, browser.get(page(cast) + "?year=2024").text
    assert 'href="?year=2024"' in now
    assert "Schooljaar 2026-2027" in now
    assert now.count(">1,5</td>") == 1  # reflecting, as it was last heard
    assert "Zoals het was aan het eind van schooljaar 2024-2025." in then
    assert (then.count(">1,5</td>"), then.count(">3,0</td>")) == (2 + 2, 0)
    everything = browser.get(page(cast) + "?year=all").text
    assert "Schooljaren 2024-2025 tot en met 2026-2027" in everything
    assert everything.count('class="num" data-label="openness"') == 5


@pytest.mark.parametrize("asked", ["1999", "x", "-1", "9" * 5_000, "²", "all"])
def test_a_year_that_is_not_there_shows_what_is_new(cast: TestCast, as_: Any, asked: str) -> None:
    own_rounds(cast, 1)
    answer = as_(cast.carla).get(page(cast), {"year": asked})
    assert answer.status_code == 200
    assert "Schooljaren" not in answer.text


def test_how_it_went_with_the_agreements(cast: TestCast, as_: Any, clock: Any) -> None:
    """Its guest reads them too, without a way to change them; the leader of a group that shares does not."""
    agreement = agreed(cast, "Eerst een vraag, en dan pas iets vinden")
    judged(agreement, "kept", "not", "kept", "no_occasion")
    visit = steps.shared(cast)
    open_to_leader(cast)
    clock(steps.after(visit.meeting, hours=2))
    for who, may_open in (("carla", True), ("bram", False)):
        told = as_(cast.people[who]).get(page(cast)).text
        assert 'aria-label="nagekomen 2×, niet 1×, geen gelegenheid 1×"' in told
        assert ">1 sep, 15 sep</td>" in told
        assert (f"/agreements/{agreement.pk}/" in told) is may_open
    assert agreement.text not in as_(cast.anna).get(page(cast)).text


@pytest.mark.parametrize("count", [1, 3])
def test_meetings_and_agreements_cost_no_queries(
    cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int
) -> None:
    own_rounds(cast, 1)
    for number in range(1, count + 1):
        judged(agreed(cast, f"Afspraak {number}", number), *["kept"] * count, first=dt.date(2026, 8, number))
    browser = as_(cast.carla)
    with django_assert_num_queries(22):
        assert browser.get(page(cast)).text.count('class="rhythm"') == count
