"""A process that asks for a list of 50 in three ways, in turns: `python -m benchmarks.listing 5 150`.

Its last line tells the queries of ours, and per pair how many answers of each side went out in a second, and in a
second of processor time of its own. With `profile` behind, it prints instead where the time of ours goes.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from functools import partial
from http import HTTPStatus
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

django.setup()

from benchmarks import ratio, readers  # noqa: E402  # after Django is set up
from schools import tokens  # noqa: E402
from schools.models import User  # noqa: E402

LEADER, SCHOOL = 1, "school-1"
OURS = f"/api/v1/schools/{SCHOOL}/meetings/"
PLAIN, AGGREGATED = f"/api/v1/plain/{SCHOOL}/", f"/api/v1/aggregated/{SCHOOL}/"
WARM = 20


class Caller:
    """A program that asks for one address with its owner's token."""

    def __init__(self, key: str, address: str) -> None:
        self.address = address
        self.client = Client(headers={"host": "localhost", "authorization": f"Bearer {key}"})

    def ask(self) -> bytes:
        """The whole answer."""
        answer = self.client.get(self.address)
        if answer.status_code != HTTPStatus.OK:
            sys.exit(f"{self.address} answered {answer.status_code}: {answer.content!r}")
        return bytes(answer.content)


def per_second(caller: Caller, times: int) -> tuple[float, float]:
    """How many answers in a second, and in a second of our own processor time."""
    began, used = time.perf_counter(), time.process_time()
    for _time in range(times):
        caller.ask()
    return times / (time.perf_counter() - began), times / (time.process_time() - used)


def callers() -> list[Caller]:
    """Ours, the plain one and the database's; their rows must be the same."""
    settings.ROOT_URLCONF = "benchmarks.lists"
    key = tokens.make_token(user=User.objects.get(pk=LEADER), name="benchmark", now=timezone.now())
    found = [Caller(key, address) for address in (OURS, PLAIN, AGGREGATED)]
    ours, *others = (json.loads(caller.ask())["results"] for caller in found)
    if len(ours) != 50 or any(rows != ours for rows in others):
        sys.exit(f"Not the same rows: {ours[:1]} {[rows[:1] for rows in others]}")
    return found


def profiled(caller: Caller, times: int) -> None:
    """Where the time goes, the heaviest first."""
    watch = cProfile.Profile(time.process_time)
    watch.runcall(per_second, caller, times)
    for order in ("cumulative", "tottime"):
        pstats.Stats(watch).sort_stats(order).print_stats(70)


def main(pairs: int, times: int, *more: str) -> None:
    """Warm up, count, measure and tell."""
    ours, plain, aggregated = callers()
    for caller in (ours, plain, aggregated):
        per_second(caller, WARM)
    if more:
        profiled(ours, times)
        return
    with readers.database_watched() as spans:
        ours.ask()
    told: dict[str, Any] = {"queries": len(spans)}
    for name, other in (("plain", plain), ("json_agg", aggregated)):
        sides = ratio.in_turns(pairs, partial(per_second, ours, times), partial(per_second, other, times))
        told[name] = [[rate for rate, _own in side] for side in sides]
        told[f"{name}, own"] = [[own for _rate, own in side] for side in sides]
    connection.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
