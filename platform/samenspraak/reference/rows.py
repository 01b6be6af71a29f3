"""The description as rows for a page: parts, their operations, and the fields of what is sent and what comes back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Any

from samenspraak import openapi
from samenspraak.reference import finishing, outcomes, samples

Told = dict[str, Any]
_NOT_CHANGED, _REFUSED = 304, 400
_DEEPEST = 4
_SAID_ONCE = {"Idempotency-Key", "If-None-Match"}  # what every call takes: the overview says it
_FORMATS = {"date-time": "instant", "date": "day", "time": "time", "uuid": "UUID", "uri": "address", "email": "e-mail"}
_KINDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object", "null": "null"}


@dataclass(frozen=True)
class Field:
    """A parameter, or a field with its place: ``pairs[].strong``."""

    name: str
    kind: str
    told: str


@dataclass(frozen=True)
class Shape:
    """What comes back, field by field, and an example."""

    name: str
    told: str
    fields: tuple[Field, ...]
    example: str


@dataclass(frozen=True)
class Answer:
    """What comes back with a status: a shape, a page of them, a file or nothing."""

    status: int
    told: str
    shape: str
    is_page: bool
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One thing that an app can do."""

    name: str
    title: str
    method: str
    path: str
    told: str
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]
    problems: tuple[tuple[int, str], ...]
    curl: str


@dataclass(frozen=True)
class Part:
    """Operations about one kind of thing."""

    name: str
    title: str
    told: str
    operations: tuple[Operation, ...]
    shapes: tuple[Shape, ...]


@cache
def parts() -> tuple[Part, ...]:
    """Every part in the order of reading, made once in a process."""
    document = openapi.document()
    shapes = document["components"]["schemas"]
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, method, told in finishing.operations(document):
        found[told["tags"][0]].append(_operation(path, method, told, document))
    return tuple(_part(tag, tuple(found[tag["name"]]), shapes) for tag in document["tags"])


def _part(tag: Told, operations: tuple[Operation, ...], shapes: Told) -> Part:
    operations = tuple(sorted(operations, key=lambda one: (_place(one), one.name != f"list_{tag['name']}")))
    names = dict.fromkeys(answer.shape for one in operations for answer in one.answers if answer.shape)
    told = tuple(_shape(name, shapes) for name in names)
    return Part(tag["name"], _title(tag["name"]), tag["description"], operations, told)


def _place(one: Operation) -> int:
    """Lists first, then what is read, then what makes something new, then the rest."""
    if one.method == "GET":
        return 0 if one.name.startswith("list") else 1
    return 2 if any(answer.status == HTTPStatus.CREATED for answer in one.answers) else 3


def _shape(name: str, shapes: Told) -> Shape:
    example = json.dumps(samples.sample(shapes[name], shapes, name=name), ensure_ascii=False, indent=2)
    return Shape(name, shapes[name].get("description", ""), tuple(_fields(shapes[name], shapes)), example)


def part(name: str) -> Part | None:
    """The part of this name."""
    return next((one for one in parts() if one.name == name), None)


def find(asked: str) -> tuple[Part, ...]:
    """The parts with what names each of these words: in its title, its address or what is told of it."""
    words = asked.casefold().split()
    found = (replace(one, operations=tuple(each for each in one.operations if _names(each, words))) for one in parts())
    return tuple(one for one in found if one.operations)


def _names(one: Operation, words: list[str]) -> bool:
    told = f"{one.name} {one.title} {one.method} {one.path} {one.told}".casefold()
    return all(word in told for word in words)


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _operation(path: str, method: str, told: Told, document: Told) -> Operation:
    shapes = document["components"]["schemas"]
    held = [key["personalToken"] for key in told.get("security", []) if "personalToken" in key]
    content = next(iter(told.get("requestBody", {}).get("content", {}).values()), None)
    responses = finishing.answers(told, document)
    return Operation(
        name=told["operationId"],
        title=told["summary"],
        method=method.upper(),
        path=path,
        told=told["description"],
        scope=" ".join(held[0]) if held else "",
        parameters=tuple(
            _parameter(one, shapes) for one in told.get("parameters", []) if one["name"] not in _SAID_ONCE
        ),
        body=tuple(_fields(content["schema"], shapes, is_sent=True)) if content else (),
        answers=tuple(_answer(status, one, shapes) for status, one in responses.items() if status < _NOT_CHANGED),
        problems=tuple((status, one["description"]) for status, one in responses.items() if status >= _REFUSED),
        curl=_curl(path, method, told, content),
    )


def _parameter(told: Told, shapes: Told) -> Field:
    schema = told["schema"]
    words = " ".join(filter(None, (told.get("description", ""), _choices(schema, shapes))))
    where = "" if told["in"] == "path" else f", in the {told['in']}"
    return Field(told["name"], _kind(schema, shapes) + where + _left_out(told.get("required")), words)


def _left_out(is_required: Any) -> str:
    return "" if is_required else ", may be left out"


def _answer(status: int, told: Told, shapes: Told) -> Answer:
    contents = told.get("content", {})
    schema: Told = next((content["schema"] for kind, content in contents.items() if kind.endswith("json")), {})
    name = schema.get("items", schema).get("$ref", "").rpartition("/")[2]
    is_page = name.startswith("Paginated")
    if is_page:
        name = shapes[name]["properties"]["results"]["items"]["$ref"].rpartition("/")[2]
    files = tuple(kind for kind in contents if not kind.endswith("json"))
    return Answer(status, told.get("description", ""), name, is_page or "items" in schema, files)


def _example(content: Told) -> Any:
    if "example" in content:
        return content["example"]
    return next((one["value"] for one in content.get("examples", {}).values() if "value" in one), None)


def _fields(schema: Told, shapes: Told, at: str = "", depth: int = 0, *, is_sent: bool = False) -> Iterator[Field]:
    """Each field with what lies inside it, by its place."""
    shape = _resolved(schema, shapes)
    if shape.get("type") == "array":
        yield from _fields(shape.get("items", {}), shapes, f"{at}[]", depth, is_sent=is_sent)
        return
    needed = shape.get("required", ()) if is_sent else shape.get("properties", ())
    for name, told in shape.get("properties", {}).items():
        place = f"{at}.{name}" if at else name
        inner = _resolved(told, shapes)
        words = " ".join(filter(None, (told.get("description", ""), _choices(told, shapes))))
        yield Field(place, _kind(told, shapes) + _left_out(name in needed), words)
        if depth < _DEEPEST and not _choices(told, shapes):
            yield from _fields(inner, shapes, place, depth + 1, is_sent=is_sent)


def _resolved(schema: Told, shapes: Told) -> Told:
    for kind in ("oneOf", "anyOf", "allOf"):
        if kind in schema:
            schema = schema[kind][0]
    if "$ref" in schema:
        found: Told = shapes[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _choices(schema: Told, shapes: Told) -> str:
    """The words to choose from with their meanings, as one sentence."""
    shape = _resolved(schema, shapes)
    told = shape.get("x-enum-descriptions")
    if told:
        return (
            "; ".join(f"`{word}`: {meaning}" if word != meaning else f"`{word}`" for word, meaning in told.items())
            + "."
        )
    return ", ".join(f"`{word}`" for word in shape.get("enum", ()) if word is not None)


def _kind(schema: Told, shapes: Told) -> str:
    shape = _resolved(schema, shapes)
    types = shape.get("type", "object")
    names = types if isinstance(types, list) else [types]
    is_null = "null" in names or any(one.get("$ref", "").endswith("/Null") for one in schema.get("oneOf", ()))
    first = next((name for name in names if name != "null"), "null")
    return _worded(first, shape, shapes) + (" or null" if is_null else "")


def _worded(kind: str, shape: Told, shapes: Told) -> str:
    if kind == "array":
        return f"list of {_kind(shape.get('items', {}), shapes)}"
    if "enum" in shape:
        return "word"
    if kind == "integer" and "maximum" in shape and shape["maximum"] < 10**9:
        return f"{shape.get('minimum', 0)} to {shape['maximum']}"
    if kind == "string" and "maxLength" in shape and "format" not in shape:
        return f"text, {shape['maxLength']} at most"
    return _FORMATS.get(shape.get("format", ""), _KINDS.get(kind, kind))


def _curl(path: str, method: str, told: Told, content: Told | None) -> str:
    """The call as a line for a shell, in a school that everybody knows from the demo."""
    lines = ["curl" if method == "get" else f"curl -X {method.upper()}"]
    lines += ['-H "Authorization: Bearer $TOKEN"'] if told.get("security") != [{}] else []
    lines += [f"-H '{one['name']}: \"1\"'" for one in told.get("parameters", []) if one["name"] == "If-Match"]
    if content:
        sent = json.dumps(_example(content), ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(sent)}"]
    return " \\\n  ".join([*lines, f'"$SITE{outcomes.fill(path)}"'])
