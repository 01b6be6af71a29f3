"""A database was put back from a copy: what must not go on as if nothing had happened in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet

from schools import post, retention, tenancy
from schools.actions import erasing
from schools.models import (
    ApiToken,
    BreakGlass,
    Invitation,
    KeptAnswer,
    Program,
    ProgramKey,
    Receipt,
    Roster,
    Session,
    User,
)

# What the list of held letters calls invitations to a school; the ledger knows them not.
SCHOOL_INVITATION = "school-invitation"
# Of which kind the receipt of a restore is; as all receipts it is kept for a year.
RECEIPT = "restore"


class Ended(NamedTuple):
    """How many of what opens something by itself came to an end."""

    sessions: int
    tokens: int
    apps: int
    looks: int


@transaction.atomic
def end_ways_in(*, now: dt.datetime) -> Ended:
    """End what opens something by itself, since some of it was ended after the copy was made and nobody knows which.

    Sessions, personal tokens, what apps were let in to, looks of operators; lists of people that wait for a yes; and
    answers that were kept for calls, since what they tell of may be gone. Passwords, passkeys and authenticator apps
    stay as they are in the copy.
    """
    tenancy.inside()
    sessions, _each = Session.objects.all().delete()
    tokens, _each = ApiToken.objects.all().delete()
    ProgramKey.objects.all().delete()
    apps, _each = Program.objects.all().delete()
    looks = BreakGlass.objects.filter(ends_at__gt=now, opened_at__lt=now).update(ends_at=now)
    Roster.objects.all().delete()
    KeptAnswer.objects.all().delete()
    return Ended(sessions, tokens, apps, looks)


@transaction.atomic
def note_restore(*, now: dt.datetime) -> None:
    """Write down that the database was put back: for a while the clock ends no account of its own accord."""
    Receipt.objects.create(day=retention.today(now), kind=RECEIPT, number=1)


@transaction.atomic
def give_days_anew(*, now: dt.datetime) -> int:
    """Give everybody who had asked to be erased seven whole days once more; returns how many people.

    Some took it back after the copy was made, and nobody knows who. Call it when those are gone whom the ledgers name.
    """
    tenancy.inside()
    return User.objects.filter(erase_at__isnull=False).update(erase_at=erasing.night_after(now))


@transaction.atomic
def hold_invitations(*, now: dt.datetime) -> int:
    """Hold the invitations whose letter waited to leave: it may have left since. Returns how many."""
    waiting = Invitation.objects.to_send(now).values("pk")
    return Invitation.objects.filter(pk__in=waiting).update(held_at=now)


def held_invitations(*, schools: Collection[str] = ()) -> QuerySet[Invitation]:
    """The invitations that are held, of these schools (none: of all)."""
    tenancy.inside()
    rows = Invitation.objects.open().filter(held_at__isnull=False)
    return rows.filter(school__slug__in=schools) if schools else rows


def held_by_school() -> list[post.HeldPile]:
    """How many invitations are held for each school, made from when to when. One query."""
    counted = held_invitations().values_list("school__slug").order_by("school__slug")
    rows: Any = counted.annotate(Count("pk"), Min("made_at"), Max("made_at"))
    return [post.HeldPile(SCHOOL_INVITATION, where, many, first, last, None) for where, many, first, last in rows]


@transaction.atomic
def release_invitations(*, schools: Collection[str]) -> int:
    """Let held invitations of these schools (none: of all) leave; returns how many."""
    return Invitation.objects.filter(pk__in=held_invitations(schools=schools).values("pk")).update(held_at=None)


@transaction.atomic
def let_invitations_go(*, schools: Collection[str], now: dt.datetime) -> int:
    """Withdraw the held invitations of these schools (none: of all); admins can invite again. Returns how many."""
    rows = Invitation.objects.filter(pk__in=held_invitations(schools=schools).values("pk"))
    return rows.update(revoked_at=now)
