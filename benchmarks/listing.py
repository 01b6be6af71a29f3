"""A process that asks for a list of 50 in four ways, in turns: `python -m benchmarks.listing 5 150`.

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
OTHERS = {name: f"/api/v1/{name}/{SCHOOL}/" for name in ("plain", "checked", "json_agg")}
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


def callers() -> tuple[Caller, dict[str, Caller]]:
    """Ours, and the others by name; the rows of all must be the same."""
    settings.ROOT_URLCONF = "benchmarks.lists"
    key = tokens.make_token(user=User.objects.get(pk=LEADER), name="benchmark", now=timezone.now())
    ours, others = Caller(key, OURS), {name: Caller(key, address) for name, address in OTHERS.items()}
    rows, *more = (json.loads(caller.ask())["results"] for caller in (ours, *others.values()))
    if len(rows) != 50 or any(found != rows for found in more):
        sys.exit(f"Not the same rows: {rows[:1]} {[found[:1] for found in more]}")
    return ours, others


def profiled(caller: Caller, times: int) -> None:
    """Where the time goes, the heaviest first."""
    watch = cProfile.Profile(time.process_time)
    watch.runcall(per_second, caller, times)
    for order in ("cumulative", "tottime"):
        pstats.Stats(watch).sort_stats(order).print_stats(70)


def main(pairs: int, times: int, *more: str) -> None:
    """Warm up, count, measure and tell."""
    ours, others = callers()
    for caller in (ours, *others.values()):
        per_second(caller, WARM)
    if more:
        profiled(ours, times)
        return
    with readers.database_watched() as spans:
        ours.ask()
    told: dict[str, Any] = {"queries": len(spans)}
    for name, other in others.items():
        sides = ratio.in_turns(pairs, partial(per_second, ours, times), partial(per_second, other, times))
        told[name] = [[rate for rate, _own in side] for side in sides]
        told[f"{name}, own"] = [[own for _rate, own in side] for side in sides]
    connection.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
