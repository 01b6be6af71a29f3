"""Every form and body of the product, sent as a browser or a program would, and what it wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client

from tests.platform import test_matrix as matrix
from tests.platform.test_matrix import Row

FIRST, NEW, NOBODYS = 4_200_000, 8_000_000, 999_999_999
THEIRS = FIRST + 1
_WRITES = ("INSERT", "UPDATE", "DELETE")
_NUMBERED = re.compile(r"\d{7,}")


@dataclass
class Sent:
    """What came of it: the answer, what it wrote, and the names that the product looked for in what was sent."""

    status: int
    body: bytes
    writes: list[tuple[str, str]]
    rows: set[int]
    asked: set[str] = field(default_factory=set)

    @property
    def told(self) -> tuple[int, str]:
        """Status and body, with long numbers as one."""
        return self.status, _NUMBERED.sub("#", self.body.decode())


@contextmanager
def _listening() -> Iterator[tuple[list[tuple[str, str]], set[int], set[str]]]:
    """What is written meanwhile, the numbers of rows in it, and the names asked for in a query or form."""
    writes: list[tuple[str, str]] = []
    rows: set[int] = set()
    asked: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(_WRITES) and "django_session" not in sql and "schools_session" not in sql:
            writes.append((sql, _NUMBERED.sub("#", str(params))))
            rows.update(value for value in params or () if isinstance(value, int))
        return execute(sql, params, many, context)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, name, _overheard(getattr(QueryDict, name), asked))
        with connection.execute_wrapper(note):
            yield writes, rows, asked


def _overheard(read: Callable[..., Any], asked: set[str]) -> Callable[..., Any]:
    def overheard(self: QueryDict, key: Any, *more: Any, **values: Any) -> Any:
        asked.add(str(key))
        return read(self, key, *more, **values)

    return overheard


def send(client: Client, row: Row, address: str, data: dict[str, Any]) -> Sent:
    """Send it; nothing of it stays."""
    method = getattr(client, row.method.lower())
    cookies = dict(client.cookies)
    with _listening() as (writes, rows, asked), transaction.atomic():
        if address.startswith("/api/") and row.method != "GET":
            answer: HttpResponse = method(address, json.dumps(data), content_type="application/json")
        else:
            answer = method(address, data)
        body = b"" if answer.streaming else matrix._body(answer)
        transaction.set_rollback(True)
    client.cookies.clear()  # what was said on the way, such as that it is saved
    client.cookies.update(cookies)
    assert answer.status_code < 500, (row, data)
    return Sent(answer.status_code, body, writes, rows, asked)


class _Form(HTMLParser):
    """The fields of the form that a page sends to an address, filled in."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.values = address, dict[str, str]()
        self._inside, self._select = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._inside = found.get("method") == "post" and found.get("action", "") in ("", self.address)
        elif self._inside and tag == "select":
            self._select = name
        elif self._inside and tag == "option" and found.get("value"):
            if "selected" in found or not self.values.get(self._select):
                self.values[self._select] = found["value"]
        elif self._inside and name and tag in {"input", "textarea", "button"}:
            self._fill(tag, name, found)

    def _fill(self, tag: str, name: str, found: dict[str, str]) -> None:
        kind = found.get("type", "text" if tag != "button" else "button")
        if kind in {"radio", "checkbox"}:
            if "checked" in found or name not in self.values:
                self.values[name] = found.get("value", "on")
        elif kind == "button":
            pass
        else:
            self.values[name] = found.get("value") or {"text": "Wat wij vragen", "textarea": "Wat wij vragen"}.get(
                kind, ""
            )

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def filled_in(client: Client, name: str, address: str) -> dict[str, str]:
    """What a browser sends from the page at an address, its empty lines filled in; nothing where there is no page."""
    if not any(row.name == name and row.method == "GET" for row in matrix._rows()):
        return {}
    page = matrix._call(client, "GET", address)
    if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
        return {}
    form = _Form(address)
    form.feed(page.content.decode())
    form.values.pop("csrfmiddlewaretoken", None)
    return form.values
