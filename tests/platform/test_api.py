"""The root of the API: its addresses, its one error shape and its schema."""

import asyncio
import json
import re
import uuid
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from samenspraak import api as root, asgi, openapi, wsgi
from samenspraak.reference import finishing
from schools import tokens
from tests import calls, factories
from tests.calls import Caller
from tests.conftest import TestCast

ApiCalls = type[Caller]
VALUES: dict[str, Any] = {
    "slug": "de-wilg",
    "key": "openness",
    "observation_id": uuid.UUID(int=7),
}
OPEN = {"root", "cards", "card", "schema"}


def addresses(patterns: Any = root.known) -> list[URLPattern]:
    """Every address of version 1."""
    found = []
    for pattern in patterns:
        found += [pattern] if isinstance(pattern, URLPattern) else addresses(pattern.url_patterns)
    return found


def address(pattern: URLPattern) -> str:
    names = re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern))
    values = {name: VALUES.get(name, 1) for name in names}
    if pattern not in root.known:
        values["slug"] = VALUES["slug"]
    return reverse(f"api:{pattern.name}", kwargs=values)


def test_it_works(cast: TestCast, api: ApiCalls) -> None:
    start = api().get("").body
    assert start == {
        "version": "1",
        "me": "http://testserver/api/v1/me/",
        "cards": "http://testserver/api/v1/cards/",
        "schema": "http://testserver/api/v1/schema/",
    }


@pytest.mark.parametrize("pattern", addresses(), ids=lambda pattern: str(pattern.name))
def test_nobody_gets_in_without_a_key(cast: TestCast, api: ApiCalls, pattern: URLPattern) -> None:
    for method in pattern.callback.cls().allowed_methods:  # type: ignore[attr-defined]
        if method == "HEAD":
            continue
        without = api().call(method.lower(), address(pattern), {} if method in {"PUT", "POST"} else None)
        assert without.status == (200 if pattern.name in OPEN else 401), without
    wrong = api().get(address(pattern), Authorization="Bearer smp_wrong")
    assert wrong.status == 401
    assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="Samenspraak", error="invalid_token"'


def test_a_missing_key_is_asked_for(cast: TestCast, api: ApiCalls) -> None:
    answer = api().get("me/")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Samenspraak"'
    assert answer.body["code"] == "not_authenticated"


def test_a_session_does_not_count_beside_a_wrong_key(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla, by="session")
    assert carla.get("me/").status == 200
    assert carla.get("me/", Authorization="Bearer smp_wrong").status == 401
    assert carla.get("me/", Authorization="Bearer").status == 401


def test_a_session_writes_with_its_csrf_token_only(cast: TestCast, api: ApiCalls) -> None:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    address = f"schools/de-wilg/goals/{goal.pk}/updates/"
    carla = api(cast.carla, by="session")
    carla.client = calls.Browser(enforce_csrf_checks=True)
    carla.client.force_login(cast.carla)
    refused = carla.post(address, {"step": "on_the_way"})
    assert (refused.status, refused.body["code"]) == (403, "csrf")
    assert goal.updates.count() == 0

    carla.client.cookies["csrf"] = "a" * 32
    assert carla.post(address, {"step": "on_the_way"}, X_CSRFToken="a" * 32).status == 201


@pytest.mark.parametrize("path", ["nothing/", "schools/de-wilg/nothing/", "/api/", "/api/v2/me/", "me/more/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_an_unknown_address_is_a_problem(cast: TestCast, api: ApiCalls, path: str, method: str) -> None:
    answer = api().call(method, path)
    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_a_missing_slash_is_told(cast: TestCast, api: ApiCalls) -> None:
    assert api(cast.carla).get("me").body["detail"] == "Addresses end in a slash."


def test_another_method_is_a_problem(cast: TestCast, api: ApiCalls) -> None:
    for method in ("delete", "patch", "options", "post"):
        answer = Caller(cast.carla)
        response = getattr(answer.client, method)("/api/v1/me/", headers=answer.headers)
        assert (response.status_code, response["Content-Type"]) == (405, calls.PROBLEM)
        assert response["Allow"] == "GET, HEAD"


def test_another_format_is_a_problem(cast: TestCast, api: ApiCalls) -> None:
    answer = api(cast.carla).get("me/", Accept="text/html")
    assert (answer.status, answer.body["code"]) == (406, "not_acceptable")


def test_errors_come_in_the_callers_language(cast: TestCast, api: ApiCalls) -> None:
    english, dutch = (api(cast.carla, language=code).get("schools/de-beuk/") for code in ("en", "nl"))
    assert english.body["detail"] == "There is nothing here for you."
    assert dutch.body["detail"] == "Hier is niets voor jou."
    assert dutch.headers["Content-Language"] == "nl"


def test_answers_are_private(cast: TestCast, api: ApiCalls) -> None:
    answer = api(cast.carla).get("me/")
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Accept-Language" in answer.headers["Vary"]


def test_too_many_calls_are_told_to_wait(cast: TestCast, api: ApiCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.callers.CallerThrottle.rate", "2/min", raising=False)
    carla, els = api(cast.carla), api(cast.els)
    assert [carla.get("me/").status for _time in range(3)] == [200, 200, 429]
    assert 0 < int(carla.get("me/").headers["Retry-After"]) <= 60
    assert els.get("me/").status == 200


def test_a_count_that_cannot_be_kept_stops_nobody(cast: TestCast, api: ApiCalls, settings: Any) -> None:
    gone = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": gone}
    assert api(cast.carla).get("me/").status == 200


def test_a_breakdown_is_a_problem_and_undoes_everything(
    cast: TestCast, api: ApiCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_values: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("workgroups.actions.update_goal", break_down)
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    carla = Caller(cast.carla)
    carla.client.raise_request_exception = False
    address = f"/api/v1/schools/de-wilg/goals/{goal.pk}/updates/"
    response = carla.client.post(address, {"step": "reached"}, content_type="application/json", headers=carla.headers)
    assert (response.status_code, response["Content-Type"]) == (500, calls.PROBLEM)
    assert response.json()["code"] == "broken"
    assert b"secret" not in response.content


def test_the_schema_has_no_findings() -> None:
    openapi.document.cache_clear()
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        document = openapi.document()
    assert found == []
    assert document["openapi"] == "3.1.0"


def test_the_schema_names_every_address() -> None:
    paths = openapi.document()["paths"]
    assert len(paths) == len(addresses()) - 1  # the schema does not describe itself


def test_every_documented_answer_has_a_shape() -> None:
    for path, operations in openapi.document()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (path, method)
            for status, response in finishing.answers(operation, openapi.document()).items():
                if int(status) in calls.WITHOUT_BODY:
                    assert "content" not in response, (path, method, status)
                    continue
                shapes = [content["schema"] for content in response["content"].values()]
                assert shapes, (path, method, status)
                assert all(shapes), (path, method, status)


def test_operation_ids_make_method_names() -> None:
    ids = [
        operation["operationId"]
        for operations in openapi.document()["paths"].values()
        for operation in operations.values()
    ]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in ids)


def test_every_number_day_and_answer_says_what_it_is() -> None:
    for name, shape in openapi.document()["components"]["schemas"].items():
        for field, schema in shape.get("properties", {}).items():
            is_words = schema.get("type") in ("string", "array") and "format" not in schema
            assert is_words or field == "id" or schema.keys() & {"description", "$ref", "oneOf"}, (name, field)


def test_the_schema_speaks_english_in_json_and_yaml(api: ApiCalls, db: None) -> None:
    client = Client(headers={"Accept-Language": "nl"})
    plain = client.get("/api/v1/schema/")
    assert plain["Content-Type"] == "application/json"
    assert (
        client.get("/api/v1/schema/?format=json").json() == plain.json() == json.loads(json.dumps(openapi.document()))
    )
    assert client.get("/api/v1/schema/?format=yaml").content.startswith(b"openapi: 3.1.0")
    browser = client.get("/api/v1/schema/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser["Content-Type"] == "application/json"
    refused = client.get("/api/v1/schema/", headers={"Accept": "application/yaml", "Authorization": "Bearer smp_no"})
    assert (refused.status_code, refused.json()["code"]) == (401, "authentication_failed")


def test_a_key_dies_with_its_owners_membership(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    assert carla.get("schools/de-wilg/").status == 200
    cast.carla.memberships.update(until_date=factories.TODAY.replace(day=1))
    assert carla.get("schools/de-wilg/").status == 404


def test_a_key_is_kept_as_a_keyed_hash_only(cast: TestCast) -> None:
    key = tokens.make_token(user=cast.carla, name="app", now=factories.NOW)
    row = cast.carla.tokens.get()
    assert key not in str(vars(row))
    assert row.digest == tokens.digest(key)
    assert (row.expires_at - row.created_at).days == 365


STRANGE = [
    *(f"charset={name}" for name in ("utf-16", "base64", "rot13", "nonsense", "UTF-8")),
    "charset = hex",
    "charset*=utf-8''hex",
    "charset*0=he; charset*1=x",
    "a*=nonsense''%41",
    f"a*{'9' * 5000}=x",
]


@pytest.mark.parametrize("claim", STRANGE, ids=lambda claim: claim[:24])
@pytest.mark.parametrize("path", ["/api/v1/", "/cards/"])
def test_a_strange_content_type_breaks_nothing(transactional_db: None, path: str, claim: str) -> None:
    kind = f"application/x-www-form-urlencoded; {claim}"
    environ = {**RequestFactory().get(path, {"a": "é"}).environ, "CONTENT_TYPE": kind}
    told: list[str] = []
    wsgi.application(environ, lambda status, *_rest: told.append(status))  # type: ignore[arg-type]
    assert told == ["200 OK"]


@pytest.mark.parametrize("claim", STRANGE, ids=lambda claim: claim[:24])
def test_nor_at_the_other_door(claim: str) -> None:
    kind = f"application/x-www-form-urlencoded; {claim}".encode()
    asked = {"type": "http", "method": "GET", "path": "/livez", "query_string": b""}
    headers = [(b"host", b"localhost"), (b"content-type", kind)]

    async def ask() -> Any:
        line = ApplicationCommunicator(asgi.application, {**asked, "headers": headers})
        await line.send_input({"type": "http.request", "body": b""})
        start = await line.receive_output(timeout=10)
        await line.receive_output(timeout=10)
        await line.wait(timeout=10)
        return start["status"]

    # On a thread of its own: a browser that was started before holds the loop of this one.
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(asyncio.run, ask()).result(timeout=30) == 200


@pytest.mark.parametrize("cookie", ['session="\\000aaaaaaaaaaaa"', "session=é%00aaaaaaaa", f"session={'a' * 3000}"])
@pytest.mark.parametrize("path", ["/api/v1/", "/cards/"])
def test_a_strange_session_breaks_nothing(client: Client, db: None, path: str, cookie: str) -> None:
    assert client.get(path, HTTP_COOKIE=cookie).status_code == 200
