"""A profile over REST from near, as files and as the leader would read it: what pages show, to whom they show it."""

from __future__ import annotations

from typing import Any

import pytest

from observations import actions
from observations.actions import debrief
from observations.models import ShareDecision
from schools.models import Event
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import files, rounds, steps

pytestmark = pytest.mark.usefixtures("clock")

ApiCalls = type[Caller]
SECRET = "Kanarie in de kolenmijn"
BECAME = "Wij vragen door"


def path(cast: TestCast, name: str = "profile/openness/") -> str:
    return f"schools/de-wilg/groups/{cast.reading.pk}/{name}"


@pytest.fixture
def told(cast: TestCast, clock: Any) -> TestCast:
    """A round with remarks, a visit with private notes, and a point that became a goal."""
    rounds.answer(rounds.opened(cast, None, way="together", closes_at=None), cast.carla, 3, 2, manner=SECRET)
    visit = steps.shared(cast, notes={"openness": (SECRET, SECRET)})
    clock(steps.after(visit.meeting, hours=3))
    given: dict[str, Any] = {"visit": visit, "place": 1, "by": cast.hat("carla"), "now": factories.NOW}
    debrief.answer_point(answer="curious", **given)
    period = factories.period(cast.reading, cast.aspects["openness"])
    debrief.take_as_goal(period=period, text=BECAME, agreements=["Eerst een vraag"], **given)
    return cast


def share(cast: TestCast) -> None:
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)


def test_it_works(told: TestCast, api: ApiCalls) -> None:
    answer = api(told.carla).get(path(told))
    near = answer.body
    assert (near["first_year"], near["years"], near["visits"][0]["degree"]) == ("2026-2027", [], 3.5)
    assert [(one["way"], one["respondents"], one["degree"]) for one in near["rounds"]] == [("together", None, 2.5)]
    assert [line["readings"][0]["degree"] for line in near["behaviours"]] == [3.0, 2.0, 2.0, 2.0]
    assert [(one["answer"], one["became"]) for one in near["strong"]] == [("curious", BECAME)]
    assert [one["text"] for one in near["agreements"]] == ["Eerst een vraag"]
    assert SECRET.encode() not in answer.content
    whole = api(told.carla).get(path(told, "profile/")).body["aspects"][0]
    assert whole["strong"] == near["strong"]


def test_a_guest_reads_the_coachs_part(told: TestCast, api: ApiCalls) -> None:
    near = api(told.bram).get(path(told))
    assert (near.body["rounds"], near.body["behaviours"], len(near.body["visits"])) == (None, None, 1)
    assert SECRET.encode() not in near.content


def test_a_leader_reads_nothing_from_near(told: TestCast, api: ApiCalls) -> None:
    """And of the points not what the group said to them."""
    share(told)
    anna = api(told.anna)
    refused = anna.get(path(told))
    assert (refused.status, refused.content) == (
        404,
        anna.get("schools/de-wilg/groups/987654/profile/openness/").content,
    )
    whole = anna.get(path(told, "profile/"))
    assert (whole.status, whole.body["aspects"][0]["strong"][0]["answer"]) == (200, None)
    for kind in ("profile/", "profile.csv"):
        assert all(word not in anna.get(path(told, kind)).content for word in (BECAME.encode(), SECRET.encode()))
    assert anna.get(path(told, "profile.pdf")).status == 404


@pytest.mark.parametrize("who", ["anna", "joris", "frank", "daan"])
def test_others_find_nothing(told: TestCast, api: ApiCalls, who: str) -> None:
    caller = api(told.people[who])
    for name in ("profile/openness/", "profile.csv", "profile.xlsx", "profile.pdf", "sharing/preview/"):
        refused = caller.get(path(told, name))
        assert refused.status == 404, name
        assert refused.content == caller.get(f"schools/de-wilg/groups/987654/{name}").content
    assert not Event.objects.filter(what="file_taken").exists()


def test_a_file_by_a_token(told: TestCast, as_: Any, api: ApiCalls) -> None:
    """The same bytes as on the page, and noted the same."""
    page = as_(told.carla).get(f"/s/de-wilg/groups/{told.reading.pk}/profile.csv", headers={"Accept-Language": "en"})
    taken = api(told.carla, language=told.carla.language).get(path(told, "profile.csv"))
    assert (taken.status, taken.content) == (200, page.content)
    assert taken.headers["Content-Disposition"] == page["Content-Disposition"]
    assert "no-store" in taken.headers["Cache-Control"]
    assert Event.objects.filter(what="file_taken").count() == 2
    book = api(told.bram).get(path(told, "profile.xlsx"), Accept="*/*")
    assert len(files.table_of_xlsx(book.content)) == len(
        files.table_of_csv(api(told.bram).get(path(told, "profile.csv")).content)
    )
    odd = api(told.carla).get(path(told, "profile.csv?year=late"))
    assert (odd.status, odd.headers["Content-Type"]) == (400, "application/problem+json")
    assert api(told.carla).get(path(told, "profile.csv"), Accept="application/json").status == 406


def test_the_leaders_page_beforehand(told: TestCast, api: ApiCalls) -> None:
    """Nothing is decided by looking; the leader then reads the same."""
    carla, scan = api(told.carla), rounds.pictured(told, "analysing", factories.TODAY)
    beforehand = carla.get(path(told, "sharing/preview/"))
    assert (beforehand.body["told_in"], beforehand.body["rounds"]) == ("words", [])
    with_one = carla.get(path(told, f"sharing/preview/?scan={scan.pk}")).body
    assert [one["month"] for one in with_one["rounds"]] == ["2026-11"]
    assert not ShareDecision.objects.exists()
    share(told)
    assert api(told.anna).get(path(told, "profile/")).body == beforehand.body
    missing = carla.get(path(told, "sharing/preview/?scan=987654"))
    assert missing.status == 404
    theirs = actions.open_scan(
        group=told.maths, aspect=None, way="together", closes_at=None, by=told.hat("joris"), now=factories.NOW
    )
    assert carla.get(path(told, f"sharing/preview/?scan={theirs.pk}")).content == missing.content


@pytest.mark.parametrize("count", [1, 3])
def test_few_queries(cast: TestCast, api: ApiCalls, count: int) -> None:
    for number in range(count):
        rounds.pictured(cast, "openness", factories.TODAY.replace(day=number + 1))
    carla = api(cast.carla)
    assert len(carla.get(path(cast)).body["rounds"]) == count
    assert carla.cost(path(cast)) == 14
    assert carla.cost(path(cast, "sharing/preview/")) == 6
