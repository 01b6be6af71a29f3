"""Errors come to who keeps the site: one letter at most every quarter of an hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from samenspraak import alarms
from schools import post, queries, tenancy

PAUSE = dt.timedelta(minutes=15)
LETTER = "letters/errors"
_TOLD = "alarms:told"


def tell(*, now: dt.datetime) -> int:
    """Send what was noted, if anything was and the last letter is a quarter of an hour old; returns how many got it.

    What does not leave is noted again for the next time.
    """
    if not alarms.noted() or not cache.add(_TOLD, 1, timeout=PAUSE.total_seconds()):
        return 0
    faults, more = alarms.take()
    context = {"faults": faults, "more": more, "times": more + sum(one.times for one in faults)}
    readers = _readers(now)
    told = sum(_send(context, address, language, now) for address, language in readers)
    if readers and not told:
        for one in faults:
            alarms.note(one.logger, one.kind, one.place, one.route, times=one.times)
        if more:
            alarms.note_more(more)
    return told


def _send(context: dict[str, object], address: str, language: str, now: dt.datetime) -> bool:
    try:
        post.send_key(LETTER, context, to=address, language=language, now=now)
    except post.NotSentError:  # the post wrote it into the log
        return False
    return True


def _readers(now: dt.datetime) -> Sequence[tuple[str, str]]:
    """The addresses of the settings, else the operators of today; each with a language."""
    if settings.ALARM_MAIL:
        return [(address, settings.LANGUAGE_CODE) for address in settings.ALARM_MAIL]
    with tenancy.acting_for_system("tell operators"):
        people = queries.operators(today=timezone.localdate(now))
        return [(str(one.email), one.language or settings.LANGUAGE_CODE) for one in people]
