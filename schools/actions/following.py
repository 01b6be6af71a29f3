"""What the floors above do when somebody comes in or leaves: they say so when the process starts, as with letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from schools import tenancy
from schools.models import Invitation, School, User


class Follower(Protocol):
    """A floor above, as this one sees it."""

    def named(self, invitation: Invitation) -> Sequence[str]:
        """The names of what the invitation opens beside the school."""

    def came_in(self, *, invitation: Invitation, user: User, now: dt.datetime) -> None:
        """Somebody accepted."""

    def leaves(self, *, school: School, user: User, last_day: dt.date, now: dt.datetime) -> None:
        """Somebody's time at the school ends after this day."""

    def shut_out(self, *, user: User) -> None:
        """Somebody else may have held the account: what opens without signing in ends."""


followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Take a floor in, once."""
    if follower not in followers:
        followers.append(follower)


def at_the_desk() -> AbstractContextManager[None]:
    """The door for what the product does itself with invitations: who comes in has no hat at the school yet."""
    return tenancy.acting_for_system("invitations")
