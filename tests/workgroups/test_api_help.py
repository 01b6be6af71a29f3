"""Help over REST: the same rules as on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests import calls
from tests.conftest import TestCast
from tests.factories import NOW
from tests.workgroups.test_help import ANSWER, QUESTION, answer, ask
from workgroups import actions
from workgroups.models import HelpRequest

ApiCalls = type[calls.Caller]
SCHOOL = "schools/de-wilg"


def test_it_is_asked_and_answered(cast: TestCast, api: ApiCalls) -> None:
    body = {"kind": "expert", "text": QUESTION}
    path = f"{SCHOOL}/groups/{cast.reading.pk}/help/"
    made = api(cast.carla).post(path, body)
    assert (made.status, made.body["state"], made.body["answered_by"]) == (201, "asked", None)
    assert api(cast.els).post(path, body).body == made.body
    pk = made.body["id"]
    said = api(cast.anna).put(f"{SCHOOL}/help/{pk}/answer/", {"answer": ANSWER}, If_Match='"1"')
    assert (said.status, said.body["answer"], said.body["answered_by"]) == (200, ANSWER, "Anna Visser")
    for who in (cast.anna, cast.carla, cast.joris, cast.bram):
        (row,) = api(who).get(f"{SCHOOL}/help/").body["results"]
        assert row == said.body
    assert api(cast.frank).get(f"{SCHOOL}/help/").body["results"] == []


def test_nothing_is_answered_unread(cast: TestCast, api: ApiCalls) -> None:
    asked = ask(cast)
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    actions.reword_help(help_request=asked, kind="time", text="Een uur samen", version=1, **by)
    path = f"{SCHOOL}/help/{asked.pk}/answer/"
    late = api(cast.anna).put(path, {"answer": ANSWER}, If_Match='"1"')
    assert (late.status, late.body["code"], late.body["stored"], late.body["version"]) == (412, "conflict", {}, 2)
    assert api(cast.anna).put(path, {"answer": ANSWER}, If_Match='"2"').status == 200
    again = api(cast.anna).put(path, {"answer": "Liever niet"}, If_Match='"2"')
    assert (again.status, again.body["stored"]) == (412, {"answer": ANSWER})


def test_what_does_not_fit_is_said(cast: TestCast, api: ApiCalls) -> None:
    path = f"{SCHOOL}/groups/{cast.reading.pk}/help/"
    wrong = api(cast.carla).post(path, {"kind": "money", "text": "x" * 501, "who": "Carla"})
    assert wrong.status == 400
    assert [one["pointer"] for one in wrong.body["errors"]] == ["#/who"]
    wrong = api(cast.carla).post(path, {"kind": "money", "text": "x" * 501})
    assert {one["pointer"] for one in wrong.body["errors"]} == {"#/kind", "#/text"}
    empty = api(cast.carla).post(path, {"kind": "time", "text": "  "})
    assert (empty.status, empty.body["code"]) == (409, "empty_text")
    for number in range(5):
        ask(cast, text=f"Vraag {number}")
    full = api(cast.carla).post(path, {"kind": "time", "text": "Nog een"})
    assert (full.status, full.body["code"]) == (409, "enough_help")


def test_it_needs_a_seat_to_ask_and_the_lead_to_answer(cast: TestCast, api: ApiCalls) -> None:
    asked = ask(cast)
    for who, asks, answers in (
        (cast.carla, 201, 403),
        (cast.joris, 404, 404),
        (cast.bram, 404, 404),
        (cast.frank, 404, 404),
        (cast.daan, 404, 404),
        (cast.gerda, 404, 404),
    ):
        caller = api(who)
        given = {"kind": "time", "text": "Een uur"}
        assert caller.post(f"{SCHOOL}/groups/{cast.reading.pk}/help/", given).status == asks
        said = caller.put(f"{SCHOOL}/help/{asked.pk}/answer/", {"answer": "x"}, If_Match='"1"')
        assert said.status == answers
    assert api(cast.anna).post(f"{SCHOOL}/groups/{cast.reading.pk}/help/", given).status == 404
    asked.refresh_from_db()
    assert asked.answer == ""


def test_what_was_taken_back_is_gone(cast: TestCast, api: ApiCalls) -> None:
    asked = answer(cast, ask(cast))
    actions.take_help_back(help_request=asked, by=cast.hat("els"), now=NOW)
    for who in (cast.anna, cast.carla, cast.joris):
        assert api(who).get(f"{SCHOOL}/help/").body["results"] == []
    said = api(cast.anna).put(f"{SCHOOL}/help/{asked.pk}/answer/", {"answer": "x"}, If_Match='"3"')
    assert said.status == 404


@pytest.mark.parametrize("times", [1, 3])
def test_the_list_costs_the_same_however_long(
    cast: TestCast, api: ApiCalls, times: int, django_assert_num_queries: Any
) -> None:
    for number in range(times):
        answer(cast, ask(cast, text=f"Vraag {number}"))
        ask(cast, text=f"Open {number}")
    caller = api(cast.joris, by="session")
    path = f"{SCHOOL}/help/?state=answered&group={cast.reading.pk}"
    caller.get(path)
    with django_assert_num_queries(calls.HAT + 6):
        found = caller.get(path).body["results"]
    assert [row["state"] for row in found] == ["answered"] * times
    assert HelpRequest.objects.count() == 2 * times
    assert caller.get(f"{SCHOOL}/help/?group={cast.maths.pk}").body["results"] == []


def test_it_is_put_in_other_words_finished_or_taken_back(cast: TestCast, api: ApiCalls) -> None:
    asked, carla = ask(cast), api(cast.carla)
    path = f"{SCHOOL}/help/{asked.pk}/"
    other = {"kind": "time", "text": "Een uur samen"}
    assert carla.put(path, other).status == 428
    said = carla.put(path, other, If_Match=carla.get(path).headers["ETag"])
    assert (said.status, said.body["kind"], said.body["version"]) == (200, "time", 2)
    late = carla.put(path, {"kind": "data", "text": "Cijfers"}, If_Match='"1"')
    assert (late.status, late.body["stored"]) == (412, other)
    assert carla.post(f"{path}finish/", None).body["code"] == "not_answered"
    assert api(cast.anna).put(f"{path}answer/", {"answer": ANSWER}).status == 428
    answered = api(cast.anna).put(
        f"{path}answer/", {"answer": ANSWER}, If_Match=api(cast.anna).get(path).headers["ETag"]
    )
    assert (answered.body["answer"], answered.body["version"]) == (ANSWER, 3)
    assert carla.post(f"{path}finish/", None).body["state"] == "done"
    assert carla.post(f"{path}withdraw/", None).status == carla.post(f"{path}withdraw/", None).status == 204
    assert carla.get(path).status == 404


def test_only_the_group_takes_it_back(cast: TestCast, api: ApiCalls) -> None:
    path = f"{SCHOOL}/help/{ask(cast).pk}/"
    for who, status in ((cast.anna, 403), (cast.joris, 404), (cast.daan, 404)):
        caller = api(who)
        assert caller.post(f"{path}withdraw/", None).status == status
        assert caller.post(f"{path}finish/", None).status == status
        assert caller.put(path, {"kind": "time", "text": "x"}, If_Match='"1"').status == status
        assert caller.get(path).status == (404 if who == cast.daan else 200)
