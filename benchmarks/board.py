"""A process that opens a board of many schools as a page and as JSON, in turns: `python -m benchmarks.board 57 5 100`.

Its last line tells the queries of the page, and per pair how many of each went out in a second.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial

import django
from django.conf import settings
from django.db import connection

django.setup()

from benchmarks import country, ratio, readers  # noqa: E402  # after Django is set up
from schools.models import Board, BoardMembership, School  # noqa: E402

NUMBER, ADMIN = 49_999, 2
ADDRESS = f"/b/{NUMBER}/"
WARM = 20


def gather(schools: int) -> None:
    """One board with so many schools, and somebody who administers it."""
    board, _made = Board.objects.get_or_create(number=NUMBER, defaults={"name": "Bestuur van velen"})
    School.objects.filter(pk__lte=schools).update(board=board)
    today = country.today()
    BoardMembership.objects.get_or_create(board=board, user_id=ADMIN, until_date=None, defaults={"from_date": today})


def per_second(reader: readers.Reader, times: int) -> float:
    """How many openings in a second."""
    began = time.perf_counter()
    for _time in range(times):
        reader.open()
    return times / (time.perf_counter() - began)


def main(schools: int, pairs: int, times: int) -> None:
    """Warm up, count, measure and tell."""
    settings.ROOT_URLCONF = "benchmarks.as_json"
    gather(schools)
    page, bare = readers.Reader(ADMIN, ADDRESS), readers.Reader(ADMIN, f"{ADDRESS}json/")
    for reader in (page, bare):
        per_second(reader, WARM)
    with readers.database_watched() as spans:
        page.open()
    pages, bares = ratio.in_turns(pairs, partial(per_second, page, times), partial(per_second, bare, times))
    connection.close()
    print(json.dumps({"queries": len(spans), "page": pages, "json": bares}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
