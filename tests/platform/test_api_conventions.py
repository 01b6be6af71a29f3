"""What every answer of the API keeps to, whatever it is about: tags, conditions, limits, headers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from samenspraak import api as root, openapi
from schools import bodies, rest, scopes
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast

ApiCalls = type[Caller]
MARK = re.compile(r'"[0-9a-f]{24}"')
VERSIONED = re.compile(r'"1\.[0-9a-f]{24}"')


def _goal(cast: TestCast) -> Any:
    return factories.goal(factories.period(cast.reading, cast.aspects["openness"]))


def test_an_answer_has_a_tag_true_to_how_it_looks(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    for path in ("", "schema/", "cards/", "me/", "schools/de-wilg/", "schools/de-wilg/goals/"):
        first, again = carla.get(path), carla.get(path)
        assert MARK.fullmatch(first.headers["ETag"]), path
        assert again.headers["ETag"] == first.headers["ETag"]
    before = carla.get("schools/de-wilg/goals/").headers["ETag"]
    _goal(cast)
    assert carla.get("schools/de-wilg/goals/").headers["ETag"] != before


def test_the_tag_of_what_people_edit_together_begins_with_its_version(cast: TestCast, api: ApiCalls) -> None:
    path = f"schools/de-wilg/goals/{_goal(cast).pk}/"
    assert VERSIONED.fullmatch(api(cast.carla).get(path).headers["ETag"])


def test_another_language_is_another_tag(cast: TestCast, api: ApiCalls) -> None:
    tags = {api(cast.carla, language=code).get("cards/").headers["ETag"] for code in ("en", "nl")}
    assert len(tags) == 1 + (api(language="en").get("cards/").body != api(language="nl").get("cards/").body)


def test_the_schema_is_not_sent_again(cast: TestCast, api: ApiCalls) -> None:
    nobody = api()
    tag = nobody.get("schema/").headers["ETag"]
    again = nobody.client.get("/api/v1/schema/", headers={**nobody.headers, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("told", ["{}", "W/{}", '"other", {}', "*"])
def test_what_was_read_is_not_sent_again(cast: TestCast, api: ApiCalls, told: str) -> None:
    carla = api(cast.carla)
    whole = carla.get("me/")
    same = carla.get("me/", If_None_Match=told.format(whole.headers["ETag"]))
    assert (same.status, same.content) == (304, b"")
    assert "Content-Type" not in same.headers
    for name in ("ETag", "Vary", "Cache-Control", "RateLimit-Policy"):
        assert same.headers[name] == whole.headers[name]
    assert "private" in same.headers["Cache-Control"]


def test_another_tag_and_another_person_get_it_whole(cast: TestCast, api: ApiCalls) -> None:
    tag = api(cast.carla).get("me/").headers["ETag"]
    assert api(cast.els).get("me/", If_None_Match=tag).status == 200
    assert api(cast.carla).get("me/", If_None_Match='"other"').status == 200
    assert api(cast.carla).get("me/", If_None_Match="no tag at all").status == 200


def test_a_refusal_is_not_spared(cast: TestCast, api: ApiCalls) -> None:
    assert api(cast.carla).get("schools/de-beuk/", If_None_Match="*").status == 404
    assert api().get("me/", If_None_Match="*").status == 401
    assert "ETag" not in api().get("me/").headers


def test_head_says_what_get_would(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    whole, head = (getattr(carla.client, way)("/api/v1/me/", headers=carla.headers) for way in ("get", "head"))
    assert (head.status_code, head.content) == (200, b"")
    named = ("ETag", "Content-Type", "Content-Length", "Vary", "Cache-Control", "Allow")
    assert {name: head[name] for name in named} == {name: whole[name] for name in named}


def test_a_change_names_the_version_that_was_read(cast: TestCast, api: ApiCalls) -> None:
    carla, path = api(cast.carla), f"schools/de-wilg/goals/{_goal(cast).pk}/"
    tag = carla.get(path).headers["ETag"]
    assert carla.put(path, {"text": "Wij vragen door."}).status == 428
    changed = carla.put(path, {"text": "Wij vragen door."}, If_Match=tag)
    assert changed.status == 200
    assert re.fullmatch(r'"2\.[0-9a-f]{24}"', changed.headers["ETag"])
    assert changed.headers["ETag"] == carla.get(path).headers["ETag"]
    refused = carla.put(path, {"text": "Wij luisteren."}, If_Match=tag)
    assert (refused.status, refused.body["sent"], refused.body["version"]) == (412, {"text": "Wij luisteren."}, 2)
    assert refused.body["stored"]["text"] == "Wij vragen door."
    assert refused.headers["ETag"] == '"2"'
    assert carla.put(path, {"text": "Wij luisteren."}, If_Match=refused.headers["ETag"]).status == 200


@pytest.mark.parametrize("tag", ["*", "1", 'W/"1"', '"1", "2"', '"a"', '"1234567890"', '""', "é"])
def test_another_tag_is_refused_with_a_sentence(cast: TestCast, api: ApiCalls, tag: str) -> None:
    carla, path = api(cast.carla), f"schools/de-wilg/goals/{_goal(cast).pk}/"
    refused = carla.put(path, {"text": "Wij vragen door."}, If_Match=tag)
    assert refused.status == 400
    (error,) = refused.body["errors"]
    assert error["parameter"] == "If-Match"
    assert ("overwrite" in error["detail"]) is (tag == "*")


def test_nothing_has_to_be_asked() -> None:
    shapes = [one for one in bodies.Asked.__subclasses__() if not one.__module__.startswith("tests.")]
    assert len(shapes) > 15
    for shape in shapes:
        nothing = shape(data={})
        assert nothing.is_valid(), shape
        assert nothing.validated_data == {}, shape  # and rest.Door.asked need not look


def test_every_answer_tells_what_is_left(cast: TestCast, api: ApiCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.callers.CallerThrottle.rate", "3/min", raising=False)
    carla = api(cast.carla)
    left = [carla.get(path) for path in ("me/", "nowhere/", "schools/de-beuk/", "me/")]
    assert [one.status for one in left] == [200, 404, 404, 429]
    assert {one.headers["RateLimit-Policy"] for one in left} == {'"caller";q=3;w=60'}
    assert [one.headers["RateLimit"] for one in left] == [f'"caller";r={left};t=60' for left in (2, 1, 0, 0)]
    assert left[3].headers["Retry-After"] == "60"
    refused = api().get("me/")  # who is nobody is not counted
    assert (refused.status, refused.headers["RateLimit-Policy"]) == (401, '"caller";q=3;w=60')


def test_a_flood_of_mistakes_is_told_in_part(cast: TestCast, api: ApiCalls) -> None:
    flood = {f"{n}": n for n in range(20_000)} | {"é" * 10_000: 1}
    answer = api(cast.carla).put("me/language/", flood)
    assert (answer.status, len(answer.body["errors"])) == (400, 100)
    long = api(cast.carla).put("me/language/", {"language": "nl", "é" * 10_000: 1})
    assert len(long.content) < 2000
    rows = [{"given_name": "", **{f"{n}": n for n in range(20)}} for _row in range(500)]
    refused = api(cast.frank).post("schools/de-wilg/rosters/", {"rows": rows})
    assert (refused.status, len(refused.body["errors"])) == (400, 100)
    assert refused.body["errors"][-1]["pointer"] == "#/rows/4/19", "only so many rows were looked at"


def test_it_costs_no_query(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    tag = carla.get("me/").headers["ETag"]
    cost = carla.cost("me/")
    carla.headers["If-None-Match"] = tag
    assert carla.cost("me/") == cost


def test_what_goes_away_says_so(cast: TestCast, api: ApiCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    since, until = (dt.datetime(year, 8, 1, tzinfo=dt.UTC) for year in (2026, 2027))
    leaving = rest.Leaving(since, "https://samenspraak.example/changes/", until)
    monkeypatch.setattr(root.Root, "leaving", leaving)
    told = api().get("").headers
    assert told["Deprecation"] == f"@{int(since.timestamp())}"
    assert told["Sunset"] == "Sun, 01 Aug 2027 00:00:00 GMT"
    assert told["Link"] == '<https://samenspraak.example/changes/>; rel="deprecation"'
    monkeypatch.undo()
    assert "Deprecation" not in api().get("").headers


def test_a_method_that_is_not_there_is_told_before_anything_else(cast: TestCast, api: ApiCalls) -> None:
    for path in ("schools/de-wilg/", "schools/de-beuk/", "schools/nergens/"):
        carla = api(cast.carla)
        refused = carla.client.delete(f"/api/v1/{path}", headers=carla.headers)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")


def _views(patterns: Any = root.known) -> dict[str, Any]:
    """Every view of version 1 by the name of its address."""
    found: dict[str, Any] = {}
    for pattern in patterns:
        inner = getattr(pattern, "url_patterns", None)
        found |= _views(inner) if inner is not None else {pattern.name: pattern.callback.cls}
    return found


def test_every_view_goes_through_the_door_and_names_its_part() -> None:
    for name, view in _views().items():
        assert issubclass(view, rest.Door), name
        assert isinstance(view.area, scopes.Area), name


def _operations() -> Any:
    for path, operations in openapi.document()["paths"].items():
        for method, operation in operations.items():
            yield method, operation, {one["name"]: one for one in operation.get("parameters", [])}, path


def test_what_answers_with_both_texts_asks_for_the_version() -> None:
    found = 0
    for method, operation, parameters, path in _operations():
        if "428" in operation["responses"]:
            found += 1
            assert "If-Match" in parameters, (method, path)
            assert "412" in operation["responses"], (method, path)
        if parameters.get("If-Match", {}).get("required"):
            assert {"412", "428"} <= set(operation["responses"]), (method, path)
    assert found


def test_every_list_says_its_order_and_what_can_be_asked() -> None:
    found = 0
    for method, operation, parameters, path in _operations():
        if "cursor" in parameters:
            found += 1
            assert method == "get"
            assert "page_size" in parameters, path
            assert re.search(r"\bfirst\b|\bby\b|\border\b|\boldest\b|\bnewest\b", operation["description"]), path
            assert all(one.get("description") for one in parameters.values() if one["in"] == "query"), path
    assert found
