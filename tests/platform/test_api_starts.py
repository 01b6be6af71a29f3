"""The start of schools over REST: the pages' own steps."""

from __future__ import annotations

from schools.models import School
from tests import calls, factories
from tests.conftest import TestCast

ApiCalls = type[calls.Caller]
PATH = "schools/de-wilg/start/"
REASON = "De raad vergadert pas in mei en vindt het goed."


def test_it_tells_what_is_left(cast: TestCast, api: ApiCalls) -> None:
    told = api(cast.anna).get(PATH).body
    assert (told["slug"], told["runs"], told["may_invite"], told["teachers"]) == ("de-wilg", False, False, 3)
    assert {step["key"]: step["is_done"] for step in told["steps"]} == {
        "council": False,
        "region": False,
        "people": False,
        "groups": True,
    }
    assert told["steps"][2]["hint"] == "3 teachers are here."


def test_each_step_is_written_down(cast: TestCast, api: ApiCalls) -> None:
    anna = api(cast.anna)
    agreed = anna.put(f"{PATH}council/", {"consented_on": "2026-11-02"})
    assert (agreed.body["consented_on"], agreed.body["may_invite"]) == ("2026-11-02", True)
    chosen = anna.put(f"{PATH}region/", {"region": "south"}).body
    assert (chosen["region"], chosen["region_checked_on"]) == ("south", "2026-11-24")
    assert chosen == anna.get(PATH).body
    assert anna.put(f"{PATH}council/", {"consented_on": None}).body["may_invite"] is False
    odd = anna.put(f"{PATH}council/", {"consented_on": "2026-12-01"})
    assert (odd.status, odd.body["errors"][0]["pointer"]) == (409, "#/consented_on")
    assert anna.put(f"{PATH}council/", {}).status == 400


def test_only_the_board_says_why_not_yet(cast: TestCast, api: ApiCalls) -> None:
    gerda = api(cast.gerda)
    assert [api(who).put(f"{PATH}reason/", {"because": REASON}).status for who in (cast.frank, cast.carla)] == [
        403,
        404,
    ]
    assert gerda.put(f"{PATH}reason/", {"because": "zomaar"}).body["errors"][0]["pointer"] == "#/because"
    assert gerda.put(f"{PATH}reason/", {"because": REASON}).body["may_invite"] is True
    assert api(cast.carla).get("schools/de-wilg/").body["started_because"] == REASON
    assert gerda.put(f"{PATH}reason/", {"because": ""}).body["may_invite"] is False


def test_it_is_for_who_looks_after_the_school(cast: TestCast, api: ApiCalls) -> None:
    for who, status in ((cast.frank, 200), (cast.gerda, 200), (cast.carla, 404), (cast.daan, 404), (cast.hugo, 404)):
        assert api(who).get(PATH).status == status
    assert api(cast.carla).put(f"{PATH}council/", {"consented_on": None}).status == 404
    assert api(cast.frank).get("boards/90001/start/").status == 404


def test_a_boards_schools_cost_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls) -> None:
    gerda, path = api(cast.gerda), "boards/90001/start/"
    found = gerda.get(path).body
    assert [one["slug"] for one in found["schools"]] == ["de-beuk", "de-wilg"]
    School.objects.filter(slug="de-beuk").update(closed_on=factories.TODAY)
    one = gerda.cost(path)
    board = cast.schools["de-wilg"].board
    for slug in ("de-els", "de-es"):
        School.objects.create(board=board, slug=slug, name=slug)
    assert gerda.cost(path) == one
    assert len(gerda.get(path).body["schools"]) == 3
