"""The API's description: true examples, meanings of every word, no finding of a validator."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from samenspraak import openapi
from samenspraak.reference import finishing, introduction, meanings, naming, outcomes, samples, values

Told = dict[str, Any]


def _operations() -> list[Told]:
    return [operation for _path, _method, operation in finishing.operations(openapi.document())]


def _contents() -> Iterator[tuple[str, Told]]:
    for operation in _operations():
        yield from _of(operation["operationId"], operation.get("requestBody", {}))
        for status, response in finishing.answers(operation, openapi.document()).items():
            yield from _of(f"{operation['operationId']} {status}", response)


def _of(name: str, holder: Told) -> Iterator[tuple[str, Told]]:
    for kind, content in holder.get("content", {}).items():
        if kind.endswith("json"):
            yield name, content


def _values(content: Told) -> list[Any]:
    shared = openapi.document()["components"]["examples"]
    named = content.get("examples", {}).values()
    told = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in named]
    return [content["example"]] if "example" in content else [one["value"] for one in told]


def test_a_validator_finds_nothing() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(openapi.document()).iter_errors()] == []


def test_every_body_and_answer_has_an_example_that_fits() -> None:
    components, wrong = openapi.document()["components"], []
    for name, content in _contents():
        values = _values(content)
        whole = {**content["schema"], "components": components}
        check = Draft202012Validator(whole, format_checker=FormatChecker())
        wrong += [(name, error.message, list(error.path)) for value in values for error in check.iter_errors(value)]
        wrong += [] if values else [(name, "no example", [])]
    assert wrong == []


def test_every_operation_has_a_title_of_its_own_and_one_part() -> None:
    titles = [operation["summary"] for operation in _operations()]
    assert len(titles) == len(set(titles))
    assert all(len(operation["tags"]) == 1 for operation in _operations())


def test_every_part_is_introduced() -> None:
    used = {tag for operation in _operations() for tag in operation["tags"]}
    assert used - introduction.PARTS.keys() == set()
    assert [tag["name"] for tag in openapi.document()["tags"]] == [name for name in introduction.PARTS if name in used]


def test_no_word_is_left_of_what_is_gone() -> None:
    shapes = openapi.document()["components"]["schemas"]
    fields = {f"{name}.{field}" for name, shape in shapes.items() for field in shape.get("properties", ())}
    names = {operation["operationId"] for operation in _operations()}
    places = {one["name"] for operation in _operations() for one in operation.get("parameters", ())}
    assert introduction.PARTS.keys() - {operation["tags"][0] for operation in _operations()} == set()
    assert meanings.MEANINGS.keys() - shapes.keys() == set()
    assert meanings.PLACES.keys() - places == set()
    assert {
        name for name, told in meanings.TITLES.items() if name not in names or finishing.title(name) == told
    } == set()
    assert values.VALUES.keys() - fields - {field.partition(".")[2] for field in fields} == set()


def test_every_word_to_choose_from_says_what_it_means() -> None:
    shapes = openapi.document()["components"]["schemas"]
    enums = {name: shape for name, shape in shapes.items() if "enum" in shape}
    assert all(shape["x-enum-descriptions"].keys() == set(map(str, shape["enum"])) for shape in enums.values())
    for name, told in meanings.MEANINGS.items():
        assert told.keys() >= set(shapes[name]["enum"]), name


def test_every_parameter_says_what_it_is() -> None:
    told = {
        (operation["operationId"], parameter["name"]): parameter.get("description")
        for operation in _operations()
        for parameter in operation.get("parameters", [])
    }
    assert [where for where, words in told.items() if not words] == []


def test_no_number_of_ours_is_left() -> None:
    texts = [operation["description"] for operation in _operations()]
    texts += [shape.get("description", "") for shape in openapi.document()["components"]["schemas"].values()]
    assert [text for text in texts if finishing.words(text) != text] == []


def test_who_made_something_is_led_on_to_it() -> None:
    ways = {
        operation["operationId"]: operation["responses"].get("201", {}).get("links", {}) for operation in _operations()
    }
    names = {operation["operationId"] for operation in _operations()}
    told = [link for links in ways.values() for link in links.values()]
    assert {link["operationId"] for link in told} <= names
    assert ways["set_goal"]["read_goal"]["parameters"]["goal_id"] == "$response.body#/id"


@pytest.mark.parametrize(
    ("name", "title"),
    [("list_goals", "List goals"), ("set_goal", "Set a goal"), ("end_agreement", "End an agreement")],
)
def test_titles_are_made_from_names(name: str, title: str) -> None:
    assert finishing.title(name) == title


def test_addresses_name_rows_as_clients_know_them() -> None:
    words = {word for path in openapi.document()["paths"] for word in re.findall(r"\{(\w+)\}", path)}
    assert words & naming.NAMES.keys() == set()
    assert words == meanings.PLACES.keys()
    assert "/api/v1/schools/{slug}/visits/{visit_id}/debrief/" in openapi.document()["paths"]


def test_what_is_made_says_where_it_is() -> None:
    made = [
        operation["responses"]["201"]["headers"]
        for _path, method, operation in finishing.operations(openapi.document())
        if method == "post" and "201" in operation["responses"]
    ]
    assert made
    assert all("Location" in headers for headers in made)


def test_examples_speak_of_a_school() -> None:
    assert samples._OTHERWISE["string"] not in json.dumps(openapi.document())
    assert outcomes.ANSWERS.keys() <= {operation["operationId"] for operation in _operations()}


def test_an_example_shows_how_things_stand_after_the_call() -> None:
    answers = {one["operationId"]: one["responses"].get("200", {}) for one in _operations()}
    states = {
        name: answers[name]["content"]["application/json"]["example"]["state"] for name in ("decline_visit", "end_goal")
    }
    assert states == {"decline_visit": "declined", "end_goal": "reached"}
    pages = answers["list_visits"]["content"]["application/json"]["example"]
    assert pages["next"] == "https://samenspraak.example/api/v1/schools/de-wilg/visits/?cursor=cD0y"


def test_an_example_of_a_clock_tells_one_moment_twice() -> None:
    told = openapi.document()["paths"]["/api/v1/schools/{slug}/visits/{visit_id}/listening/"]["post"]
    example = told["responses"]["200"]["content"]["application/json"]["example"]
    for utc, local in (("opens_at", "local_opens"), ("since", "local_since"), ("until", "local_until")):
        assert dt.datetime.fromisoformat(example[utc]) == dt.datetime.fromisoformat(example[local]), utc
        assert example[local].endswith("+01:00")


def test_a_file_is_called_a_file() -> None:
    told = openapi.document()["paths"]["/api/v1/boards/{number}/schools.xlsx"]["get"]["responses"]["200"]
    assert told["description"] == "The file."
