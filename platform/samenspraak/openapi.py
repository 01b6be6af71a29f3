"""How the API describes itself: every operation names its problems, and the whole is made once."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from schools import once, problems

_WRITING = {"POST", "PUT", "PATCH", "DELETE"}
_TOLD = {
    400: "The body, a parameter or the page asked for does not fit.",
    401: "The token is unknown or no longer valid, or there is no sign-in where one is needed.",
    403: "The caller may know of it, but may not do this; or has no second step where the site asks one; "
    "or a session without its CSRF token.",
    404: "It is not there, or it is not the caller's: both answer alike.",
    406: "JSON is the only format.",
    409: "The domain refuses: `code` says why, `detail` in a sentence.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The `Idempotency-Key` belongs to another call.",
    429: "Too many requests: try again after `Retry-After` seconds.",
}
_HEADERS = {
    "ETag": (
        "string",
        "The mark of this answer: send it as `If-None-Match` to read only what changed, as `If-Match` to change it.",
    ),
    "Location": ("string", "Where to find it from now on."),
    "RateLimit": ("string", 'What is left, as `"caller";r=<calls>;t=<seconds>`: after `t` seconds there are more.'),
    "RateLimit-Policy": ("string", 'How many calls a person may make, as `"caller";q=<calls>;w=<seconds>`.'),
    "Retry-After": ("integer", "Seconds until it makes sense to try again."),
}
_REFUSED = 400
_KEY = {
    "in": "header",
    "name": once.HEADER,
    "required": False,
    "schema": {"type": "string", "pattern": once.PATTERN},
    "description": "A new UUID for each thing that you want done. The same call by the same key within 24 hours is not "
    "done again: it gets the first answer, with `Idempotent-Replayed: true`. Nothing is kept of a call that was "
    "refused.",
}


class Operation(AutoSchema):
    """An operation with its problems, each in the one shape."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation as the library sees it, and what can go wrong."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        shape = self.resolve_serializer(problems.Problem, "response").ref
        for status in self._problems(operation):
            content = {problems.MEDIA_TYPE: {"schema": shape}}
            operation["responses"].setdefault(str(status), {"description": _TOLD[status], "content": content})
        self._add_conventions(operation)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _add_conventions(self, operation: dict[str, Any]) -> None:
        """What every answer says beside its body, and the answer to who has read it before."""
        if getattr(self.view, "leaving", None):
            operation["deprecated"] = True
        if self.method == "GET" and "200" in operation["responses"]:
            operation["responses"]["304"] = {"description": "`If-None-Match` names its `ETag`: it looks as it did."}
        if self._takes_keys:
            operation["parameters"] = [*operation.get("parameters", []), _KEY]
        for status, response in operation["responses"].items():
            named = ["RateLimit-Policy", "RateLimit"]
            named += ["ETag"] if (response.get("content") and int(status) < _REFUSED) or status == "304" else []
            named += ["Location"] if status == "201" and self.method == "POST" else []
            named += ["Retry-After"] if status == "429" else []
            told = {name: {"$ref": f"#/components/headers/{name}"} for name in named}
            response["headers"] = {**told, **response.get("headers", {})}

    @property
    def _takes_keys(self) -> bool:
        """Whether it is done once by an ``Idempotency-Key``."""
        return self.method == "POST" and getattr(self.view, "keeps_calls", True)

    def _problems(self, operation: dict[str, Any]) -> set[int]:
        """Which statuses may come."""
        found = {401, 403, 406, 429}
        found |= {404} if "{" in self.path else set()
        found |= {400, 422} if self._takes_keys else set()
        found |= {409} if self.method in _WRITING else set()
        found |= {400, 413, 415} if "requestBody" in operation else set()
        paged = any(parameter["name"] == "cursor" for parameter in operation.get("parameters", []))
        found |= {404} if paged else set()
        asks = any(parameter["in"] == "query" for parameter in operation.get("parameters", []))
        return found | ({400} if asks else set())


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, in English whoever asks. Made once in a process."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    headers = {name: {"description": told, "schema": {"type": kind}} for name, (kind, told) in _HEADERS.items()}
    made["components"]["headers"] = headers
    return made
