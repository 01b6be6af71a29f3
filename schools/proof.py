"""When somebody last proved to be the person of a session, and for what that is enough.

Three limits (docs/decisions/0043): a browser stays signed in for thirty days after its last day of use (the settings);
what a leader, an admin, a board, an operator or a visitor with unshared notes may do sleeps after two hours without
it, and after twelve hours in any case; a sensitive step asks for a proof of a quarter of an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

from schools.roles import Member, Role

RECENT = dt.timedelta(minutes=15)
IDLE = dt.timedelta(hours=2)
LONGEST = dt.timedelta(hours=12)
# How often the moment of use is written anew: not with every page.
_COARSE = dt.timedelta(minutes=5)
LIMITED = frozenset({Role.LEADER, Role.ADMIN})

_PROVED, _USED = "proved_at", "used_at"

# What a session holds; Django's own class cannot be named here without one.
Held = MutableMapping[str, Any]


def stamp(session: Held, *, now: dt.datetime) -> None:
    """Note that the person proved it just now: by signing in, or once more."""
    session[_PROVED] = session[_USED] = int(now.timestamp())


def is_recent(session: Held, *, now: dt.datetime, within: dt.timedelta = RECENT) -> bool:
    """Whether the last proof is recent enough for a sensitive step."""
    return _since(session, _PROVED, now) <= within


def is_fresh(session: Held, *, now: dt.datetime) -> bool:
    """Whether what has limits is awake: used within two hours, and proved within twelve."""
    return _since(session, _PROVED, now) <= LONGEST and _since(session, _USED, now) <= IDLE


def use(session: Held, *, now: dt.datetime) -> None:
    """Note that what has limits was used: it stays awake."""
    if _since(session, _USED, now) > _COARSE:
        session[_USED] = int(now.timestamp())


def is_by_hand(method: str | None, mode: str) -> bool:
    """Whether a person did it, and not a page that keeps itself in step; ``mode`` is the header Sec-Fetch-Mode."""
    return method == "POST" or mode in {"", "navigate"}


def within_limits(member: Member, session: Held, *, by_hand: bool, now: dt.datetime) -> Member:
    """The hat as the limits leave it: without the roles that sleep, which it names (``asleep``).

    Of an operator who looks in everything sleeps.
    """
    limited = member.roles if member.opened_until else member.roles & LIMITED
    if not limited:
        return member
    if is_fresh(session, now=now):
        if by_hand:
            use(session, now=now)
        return member
    return replace(member, roles=member.roles - limited, asleep=limited)


def _since(session: Held, key: str, now: dt.datetime) -> dt.timedelta:
    return dt.timedelta(seconds=now.timestamp() - session.get(key, 0))
