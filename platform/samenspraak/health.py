"""Whether the site lives, can serve, and delivers its post: answered before anything else runs.

The first layer of all, so that a probe needs no host name, no session and, for /livez, no database.
The answers name the failing part and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from kombu.exceptions import OperationalError

from samenspraak.celery import app
from schools import post, walls

Respond = Callable[[HttpRequest], HttpResponse]
SECONDS_FOR_THE_BROKER = 3
OK = {"status": "ok"}


class HealthMiddleware:
    """Answers /livez, /readyz and /healthz/post; lets everything else through."""

    def __init__(self, get_response: Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe: 200 when all is well, 503 with the part that fails."""
        check = CHECKS.get(request.path)
        if check is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        body = check()
        response = JsonResponse(body, status=503 if "part" in body else 200)
        response["Cache-Control"] = "no-store"
        return response


def lives() -> dict[str, str | int]:
    """The process answers; nothing is touched."""
    return {**OK}


def can_serve() -> dict[str, str | int]:
    """The database answers; in production the one that we are there cannot get over the second wall."""
    try:
        if not (settings.DEMO or _stays_behind_the_wall()):
            return _failing("database role")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _failing("database")
    return {**OK}


_found: set[str] = set()


def _stays_behind_the_wall() -> bool:
    """Whether it was so when it was first asked: one query in the life of a process, until it is."""
    if not _found and not walls.ways_over():
        _found.add("behind")
    return bool(_found)


def delivers() -> dict[str, str | int]:
    """The broker answers, and a round of the post ended within the last three minutes."""
    if not broker_answers():
        return _failing("broker")
    try:
        beat = post.last_beat()
    except Exception:  # noqa: BLE001  # whatever the cache's own library raises
        return _failing("cache")
    age = timezone.now() - beat if beat else None
    if age is None or age > post.PATIENCE:
        return _failing("post")
    return {**OK, "seconds_since_the_last_round": int(age.total_seconds())}


def broker_answers() -> bool:
    """Whether what nudges the workers can be reached."""
    try:
        with app.connection_for_write(settings.CELERY_BROKER_URL) as line:
            line.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS_FOR_THE_BROKER)
    except (OperationalError, OSError):
        return False
    return True


def _failing(part: str) -> dict[str, str | int]:
    return {"status": "failing", "part": part}


CHECKS: dict[str, Callable[[], dict[str, str | int]]] = {
    "/livez": lives,
    "/readyz": can_serve,
    "/healthz/post": delivers,
}
