"""Odd input on every page of a school: whatever somebody types or puts in an address, nothing breaks down."""

from __future__ import annotations

import re
from html import unescape

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.http import urlencode

from tests.platform import test_matrix as matrix
from tests.platform.test_matrix import Stage

stage = matrix.stage

FLOORS = ("workgroups:", "observations:")
FIELD = re.compile(r'<(?:input|textarea|select|button)[^>]*?\bname="([^"]+)"')
# What addresses ask for, and what buttons and hidden fields send along that stand on other pages or steps.
ASKED = [
    "about",
    "aspect",
    "as",
    "at",
    "card",
    "change",
    "column",
    "phrase",
    "scan",
    "screen",
    "side",
    "starter",
    "step",
    "tip",
    "year",
]
MORE = [
    "clock",
    "from",
    "goal",
    "kept-draft",
    "next",
    "place",
    "rotates",
    "scan",
    "shares",
    "shows",
    "start",
    "then",
    "use",
    "version",
]
ODD = {"no character": "a\x00b", "a huge number": "9" * 5000, "a long text": "x" * 20_000, "signs": "<script>٣²\u202e"}
BROKEN = 500


def test_nothing_breaks_down(stage: Stage) -> None:
    """Every page by its address and every form, with the same odd words in all of its fields."""
    chair, fields = stage.browsers["CH"], {}
    rows = [row for row in matrix._rows() if row.name.startswith(FLOORS)]
    for row in sorted(rows, key=lambda row: row.method):
        address = matrix._address(row.name, stage.own)
        if row.method == "GET":
            fields[row.name] = _fields(matrix._call(chair, "GET", address))
        for kind, odd in ODD.items():
            if row.method == "GET":
                asked = matrix._call(chair, "GET", f"{address}?{urlencode(dict.fromkeys(ASKED, odd))}")
                assert asked.status_code < BROKEN, (row, kind)
            else:
                sent = dict.fromkeys([*fields.get(row.name, ()), *MORE], odd)
                assert _status(chair, address, sent) < BROKEN, (row, kind)


def _fields(page: HttpResponse) -> set[str]:
    """What its forms send; a file has none."""
    shown = page.content.decode() if page["Content-Type"].startswith("text/html") else ""
    return {unescape(name) for name in FIELD.findall(shown)} - {"csrfmiddlewaretoken"}


def _status(client: Client, address: str, data: dict[str, str]) -> int:
    """The status of the answer, its effects undone."""
    with transaction.atomic():
        status: int = client.post(address, data).status_code
        transaction.set_rollback(True)
    return status
