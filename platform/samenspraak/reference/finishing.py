"""The last hand on the description: titles, meanings, an example for everything, and ways from call to call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from samenspraak.reference import introduction, meanings, naming, outcomes, problems, samples
from schools.problems import MEDIA_TYPE

Told = dict[str, Any]
_PREFIX = "#/components/schemas/"
# Our requirements have numbers; outside they say nothing.
_NUMBERED = re.compile(r" ?\((?:[A-Z]{1,3}\d+[a-z]?(?:, )?)+\)")
_CHOICES = re.compile(r"\n*(?:\* `[^`]*` - [^\n]*\n?)+")
_PLAIN = {"me", "help", "letters", "news", "feedback", "sharing"}
_DONE = "Done; there is nothing to tell."
_REFUSED = 400


def finish(result: Told, **_rest: Any) -> Told:
    """The document, finished; a hook of the library that makes it."""
    shapes = result["components"]["schemas"]
    result["paths"] = {naming.outside(path): methods for path, methods in result["paths"].items()}
    result["info"] = introduction.info()
    result["servers"] = introduction.servers()
    result["externalDocs"] = introduction.more()
    for name, shape in shapes.items():
        _explain(name, shape)
    found = list(operations(result))
    result["tags"] = introduction.tags({tag for _path, _method, operation in found for tag in operation["tags"]})
    result["components"]["examples"] = _problems(found)
    for path, method, operation in found:
        _name(operation)
        _address(path, operation, shapes)
        _examples(path, operation, shapes)
        _lead_on(path, method, operation, found)
    _share(found, result["components"])
    return result


def operations(document: Told) -> Iterator[tuple[str, str, Told]]:
    """Path, method and operation, in the order of the document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def answers(operation: Told, document: Told) -> dict[int, Told]:
    """What comes back with each status, also where the document says it once for many."""
    shared = document["components"]["responses"]
    return {
        int(status): shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
        for status, response in operation["responses"].items()
    }


def words(text: str) -> str:
    """A description without the numbers of our requirements, and without choices that a shape of its own explains."""
    return _NUMBERED.sub("", text).strip()


def _explain(name: str, shape: Told) -> None:
    if "enum" in shape:
        labels = dict(re.findall(r"\* `([^`]*)` - ([^\n]*)", shape.get("description", "")))
        told = {str(value): meanings.MEANINGS.get(name, {}).get(value) or labels.get(value) for value in shape["enum"]}
        known = {value: meaning or value for value, meaning in told.items()}
        shape["description"] = "\n".join(f"* `{value}`: {meaning}" for value, meaning in known.items())
        shape["x-enum-descriptions"] = known
        return
    shape["description"] = words(shape.get("description", ""))
    for field in shape.get("properties", {}).values():
        if isinstance(field.get("type"), list):
            field["type"] = list(dict.fromkeys(field["type"]))
        if "description" in field:
            is_told_elsewhere = "$ref" in str(field)
            field["description"] = words(
                _CHOICES.sub("", field["description"]) if is_told_elsewhere else field["description"]
            )
        if {"type": "string", "maxLength": 0} in field.get("oneOf", ()):  # an empty text is a text
            field.update(next(kind for kind in field.pop("oneOf") if kind.get("maxLength") != 0))
        if field.get("description") == "":
            del field["description"]


def _order(path: str, parameter: Told) -> tuple[int, int]:
    return ("path", "query", "header", "cookie").index(parameter["in"]), path.find(f"{{{parameter['name']}}}")


def _name(operation: Told) -> None:
    """A title from the method's name, and the description after the first sentence's word."""
    name = operation["operationId"]
    operation.setdefault("summary", meanings.TITLES.get(name) or title(name))
    operation["description"] = words(operation.get("description", ""))


def title(name: str) -> str:
    """``read_goal`` as "Read a goal", ``list_goals`` as "List goals"."""
    verb, *rest = name.split("_")
    if not rest:
        return verb.capitalize()
    noun = " ".join(rest)
    is_one = not rest[-1].endswith("s") and rest[-1] not in _PLAIN and rest[0] not in {"on", "for", "as", "to", "own"}
    article = ("an " if noun[0] in "aeiou" else "a ") if is_one else ""
    return f"{verb.capitalize()} {article}{noun}"


def _address(path: str, operation: Told, shapes: dict[str, Told]) -> None:
    enums = {tuple(shape["enum"]): name for name, shape in shapes.items() if "enum" in shape}
    for parameter in operation.get("parameters", []):
        parameter["name"] = naming.NAMES.get(parameter["name"], parameter["name"])
    operation.get("parameters", []).sort(key=lambda parameter: _order(path, parameter))
    for parameter in operation.get("parameters", []):
        told = parameter.get("description") or (
            meanings.PLACES.get(parameter["name"]) if parameter["in"] == "path" else ""
        )
        schema = parameter["schema"]
        named = enums.get(tuple(schema.get("enum", ())))
        if named:
            parameter["schema"] = {"$ref": f"{_PREFIX}{named}"}
            told = _CHOICES.sub("", told or "")
        if told:
            parameter["description"] = words(told)


def _problems(found: list[tuple[str, str, Told]]) -> Told:
    statuses = {int(status) for _path, _method, told in found for status in told["responses"]}
    return {
        problems.name(status): {"summary": problems.problem(status)["title"], "value": problems.problem(status)}
        for status in sorted(statuses)
        if status >= _REFUSED
    }


def _examples(path: str, operation: Told, shapes: dict[str, Told]) -> None:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        _exemplify(content, shapes)
    for status, response in operation["responses"].items():
        for kind, content in response.get("content", {}).items():
            if kind == MEDIA_TYPE and content["schema"].get("$ref") == f"{_PREFIX}Problem":
                name = problems.name(int(status))
                content["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}
            elif kind == MEDIA_TYPE:
                more = samples.sample(content["schema"], shapes)
                more.pop("errors", None)
                content.setdefault("example", {**more, **problems.problem(int(status))})
            elif kind.endswith("json"):
                _exemplify(content, shapes)
                _as_it_ends(path, operation["operationId"], content)
        response["description"] = response.get("description") or _told(response, shapes)


def _share(found: list[tuple[str, str, Told]], components: Told) -> None:
    """Say once what many operations answer alike: the problems."""
    names: dict[str, str] = {}
    for _path, _method, operation in found:
        for status, response in operation["responses"].items():
            if int(status) < _REFUSED:
                continue
            same = json.dumps(response, sort_keys=True)
            if same not in names:
                alike = sum(name.startswith(problems.name(int(status))) for name in names.values())
                names[same] = problems.name(int(status)) + (f"_{alike + 1}" if alike else "")
                components.setdefault("responses", {})[names[same]] = response
            operation["responses"][status] = {"$ref": f"#/components/responses/{names[same]}"}


def _exemplify(content: Told, shapes: dict[str, Told]) -> None:
    if not content.keys() & {"example", "examples"}:
        content["example"] = samples.sample(content["schema"], shapes)


def _as_it_ends(path: str, name: str, content: Told) -> None:
    """An answer's example as this operation leaves things; of a page, how the next one is asked for."""
    told = content.get("example")
    if not isinstance(told, dict):
        return
    told |= outcomes.ANSWERS.get(name, {})
    if "results" in told:
        told["next"] = outcomes.SITE + outcomes.fill(path) + "?cursor=cD0y"


def _told(response: Told, shapes: dict[str, Told]) -> str:
    """What an answer is, where the view left that to its shape."""
    for content in response.get("content", {}).values():
        shape = content["schema"].get("$ref", "").removeprefix(_PREFIX)
        if shape.startswith("Paginated"):
            return "One page of them, in an order that stays."
        if shape:
            return str(shapes[shape].get("description") or shape)
        return "The file." if content["schema"].get("format") == "binary" else "All of them."
    return _DONE


def _lead_on(path: str, method: str, operation: Told, found: list[tuple[str, str, Told]]) -> None:
    """From what was made to what one can do with it: the id of the answer stands in the address of the next call."""
    made = operation["responses"].get("201", {})
    shape = _shape(made)
    own = next((other for other, way, told in found if way == "get" and shape and _shape(_ok(told)) == shape), None)
    thing = re.search(r"\{(\w+)\}/$", own or "")
    if method != "post" or thing is None or own is None:
        return
    outer = _named(own) & _named(path)
    follow = {**{name: f"$request.path.{name}" for name in outer}, thing[1]: "$response.body#/id"}
    after = [told["operationId"] for other, _way, told in found if other.startswith(own) and _named(other) <= {*follow}]
    made["links"] = {name: {"operationId": name, "parameters": follow} for name in after}


def _named(path: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", path))


def _ok(operation: Told) -> Told:
    response: Told = operation["responses"].get("200", {})
    return response


def _shape(response: Told) -> str:
    contents = response.get("content", {}).values()
    return next((str(content["schema"].get("$ref", "")) for content in contents), "")
