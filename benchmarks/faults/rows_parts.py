"""Rows 3 to 6, 8 and 25: the parts around the engines that come and go."""

from __future__ import annotations

import http.client
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.faults import points, world
from benchmarks.faults.fleet import Fleet, until
from benchmarks.faults.stage import LEASE, TICK, Result, Stage, soon, spread
from samenspraak.celery import app
from schools import tenancy
from schools.models import Membership, User
from schools.roles import Role
from tests import factories, parts

_BROKER, _POST = "broker", "post"
_SAYS_SO = "Er gaat nu geen mail weg"


@contextmanager
def _again_and_again(deed: Callable[[], None], *, every: float) -> Iterator[list[float]]:
    """Do it every so many seconds while the block lasts; gives the moments."""
    ended, moments = threading.Event(), list[float]()

    def go_on() -> None:
        while not ended.wait(every):
            deed()
            moments.append(time.time())

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield moments
    finally:
        ended.set()
        thread.join()


def flushed(stage: Stage) -> Iterator[Result]:
    """Row 3: Redis forgets everything every five seconds; only Celery is there to deliver."""
    due, lasts = stage.size(5000), 60.0
    here = world.gather(due)
    with stage.engines(workers=4, beats=1, tick=TICK, lines=2) as fleet:
        fleet.keep()
        moments = spread(soon(), len(here.groups), lasts)
        world.write_down(here, moments.__getitem__)
        with _again_and_again(lambda: stage.order("FLUSHALL\r\n"), every=5.0) as flushes:
            found = stage.finish(seconds=lasts + 120)
    passed = found.is_clean and not found.duplicates and found.worst <= TICK + 35
    words = f"FLUSHALL {len(flushes)} times; worst allowed {TICK + 35:g} s: a tick and 35 s; {fleet.restarts} restarts"
    yield Result("FLUSHALL every 5 s", found, passed, words)


def without_redis(stage: Stage) -> Iterator[Result]:
    """Row 4: Redis is gone before the first letter is due; the second engine delivers, the pages go on."""
    due, lasts = stage.size(1000, least=100), stage.wait(1800, least=60)
    here = world.gather(due)
    port = parts.free_port()
    with stage.engines(workers=1, beats=1, loops=1, tick=TICK) as fleet:
        fleet.add("web", str(port))
        fleet.wait()
        stage.broker.stop()
        try:
            moments = spread(soon(), len(here.groups), lasts)
            world.write_down(here, moments.__getitem__)
            site = Site(port)
            with _again_and_again(site.look, every=5.0):
                found = stage.finish(seconds=lasts + 120)
        finally:
            stage.broker.start()
    pages = site.always(reverse(settings.LOGIN_URL), 200) and site.always("/readyz", 200) and site.parts == {_BROKER}
    passed = found.is_clean and not found.duplicates and found.worst <= 60 and pages
    words = f"away for {lasts:g} s; pages {dict(site.seen)}, /healthz/post says {sorted(site.parts)}"
    yield Result("Redis away, deliver --loop", found, passed, words)


@dataclass
class Site:
    """What the pages answered."""

    port: int
    address: str = "127.0.0.1"
    seen: dict[tuple[str, int], int] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Ask three pages."""
        for path in (reverse(settings.LOGIN_URL), "/readyz"):
            self._ask(path)
        self.parts.add(self.failing())

    def failing(self) -> str:
        """The part that /healthz/post names, or nothing."""
        status, said = self._ask("/healthz/post")
        return said.rpartition('"part": "')[2].partition('"')[0] if status == 503 else ""

    def page(self, path: str, cookie: str) -> str:
        """A page for somebody who signed in."""
        return self._ask(path, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})[1]

    def always(self, path: str, status: int) -> bool:
        """Whether it answered so each time."""
        return {code for name, code in self.seen if name == path} == {status}

    def _ask(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection(self.address, self.port, timeout=30)
        try:
            line.request("GET", path, headers=headers or {})
            answer = line.getresponse()
            said = answer.read().decode()
        finally:
            line.close()
        self.seen[path, answer.status] = self.seen.get((path, answer.status), 0) + 1
        return answer.status, said


def beats(stage: Stage) -> Iterator[Result]:
    """Row 5: two beats, then five, then three of the second engine too."""
    due, lasts = stage.size(5000), 45.0
    here = world.gather(due)
    with stage.engines(workers=4, beats=2, tick=2.0, lines=2) as fleet:
        moments = spread(soon(), len(here.groups), lasts)
        world.write_down(here, moments.__getitem__)
        time.sleep(lasts / 3)
        fleet.add("beat", number=3)
        time.sleep(lasts / 3)
        fleet.add("loop", number=3)
        found = stage.finish(seconds=lasts + 120)
    yield Result("2, then 5 beats, then 3 loops too", found, found.is_clean and not found.duplicates)


def same_tick(stage: Stage) -> Iterator[Result]:
    """Row 6: fifty processes take the same tick at once."""
    due, ticks = stage.size(5000), 50
    here = world.gather(due)
    with stage.engines(workers=5, processes=10, batch=100) as _fleet:
        start = soon(0)
        world.write_down(here, lambda _number: start)
        threads = [threading.Thread(target=app.send_task, args=["schools.deliver"]) for _one in range(ticks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = stage.finish(seconds=180)
    yield Result(f"the same tick {ticks} times at once", found, found.is_clean and not found.duplicates)


def database_restarts(stage: Stage) -> Iterator[Result]:
    """Row 8: PostgreSQL ends and starts again, every second time without a clean end."""
    for lines in (1, 4):
        yield _restarted(stage, lines)


def _restarted(stage: Stage, lines: int) -> Result:
    due, times, every = stage.size(5000), 5, 10.0
    here = world.gather(due)
    with stage.engines(workers=4, beats=1, loops=1, lines=lines, delay=0.02) as fleet:
        moments = spread(soon(), len(here.groups), (times + 1) * every)
        world.write_down(here, moments.__getitem__)
        for number in range(times):
            time.sleep(every)
            stage.database.stop(signal.SIGQUIT if number % 2 else signal.SIGINT)
            stage.database.start()
        stage.finish(seconds=stage.wait(2 * LEASE) + 120)
        ended = [one.words[0] for one in fleet.engines if one.process.poll() is not None]
        silent = idle(stage, fleet, here)
        found = stage.finish(seconds=stage.wait(2 * LEASE) + 120)
    passed = found.is_clean and found.duplicates <= times and not found.doubled_at_one_try and not (ended or silent)
    words = f"{times} restarts, every second one a crash; engines that ended: {ended}, that send nothing more: {silent}"
    return Result(f"PostgreSQL restarted mid-run, {lines} line{'s' * (lines > 1)} each", found, passed, words)


def idle(stage: Stage, fleet: Fleet, here: world.World) -> list[str]:
    """The engines that send nothing of another load of letters, though there is enough for all of them."""
    stage.relay.delay(0.2)
    start = soon(0)
    world.write_down(here, lambda _number: start, meets=lambda _number: timezone.localdate() + 5 * world.DAY)
    left = {one.environment["FAULTS_NAME"]: one for one in fleet.engines if one.words[0] in {"worker", "loop"}}

    def all_send() -> bool:
        for name, one in list(left.items()):
            if points.lines_to(stage.relay.port, one.pid, *one.children()):
                del left[name]
        return not left

    until(all_send, seconds=60)
    stage.relay.delay(0)
    return sorted(left)


def dead_man(stage: Stage) -> Iterator[Result]:
    """Row 25: both engines stop; the probe fails and the banner shows, neither too early nor too late."""
    here = world.gather(stage.size(500, least=24))
    port = parts.free_port()
    with stage.engines(workers=1, beats=1, loops=1, tick=max(1.0, TICK * stage.pace)) as fleet:
        fleet.add("web", str(port))
        fleet.wait()
        start = soon()
        world.write_down(here, lambda _number: start)
        found = stage.finish(seconds=120)
        site, admin = Site(port), session_of_an_admin()
        until(lambda: not site.failing(), seconds=60)
        well = _SAYS_SO not in site.page(f"/s/{here.schools[0].slug}/", admin)
        for one in fleet.engines:
            if one.words[0] != "web":
                one.signal(signal.SIGTERM, group=False)
        stopped = time.monotonic()
        probe = _seconds_until(lambda: site.failing() == _POST, stopped, stage)
        banner = _seconds_until(lambda: _SAYS_SO in site.page(f"/s/{here.schools[0].slug}/", admin), stopped, stage)
        site.look()
    least, most = stage.wait(180 - TICK), stage.wait(240)
    passed = found.is_clean and well and site.always("/readyz", 200) and least <= probe <= most >= banner >= least
    words = f"probe after {probe:.1f} s, banner after {banner:.1f} s, allowed {least:g} to {most:g} s; /readyz 200"
    yield Result("both engines stopped", found, passed, words)


def _seconds_until(true: Callable[[], bool], since: float, stage: Stage) -> float:
    until(true, seconds=stage.wait(300) + 30, pause=0.2)
    return time.monotonic() - since


def session_of_an_admin() -> str:
    """The session of somebody who administers the first school."""
    with tenancy.acting_for_system("faults"):
        user = User.objects.get(email="els@dewilg.example")
        school = Membership.objects.filter(user=user).get().school
        Membership.objects.create(user=user, school=school, role=Role.ADMIN, from_date=factories.LONG_AGO)
        browser = Client()
        browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "3": flushed,
    "4": without_redis,
    "5": beats,
    "6": same_tick,
    "8": database_restarts,
    "25": dead_man,
}
