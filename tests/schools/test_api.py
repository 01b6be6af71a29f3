"""Schools over REST, and what every call goes through: strict bodies, pages, one error shape."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests import factories
from tests.calls import Answer, Caller
from tests.conftest import TestCast
from workgroups.models import Goal

ApiCalls = type[Caller]
GROUPS = "schools/de-wilg/groups/"


@pytest.mark.parametrize("by", ["token", "session"])
def test_it_works(cast: TestCast, api: ApiCalls, by: str) -> None:
    assert api(cast.anna, by=by).get("schools/de-wilg/").body == {
        "slug": "de-wilg",
        "name": "De Wilg",
        "place": "Rivierdam",
        "location_code": None,
        "region": "middle",
        "time_zone": "Europe/Amsterdam",
        "language": "nl",
        "started_because": "",
        "roles": ["leader"],
        "today": "2026-11-24",
    }


@pytest.mark.parametrize("name", ["daan", "gerda", "hugo", "irma"])
def test_next_door_sees_nothing(cast: TestCast, api: ApiCalls, name: str) -> None:
    caller = api(cast.people[name])
    there, random = caller.get("schools/de-wilg/"), caller.get("schools/de-linde/")
    assert (there.status, there.content) == (404, random.content)


@pytest.fixture
def goal(cast: TestCast) -> Goal:
    return factories.goal(factories.period(cast.reading, cast.aspects["openness"]))


@pytest.fixture
def send(cast: TestCast, api: ApiCalls, goal: Goal) -> Any:
    """Send this body, byte for byte, as a goal update of Carla's."""
    carla = api(cast.carla)

    def sent(body: bytes, **headers: str) -> Answer:
        return carla.post(f"schools/de-wilg/goals/{goal.pk}/updates/", body, **headers)

    return sent


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b"{'step': 'reached'}",
        b'\xef\xbb\xbf{"step": "reached"}',
        b'{"step": "reached", "note": "\xff"}',
        '{"step": "reached"}'.encode("utf-16"),
        b'{"step": "reached", "note": NaN}',
        b'{"step": "reached", "note": -Infinity}',
        b'{"step": "reached", "note": 1e999}',
        b'{"step": "reached", "note": ' + b"9" * 5000 + b"}",
        b'{"step": "not_yet", "step": "reached"}',
        b'{"step": "reached", "note": {"a": 1, "a": 2}}',
        b'{"step": "reached", "note": "\\ud800"}',
        b'{"step": "reached", "\\udfff": ""}',
        b'{"step": "reached", "note": ' + b"[" * 21 + b"]" * 21 + b"}",
        b"[" * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_what_is_no_json_is_told(send: Any, goal: Goal, body: bytes) -> None:
    refused = send(body)
    assert refused.status == 400
    assert refused.body["code"] in {"parse_error", "invalid"}
    assert goal.updates.count() == 0


@pytest.mark.parametrize("body", [b"[]", b'"reached"', b"7", b"null", b"true"])
def test_json_of_another_shape_is_told(send: Any, goal: Goal, body: bytes) -> None:
    refused = send(body)
    assert (refused.status, refused.body["code"]) == (400, "invalid")
    assert [error["pointer"] for error in refused.body["errors"]] == ["#"]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({}, "#/step"),
        ({"step": "done"}, "#/step"),
        ({"step": None}, "#/step"),
        ({"step": ["reached"]}, "#/step"),
        ({"step": "reached", "note": 5}, "#/note"),
        ({"step": "reached", "note": None}, "#/note"),
        ({"step": "reached", "note": "x" * 501}, "#/note"),
        ({"step": "reached", "note": "a\0b"}, "#/note"),
        ({"step": "reached", "by": 1}, "#/by"),
        ({"step": "reached", "goal": 1, "school": 1, "written_at": "2020-01-01T00:00:00Z"}, "#/goal"),
        ({"step": "reached", "~/ é": 1}, "#/~0~1%20%C3%A9"),
    ],
)
def test_what_does_not_fit_is_pointed_at(send: Any, goal: Goal, values: dict[str, Any], pointer: str) -> None:
    refused = send(json.dumps(values).encode())
    assert (refused.status, refused.body["code"]) == (400, "invalid")
    assert pointer in [error["pointer"] for error in refused.body["errors"]]
    assert goal.updates.count() == 0


def test_the_largest_texts_come_back_as_they_were(send: Any) -> None:
    note = "Loïs \u202e\u200f 👩\u200d🏫 \u2028 <b>&amp;" + "é" * 470
    kept = send(json.dumps({"step": "on_the_way", "note": note}).encode())
    assert (kept.status, kept.body["note"]) == (201, note)


def test_a_body_too_large_is_refused(send: Any) -> None:
    refused = send(b'{"step": "' + b"x" * 2_600_000 + b'"}')
    assert (refused.status, refused.body["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_only_json_is_taken(cast: TestCast, api: ApiCalls, goal: Goal, kind: str) -> None:
    refused = api(cast.carla).post(
        f"schools/de-wilg/goals/{goal.pk}/updates/", b'{"step": "reached"}', Content_Type=kind
    )
    assert (refused.status, refused.body["code"]) == (415, "unsupported_media_type")
    assert goal.updates.count() == 0


@pytest.mark.parametrize("charset", ["utf-16", "base64", "rot13", "nonsense", "ascii"])
def test_json_is_utf_8_whatever_is_claimed(send: Any, charset: str) -> None:
    kept = send('{"step": "reached", "note": "Loïs"}'.encode(), Content_Type=f"application/json; charset={charset}")
    assert (kept.status, kept.body["note"]) == (201, "Loïs")


@pytest.mark.sqlite
def test_lists_come_in_pages(cast: TestCast, api: ApiCalls) -> None:
    for number in range(5):
        factories.group(cast.schools["de-wilg"], f"Groep {number}")
    carla = api(cast.carla)
    whole = [row["name"] for row in carla.get(GROUPS).body["results"]]
    assert whole == sorted(whole)

    seen, address = [], f"{GROUPS}?page_size=3"
    while address:
        page = carla.get(address.removeprefix("http://testserver")).body
        assert len(page["results"]) <= 3
        seen += [row["name"] for row in page["results"]]
        address = page["next"]
    assert seen == whole
    before = carla.get(page["previous"].removeprefix("http://testserver")).body
    assert [row["name"] for row in before["results"]] == whole[3:6]


def _cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode().replace("=", "%3D")


@pytest.mark.parametrize(
    "cursor",
    ["x", "%00", "é", _cursor("p=a%00b"), _cursor("o=-1"), _cursor("r=x"), _cursor("o=9999999999999")],
)
@pytest.mark.parametrize("path", [GROUPS, "schools/de-wilg/meetings/", "schools/de-wilg/goals/"])
def test_a_page_that_somebody_made_up_breaks_nothing(cast: TestCast, api: ApiCalls, path: str, cursor: str) -> None:
    assert api(cast.carla).get(f"{path}?cursor={cursor}").status in {200, 404}


@pytest.mark.parametrize("position", ["x", "2026-13-45", "9" * 30, "-1", "", "0001-01-01 00:00:00+00:00"])
@pytest.mark.parametrize("path", ["schools/de-wilg/meetings/", "schools/de-wilg/goals/"])
def test_a_position_of_another_kind_breaks_nothing(cast: TestCast, api: ApiCalls, path: str, position: str) -> None:
    assert api(cast.carla).get(f"{path}?cursor={_cursor(f'p={position}')}").status in {200, 404}


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        (GROUPS, "page_size=0", "page_size"),
        (GROUPS, "page_size=101", "page_size"),
        (GROUPS, "page_size=many", "page_size"),
        (GROUPS, "page_size=٣", "page_size"),
        (GROUPS, "state=gone", "state"),
        (GROUPS, "staet=active", "staet"),
        ("schools/de-wilg/meetings/", "group=x", "group"),
        ("schools/de-wilg/meetings/", "group=0", "group"),
        ("schools/de-wilg/meetings/", "group=1_0", "group"),
        ("schools/de-wilg/meetings/", f"group={10**30}", "group"),
        ("schools/de-wilg/meetings/", "after=yesterday", "after"),
        ("schools/de-wilg/meetings/", "after=0001-01-01T00:00:00%2B14:00", "after"),
        ("schools/de-wilg/goals/", "group=%00", "group"),
        ("schools/de-wilg/goals/1/updates/", "group=1", "group"),
    ],
)
def test_a_question_that_does_not_fit_is_told(
    cast: TestCast, api: ApiCalls, path: str, query: str, parameter: str
) -> None:
    refused = api(cast.carla).get(f"{path}?{query}")
    assert (refused.status, refused.body["code"]) == (400, "invalid")
    assert [error.get("parameter") for error in refused.body["errors"]] == [parameter]
