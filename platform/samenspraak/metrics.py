"""Numbers for a program that draws them (Prometheus): how long pages and rounds take, how late letters leave.

The extra ``metrics``; without METRICS_TOKEN nothing is counted and ``/metrics`` is not there. Labels are names of
addresses and tasks, and reasons: never a school, a person or a path. Processes of one host count together in
METRICS_DIR; what the ledger says is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache as shared
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from schools import post

if TYPE_CHECKING:
    from prometheus_client.core import Metric

PATH = "/metrics"
PAGES = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds
ROUNDS = (0.1, 1, 5, 30, 120)
LAGS = (15, 30, 60, 120, 300, 600, 3600, 86_400)
FRESH = 15  # seconds that what the ledger says stays good
_Respond = Callable[[HttpRequest], HttpResponse]


class MetricsMiddleware:
    """Answers /metrics to who has the token; for everybody else it is not there."""

    def __init__(self, get_response: _Respond) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tell the numbers."""
        if request.path != PATH or not _has_the_token(request):
            return self.get_response(request)
        answer = HttpResponse(told(), content_type="text/plain; version=0.0.4; charset=utf-8")
        answer["Cache-Control"] = "no-store"
        return answer


def page(route: str, status: int, seconds: float) -> None:
    """Count a page."""
    if settings.METRICS_TOKEN:
        _meters().pages.labels(route).observe(seconds)
        _meters().answers.labels(route, f"{status // 100}xx").inc()


def work(task: str, state: str, seconds: float) -> None:
    """Count a round of periodic work."""
    if settings.METRICS_TOKEN:
        _meters().rounds.labels(task, state).observe(seconds)


def letters(end: str, reason: str, seconds: Sequence[float]) -> None:
    """Count letters that came to their end; a watcher of the post."""
    _meters().letters.labels(end, reason).inc(len(seconds))
    if end == "sent":
        for one in seconds:
            _meters().lag.observe(one)


def connect() -> None:
    """Be told of letters, where numbers are asked for at all."""
    if settings.METRICS_TOKEN:
        post.register_watcher(letters)


def told() -> bytes:
    """All numbers as text: those of the processes of this host, and what the ledger says."""
    import prometheus_client  # noqa: PLC0415  # an extra
    from prometheus_client import multiprocess  # noqa: PLC0415

    registry = _meters().registry
    if settings.METRICS_DIR:
        registry = prometheus_client.CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, path=settings.METRICS_DIR)  # type: ignore[no-untyped-call]
    ledger = prometheus_client.CollectorRegistry()
    ledger.register(_Ledger())
    return prometheus_client.generate_latest(registry) + prometheus_client.generate_latest(ledger)


class _Meters:
    """What is counted in a process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415  # an extra

        own = self.registry = CollectorRegistry()
        self.pages = Histogram(
            "samenspraak_page_seconds", "Time of pages by address.", ["route"], buckets=PAGES, registry=own
        )
        self.answers = Counter(
            "samenspraak_answers", "Answers by address and kind of status.", ["route", "status"], registry=own
        )
        self.rounds = Histogram(
            "samenspraak_round_seconds", "Time of periodic work.", ["task", "state"], buckets=ROUNDS, registry=own
        )
        self.letters = Counter(
            "samenspraak_letters", "Letters that came to an end, by end and reason.", ["end", "reason"], registry=own
        )
        self.lag = Histogram(
            "samenspraak_letter_lag_seconds", "From when a letter was due until it left.", buckets=LAGS, registry=own
        )


@cache
def _meters() -> _Meters:
    return _Meters()


class _Ledger:
    """What stands in the ledger at the moment."""

    def collect(self) -> Iterator[Metric]:
        """Each number once. Three queries, and none while the last ones are fresh."""
        from prometheus_client.core import GaugeMetricFamily as Gauge  # noqa: PLC0415  # an extra

        waits = shared.get_or_set("metrics:ledger", _as_the_ledger_says, FRESH) or _as_the_ledger_says()
        yield Gauge("samenspraak_letters_waiting", "Letters not at their end, due or not.", value=waits["waiting"])
        yield Gauge("samenspraak_oldest_late_seconds", "How late the latest letter is.", value=waits["oldest"])
        late = Gauge(
            "samenspraak_letters_late", "Letters ten minutes late, by what met the last try.", labels=["reason"]
        )
        for reason, number in waits["late"].items():
            late.add_metric([reason or "no try yet"], number)
        yield late
        silence = post.silence(timezone.now())
        if silence is not None:
            seconds = silence.total_seconds()
            yield Gauge("samenspraak_post_silence_seconds", "Since a round of the post last ended.", value=seconds)


def _as_the_ledger_says() -> dict[str, Any]:
    now = timezone.now()
    with post.open_ledger():
        found = post.queue(now=now)
    oldest = (now - found.oldest_late).total_seconds() if found.oldest_late else 0.0
    return {"waiting": found.waiting, "late": dict(found.late), "oldest": oldest}


def _has_the_token(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    fits = constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    return bool(settings.METRICS_TOKEN) and scheme.lower() == "bearer" and fits
