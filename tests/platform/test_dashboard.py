"""The school's dashboard: everybody sees the same, and of a group only what it chose to share."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine

from observations.models import ShareDecision
from schools.models import Membership
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import LONG_AGO, NOW, TODAY
from workgroups.models import Closer, Meeting, Opener, WorkGroup

DAY = dt.timedelta(days=1)
PAGE = "/s/de-wilg/dashboard/"
SECRET = "Eerst een vraag, dan je mening"
WHY = "Bij ons besluiten de snelle praters"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def _held(group: WorkGroup, day: dt.date) -> Meeting:
    """A meeting that was opened and closed."""
    meeting = factories.meeting(group, day, state="held")
    Opener.objects.create(school=group.school, group=group, meeting=meeting, opened_at=NOW)
    Closer.objects.create(school=group.school, group=group, meeting=meeting, closed_at=NOW)
    return meeting


def _year(cast: TestCast, group: WorkGroup) -> None:
    """A card, a goal, an agreement; a meeting held, one that was never closed, one not yet, and one ahead."""
    factories.agreement(factories.goal(factories.period(group, cast.aspects["openness"], why=WHY)))
    _held(group, TODAY - 21 * DAY)
    factories.meeting(group, TODAY - 14 * DAY, state="lapsed")
    factories.meeting(group, TODAY - 7 * DAY)
    factories.meeting(group, TODAY + 7 * DAY)


def _share(group: WorkGroup, *, shares: bool = True) -> None:
    ShareDecision.objects.create(school=group.school, group=group, decided_on=TODAY, shares=shares)


def _row(page: str, group: WorkGroup) -> str:
    """The group's row in words."""
    rows = [row for row in page.split("<tr>")[1:] if f"/groups/{group.pk}/" in row]
    assert len(rows) == 1
    return unescape(" ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", rows[0].split("</tr>")[0], flags=re.DOTALL).split()))


def test_it_works(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    page = as_(cast.anna).get(PAGE).text
    row = _row(page, cast.reading)
    assert row.startswith("Begrijpend lezen werkgroep openness")
    assert (
        "3 november: herhaald en teruggekeken. 10 november: niet afgesloten. 17 november: gepland. 1 december: gepland."
        in row
    )
    assert "Laatste 17 nov Volgende 1 dec" in row
    assert row.endswith("Gedeeld met jou")
    assert f'href="/s/de-wilg/groups/{cast.reading.pk}/profile/"' in page
    assert (
        _row(page, cast.maths)
        == "Rekenen werkgroep Nog geen kaart gekozen Net begonnen Niets gepland Blijft in de groep"
    )


def test_leader_sees_only_what_is_shared(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _year(cast, cast.maths)
    _share(cast.maths)
    _share(cast.maths, shares=False)  # taken back
    page = as_(cast.anna).get(PAGE).text
    for group in (cast.reading, cast.maths):
        row = _row(page, group)
        assert "3 november: gehouden. 10 november: gehouden. 17 november: gehouden. 1 december: gepland." in row
        assert row.endswith("Blijft in de groep")
    assert "niet afgesloten" not in page
    assert "/profile/" not in page
    for words in (SECRET, WHY, "Iedereen komt aan het woord"):
        assert words not in page
    assert "Nog geen groep deelt een profiel" in page


@pytest.mark.parametrize("who", ["carla", "bram", "els"])
def test_teachers_and_coaches_see_the_same_page(as_: Any, cast: TestCast, who: str) -> None:
    for group in (cast.reading, cast.maths):
        _year(cast, group)
    _share(cast.maths)
    seen = as_(cast.people[who]).get(PAGE).text
    leaders = as_(cast.anna).get(PAGE).text
    for group in (cast.reading, cast.maths):
        assert _row(seen, group) == _row(leaders, group).replace("met jou", "met de schoolleider")
    assert "/profile/" not in seen


def test_a_member_may_open_the_own_shared_profile(as_: Any, cast: TestCast) -> None:
    _share(cast.reading)
    assert f"/groups/{cast.reading.pk}/profile/" in as_(cast.carla).get(PAGE).text


def test_an_admin_sees_rhythm_only(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    page = as_(cast.frank).get(PAGE).text
    row = _row(page, cast.reading)
    were = "3 november: gehouden. 10 november: gehouden. 17 november: gehouden. 1 december: gepland."
    assert row == f"Begrijpend lezen werkgroep {were} Laatste 17 nov Volgende 1 dec"
    assert "openness" not in page
    assert "Gedeeld" not in page


def test_an_admin_who_also_teaches_sees_what_teachers_see(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    Membership.objects.create(school=cast.schools["de-wilg"], user=cast.frank, role=Role.TEACHER, from_date=LONG_AGO)
    assert "herhaald en teruggekeken" in _row(as_(cast.frank).get(PAGE).text, cast.reading)


@pytest.mark.parametrize("who", ["daan", "irma", "gerda", "hugo"])
def test_next_door_sees_nothing(as_: Any, cast: TestCast, who: str) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    answer = as_(cast.people[who]).get(PAGE)
    assert answer.status_code == 404
    assert cast.reading.name not in answer.text


def test_next_door_never_slips_in(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.next_door)
    _share(cast.next_door)
    page = as_(cast.anna).get(PAGE).text
    assert cast.next_door.name not in page
    assert cast.elsewhere.name not in page


def test_groups_stand_by_name_whatever_their_numbers(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.maths)
    _share(cast.maths)
    factories.group(cast.schools["de-wilg"], "Aardrijkskunde")
    page = as_(cast.anna).get(f"{PAGE}?order=rhythm&sort=-held").text
    places = [page.index(f">{name}</a>") for name in ("Aardrijkskunde", "Begrijpend lezen", "Rekenen")]
    assert places == sorted(places)
    assert "3 groepen, op alfabet" in page


def test_an_empty_school_says_what_comes(as_: Any, cast: TestCast) -> None:
    WorkGroup.objects.filter(school=cast.schools["de-wilg"]).delete()
    leaders, teachers = as_(cast.anna).get(PAGE).text, as_(cast.carla).get(PAGE).text
    assert "Nog geen groepen" in leaders
    assert "/groups/new/" in leaders
    assert "/groups/new/" not in teachers
    assert "De schoolleider of de beheerder begint de eerste." in teachers


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_the_same_however_many_groups(
    as_: Any, cast: TestCast, many: int, django_assert_num_queries: Any
) -> None:
    cast.maths.delete()
    for number in range(many - 1):
        group = factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.els)
        _year(cast, group)
        _share(group)
    _year(cast, cast.reading)
    browser = as_(cast.anna)
    browser.get(PAGE)
    with django_assert_num_queries(15):
        assert f"{many} groep" in browser.get(PAGE).text
