"""An example for any shape: made from the shape itself, with words that could have been written at a school."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from samenspraak.reference.values import VALUES

_START = "2026-11-24T14:15:00Z"
_FORMATS: dict[str, Any] = {
    "date-time": _START,
    "date": "2026-11-24",
    "time": "15:15",
    "uuid": "0b9f7a34-6f0e-4c55-9d0c-2f1f3e6b8a11",
    "uri": "https://samenspraak.example/api/v1/me/",
    "email": "carla@de-wilg.example",
}
_OTHERWISE: dict[str, Any] = {"boolean": True, "number": 2.5, "string": "Ons eigen woord", "null": None}
_TEXTS = (_OTHERWISE["string"], "15:15", "de-wilg", "1", '"1"')  # one of them fits any pattern of ours
_PREFIX = "#/components/schemas/"
_DEEPEST = 16


def sample(schema: dict[str, Any], shapes: dict[str, Any], *, name: str = "", depth: int = 0) -> Any:
    """One value of the schema. ``name`` is ``Shape.field`` or ``field``: what VALUES knows of it goes first."""
    for known in (name, name.rpartition(".")[2]):
        if known in VALUES and _fits(VALUES[known], schema, shapes):
            return VALUES[known]
    if "$ref" in schema:
        shape = schema["$ref"].removeprefix(_PREFIX)
        return sample(shapes[shape], shapes, name=shape, depth=depth + 1)
    for kind in ("oneOf", "anyOf", "allOf"):
        if kind in schema:
            return sample(schema[kind][0], shapes, name=name, depth=depth + 1)
    if "enum" in schema:
        return schema["enum"][0]
    return _by_type(schema, shapes, name, depth)


def _fits(value: Any, schema: dict[str, Any], shapes: dict[str, Any]) -> bool:
    whole = {**schema, "components": {"schemas": shapes}}
    return bool(Draft202012Validator(whole, format_checker=FormatChecker()).is_valid(value))


def _by_type(schema: dict[str, Any], shapes: dict[str, Any], name: str, depth: int) -> Any:
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        shape = name.partition(".")[0] if "." not in name else ""
        fields = schema.get("properties", {}) if depth < _DEEPEST else {}
        return {field: sample(told, shapes, name=f"{shape}.{field}", depth=depth + 1) for field, told in fields.items()}
    if kind == "array":
        inner = sample(schema.get("items", {}), shapes, name=f"{name}[]", depth=depth + 1)
        return [inner] if schema.get("maxItems") != 0 else []
    if kind == "integer":
        return max(schema.get("minimum", 1), 1) if schema.get("maximum", 1) >= 1 else schema["maximum"]
    if kind == "string" and "pattern" in schema:
        return next((text for text in _TEXTS if _fits(text, schema, shapes)), _TEXTS[0])
    return _FORMATS.get(schema.get("format", ""), _OTHERWISE.get(kind))
