"""A process whose readers open a page again and again: `python -m benchmarks.readers school 25`.

Its last line tells the middle of all openings, in milliseconds: of the whole page, and of what the database took of it.
Each reader opens the page of another school, with the same roles and the same amount of everything around.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import django
from django.db import connection
from django.test import Client

django.setup()

from benchmarks import country  # noqa: E402  # after Django is set up
from schools.models import School, User  # noqa: E402

READERS, WARM = 4, 5
# Schools whose groups stand alike in everything that country.py takes from their numbers.
_ALIKE = 24
_BOARD = 8
# Per page the reader's place in the school, and the address by the school's number.
PAGES: dict[str, tuple[int, Callable[[int], str]]] = {
    "profile": (4, lambda school: f"/s/school-{school}/groups/{(school - 1) * country.GROUPS + 1}/profile/"),
    "school": (1, lambda school: f"/s/school-{school}/dashboard/"),
    "board": (2, lambda school: f"/b/{40000 + (school - 1) // _BOARD + 1}/"),
}


class Reader:
    """Somebody who is signed in and opens one page."""

    def __init__(self, person: int, address: str) -> None:
        self.address = address
        self.browser = Client(headers={"host": "localhost"})
        self.browser.force_login(User.objects.get(pk=person))

    def open(self) -> None:
        """Read it whole."""
        answer = self.browser.get(self.address)
        if answer.status_code != HTTPStatus.OK:
            sys.exit(f"{self.address} answered {answer.status_code}.")


def readers_of(page: str) -> list[Reader]:
    """A few, spread over the whole country."""
    place, address = PAGES[page]
    alike = range(1, School.objects.count() + 1, _ALIKE)
    chosen = alike[:: max(1, len(alike) // READERS)][:READERS]
    return [Reader((school - 1) * country.PEOPLE + place, address(school)) for school in chosen]


@contextmanager
def database_watched() -> Iterator[list[float]]:
    """The seconds of every statement in the block."""
    spans: list[float] = []

    def watch(execute: Callable[..., Any], *told: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*told)
        finally:
            spans.append(time.perf_counter() - began)

    with connection.execute_wrapper(watch):
        yield spans


def main(page: str, times: int) -> None:
    """Warm up, measure and tell."""
    readers, whole, database = readers_of(page), [], []
    for turn in range(WARM + times):
        for reader in readers:
            with database_watched() as spans:
                began = time.perf_counter()
                reader.open()
                span = time.perf_counter() - began
            if turn >= WARM:
                whole.append(span * 1000)
                database.append(sum(spans) * 1000)
    print(json.dumps({"ms": statistics.median(whole), "database": statistics.median(database)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
