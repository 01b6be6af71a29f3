"""One's own account over REST: names, language, sessions, tokens, schools and boards."""

from __future__ import annotations

import datetime as dt

import pytest

from schools import proof, tokens
from schools.models import Event, Membership, Session
from schools.models.events import What
from schools.roles import Role
from tests import calls, factories
from tests.conftest import TestCast

ApiCalls = type[calls.Caller]
NOW = factories.NOW


def asleep(caller: calls.Caller) -> calls.Caller:
    """Signed in on the pages, a day ago."""
    session = caller.client.session
    proof.stamp(session, now=NOW - dt.timedelta(days=1))
    session.save()
    return caller


def test_names_are_changed_and_tidied(cast: TestCast, api: ApiCalls) -> None:
    said = {"given_name": " Karla \n", "infix": "de", "family_name": "Boer", "nickname": "Kaat"}
    changed = api(cast.carla).put("me/name/", said)
    assert changed.body == {
        **said,
        "given_name": "Karla",
        "name": "Karla de Boer",
        "called": "Kaat",
    }
    assert api(cast.carla).get("me/name/").body == changed.body
    assert api(cast.carla).put("me/name/", {"given_name": "Karla"}).body["name"] == "Karla"


@pytest.mark.parametrize("name", ["", "\u200b", "x" * 61])
def test_a_name_says_something(cast: TestCast, api: ApiCalls, name: str) -> None:
    refused = api(cast.carla).put("me/name/", {"given_name": name})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (400, "#/given_name")
    cast.carla.refresh_from_db()
    assert cast.carla.given_name == "Carla"


def test_the_language_is_chosen(cast: TestCast, api: ApiCalls) -> None:
    assert api(cast.carla).put("me/language/", {"language": "en"}).body == {"language": "en"}
    assert api(cast.carla).put("me/language/", {"language": "fy"}).status == 400
    assert api(cast.carla).get("me/").body["language"] == "en"


def test_sensitive_steps_ask_a_session_for_a_proof(cast: TestCast, api: ApiCalls) -> None:
    frank = asleep(api(cast.frank, by="session"))
    sure = {"last_day": None, "sure": True}
    answers = [
        frank.put("me/name/", {"given_name": "Frank"}),
        frank.get("me/tokens/"),
        frank.call("delete", "me/tokens/1/"),
        frank.get("schools/de-wilg/members/"),
        frank.post(f"schools/de-wilg/members/{cast.carla.pk}/leave/", sure),
    ]
    assert [one.status for one in answers] == [401] * 5
    assert [one.body["code"] for one in answers] == ["prove_again"] * 3 + ["sign_in_again"] * 2


def test_where_a_role_sleeps_the_api_asks_as_the_pages_do(cast: TestCast, api: ApiCalls) -> None:
    """Carla teaches and leads: what she reads as a teacher goes on, what she could as a leader asks first."""
    Membership.objects.create(
        user=cast.carla, school=cast.schools["de-wilg"], role=Role.LEADER, from_date=factories.LONG_AGO
    )
    awake, sleepy = api(cast.carla), asleep(api(cast.carla, by="session"))
    here = "schools/de-wilg"
    seats = [f"{here}/seats/{seat.pk}/" for seat in cast.maths.seats.all()]
    for path, status in (
        (f"{here}/reminders/", 200),
        (seats[0], 200),
        (f"{here}/seats/99999/", 404),
        (f"{here}/groups/{cast.maths.pk}/profile/", 404),
        (f"{here}/groups/{cast.maths.pk}/profile.csv", 404),
        (f"{here}/events/", 404),
    ):
        refused = sleepy.get(path)
        assert (refused.status, refused.body["code"]) == (401, "sign_in_again"), path
        assert awake.get(path).status == status, path
    assert sleepy.get(f"{here}/groups/{cast.reading.pk}/").status == 200
    assert sleepy.get("schools/de-eik/groups/").status == 404
    first, second = sleepy.get(seats[0]), sleepy.get(f"{here}/seats/99999/")
    assert first.content == second.content


def test_sessions_are_listed_and_ended(cast: TestCast, api: ApiCalls) -> None:
    carla, other, els = (api(who, by="session") for who in (cast.carla, cast.carla, cast.els))
    listed = carla.get("me/sessions/").body["results"]
    assert (len(listed), sum(one["is_here"] for one in listed)) == (2, 1)
    [there] = [one["id"] for one in listed if not one["is_here"]]
    assert els.call("delete", f"me/sessions/{there}/").status == 404
    assert api(cast.carla).call("delete", f"me/sessions/{there}/").status == 204
    assert (other.get("me/").status, carla.get("me/").status) == (401, 200)
    assert api(cast.carla).call("delete", f"me/sessions/{there}/").status == 404


def test_all_others_end(cast: TestCast, api: ApiCalls) -> None:
    carla, other, els = (api(who, by="session") for who in (cast.carla, cast.carla, cast.els))
    assert carla.post("me/sessions/end/", {}).body == {"ended": 1}
    assert [one.get("me/").status for one in (carla, other, els)] == [200, 401, 200]
    by_token = api(cast.carla)
    assert by_token.post("me/sessions/end/", {}).body == {"ended": 1}
    assert carla.get("me/").status == 401
    assert Session.objects.filter(user=cast.els).count() == 1


def test_tokens_are_listed_and_revoked(cast: TestCast, api: ApiCalls) -> None:
    held = frozenset({"groups:read", "account:write"})
    key = tokens.make_token(user=cast.carla, name="Agenda", now=NOW, held=held, days=30)
    carla = api(cast.carla)
    [row] = [one for one in carla.get("me/tokens/").body["results"] if one["name"] == "Agenda"]
    assert (row["scopes"], row["last_used_on"]) == (["account:write", "groups:read"], None)
    assert row["expires_at"] == "2026-12-24T09:00:00Z"
    assert key not in carla.get("me/tokens/").content.decode()
    assert api(cast.els).call("delete", f"me/tokens/{row['id']}/").status == 404
    assert carla.call("delete", f"me/tokens/{row['id']}/").status == 204
    assert tokens.look_up(key, now=NOW) is None
    assert Event.objects.filter(what=What.TOKEN_REVOKED, by=cast.carla).count() == 1


def test_ones_own_schools_and_boards(cast: TestCast, api: ApiCalls) -> None:
    listed = api(cast.bram).get("schools/").body["results"]
    assert [(one["slug"], one["roles"]) for one in listed] == [("de-beuk", ["coach"]), ("de-wilg", ["coach"])]
    assert listed[1] == api(cast.bram).get("schools/de-wilg/").body
    assert api(cast.bram).get("boards/").body["results"] == []
    assert api(cast.gerda).get("schools/").body["results"] == []
    boards = api(cast.gerda).get("boards/").body["results"]
    assert boards == [{"number": 90001, "name": "Stichting De Waterkant"}]


def test_lists_cost_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    paths = ("schools/", "boards/", "me/sessions/", "me/tokens/")
    api(cast.carla, by="session")
    carla.get("me/")  # a token's first use is noted
    one = [carla.cost(path) for path in paths]
    for slug in ("de-beuk", "de-eik"):
        factories.person(f"Gast {slug}")
        cast.carla.memberships.create(school=cast.schools[slug], role=Role.COACH, from_date=factories.LONG_AGO)
    for name in "ab":
        tokens.make_token(user=cast.carla, name=name, now=NOW)
        api(cast.carla, by="session")
    assert [carla.cost(path) for path in paths] == one
    assert len(carla.get("schools/").body["results"]) == 3
