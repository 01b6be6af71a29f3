"""Everything that pages do is there over REST, or over_rest.txt says why not."""

from __future__ import annotations

from pathlib import Path

from samenspraak import openapi
from tests.platform import test_matrix

TABLE = Path(__file__).with_name("over_rest.txt")


def _lines() -> list[tuple[str, str, str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    split = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return [(name, method, told) for name, method, told in split]


def _operations() -> set[str]:
    paths = openapi.document()["paths"]
    return {operation["operationId"] for operations in paths.values() for operation in operations.values()}


def test_every_page_and_method_has_its_line_once() -> None:
    pages = [(row.name, row.method) for row in test_matrix._rows() if not row.name.startswith("api:")]
    assert [(name, method) for name, method, _told in _lines()] == pages


def test_each_line_names_operations_that_exist_or_a_reason() -> None:
    named = {word for _name, _method, told in _lines() if not told.startswith("- ") for word in told.split()}
    assert named - _operations() == set()


def test_what_is_left_out_says_why_in_a_sentence() -> None:
    reasons = {told.removeprefix("- ") for _name, _method, told in _lines() if told.startswith("-")}
    assert all(len(reason.split()) > 2 for reason in reasons), reasons
