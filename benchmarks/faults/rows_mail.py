"""Rows 9 to 11, 13 and 14: a mail server that refuses, a letter that cannot be written, a school with a flood."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.faults import world
from benchmarks.faults.fleet import until
from benchmarks.faults.stage import LEASE, TICK, Result, Stage, soon, to_do
from schools import tenancy
from schools.models import Delivery
from workgroups.models import Meeting

_REFUSALS = ("450 busy", "451 later", "452 full", "432 moving")
_OUTAGE = 1200.0
_MOST_TRIES = 5
_PAUSES = 111 * 60.0  # all five, in seconds


def put_off(stage: Stage) -> Iterator[Result]:
    """Row 9: everybody is put off for twenty minutes; then the same by a server that lets nobody in."""
    by_place = [f"rcpt:.{place}@:{_REFUSALS[place % len(_REFUSALS)]}" for place in range(world.A_GROUP)]
    yield _refused(stage, "450, 451, 452 and 432", by_place)
    yield _refused(stage, "421 at the door", ["connect:all:421 too busy"])


def _refused(stage: Stage, name: str, rules: list[str]) -> Result:
    here, lasts = world.gather(stage.size(1000, least=60)), stage.wait(_OUTAGE)
    with stage.engines(workers=2, beats=1, loops=1, lines=2, batch=0) as _fleet:
        stage.relay.rules(*rules)
        start = soon()
        world.write_down(here, lambda _number: start)
        until(lambda: to_do() == 0, seconds=lasts)
        refused = stage.relay.count() == 0
        stage.relay.rules()
        found = stage.finish(seconds=stage.wait(_PAUSES) + 120)
        most = max(row.attempts for row in world.rows())
    passed = found.is_clean and refused and not found.duplicates and most <= _MOST_TRIES
    return Result(f"{name} for 20 min", found, passed, f"in fact {lasts:g} s; at most {most} tries")


def one_of_twelve(stage: Stage) -> Iterator[Result]:
    """Row 10: the mail server knows one of the twelve readers not."""
    here = world.gather(world.A_GROUP)
    with stage.engines(workers=1, beats=1, batch=0) as _fleet:
        stage.relay.rules("rcpt:.3@:550 nobody here")
        start = soon()
        world.write_down(here, lambda _number: start)
        found = stage.finish(seconds=120)
        tries = {row.attempts for row in world.rows()}
    reasons = dict(found.reasons) == {"mail server said 550": 1}
    passed = found.is_clean and found.accepted == world.A_GROUP - 1 and found.states["failed"] == 1
    yield Result("550 for one of twelve", found, passed and reasons and tries == {1}, f"{dict(found.reasons)}")


def greylisted(stage: Stage) -> Iterator[Result]:
    """Row 11: every reader is put off the first time."""
    here = world.gather(stage.size(1000, least=60))
    with stage.engines(workers=2, beats=1, loops=1, lines=2, batch=0) as _fleet:
        stage.relay.rules("rcpt:first:451 come again")
        start = soon()
        world.write_down(here, lambda _number: start)
        found = stage.finish(seconds=stage.wait(_PAUSES) + 120)
    most = stage.wait(360) + 5
    passed = found.is_clean and not found.duplicates and found.worst <= most
    yield Result("greylisting of every first try", found, passed, f"worst allowed {most:g} s")


def unanswered(stage: Stage) -> Iterator[Result]:
    """Every twelfth text is accepted and the answer lost: nobody knows, and it is tried again after the lease."""
    here = world.gather(stage.size(1000, least=60))
    with stage.engines(workers=2, beats=1, loops=1, lines=2, batch=0) as _fleet:
        stage.relay.rules("text:1/12:take, hang up")
        start = soon()
        world.write_down(here, lambda _number: start)
        found = stage.finish(seconds=stage.wait(3 * LEASE) + 120)
        doubts = sum(row.doubts for row in world.rows())
    passed = found.is_clean and found.duplicates <= doubts and not found.doubled_at_one_try
    yield Result("accepted, and the answer lost: every twelfth", found, passed, f"{doubts} answers lost")


def poisoned(stage: Stage) -> Iterator[Result]:
    """Row 13: one letter of many cannot be written, since the row of its meeting is broken."""
    here = world.gather(stage.size(5000) // world.A_GROUP * world.A_GROUP + 1)
    with stage.engines(workers=2, beats=1, loops=1, lines=2, batch=0) as fleet:
        fleet.keep()
        start = soon(2)
        world.write_down(here, lambda _number: start)
        with tenancy.acting_for_system("faults"):
            broken = Delivery.objects.filter(kind="invitation").order_by("-pk")[:1].get()
            Meeting.objects.filter(pk=broken.subject_id).update(time_zone="No/Where")
        found = stage.finish(seconds=stage.wait(_PAUSES) + 120)
        with tenancy.acting_for_system("faults"):
            broken.refresh_from_db()
    ended = (broken.state, broken.reason, broken.attempts) == ("failed", "could not be written", 3)
    passed = found.is_clean and found.accepted == found.due - 1 and not found.duplicates and not fleet.restarts
    yield Result("one letter that cannot be written", found, passed and ended, f"it {broken.state}: {broken.reason}")


def flood(stage: Stage) -> Iterator[Result]:
    """Row 14: thousands of one school, five of another, all due at the same time."""
    here = world.gather(stage.size(10_000), schools=1)
    with stage.engines(workers=4, beats=1, tick=TICK, lines=4, batch=0) as _fleet:
        start = soon(2)
        with tenancy.acting_for_system("faults"):
            other = world.add_group(here, here.everywhere[1], len(here.groups), 5)
        world.write_down(here, lambda _number: start)
        found = stage.finish(seconds=600)
        theirs = {one.email for one in here.people[other.pk]}
        late = [one.at - start.timestamp() for one in stage.relay.accepted() if one.recipient in theirs]
    passed = found.is_clean and not found.duplicates and len(late) == len(theirs) and max(late) <= 60
    yield Result("a flood of one school, five of another", found, passed, f"the five left within {max(late):.1f} s")


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "9": put_off,
    "10": one_of_twelve,
    "11": greylisted,
    "answers": unanswered,
    "13": poisoned,
    "14": flood,
}
