"""`Idempotency-Key`: what is sent twice is done once, by one person, for a day."""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.urls import Resolver404, resolve

from samenspraak import openapi
from schools import actions, proof, retention, tenancy, tokens
from schools.models import KeptAnswer, Membership
from schools.roles import Role
from tests import factories, walled
from tests.calls import Caller
from tests.conftest import TestCast
from workgroups.models import GoalUpdate, Seat

ApiCalls = type[Caller]
NOTE = {"step": "on_the_way", "note": "We vragen door."}
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
REPLAYED = "Idempotent-Replayed"


@pytest.fixture
def path(cast: TestCast) -> str:
    """Where a note on a goal goes; the same note twice within a minute is one anyway, but not two notes that differ."""
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    return f"schools/de-wilg/goals/{goal.pk}/updates/"


def test_it_works(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla = api(cast.carla)
    first = carla.post(path, NOTE, Idempotency_Key=KEY)
    assert first.status == 201
    assert REPLAYED not in first.headers
    with time_machine.travel(factories.NOW + dt.timedelta(hours=23)):
        again = carla.post(path, NOTE, Idempotency_Key=KEY)
        assert carla.post(path, NOTE, Idempotency_Key="another").body["id"] != first.body["id"]
    assert (again.status, again.body, again.headers[REPLAYED]) == (201, first.body, "true")
    for name in ("ETag", "Content-Type", "Content-Language"):
        assert again.headers[name] == first.headers[name]
    assert again.headers.get("Location") == first.headers.get("Location")
    assert GoalUpdate.objects.count() == 2


def test_the_same_words_written_otherwise_are_the_same_call(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla = api(cast.carla)
    first = carla.post(path, NOTE, Idempotency_Key=KEY)
    turned = json.dumps(dict(reversed(NOTE.items())), indent=3).encode()
    assert carla.post(path, turned, Idempotency_Key=f'"{KEY}"').body == first.body
    assert GoalUpdate.objects.count() == 1


def test_a_key_is_for_one_call(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla = api(cast.carla, language="nl")
    carla.post(path, NOTE, Idempotency_Key=KEY)
    other = carla.post(path, {**NOTE, "note": "Anders."}, Idempotency_Key=KEY)
    assert (other.status, other.body["code"]) == (422, "key_of_another_call")
    assert other.body["title"] != "Another call by the same key"  # it is told in Dutch
    elsewhere = carla.post(f"{path}?x=1", NOTE, Idempotency_Key=KEY)
    assert elsewhere.status == 422
    assert carla.post(path, NOTE, Idempotency_Key=KEY).status == 201  # the first answer is still there
    assert GoalUpdate.objects.count() == 1


def test_a_key_is_of_one_person(cast: TestCast, api: ApiCalls, path: str) -> None:
    first = api(cast.carla).post(path, NOTE, Idempotency_Key=KEY)
    other = api(cast.els).post(path, NOTE, Idempotency_Key=KEY)
    assert other.body["by"] != first.body["by"]
    assert api().post(path, NOTE, Idempotency_Key=KEY).status == 401
    assert KeptAnswer.objects.count() == 2


def test_a_refused_call_keeps_nothing(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla = api(cast.carla)
    assert carla.post(path, {"step": "far"}, Idempotency_Key=KEY).status == 400
    assert carla.post(path, b"{", Idempotency_Key=KEY).status == 400
    assert carla.post("schools/de-wilg/goals/99999/updates/", NOTE, Idempotency_Key=KEY).status == 404
    assert not KeptAnswer.objects.exists()
    assert carla.post(path, NOTE, Idempotency_Key=KEY).status == 201


def test_a_broken_call_keeps_nothing(cast: TestCast, api: ApiCalls, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    carla = api(cast.carla)
    carla.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("workgroups.actions.update_goal", None)
        response = carla.client.post(
            f"/api/v1/{path}", NOTE, content_type="application/json", headers={**carla.headers, "Idempotency-Key": KEY}
        )
    assert response.status_code == 500
    assert not KeptAnswer.objects.exists()
    assert carla.post(path, NOTE, Idempotency_Key=KEY).status == 201


@pytest.mark.parametrize("key", ["", " ", "a b", '"open', "x" * 129, "é", "a\tb"])
def test_an_odd_key_is_refused(cast: TestCast, api: ApiCalls, path: str, key: str) -> None:
    refused = api(cast.carla).post(path, NOTE, Idempotency_Key=key)
    assert (refused.status, refused.body["errors"][0]["parameter"]) == (400, "Idempotency-Key")
    assert not GoalUpdate.objects.exists()


def test_a_lost_right_is_lost(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla = api(cast.carla)
    carla.post(path, NOTE, Idempotency_Key=KEY)
    cast.carla.memberships.update(until_date=factories.TODAY.replace(day=1))
    assert carla.post(path, NOTE, Idempotency_Key=KEY).status == 404
    assert carla.post(path, {}, Idempotency_Key=KEY).status == 404


def test_an_answer_is_for_who_is_still_as_much_here(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla = api(cast.carla)
    first = carla.post(path, NOTE, Idempotency_Key=KEY)
    Membership.objects.create(
        user=cast.carla, school=cast.reading.school, role=Role.COACH, from_date=factories.LONG_AGO
    )
    more = carla.post(path, NOTE, Idempotency_Key=KEY)
    assert (more.body, "Standing" in more.headers) == (first.body, False)
    Seat.objects.filter(user=cast.carla).update(until_date=factories.LONG_AGO)
    less = carla.post(path, NOTE, Idempotency_Key=KEY)
    assert (less.status, less.body["code"]) == (403, "standing_changed")
    assert less.body["detail"] == "You did this before, and may do less here now. Look at how it stands today."
    assert GoalUpdate.objects.count() == 1


def test_a_role_that_ended_takes_its_answers_along(cast: TestCast, api: ApiCalls) -> None:
    cast.frank.memberships.create(school=cast.reading.school, role=Role.LEADER, from_date=factories.LONG_AGO)
    frank, path = api(cast.frank), "schools/de-wilg/invitations/"
    body = {"people": [{"email": "carla@dewilg.example"}], "role": "teacher"}
    first = frank.post(path, body, Idempotency_Key=KEY)
    assert first.body["known"] == 1, first
    cast.frank.memberships.filter(role=Role.ADMIN).update(until_date=factories.LONG_AGO)
    assert frank.post(path, body, Idempotency_Key="another").body["known"] is None
    assert frank.post(path, body, Idempotency_Key=KEY).body["code"] == "standing_changed"


def test_a_role_that_sleeps_takes_no_answer_from_who_has_another(cast: TestCast, api: ApiCalls, path: str) -> None:
    Membership.objects.create(
        user=cast.carla, school=cast.reading.school, role=Role.LEADER, from_date=factories.LONG_AGO
    )
    carla = api(cast.carla, by="session")
    session = carla.client.session
    proof.stamp(session, now=factories.NOW - dt.timedelta(days=1))
    session.save()
    first, again = (carla.post(path, NOTE, Idempotency_Key=KEY) for _time in range(2))
    assert (first.status, again.status, again.body) == (201, 201, first.body)


def test_who_gave_something_up_by_the_call_itself_hears_its_answer(cast: TestCast, api: ApiCalls) -> None:
    els = api(cast.els)
    path = f"schools/de-wilg/seats/{Seat.objects.get(user=cast.carla).pk}/chair/"
    first = els.post(path, {}, Idempotency_Key=KEY)
    assert (first.status, Seat.objects.get(user=cast.els).is_chair) == (200, False)
    again = els.post(path, {}, Idempotency_Key=KEY)
    assert (again.status, again.content, again.headers[REPLAYED]) == (200, first.content, "true")


def test_only_who_knows_the_key_can_read_the_answer(cast: TestCast, api: ApiCalls, path: str) -> None:
    api(cast.carla).post(path, NOTE, Idempotency_Key=KEY)
    row = KeptAnswer.objects.get()
    assert KEY not in str(vars(row))
    assert "vragen door" not in str(vars(row))
    call = actions.Call(cast.carla, KEY, "")
    assert row.key_digest == tokens.digest(call.purpose)


def test_it_is_forgotten_after_a_day(cast: TestCast, api: ApiCalls, path: str) -> None:
    carla, day = api(cast.carla), dt.timedelta(hours=24)
    carla.post(path, NOTE, Idempotency_Key=KEY)
    assert retention.forget("calls", now=factories.NOW + day - dt.timedelta(seconds=1)) == 0
    with time_machine.travel(factories.NOW + day + dt.timedelta(minutes=1)):
        other = carla.post(path, {**NOTE, "note": "Nieuw."}, Idempotency_Key=KEY)  # nobody has cleaned up yet
        assert other.status == 201
        assert REPLAYED not in other.headers
    assert retention.forget("calls", now=factories.NOW + 3 * day) == 1
    assert "schools.forget" in settings.PERIODIC_WORK


def test_it_goes_with_the_account(cast: TestCast, api: ApiCalls, path: str) -> None:
    api(cast.anna).post("schools/de-wilg/goals/", NOTE, Idempotency_Key=KEY)
    someone = factories.person("Weg", cast.schools["de-wilg"])
    actions.take_key(call=actions.Call(someone, KEY, ""), now=factories.NOW)
    someone.memberships.all().delete()
    someone.delete()
    assert not KeptAnswer.objects.exists()


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has the first wall only")
def test_nobody_else_sees_it(cast: TestCast, api: ApiCalls, path: str) -> None:
    api(cast.carla).post(path, NOTE, Idempotency_Key=KEY)
    for user, there in ((cast.carla, 1), (cast.els, 0), (cast.anna, 0)):
        with tenancy.acting_as(user):
            assert KeptAnswer.objects.count() == there
            assert KeptAnswer.objects.update(sealed="x") == there
    tenancy._inside.set(None)
    with walled.in_vain(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('samenspraak.system', '', true)")
        assert not KeptAnswer.objects.exists()


def test_every_post_tells_of_it_and_no_other(cast: TestCast) -> None:
    told = 0
    for path, operations in openapi.document()["paths"].items():
        for method, operation in operations.items():
            named = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"}
            takes = method == "post" and getattr(_view(path), "keeps_calls", True)
            assert ("Idempotency-Key" in named) is takes, (path, method)
            assert ("422" in operation["responses"]) is takes, (path, method)
            told += takes
    assert told


def _view(path: str) -> Any:
    """The view behind an address of the schema."""
    for value in ("1", "a", "00000000-0000-0000-0000-000000000007"):
        with suppress(Resolver404):
            return resolve(re.sub(r"{\w+}", value, path)).func.cls  # type: ignore[attr-defined]
    raise AssertionError(path)


def test_other_methods_pass_it_over(cast: TestCast, api: ApiCalls) -> None:
    assert api(cast.carla).get("me/", Idempotency_Key="odd key").status == 200


def test_it_costs_nothing_without_a_key(cast: TestCast, api: ApiCalls, path: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("schools.actions.take_key", None)
    assert api(cast.carla).post(path, NOTE).status == 201
