"""Staff lists over REST: every row is told taken, merged or refused, and why; all of it is taken, or nothing."""

from __future__ import annotations

from typing import Any

from schools.models import Invitation, Membership, Roster
from tests import calls
from tests.conftest import TestCast

ApiCalls = type[calls.Caller]
PATH = "schools/de-wilg/rosters/"
NEW = {"given_name": "Kim", "infix": "van", "family_name": "Dam", "email": "Kim@dewilg.example", "roles": ["coach"]}


def rows(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"rows": list(rows)}


def carla(cast: TestCast) -> dict[str, Any]:
    return {"given_name": "Carla", "infix": "de", "family_name": "Boer", "email": cast.carla.email}


def test_every_row_is_told(cast: TestCast, api: ApiCalls) -> None:
    wrong = {"given_name": "Piet", "email": "nobody"}
    els = {"given_name": "Els", "family_name": "Mulder", "email": cast.els.email, "roles": ["teacher", "coach"]}
    looked = api(cast.frank).post(PATH, rows(NEW, carla(cast), wrong, NEW, els))
    assert looked.status == 201
    assert [(line["number"], line["kind"], line["roles"]) for line in looked.body["lines"]] == [
        (1, "invite", ["coach"]),
        (2, "same", []),
        (3, "refused", []),
        (4, "again", []),
        (5, "add", ["coach"]),
    ]
    first, _same, third, *_rest = looked.body["lines"]
    assert (first["name"], first["email"]) == ("Kim van Dam", "kim@dewilg.example")
    assert third["words"] == "An address has one @, with something before and after it."
    assert looked.body["counts"] == {"invite": 1, "add": 1, "move": 0, "same": 1, "again": 1, "refused": 1}
    assert "Joris Dekker" in {one["name"] for one in looked.body["missing"]}
    assert api(cast.frank).get(looked.headers["Location"]).body == looked.body
    refused = api(cast.frank).post(f"{PATH}{looked.body['id']}/take/", {"seen": looked.body["seen"]})
    assert (refused.status, refused.body["code"]) == (409, "roster_wrong")
    assert not Invitation.objects.exists()


def test_a_list_is_taken_once_as_it_was_seen(cast: TestCast, api: ApiCalls) -> None:
    frank = api(cast.frank)
    looked = frank.post(PATH, rows(NEW, carla(cast))).body
    [joris] = [one["key"] for one in looked["missing"] if one["name"] == "Joris Dekker"]
    take = f"{PATH}{looked['id']}/take/"
    assert frank.post(take, {"seen": "another"}).body["code"] == "roster_changed"
    assert frank.post(take, {"seen": looked["seen"], "gone": [joris]}).body["errors"][0]["pointer"] == "#/last_day"
    yes = {"seen": looked["seen"], "gone": [joris], "last_day": "2026-11-30"}
    taken = frank.post(take, yes).body
    assert (taken["seen"], taken["lines"], taken["counts"]["invite"], taken["counts"]["ended"]) == (None, [], 1, 1)
    assert frank.post(take, yes).body == taken
    assert Invitation.objects.get().email == "kim@dewilg.example"
    assert str(Membership.objects.get(user=cast.joris).until_date) == "2026-11-30"


def test_a_board_sends_the_list_of_all_its_schools(cast: TestCast, api: ApiCalls) -> None:
    gerda, path = api(cast.gerda), "boards/90001/rosters/"
    sent = rows({**NEW, "place": "de-beuk"}, {**carla(cast), "place": "de-wilg"}, {**NEW, "place": "de-eik"})
    lines = gerda.post(path, sent).body["lines"]
    assert [(line["school"], line["kind"]) for line in lines] == [
        ("de-beuk", "invite"),
        ("de-wilg", "same"),
        (None, "refused"),
    ]
    looked = gerda.post(path, rows(*sent["rows"][:2]))
    taken = gerda.post(f"{looked.headers['Location']}take/", {"seen": looked.body["seen"]})
    assert (taken.status, taken.body["counts"]["invite"]) == (200, 1)
    assert Invitation.objects.get().school == cast.schools["de-beuk"]
    assert api(cast.frank).post(path, sent).status == 404


def test_an_account_elsewhere_is_like_a_new_one(cast: TestCast, api: ApiCalls) -> None:
    irma = {"given_name": "Irma", "family_name": "Kok", "email": cast.irma.email}
    [known, new] = (
        api(cast.frank).post(PATH, rows(irma, {**irma, "given_name": "Iris", "email": "iris@x.example"})).body["lines"]
    )
    same = ("kind", "roles", "words", "asks", "school")
    assert [known[name] for name in same] == [new[name] for name in same]


def test_a_list_is_its_senders_alone(cast: TestCast, api: ApiCalls) -> None:
    listed = api(cast.frank).post(PATH, rows(NEW)).body["id"]
    for who, read, sent in (("gerda", 404, 201), ("anna", 403, 403), ("carla", 404, 404), ("daan", 404, 404)):
        caller = api(cast.people[who])
        assert caller.get(f"{PATH}{listed}/").status == read
        assert caller.post(f"{PATH}{listed}/take/", {"seen": "x"}).status == read
        assert caller.post(PATH, rows(NEW)).status == sent
    assert Roster.objects.get(pk=listed).taken_at is None


def test_what_does_not_fit_is_pointed_at(cast: TestCast, api: ApiCalls) -> None:
    def wrong(*sent: Any) -> list[str]:
        answer = api(cast.frank).post(PATH, {"rows": list(sent)})
        assert answer.status == 400, answer
        return [one["pointer"] for one in answer.body["errors"]]

    assert wrong() == ["#/rows"]
    assert wrong(NEW, {"family_name": "Dam"}) == ["#/rows/1/given_name"]
    assert wrong({**NEW, "roles": ["king"]}) == ["#/rows/0/roles/0"]
    assert wrong(*[{}] * 5001) == ["#/rows"]
    assert wrong({**NEW, "user_id": 1}) == ["#/rows/0/user_id"]


def test_a_look_costs_the_same_for_one_row_and_for_three(cast: TestCast, api: ApiCalls) -> None:
    frank = api(cast.frank)
    costs = []
    for many in (1, 3):
        sent = [{"given_name": f"Kim {number}", "email": f"kim{number}@x.example"} for number in range(many)]
        at = frank.post(PATH, rows(*sent)).headers["Location"]
        costs.append(frank.cost(at))
    assert costs[0] == costs[1]
