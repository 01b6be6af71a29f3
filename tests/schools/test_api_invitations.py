"""Invitations over REST: the same limits as on the pages, and no hint whether an address is known elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from schools.models import Event, Invitation, School
from schools.roles import Role
from tests import calls, factories
from tests.conftest import TestCast

ApiCalls = type[calls.Caller]
PATH = "schools/de-wilg/invitations/"
NEW = "nieuw@school.example"


@pytest.fixture
def wilg(cast: TestCast) -> School:
    """De Wilg, whose council agreed."""
    School.objects.filter(pk=cast.schools["de-wilg"].pk).update(consented_on=factories.LONG_AGO)
    return School.objects.get(slug="de-wilg")


def asked(*emails: str, role: str = "teacher") -> dict[str, Any]:
    return {"role": role, "people": [{"email": email} for email in emails]}


def test_people_are_invited_at_once(cast: TestCast, wilg: School, api: ApiCalls) -> None:
    frank = api(cast.frank)
    body = asked(NEW, "Nieuw@School.example", str(cast.carla.email))
    body["people"][0]["name"] = "Bram van der Meer"
    assert frank.post(PATH, body).body == {"left": 1, "waiting": 0, "known": 1}
    assert [letter.to for letter in mail.outbox] == [[NEW]]
    [row] = frank.get(PATH).body["results"]
    assert (row["email"], row["name"], row["state"]) == (NEW, "Bram van der Meer", "open")
    assert row["invited_by"] == "Frank Smit"
    assert frank.get(f"{PATH}{row['id']}/").body == row
    code = mail.outbox[0].body.partition("/invitation/")[2].partition("/")[0]
    assert code
    assert code not in frank.get(PATH).content.decode()
    assert frank.post(PATH, asked(NEW)).body == {"left": 0, "waiting": 0, "known": 1}


def test_a_leader_invites_and_reads_no_address(cast: TestCast, wilg: School, api: ApiCalls) -> None:
    """Who works here, who is known elsewhere and who is new look alike."""
    anna = api(cast.anna)
    for email in (NEW, str(cast.carla.email), str(cast.daan.email)):
        assert anna.post(PATH, asked(email)).body == {"left": 1, "waiting": 0, "known": None}
    assert anna.get(PATH).status == 403
    assert anna.post(PATH, asked(NEW, role="admin")).status == 403
    assert set(Invitation.objects.values_list("email", flat=True)) == {NEW, cast.daan.email}


def test_a_long_list_tells_a_leader_no_more(cast: TestCast, wilg: School, api: ApiCalls) -> None:
    """Twenty letters leave at once: the sums are the same whoever of them is known."""
    anna, frank = api(cast.anna), api(cast.frank)
    new = [f"nieuw{n}@school.example" for n in range(42)]
    told = [anna.post(PATH, asked(*new[:21])).body, anna.post(PATH, asked(*new[21:41], str(cast.carla.email))).body]
    assert told == [{"left": 20, "waiting": 1, "known": None}] * 2
    assert frank.post(PATH, asked(new[41], str(cast.carla.email))).body == {"left": 1, "waiting": 0, "known": 1}


def test_letters_wait_for_the_council(cast: TestCast, api: ApiCalls) -> None:
    frank = api(cast.frank)
    assert frank.post(PATH, asked(NEW)).body == {"left": 0, "waiting": 1, "known": 0}
    [row] = frank.get(PATH).body["results"]
    assert (row["state"], row["sent_at"], row["expires_at"]) == ("waiting", None, None)
    refused = frank.post(f"{PATH}{row['id']}/send/", {})
    assert (refused.status, refused.body["code"]) == (409, "no_consent")
    assert mail.outbox == []


def test_sent_again_and_withdrawn(cast: TestCast, wilg: School, api: ApiCalls) -> None:
    gerda = api(cast.gerda)
    gerda.post(PATH, asked(NEW))
    row = Invitation.objects.get()
    again = gerda.post(f"{PATH}{row.pk}/send/", {})
    assert (again.status, again.body["code"]) == (409, "just_sent")
    old, before = row.digest, factories.NOW - dt.timedelta(days=1)
    Invitation.objects.update(sent_at=before)
    assert gerda.post(f"{PATH}{row.pk}/send/", {}).body["state"] == "open"
    row.refresh_from_db()
    assert row.digest != old
    assert gerda.post(f"{PATH}{row.pk}/withdraw/", {}).body["state"] == "withdrawn"
    assert gerda.post(f"{PATH}{row.pk}/withdraw/", {}).status == 404
    assert gerda.get(PATH).body["results"] == []


def test_what_does_not_fit_is_pointed_at(cast: TestCast, wilg: School, api: ApiCalls) -> None:
    def wrong(body: Any) -> list[str]:
        answer = api(cast.frank).post(PATH, body)
        assert answer.status == 400, answer
        return [one["pointer"] for one in answer.body["errors"]]

    assert wrong(asked()) == ["#/people"]
    assert wrong(asked(NEW, "nobody")) == ["#/people/1/email"]
    assert wrong({"role": "teacher", "people": [{"email": NEW, "name": "x" * 100}]}) == ["#/people/0/name"]
    assert wrong({"role": "teacher", "people": [{"email": NEW, "user": 1}]}) == ["#/people/0/user"]
    assert wrong({**asked(NEW), "role": "king"}) == ["#/role"]
    assert wrong(asked(*(f"p{number}@x.example" for number in range(51)))) == ["#/people"]
    assert not Invitation.objects.exists()
    assert not Event.objects.exists()


def test_states_are_told(cast: TestCast, wilg: School, api: ApiCalls) -> None:
    made: dict[str, Any] = {"school": wilg, "role": Role.TEACHER, "made_at": factories.NOW}
    over = {"digest": "x", "sent_at": factories.NOW, "expires_at": factories.NOW}
    told = {
        "expired": Invitation.objects.create(**made, email=NEW, **over),
        "undelivered": Invitation.objects.create(**made, email="a@x.example", sent_at=factories.NOW),
        "no_code": Invitation.objects.create(**made, given_name="Wim"),
    }
    found = {one["id"]: one["state"] for one in api(cast.frank).get(PATH).body["results"]}
    assert found == {row.pk: state for state, row in told.items()}
    assert api(cast.frank).get(f"{PATH}?role=coach").body["results"] == []


@pytest.mark.parametrize(("who", "status"), [("anna", 403), ("carla", 404), ("daan", 404), ("irma", 404)])
def test_nobody_else_sends_or_withdraws(cast: TestCast, wilg: School, api: ApiCalls, who: str, status: int) -> None:
    told = {"digest": "x", "sent_at": factories.NOW - dt.timedelta(days=1), "expires_at": factories.NOW}
    row = Invitation.objects.create(school=wilg, role="teacher", email=NEW, made_at=factories.NOW, **told)
    caller = api(cast.people[who])
    answers = [caller.post(f"{PATH}{row.pk}/{deed}/", {}) for deed in ("send", "withdraw")]
    assert [one.status for one in (*answers, caller.get(f"{PATH}{row.pk}/"))] == [status] * 3
    row.refresh_from_db()
    assert (row.digest, row.revoked_at) == ("x", None)
