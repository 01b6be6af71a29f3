"""Ending where people are signed in, and forgetting what of it has had its time."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from schools import events, tenancy
from schools.models import User

# An address that somebody changed is forgotten when nothing can be undone any more.
CHANGE_KEPT = dt.timedelta(days=14)


@transaction.atomic
def end_session(*, key: str, by: User, now: dt.datetime) -> None:
    """Sign oneself out in one browser; ``key`` is the hash that the list names. 404 for anybody else's."""
    tenancy.fetch(by.sessions.all(), session_key=key).delete()
    events.record(what=events.What.SESSION_ENDED, by=by, now=now)


@transaction.atomic
def end_other_sessions(*, key: str, by: User, now: dt.datetime) -> int:
    """Sign oneself out everywhere but in the browser with this key; returns in how many others it was."""
    ended = end_sessions(of=by, but=key)
    if ended:
        events.record(what=events.What.SESSIONS_ENDED, by=by, now=now)
    return ended


@transaction.atomic
def end_sessions(*, of: User, but: str = "") -> int:
    """End the person's sessions, but for one; returns how many."""
    return of.sessions.exclude(session_key=but).delete()[0]
