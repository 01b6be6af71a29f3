"""The people of a school over REST: the directory for everybody there, addresses and roles for who keeps them."""

from __future__ import annotations

import datetime as dt

import pytest

from schools.models import Invitation, Membership
from schools.roles import Role
from tests import calls, factories
from tests.conftest import TestCast
from workgroups.models import Seat

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"
TODAY = factories.TODAY
DAY = dt.timedelta(days=1)
AT_ONCE = {"last_day": None}


def test_everybody_there_reads_names_and_roles(cast: TestCast, api: ApiCalls) -> None:
    found = api(cast.carla).get(f"{SCHOOL}/colleagues/")
    assert [one["name"] for one in found.body["results"]][:3] == ["Anna Visser", "Bram van der Meer", "Carla de Boer"]
    assert found.body["results"][0] == {"id": cast.anna.pk, "name": "Anna Visser", "roles": ["leader"]}
    assert b"@" not in found.content
    coaches = api(cast.carla).get(f"{SCHOOL}/colleagues/?role=coach").body["results"]
    assert [one["id"] for one in coaches] == [cast.bram.pk]
    assert api(cast.gerda).get(f"{SCHOOL}/colleagues/").status == 404


def test_only_admins_read_addresses(cast: TestCast, api: ApiCalls) -> None:
    for who, status in (("frank", 200), ("gerda", 200), ("anna", 403), ("carla", 404), ("daan", 404), ("hugo", 404)):
        caller = api(cast.people[who])
        for path in ("members/", f"members/{cast.carla.pk}/"):
            answer = caller.get(f"{SCHOOL}/{path}")
            assert answer.status == status, (who, path)
            assert (str(cast.carla.email) in answer.content.decode()) == (status == 200)


def test_members_by_role_and_state(cast: TestCast, api: ApiCalls) -> None:
    kim = factories.person("Kim")
    rows = {"school": cast.schools["de-wilg"], "user": kim}
    Membership.objects.create(**rows, role=Role.TEACHER, from_date=TODAY + DAY, until_date=TODAY + 9 * DAY)
    frank = api(cast.frank)
    later = frank.get(f"{SCHOOL}/members/?state=later").body["results"]
    assert [(one["id"], one["last_day"]) for one in later] == [(kim.pk, "2026-12-03")]
    assert later[0]["roles"][0] | {"id": 0} == {
        "id": 0,
        "role": "teacher",
        "from_date": "2026-11-25",
        "until_date": "2026-12-03",
    }
    here = frank.get(f"{SCHOOL}/members/?state=here&role=teacher").body["results"]
    assert {one["id"] for one in here} == {cast.carla.pk, cast.els.pk, cast.joris.pk}
    assert frank.get(f"{SCHOOL}/members/?state=gone").status == 400
    assert kim.pk not in {one["id"] for one in frank.get(f"{SCHOOL}/colleagues/").body["results"]}


def test_a_role_is_given_ended_and_kept(cast: TestCast, api: ApiCalls) -> None:
    frank, path = api(cast.frank), f"{SCHOOL}/members/{cast.carla.pk}/"
    given = frank.post(f"{path}roles/", {"role": "coach"})
    assert given.status == 201
    assert frank.get(given.headers["Location"]).body == given.body
    again = frank.post(f"{path}roles/", {"role": "coach"})
    assert (again.status, again.body["code"]) == (409, "role_held")
    role = next(one["id"] for one in given.body["roles"] if one["role"] == "coach")
    ended = frank.post(f"{path}roles/{role}/end/", {"last_day": "2026-12-18"}).body
    assert [one["until_date"] for one in ended["roles"]] == ["2026-12-18", None]
    kept = frank.post(f"{path}roles/{role}/stay/", {}).body
    assert [one["until_date"] for one in kept["roles"]] == [None, None]
    assert frank.post(f"{path}roles/{role}/end/", {}).body["errors"][0]["pointer"] == "#/last_day"
    odd = frank.post(f"{path}roles/{role}/end/", {"last_day": "2026-11-01"})
    assert (odd.status, odd.body["code"]) == (409, "odd_last_day")
    over = frank.post(f"{path}roles/{role}/end/", AT_ONCE).body
    assert [one["role"] for one in over["roles"]] == ["teacher"]
    assert frank.post(f"{path}roles/{role}/stay/", {}).status == 404


def test_a_time_at_school_ends(cast: TestCast, api: ApiCalls) -> None:
    gerda = api(cast.gerda)
    left = gerda.post(f"{SCHOOL}/members/{cast.carla.pk}/leave/", AT_ONCE).body
    assert (left["roles"], left["last_day"]) == ([], None)
    assert not Seat.objects.live(TODAY).filter(user=cast.carla).exists()
    assert api(cast.carla).get(f"{SCHOOL}/").status == 404
    assert gerda.get(f"{SCHOOL}/members/{cast.carla.pk}/").status == 404


def test_the_last_admin_goes_only_for_sure(cast: TestCast, api: ApiCalls) -> None:
    gerda, path = api(cast.gerda), f"{SCHOOL}/members/{cast.frank.pk}/leave/"
    refused = gerda.post(path, AT_ONCE)
    assert (refused.body["code"], refused.body["errors"][0]["pointer"]) == ("last_admin", "#/sure")
    assert gerda.post(path, {**AT_ONCE, "sure": True}).status == 200


@pytest.mark.parametrize("who", ["anna", "carla", "daan", "irma", "hugo"])
def test_nobody_else_changes_roles(cast: TestCast, api: ApiCalls, who: str) -> None:
    caller, status = api(cast.people[who]), 403 if who == "anna" else 404
    role = cast.els.memberships.get().pk
    path = f"{SCHOOL}/members/{cast.els.pk}"
    bodies = {"roles/": {"role": "admin"}, "leave/": AT_ONCE, f"roles/{role}/end/": AT_ONCE, f"roles/{role}/stay/": {}}
    for more, body in bodies.items():
        assert caller.post(f"{path}/{more}", body).status == status
    assert [row.role for row in cast.els.memberships.all()] == [Role.TEACHER]


def test_another_schools_people_are_not_there(cast: TestCast, api: ApiCalls) -> None:
    frank, daans = api(cast.frank), cast.daan.memberships.get().pk
    for user, role in ((cast.daan.pk, daans), (999_999, 999_999), (cast.carla.pk, daans)):
        answer = frank.post(f"{SCHOOL}/members/{user}/roles/{role}/end/", AT_ONCE)
        assert (answer.status, answer.body["detail"]) == (404, "There is nothing here for you.")
    assert frank.get(f"{SCHOOL}/members/{cast.daan.pk}/").status == 404


def test_lists_cost_the_same_for_one_and_for_many(cast: TestCast, api: ApiCalls) -> None:
    frank, school = api(cast.frank), cast.schools["de-wilg"]
    paths = [f"{SCHOOL}/{path}" for path in ("colleagues/?role=leader", "members/?role=leader", "invitations/")]
    Invitation.objects.create(school=school, role="coach", given_name="Wim", made_at=factories.NOW)
    frank.get("me/")  # a token's first use is noted
    costs = [frank.cost(path) for path in paths]
    for number in range(2):
        factories.person(f"Leider {number}", school, Role.LEADER)
        told = {"invited_by": cast.anna, "made_at": factories.NOW}
        Invitation.objects.create(school=school, role="coach", email=f"{number}@x.example", **told)
    assert [frank.cost(path) for path in paths] == costs
    assert [len(frank.get(path).body["results"]) for path in paths] == [3, 3, 3]
