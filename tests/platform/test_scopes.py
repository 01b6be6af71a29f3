"""A key opens the parts of the work that it is for, and no others: tried at every address of the API."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from samenspraak import api as root, openapi
from schools import actions, scopes, tokens
from schools.models import User
from schools.scopes import Area
from tests.calls import Caller
from tests.conftest import TestCast
from tests.platform.test_api import address, addresses

ApiCalls = type[Caller]
# The deck lies on a floor of its own and is open to everybody; the root and the schema say so themselves.
OF_THE_DECK = {"cards", "card"}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "get_rate", lambda _self: "100000/min")


def doors() -> Iterator[tuple[str, str, Area, str]]:
    """Every method of every address: its name, the area and the address."""
    for pattern in addresses(root.known):
        if pattern.name in OF_THE_DECK:
            continue
        view = pattern.callback.cls  # type: ignore[attr-defined]
        for method in sorted(set(view().allowed_methods) - {"OPTIONS"}):
            yield str(pattern.name), method, view.area, address(pattern)


def key_of(user: User, held: frozenset[str]) -> str:
    return f"Bearer {tokens.make_token(user=user, name=uuid.uuid4().hex, now=timezone.now(), held=held)}"


def test_a_key_for_other_things_is_refused_everywhere_before_anything_is_looked_up(
    cast: TestCast, api: ApiCalls
) -> None:
    without = {
        (area, how): key_of(
            cast.carla, scopes.ALL - {f"{area.value}:write"} - ({f"{area.value}:read"} if how else set())
        )
        for area in scopes.AREAS
        for how in (True, False)
    }
    tried = 0
    for name, method, area, place in doors():
        if area is Area.OPEN:
            continue
        reads = method in {"GET", "HEAD"}
        body: Any = {} if method in {"PUT", "POST"} else None
        with CaptureQueriesContext(connection) as queries:
            answer = api().call(method.lower(), place, body, Authorization=without[area, reads])
        assert answer.status == 403, (name, method, answer)
        need = f"{area.value}:{'read' if reads else 'write'}"
        told = f'Bearer realm="Samenspraak", error="insufficient_scope", scope="{need}"'
        assert answer.headers["WWW-Authenticate"] == told, (name, method)
        assert method == "HEAD" or answer.body["code"] == "insufficient_scope"
        assert method == "HEAD" or f"it needs {need}." in answer.body["detail"]
        about = [query["sql"] for query in queries if "workgroups_" in query["sql"] or "observations_" in query["sql"]]
        assert not about, (name, method, about)
        tried += 1
    assert tried > 50


def test_a_key_for_one_thing_opens_that(cast: TestCast, api: ApiCalls) -> None:
    shows_more = {"feeds", "feed-renew", "own-data"}
    one_of_each = {(area, method): (name, place) for name, method, area, place in doors() if name not in shows_more}
    for (area, method), (name, place) in one_of_each.items():
        held = frozenset({scopes.needed(area, method)} if area is not Area.OPEN else {"scans:read"})
        body: Any = {} if method in {"PUT", "POST"} else None
        answer = api().call(method.lower(), place, body, Authorization=key_of(cast.carla, held))
        assert answer.status != 401, (name, method)
        assert "insufficient_scope" not in answer.headers.get("WWW-Authenticate", ""), (name, method)


def test_the_document_names_the_scope_of_every_operation() -> None:
    paths = openapi.document()["paths"]
    for template, operations in paths.items():
        for method, operation in operations.items():
            asked = [way["personalToken"] for way in operation["security"] if "personalToken" in way]
            assert asked == [way["app"] for way in operation["security"] if "app" in way]
            open_to_all = {} in operation["security"]
            assert asked == [[]] if open_to_all else asked[0][0] in scopes.ALL, (template, method)
            if not open_to_all:
                assert asked[0][0].endswith(":read" if method == "get" else ":write")


def test_who_may_change_may_read_and_a_session_needs_no_scope(cast: TestCast, api: ApiCalls) -> None:
    key = key_of(cast.carla, frozenset({"groups:write"}))
    assert api().get("schools/de-wilg/groups/", Authorization=key).status == 200
    assert api().get("me/", Authorization=key).status == 403
    assert api(cast.carla, by="session").get("me/").status == 200


def test_an_address_that_shows_meetings_is_for_who_may_read_them(cast: TestCast, api: ApiCalls) -> None:
    """A calendar's address goes on when the key that made it has ended."""
    narrow, wide = (key_of(cast.carla, frozenset({"account:write", more})) for more in ("people:read", "groups:read"))
    refused = api().post("me/feeds/", {"group": None}, Authorization=narrow)
    assert 'scope="groups:read"' in refused.headers["WWW-Authenticate"]
    assert api().get("me/feeds/", Authorization=narrow).body == {"feeds": []}
    made = api().post("me/feeds/", {"group": None}, Authorization=wide)
    assert (made.status, made.headers["Cache-Control"]) == (201, "no-store")
    renewal = f"me/feeds/{made.body['id']}/renew/"
    assert api().post(renewal, None, Authorization=narrow).status == 403
    paths = openapi.document()["paths"]
    assert {"personalToken": ["account:write", "groups:read"]} in paths["/api/v1/me/feeds/"]["post"]["security"]


def test_a_way_into_the_school_is_for_keys_about_people(cast: TestCast, api: ApiCalls) -> None:
    key = key_of(cast.els, frozenset({"groups:write"}))
    invite = f"schools/de-wilg/groups/{cast.reading.pk}/invitations/"
    body = {"people": [{"email": "nieuw@school.example"}]}
    assert api().post(invite, body, Authorization=key).status == 403
    assert api().get("schools/de-wilg/group-invitations/", Authorization=key).status == 403
    assert api(cast.els).post(invite, body).status == 200


def test_a_scope_gives_nothing_that_its_owner_has_not(cast: TestCast, api: ApiCalls) -> None:
    assert api(cast.carla).get("schools/de-eik/groups/").status == 404


def test_a_refusal_is_the_same_for_what_is_there_and_what_is_not(cast: TestCast, api: ApiCalls) -> None:
    key = key_of(cast.carla, frozenset({"scans:read"}))
    there = api().get("schools/de-wilg/groups/", Authorization=key)
    foreign = api().get("schools/de-eik/groups/", Authorization=key)
    missing = api().get("schools/no-such-school/groups/", Authorization=key)
    assert there.content == foreign.content == missing.content


@pytest.mark.parametrize("days", [30, 90, 180, 365])
def test_a_key_ends_when_its_owner_chose(cast: TestCast, api: ApiCalls, days: int) -> None:
    key = actions.make_token(name="app", by=cast.carla, now=timezone.now(), days=days)
    before, after = timezone.now() + dt.timedelta(days=days, minutes=-1), timezone.now() + dt.timedelta(days=days)
    with time_machine.travel(before, tick=False):
        assert tokens.look_up(key, now=timezone.now()) is not None
    with time_machine.travel(after + dt.timedelta(minutes=1), tick=False):
        assert api().get("me/", Authorization=f"Bearer {key}").status == 401


def test_another_pepper_opens_nothing(cast: TestCast, api: ApiCalls) -> None:
    key = f"Bearer {actions.make_token(name='app', by=cast.carla, now=timezone.now())}"
    with override_settings(API_TOKEN_PEPPER="of another site, which found our dump: 0123456789"):
        assert api().get("me/", Authorization=key).status == 401
    assert api().get("me/", Authorization=key).status == 200


def test_a_key_of_an_account_that_ended_opens_nothing(cast: TestCast, api: ApiCalls) -> None:
    key = f"Bearer {actions.make_token(name='app', by=cast.carla, now=timezone.now())}"
    User.objects.filter(pk=cast.carla.pk).update(is_active=False)
    assert api().get("me/", Authorization=key).status == 401
