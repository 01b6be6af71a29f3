"""Calling the API as somebody; every answer is held against the schema, so that neither can lie."""

from __future__ import annotations

import copy
import json
import re
import uuid
from contextvars import copy_context
from functools import cache
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from samenspraak import openapi
from samenspraak.reference import finishing, naming
from schools import tenancy, tokens
from schools.models import User
from tests import factories, walled

ROOT = "/api/v1/"
OK = 200
WITHOUT_BODY = (204, 304)
HAT = 1  # query of who is asking: membership, and with it places at tables
PROBLEM = "application/problem+json"
BROKEN = re.compile(rb'<[a-z][^<>]*="[^"<>]*<')  # a tag inside an attribute: some text was not meant to stand there


class Browser(Client):
    """A browser whose requests open the door themselves, as if the test held none open; it refuses broken pages."""

    def request(self, **request: Any) -> Any:
        def alone() -> Any:
            tenancy._inside.set(None)
            return super(Browser, self).request(**request)

        answer = copy_context().run(alone)
        walled.keep_open()
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            assert not BROKEN.search(answer.content), BROKEN.search(answer.content)
        return answer


class Answer:
    """What came back."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.content: bytes = response.content

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    def __repr__(self) -> str:
        return f"{self.status} {self.content.decode()[:2000]}"


class Caller:
    """Somebody, or nobody, who calls the API with a token or in a session."""

    def __init__(self, user: User | None = None, *, by: str = "token", language: str = "en") -> None:
        self.client = Browser()
        self.headers = {"Accept-Language": language}
        if user is not None and by == "token":
            token = tokens.make_token(user=user, name=uuid.uuid4().hex, now=factories.NOW)
            self.headers["Authorization"] = f"Bearer {token}"
        elif user is not None:
            self.client.force_login(user)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("get", path, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("put", path, body, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("post", path, body, **headers)

    def cost(self, path: str) -> int:
        """The queries of a call beyond key, door and hat: those of a row that is not there, less its own look-up."""
        costs = []
        for address in (path, "schools/de-wilg/goals/99999/"):
            with CaptureQueriesContext(connection) as queries:
                self.get(address)
            costs.append(len(queries))
        return costs[0] - costs[1] + 1

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Call an address below the root; header names are written with underscores."""
        sent = body if isinstance(body, bytes) else json.dumps(body)
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        values = {} if body is None else {"data": sent, "content_type": "application/json"}
        address = path if path.startswith(("/", "http")) else ROOT + path
        answer = Answer(getattr(self.client, method)(address, headers=given, **values))
        hold_against_schema(method, address, answer)
        return answer


def hold_against_schema(method: str, address: str, answer: Answer) -> None:
    """The status is documented, the media type too, and the body fits with nothing left over."""
    operation = _operation(method, address)
    if operation and answer.status in WITHOUT_BODY:
        assert str(answer.status) in operation["responses"], answer
        assert answer.content == b""
        return
    kind = answer.headers["Content-Type"]
    if operation is None and address.partition("?")[0] == f"{ROOT}schema/" and answer.status == OK:
        return
    if operation is None:
        assert kind == PROBLEM, answer
        hold_against("Problem", answer.body)
        return
    assert str(answer.status) in operation["responses"], answer
    content = operation["responses"][str(answer.status)]["content"]
    if content.get(kind.partition(";")[0], {}).get("schema", {}).get("format") == "binary":
        return  # a file
    assert kind in content, (kind, answer)
    _check(content[kind]["schema"], answer.body)


def _operation(method: str, address: str) -> dict[str, Any] | None:
    place = resolve(address.partition("?")[0].removeprefix("http://testserver"))
    return _described(method, place.route)


@cache
def _described(method: str, route: str) -> dict[str, Any] | None:
    """The operation, with what each status answers also where the document says that once for many."""
    found: dict[str, Any] | None = openapi.document()["paths"].get("/" + naming.outside(_braces(route)), {}).get(method)
    if found is None:
        return None
    answers = finishing.answers(found, openapi.document())
    return {**found, "responses": {str(status): told for status, told in answers.items()}}


def _braces(route: str) -> str:
    parts = [part.split(":")[-1].rstrip(">") if part.startswith("<") else part for part in route.split("/")]
    held = [f"{{{name}}}" if part.startswith("<") else name for part, name in zip(route.split("/"), parts, strict=True)]
    return "/".join(held)


def hold_against(shape: str, body: Any) -> None:
    """The body fits the named shape of the schema, with nothing left over."""
    _check({"$ref": f"#/components/schemas/{shape}"}, body)


def _check(schema: dict[str, Any], body: Any) -> None:
    errors = list(_validator(json.dumps(schema)).iter_errors(body))
    assert not errors, (errors[0].message, list(errors[0].absolute_path), str(body)[:2000])


@cache
def _validator(schema: str) -> Draft202012Validator:
    """Made once for each shape: it finds its way through all of the schema's parts."""
    whole = {**json.loads(schema), "components": _closed_components()}
    return Draft202012Validator(whole, format_checker=FormatChecker())


@cache
def _closed_components() -> dict[str, Any]:
    """The schema's parts, with no room for members that it does not name."""
    components: dict[str, Any] = copy.deepcopy(openapi.document()["components"])
    for shape in components["schemas"].values():
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return components
