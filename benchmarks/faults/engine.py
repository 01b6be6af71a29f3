"""One engine of a run: `python -m benchmarks.faults.engine worker | beat | loop | web PORT | pages ADDRESS`.

The product's own worker, beat, second engine or pages, with two things put in from outside: the pace (a lease, a pause
or a patience may last a tenth of its time) and the point at which the process may be told to die. The product knows of
neither.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from celery.signals import beat_init, worker_ready
from django.conf import settings
from django.core.management import call_command

_SECONDS = ("AGAIN_WITHIN",)
PAGES = 8000  # each host's own
_TIMES = ("LEASE", "FRESH", "LATE", "PATIENCE")


def hurry(pace: float) -> None:
    """Let every wait of the post last so much of its time; 1 leaves all as it is."""
    post = [module for name, module in sys.modules.items() if name.split(".")[:2] == ["schools", "post"]]
    for module in post:
        for name in _TIMES:
            if isinstance(time := getattr(module, name, None), dt.timedelta):
                setattr(module, name, time * pace)
        for name in _SECONDS:
            if seconds := getattr(module, name, None):
                setattr(module, name, seconds * pace)
        if pauses := getattr(module, "BACK_OFF", None):
            module.BACK_OFF = tuple(minutes * pace for minutes in pauses)  # type: ignore[attr-defined]
    _hurry_about_hosts(pace)
    notices = import_module("workgroups.actions.notices")
    notices.SETTLES = notices.SETTLES * pace  # type: ignore[attr-defined]
    settings.EMAIL_TIMEOUT = max(5, round(settings.EMAIL_TIMEOUT * pace))  # a machine under load is no dead line


def _hurry_about_hosts(pace: float) -> None:
    """How long the database keeps a transaction that says nothing, and we a database that says nothing."""
    tenancy, seconds = import_module("schools.tenancy"), max(3, round(120 * pace))
    for name in ("_NOBODY", "_REACH", "_SYSTEM"):
        setattr(tenancy, name, getattr(tenancy, name).replace("'2min'", f"'{seconds}s'"))
    options = settings.DATABASES["default"].get("OPTIONS", {})
    if patience := options.get("tcp_user_timeout"):
        options["tcp_user_timeout"] = str(max(3_000, round(int(patience) * pace)))


def set_up() -> None:
    """The product, at the pace of this run."""
    django.setup()
    tick, batch = float(os.environ["FAULTS_TICK"]), int(os.environ["FAULTS_BATCH"])
    settings.PERIODIC_WORK |= {"schools.deliver": tick}
    settings.CELERY_BEAT_SCHEDULE["schools.deliver"].update(schedule=tick, options={"expires": max(tick, 5.0)})
    hurry(float(os.environ["FAULTS_PACE"]))
    if batch:
        import_module("schools.post.rounds").deliver_all.__kwdefaults__["limit"] = batch


def _folder() -> Path:
    return Path(os.environ["FAULTS_ORDERS"])


def _ready(**_values: object) -> None:
    """Tell the run that this engine takes work from now on."""
    (_folder() / f"ready-{os.environ['FAULTS_NAME']}").touch()


def _worker() -> None:
    app = import_module("samenspraak.celery").app
    worker_ready.connect(_ready)
    name, number = os.environ["FAULTS_NAME"], os.environ["FAULTS_PROCESSES"]
    app.worker_main(["worker", "--concurrency", number, "-l", "WARNING", "-n", f"{name}@faults"])


def _beat() -> None:
    app = import_module("samenspraak.celery").app
    beat_init.connect(_ready)
    app.Beat(loglevel="WARNING", schedule=str(_folder() / f"{os.environ['FAULTS_NAME']}.beat"), max_interval=1).run()


def _loop() -> None:
    _ready()
    call_command("deliver", "--loop")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing of requests."""


def _web() -> None:
    application = import_module("samenspraak.wsgi").application
    server = make_server("127.0.0.1", int(sys.argv[2]), application, _Server, _Quiet)
    _ready()
    server.serve_forever()


def _pages() -> None:
    """The server that schools' pages come from; whoever wants to know whether it is ready asks it."""
    where = ("--interface", "wsgi", "--host", sys.argv[2], "--port", str(PAGES))
    _ready()
    words = [sys.executable, "-m", "granian", *where, "samenspraak.wsgi:application"]
    os.execv(sys.executable, words)  # noqa: S606  # in its place: signals get there


_DOORS: dict[str, Callable[[], None]] = {"worker": _worker, "beat": _beat, "loop": _loop, "web": _web, "pages": _pages}

if __name__ == "__main__":
    set_up()
    import_module("benchmarks.faults.points").arm(os.environ.get("FAULTS_POINT", ""))
    _DOORS[sys.argv[1]]()
