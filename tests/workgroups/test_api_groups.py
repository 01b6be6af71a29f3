"""Groups over REST: started, described, through the years and ended; who sits there, and who is invited."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from schools.models import Invitation
from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import codes
from workgroups.models import GroupInvitation, Seat

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"
FORM = {"name": "Lezen", "theme": "Samen lezen", "kind": "plc"}
LATER = "2026-12-18"


@pytest.fixture
def reading(cast: TestCast) -> str:
    """The address of the reading group."""
    return f"{SCHOOL}/groups/{cast.reading.pk}/"


def seat_of(cast: TestCast, name: str) -> str:
    return f"{SCHOOL}/seats/{Seat.objects.get(group=cast.reading, user=cast.people[name]).pk}/"


def test_a_leader_starts_a_group(cast: TestCast, api: ApiCalls) -> None:
    body = {**FORM, "chair": cast.joris.pk, "present_practice": "Snel."}
    made = api(cast.anna).post(f"{SCHOOL}/groups/", body)
    assert (made.status, made.body["chair"], made.body["present_practice"]) == (201, "Joris Dekker", None)
    assert api(cast.joris).get(made.headers["Location"]).body["present_practice"] == "Snel."
    assert api(cast.anna).post(f"{SCHOOL}/groups/", body).body["code"] == "name_taken"
    for chair in (cast.daan.pk, 99_999):
        wrong = api(cast.anna).post(f"{SCHOOL}/groups/", {**FORM, "chair": chair})
        assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "#/chair")
    assert api(cast.carla).post(f"{SCHOOL}/groups/", body).status == 403


def test_it_is_described_and_nothing_is_overwritten_unseen(cast: TestCast, api: ApiCalls, reading: str) -> None:
    els, anna = api(cast.els), api(cast.anna)
    assert els.put(reading, FORM).status == 428
    said = els.put(reading, {**FORM, "desired_practice": "Rustig."}, If_Match=els.get(reading).headers["ETag"])
    assert (said.status, said.body["version"], said.body["desired_practice"]) == (200, 2, "Rustig.")
    assert els.put(reading, FORM, If_Match='"1"').body == said.body
    late = anna.put(reading, {**FORM, "name": "Boeken"}, If_Match='"1"')
    assert (late.status, late.body["stored"], late.body["version"]) == (412, FORM, 2)
    saved = anna.put(reading, {**FORM, "name": "Boeken"}, If_Match='"2"')
    assert (saved.body["name"], saved.body["desired_practice"]) == ("Boeken", None)
    assert els.get(reading).body["desired_practice"] == "Rustig."
    assert anna.put(reading, {**FORM, "present_practice": "x"}, If_Match='"3"').status == 403
    assert api(cast.carla).put(reading, FORM, If_Match='"3"').status == 403


def test_the_chair_answers_for_the_new_school_year(cast: TestCast, api: ApiCalls, reading: str) -> None:
    els = api(cast.els)
    assert els.get(f"{reading}turn/").body == {"year": None, "answer": None}
    assert els.put(f"{reading}turn/", {"answer": "go_on"}).body["code"] == "out_of_season"
    assert api(cast.carla).get(f"{reading}turn/").status == 403
    assert api(cast.anna).get(f"{reading}turn/").status == 404
    with time_machine.travel(dt.datetime(2027, 6, 3, 9, tzinfo=dt.UTC)):
        assert els.get(f"{reading}turn/").body == {"year": 2027, "answer": None}
        assert els.put(f"{reading}turn/", {"answer": "change_people"}).body == {"year": 2027, "answer": "change_people"}
        assert els.put(f"{reading}turn/", {"answer": "end"}).status == 400


def test_the_chair_ends_it(cast: TestCast, api: ApiCalls, reading: str) -> None:
    assert api(cast.carla).post(f"{reading}end/", {"because": "Klaar."}).status == 403
    ended = api(cast.els).post(f"{reading}end/", {"because": "Klaar."})
    assert (ended.body["state"], ended.body["ended_on"], ended.body["ended_because"]) == ("ended", f"{TODAY}", "Klaar.")
    assert api(cast.anna).get(reading).body["ended_because"] is None
    assert api(cast.els).put(reading, FORM, If_Match='"1"').body["code"] == "group_ended"


def test_seats_are_given_and_end(cast: TestCast, api: ApiCalls, reading: str) -> None:
    els = api(cast.els)
    assert {row["name"] for row in els.get(f"{reading}candidates/").body["results"]} >= {"Joris Dekker", "Anna Visser"}
    made = els.post(f"{reading}seats/", {"user": cast.joris.pk, "from_date": LATER})
    assert (made.status, made.body["since"], made.body["until"]) == (201, LATER, None)
    seat = made.headers["Location"]
    assert els.get(seat).body == made.body
    again = els.post(f"{reading}seats/", {"user": cast.joris.pk})
    assert (again.status, again.body["errors"][0]["pointer"]) == (400, "#/user")
    assert els.post(f"{seat}chair/", None).body["code"] == "seat_not_open"
    assert els.post(f"{seat}leave/", {"last_day": "2027-01-15"}).body["until"] == "2027-01-15"
    assert els.post(f"{seat}stay/", None).body["until"] is None
    assert els.call("delete", seat).status == 204
    assert els.get(seat).status == 404


def test_the_chair_goes_round(cast: TestCast, api: ApiCalls, reading: str) -> None:
    els, frank = api(cast.els), api(cast.frank)
    assert els.post(f"{reading}chair/rotate/", {"rotates": True}).body["chair_rotates"] is True
    assert els.post(f"{reading}chair/keep/", None).body["chair"] == "Els Mulder"
    assert api(cast.carla).post(f"{reading}chair/keep/", None).status == 403
    assert els.call("delete", seat_of(cast, "els")).body["code"] == "chair_stays"
    assert frank.post(f"{seat_of(cast, 'carla')}chair/", None).body["is_chair"] is True
    assert els.post(f"{reading}chair/keep/", None).status == 403
    assert frank.call("delete", seat_of(cast, "els")).status == 204
    assert els.get(f"{SCHOOL}/seats/?group={cast.reading.pk}").body["results"] == []


def test_the_own_line_stays_in_the_group(cast: TestCast, api: ApiCalls) -> None:
    seat = seat_of(cast, "carla")
    assert api(cast.carla).put(f"{seat}line/", {"text": "Toneel"}).body["ask_me_about"] == "Toneel"
    assert api(cast.els).put(f"{seat}line/", {"text": "x"}).status == 403
    assert api(cast.els).get(seat).body["ask_me_about"] == "Toneel"
    assert api(cast.anna).get(seat).body["ask_me_about"] is None
    assert api(cast.joris).get(seat).status == 404


@pytest.mark.parametrize(("path", "cost"), [("seats/?group={group}", 1), ("groups/{group}/candidates/", 2)])
def test_lists_cost_the_same_for_one_and_for_three(
    cast: TestCast, api: ApiCalls, reading: str, path: str, cost: int
) -> None:
    els, address = api(cast.els), f"{SCHOOL}/{path.format(group=cast.reading.pk)}"
    Seat.objects.filter(group=cast.reading, user=cast.carla).delete()
    few = len(els.get(address).body["results"])
    assert els.cost(address) == cost
    for name in ("Kim", "Lot"):
        user = factories.person(name, cast.reading.school)
        if path.startswith("seats"):
            Seat.objects.create(group=cast.reading, school=cast.reading.school, user=user, from_date=TODAY)
    assert len(els.get(address).body["results"]) == few + 2
    assert els.cost(address) == cost


def test_the_chair_invites(cast: TestCast, api: ApiCalls, reading: str) -> None:
    els = api(cast.els)
    people = [{"email": "Kim@wilg.example", "name": "Kim"}, {"email": "carla@dewilg.example"}]
    asked = els.post(f"{reading}invitations/", {"people": people})
    assert (asked.status, asked.body["left"] + asked.body["waiting"], asked.body["known"]) == (200, 2, None)
    (row,) = [one for one in els.get(f"{SCHOOL}/group-invitations/").body["results"] if "kim" in one["email"]]
    assert row == {"id": row["id"], "group": cast.reading.pk, "email": "kim@wilg.example", "name": ""}
    digest = Invitation.objects.get(email="kim@wilg.example").digest
    assert not digest or digest not in str(els.get(f"{SCHOOL}/group-invitations/").body)
    wrong = els.post(f"{reading}invitations/", {"people": [people[0], {"email": "nothing"}]})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "#/people/1/email")
    for who in (cast.carla, cast.joris, cast.anna):
        assert api(who).get(f"{SCHOOL}/group-invitations/").body["results"] == []
        assert api(who).call("delete", f"{SCHOOL}/group-invitations/{row['id']}/").status == 404
    assert api(cast.carla).post(f"{reading}invitations/", {"people": people}).status == 403
    assert els.call("delete", f"{SCHOOL}/group-invitations/{row['id']}/").status == 204
    assert not GroupInvitation.objects.filter(pk=row["id"]).exists()


def test_a_name_that_somebody_else_wrote_down_is_not_told(cast: TestCast, api: ApiCalls, reading: str) -> None:
    """It would tell the chair that the address was invited before."""
    told = {"school": cast.reading.school, "role": "teacher", "made_at": NOW}
    Invitation.objects.create(**told, email="kim@wilg.example", given_name="Kim", invited_by=cast.frank)
    els = api(cast.els)
    people = [{"email": f"{name.lower()}@wilg.example", "name": f"{name} Bos"} for name in ("Kim", "Noor")]
    assert els.post(f"{reading}invitations/", {"people": people}).status == 200
    listed = els.get(f"{SCHOOL}/group-invitations/").body["results"]
    assert [(one["email"], one["name"]) for one in listed] == [("kim@wilg.example", ""), ("noor@wilg.example", "")]


def test_inviting_needs_a_proof_in_a_session(cast: TestCast, api: ApiCalls, reading: str) -> None:
    els, people = api(cast.els, by="session"), {"people": [{"email": "kim@wilg.example"}]}
    assert els.post(f"{reading}invitations/", people).status == 200
    with time_machine.travel(NOW + dt.timedelta(hours=1)):
        refused = els.post(f"{reading}invitations/", people)
    assert (refused.status, refused.body["code"]) == (401, "prove_again")


def test_waiting_seats_cost_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls) -> None:
    els, path = api(cast.els), f"{SCHOOL}/group-invitations/?group={cast.reading.pk}"
    for number in (1, 2, 3):
        row = Invitation.objects.create(
            school=cast.reading.school, role="teacher", email=f"k{number}@wilg.example", made_at=NOW
        )
        GroupInvitation.objects.create(school=row.school, group=cast.reading, invitation=row)
        assert (len(els.get(path).body["results"]), els.cost(path)) == (number, 1)


def test_a_code_leads_its_members_to_what_goes_on(cast: TestCast, api: ApiCalls) -> None:
    meeting = factories.meeting(cast.reading, TODAY, dt.time(8, 45))
    code = codes.code_of(cast.reading.pk)
    assert api(cast.els).get(f"{SCHOOL}/groups/{cast.reading.pk}/").body["code"] == code
    assert api(cast.anna).get(f"{SCHOOL}/groups/{cast.reading.pk}/").body["code"] is None
    with time_machine.travel(meeting.starts_at):
        found = api(cast.carla).get(f"codes/{code.lower()}/").body
    own = {"school": "de-wilg", "group": cast.reading.pk, "name": "Begrijpend lezen"}
    assert found == {**own, "starting": None, "meeting": meeting.pk}
    for who, typed in ((cast.joris, code), (cast.anna, code), (cast.daan, code), (cast.carla, "01-7Z")):
        assert api(who).get(f"codes/{typed}/").status == 404
