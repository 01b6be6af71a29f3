"""Rows 15, 24 and the meeting that moves three times: when letters leave, and what the last one says."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from django.utils import timezone

from benchmarks.faults import world
from benchmarks.faults.fleet import Engine
from benchmarks.faults.stage import TICK, Result, Stage, soon, spread
from benchmarks.relay import Accepted
from schools import post, tenancy
from schools.models import Delivery
from tests import factories
from workgroups import actions

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
# An outage is got over in small rounds: what leaves out of turn would not show within large ones.
_BATCH, _ENGINES = 5, 5
_AT_ONCE = _ENGINES * 2 * _BATCH  # messages that they hold, with the next round of each
_MEGABYTE = 1024


def outage(stage: Stage) -> Iterator[Result]:
    """Row 15: three days without an engine; half of the letters have lost their use, some people have a heap."""
    people, each = stage.size(1000, least=48), 8
    here = world.gather(people)
    now = post.clock()
    for letter in range(each):
        _overdue(here, now, letter)
    with stage.engines(workers=_ENGINES - 1, beats=1, loops=1, lines=2, batch=_BATCH) as _fleet:
        found = stage.finish(seconds=300)
    rows = world.rows()
    expired = {row.pk for row in rows if row.expires_at <= now}
    sent = [row for row in rows if row.state == "sent"]
    exactly = {row.pk for row in sent} == {row.pk for row in rows} - expired
    in_time = all(row.sent_at and row.sent_at < row.expires_at for row in sent)
    digests, turns = _digests(sent), _out_of_turn(sent, stage.relay.accepted())
    passed = found.is_clean and exactly and in_time and bool(digests) and max(digests.values()) == 1
    words = f"{len(expired)} expired; {len(digests)} people got one digest; left out of turn: {turns}"
    expected = found.reasons == {"expired": len(expired)} and not found.duplicates
    yield Result("three days without engines", found, passed and expected and not turns, words)


def _overdue(here: world.World, now: dt.datetime, letter: int) -> None:
    """The groups' meeting of one day: half lie behind; every third group has no more than two that lie ahead."""

    def ahead(number: int) -> bool:
        return letter < (2 if number % 3 == 0 else 5)

    world.write_down(
        here,
        lambda _number: now - 3 * DAY + letter * HOUR,
        meets=lambda number: timezone.localdate() + (letter + 2 if ahead(number) else -letter - 1) * DAY,
    )


def _digests(sent: Sequence[Delivery]) -> Counter[tuple[int | None, int]]:
    """How many messages with more than one letter each person got in a school."""
    whose = {row.message_id: (row.user_id, row.school_id) for row in sent}
    sizes = Counter(row.message_id for row in sent)
    return Counter(whose[number] for number, size in sizes.items() if size > 1)


def _out_of_turn(sent: Sequence[Delivery], accepted: Sequence[Accepted]) -> int:
    """Messages that left well before one that loses its use a day earlier."""
    ends: dict[str, dt.datetime] = {}
    for row in sent:
        ends[row.message_id] = min(row.expires_at, ends.get(row.message_id, row.expires_at))
    order = [ends[one.message_id] for one in accepted]
    after = list(accumulate(reversed(order), min))[::-1]  # the most urgent of those that left at this place or later
    return sum(after[place + _AT_ONCE] <= end - DAY for place, end in enumerate(order[: -_AT_ONCE or None]))


def lateness(stage: Stage) -> Iterator[Result]:
    """Row 24: how late letters leave over a mail server that takes a tenth of a second for each."""
    yield _late(stage, stage.size(5000), (75, 150))
    yield _late(stage, stage.size(500, least=50), (20, 60))


def _late(stage: Stage, due: int, most: tuple[float, float]) -> Result:
    here = world.gather(due)
    with stage.engines(workers=4, beats=1, tick=TICK, lines=4, batch=0, delay=0.1) as fleet:
        moments = spread(soon(), len(here.groups), 60.0)
        world.write_down(here, moments.__getitem__)
        found = stage.finish(seconds=400)
        memory = max(_megabytes(one) for one in fleet.these("worker"))
    half, nearly_all = found.share(0.5), found.share(0.99)
    passed = found.is_clean and not found.duplicates and half < most[0] and nearly_all < most[1] and memory < 200
    words = f"p50 {half:.1f} s, p99 {nearly_all:.1f} s (allowed {most[0]} and {most[1]}); worker {memory:.0f} MB"
    return Result(f"{due} due within a minute, 100 ms each", found, passed, words)


def _megabytes(engine: Engine) -> float:
    """The memory of the process that works, at its highest."""
    peaks = []
    for pid in engine.children():
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) / _MEGABYTE for line in lines if line.startswith("VmHWM")]
    return max(peaks, default=0.0)


def moved_three_times(stage: Stage) -> Iterator[Result]:
    """Everybody heard of the meeting; it moves three times within ten minutes while both engines run."""
    yield _moved(stage, pause=50, letters={1})
    yield _moved(stage, pause=200, letters={1, 2, 3})


def _moved(stage: Stage, *, pause: float, letters: set[int]) -> Result:
    here = world.gather(stage.size(40, least=4) * world.A_GROUP)
    with stage.engines(workers=2, beats=2, loops=1, lines=2, batch=0) as fleet:
        fleet.keep()
        start = soon()
        world.write_down(here, lambda _number: start, meets=lambda _number: timezone.localdate() + 9 * DAY)
        stage.finish(seconds=120)
        told = stage.relay.count()
        for turn in range(3):
            _move_all(turn)
            time.sleep(stage.wait(pause))
        found = stage.finish(seconds=stage.wait(900) + 120)
        wrong = _wrong_last_letters(stage.relay.accepted())
        heard = Counter(one.recipient for one in stage.relay.accepted()[told:])
    passed = found.is_clean and not found.duplicates and set(heard.values()) <= letters and not wrong
    words = f"letters of the moves for each: {dict(Counter(heard.values()))}; last letters that are wrong: {wrong}"
    everybody = len(heard) == sum(map(len, here.people.values()))
    return Result(f"moved three times, {pause:g} s apart", found, passed and everybody, words)


def _move_all(turn: int) -> None:
    times = (dt.time(14, 0), dt.time(15, 45), dt.time(16, 30))
    for meeting in world.meetings():
        with tenancy.acting_for_system("faults"):
            seat = meeting.group.seats.select_related("user").get(is_chair=True)
            actions.move_meeting(
                meeting=meeting, day=meeting.day, time=times[turn], minutes=60, place=f"Lokaal {turn}", title="",
                by=factories.hat(seat.user, meeting.school, today=timezone.localdate()), now=timezone.now(),
            )  # fmt: skip


def _wrong_last_letters(accepted: Sequence[Accepted]) -> int:
    """People whose last letter speaks of an older schedule than their meeting has."""
    versions = {meeting.pk: meeting.schedule_version for meeting in world.meetings()}
    rows = {row.message_id: row for row in world.rows()}
    last = {one.recipient: rows[one.message_id] for one in accepted}
    return sum(row.version != versions[row.subject_id] for row in last.values())


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "15": outage,
    "24": lateness,
    "moved": moved_three_times,
}
