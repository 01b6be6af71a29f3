"""The end of an account: asked by the person, taken back within seven days, and then everything personal goes.

What a group or school keeps stays without a name. Whoever is erased is written down in a ledger outside the database
first, so that a copy that is put back brings nobody back (schools.erasures).
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import erasures, events, post, queries, refusals, retention, tenancy, tokens
from schools.actions import address, following, office
from schools.models import AddressChange, BreakGlass, Delivery, Event, Invitation, Membership, School, User
from schools.models.post import DeliveryState

_log = logging.getLogger(__name__)

DAYS_TO_UNDO = 7
TO_UNDO = dt.timedelta(days=DAYS_TO_UNDO)
DAY = dt.timedelta(days=1)
# What the version before shows of somebody whom this one calls a former colleague, in the reader's language.
_NAMELESS = "oud-collega"


class ErasureAskedError(refusals.Refused):
    """Once is enough; the day does not move."""

    message = _("You asked for this already.")
    code = "erasure_asked"


class ErasureOverError(refusals.Refused):
    """Taken back already, never asked, or too late: one sentence for all of them."""

    message = _("There is nothing to take back any more.")
    code = "erasure_over"


class LastInOfficeError(refusals.Refused):
    """Whoever leaves a school or board without an admin should know it."""

    message = _("After this a school or board has no administrator. Tick below that this is what you want.")
    field = "sure"
    code = "last_in_office"


class Heir(Protocol):
    """The nameless account to which goes what must stay; made at the first call."""

    def __call__(self) -> User: ...


Eraser = Callable[[User, Heir, dt.datetime], None]
Told = Callable[[User, dt.datetime], Iterable[str]]

_above: list[tuple[Eraser, Told]] = []


@dataclass(frozen=True)
class ErasureAsked:
    """Until which day, that one included, it can be taken back; with the keys that are never read again.

    ``before``: the addresses that the person had within the week, each with a key that puts it back.
    """

    last_day: dt.date
    undo_key: str
    before: list[tuple[AddressChange, str]]


@dataclass(frozen=True)
class Again:
    """What erasing once more came down to: erased; not (or no more) in this database; lines that say nothing."""

    erased: int
    absent: int
    unread: tuple[int, ...]


def register_eraser(eraser: Eraser, *, tells: Told) -> None:
    """Let a floor above erase what it holds, before this one does; ``tells`` says in sentences what will come of it."""
    if all(known is not eraser for known, _tells in _above):
        _above.append((eraser, tells))


@transaction.atomic
def take_own_data(*, by: User, now: dt.datetime) -> queries.Held:
    """Everything that is held about oneself (queries.held_about), and a note for oneself that it was taken along."""
    events.record(what=events.What.DATA_TAKEN, by=by, now=now)
    with at_the_ledger():
        return queries.held_about(user=by, now=now)


def what_ends(*, user: User, now: dt.datetime) -> list[str]:
    """What will come of it for groups and schools that the person should know, in sentences. Call it as the person."""
    return [sentence for _eraser, tells in _above for sentence in tells(user, now)]


@transaction.atomic
def ask_erasure(*, sure: bool = False, by: User, now: dt.datetime) -> ErasureAsked:
    """Ask to erase the own account; until then everything stays as it is.

    It goes in the night after seven whole days. Raises ErasureAskedError, and LastInOfficeError unless ``sure``.
    """
    office.offices_of(by, now=now, hold=True)
    if not sure and queries.last_in_office(user=by, now=now):
        raise LastInOfficeError
    last_day = timezone.localdate(now) + TO_UNDO
    key = secrets.token_urlsafe(32)
    waiting = User.objects.filter(pk=by.pk, erase_at__isnull=True)
    if not waiting.update(erase_at=night_after(now), undo_digest=tokens.digest(key)):
        raise ErasureAskedError
    events.record(what=events.What.ERASURE_ASKED, by=by, now=now)
    return ErasureAsked(last_day, key, address.second_keys(user=by, now=now))


def night_after(now: dt.datetime) -> dt.datetime:
    """Midnight after seven whole days, in UTC: from then on nothing can be taken back."""
    day = timezone.localdate(now) + TO_UNDO + DAY
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone()).astimezone(dt.UTC)


@transaction.atomic
def undo_erasure(*, by: User, now: dt.datetime) -> None:
    """Keep the own account after all. Raises ErasureOverError."""
    _keep(User.objects.filter(pk=by.pk), by=by, now=now)


@transaction.atomic
def undo_erasure_by_key(*, key: str, now: dt.datetime) -> None:
    """The same with the key from the letter, whoever is signed in. Raises ErasureOverError."""
    found = queries.erasure_to_undo(key=key, now=now)
    if found is None:
        raise ErasureOverError
    _keep(User.objects.filter(pk=found.pk, undo_digest=tokens.digest(key)), by=found, now=now)


def _keep(rows: models.QuerySet[User], *, by: User, now: dt.datetime) -> None:
    if not rows.filter(erase_at__gt=now).update(erase_at=None, undo_digest=None):
        raise ErasureOverError
    events.record(what=events.What.ERASURE_UNDONE, by=by, now=now)


def at_the_ledger() -> AbstractContextManager[None]:
    """The door for what concerns one person in all schools, also those that the person left."""
    return tenancy.acting_for_system("own data")


def erase_due(*, now: dt.datetime, most: int = 100) -> int:
    """Erase those whose time has come (erase_each); returns how many.

    Nameless accounts to which nothing belongs any more go too.
    """
    gone = erase_each(due=User.objects.filter(erase_at__lte=now).order_by("erase_at"), now=now, most=most)
    with at_the_ledger():
        forget_former()
    return gone


def erase_each(*, due: models.QuerySet[User], now: dt.datetime, most: int) -> int:
    """Erase at most so many of these people, each by itself; returns how many. Safe to run in parallel.

    Opens its own doors. Where the ledger takes nothing it says so in the log, as an error, and erases nobody. What goes
    wrong with one person stops no other.
    """
    with at_the_ledger():
        people = list(due.values_list("pk", flat=True)[:most])
    if people and not erasures.is_writable():
        _log.error("The ledger of erasures takes nothing: %d people wait to be erased. See ERASURES_FILE.", len(people))
        return 0
    return sum(_erased_by_the_clock(pk, due, now=now) for pk in people)


def _erased_by_the_clock(pk: int, due: models.QuerySet[User], *, now: dt.datetime) -> bool:
    """Whether this one went: not who is due no more, or whom another process has in hand."""
    try:
        with at_the_ledger(), transaction.atomic():
            held = retention.held_rows(due.filter(pk=pk), 1)
            for user in held:
                erase(user=user, now=now)
    except Exception as error:  # noqa: BLE001  # one person's rows must not keep the others waiting
        _log.error("Account %d could not be erased: %s.", pk, type(error).__name__)  # its words could name somebody
        return False
    return bool(held)


@transaction.atomic
def erase(*, user: User, now: dt.datetime) -> None:
    """Erase somebody now: roles and seats end, what is personal goes, what others keep stays without a name.

    Inside ``at_the_ledger``. Raises erasures.LedgerDownError; then nothing happened. Some hundred queries.
    """
    _erase(user, now=now)
    erasures.write_down(erasures.Line(user.pk, user.created_at, now))  # on the disk before this is final


def erase_again(*, lines: Iterable[str], now: dt.datetime) -> Again:
    """Erase everybody whom these lines of ledgers name, in a copy that was put back; nothing is written down anew.

    A line means the account with its number that was made at its moment, and never one that got the number since.
    Opens its own doors.
    """
    found, unread = erasures.read(lines)
    erased = 0
    meant = {(line.user, line.made) for line in found}
    for number, made in sorted(meant):
        with at_the_ledger(), transaction.atomic():
            user = User.objects.filter(pk=number, created_at=made).select_for_update().first()
            if user:
                _erase(user, now=now)
                erased += 1
    return Again(erased, len(meant) - erased, unread)


def forget_former() -> int:
    """Nameless accounts to which nothing belongs any more; returns how many went. One query, or two."""
    rows = User.objects.filter(is_former=True)
    for model, column in _naming_people():
        rows = rows.exclude(Exists(model._base_manager.filter(**{column: OuterRef("pk")})))  # noqa: SLF001
    alone = list(rows.values_list("pk", flat=True)[:1_000])
    return User.objects.filter(pk__in=alone).delete()[0] if alone else 0


def _naming_people() -> list[tuple[type[models.Model], str]]:
    """Every column that names people, of every floor and library."""
    every = User._meta.get_fields(include_hidden=True)
    return [(one.related_model, one.field.name) for one in every if isinstance(one, models.ManyToOneRel)]


def _erase(user: User, *, now: dt.datetime) -> None:
    number, heirs = user.pk, list[User]()
    offices = office.offices_of(user, now=now)

    def heir() -> User:
        if not heirs:
            heirs.append(User.objects.create_user(None, given_name=_NAMELESS, is_active=False, is_former=True))
        return heirs[0]

    _leave(user, now=now)
    for eraser, _tells in reversed(_above):
        eraser(user, heir, now)
    _take_letters_back(user)
    Invitation.objects.filter(email__in=queries.addresses_of(user)).delete()
    ours = Q(school__isnull=True, board__isnull=True)
    Event.objects.filter(ours, Q(by=user) | Q(person=user)).delete()
    looks = BreakGlass.objects.filter(user=user)
    if looks.exists():
        looks.update(user=heir())
    deeds = Event.objects.filter(by=user).exclude(person=user)  # else they would read as the product's own
    if deeds.exists():
        deeds.update(by=heir())
    User.objects.filter(pk=number).delete()
    office.tell_of_empty(offices, now=now)


def _leave(user: User, *, now: dt.datetime) -> None:
    """Every role ends, and the floors above do what they do when somebody leaves."""
    rows = Membership.objects.filter(user=user).select_related("school").order_by("school_id", "pk")
    schools: dict[int, School] = {}
    for row in rows:
        if row.until_date is None or row.until_date >= row.school.today(now):
            events.record(what=events.What.ROLE_ENDED, by=None, on=row, now=now)
            schools[row.school_id] = row.school
    for school in schools.values():
        for follower in following.followers:
            follower.leaves(school=school, user=user, last_day=school.today(now) - DAY, now=now)


def _take_letters_back(user: User) -> None:
    """What waits or is held is dropped; of what left stays that it left, to nobody."""
    letters = Delivery.objects.filter(user=user)
    waits = letters.filter(state__in=[DeliveryState.WAITING, DeliveryState.HELD])
    waits.update(state=DeliveryState.DROPPED, reason="the account has ended")
    post.forget_recipients(letters)
