"""What belongs to one account: its keys, its sessions, and how it wants letters."""

from __future__ import annotations

import datetime as dt

from django.db import models

from schools import tokens
from schools.models import (
    AddressChange,
    ApiToken,
    LetterWishes,
    Program,
    Session,
    UnwantedLetters,
    User,
)


def tokens_of(*, user: User) -> models.QuerySet[ApiToken]:
    """The person's keys to the API, by name."""
    return user.tokens.order_by("name")


def programs_of(*, user: User, now: dt.datetime) -> list[Program]:
    """The apps that may use the person's account now, by name, with the app at hand. One query."""
    rows = user.programs.select_related("client").filter(allowed_at__gt=now - Program.LASTS, seal=tokens.seal_of(user))
    return list(rows.order_by("client__name", "pk"))


def sessions_of(*, user: User, now: dt.datetime) -> models.QuerySet[Session]:
    """Where the person is signed in: the day last seen first, then the day it began."""
    rows = user.sessions.filter(expire_date__gt=now).defer("session_data")
    return rows.order_by("-seen_on", "-began_on", "session_key")


def change_to_undo(*, key: str, now: dt.datetime) -> AddressChange | None:
    """The change of an address that this key still undoes, with its person at hand. One query."""
    rows = AddressChange.objects.select_related("user").filter(undone_at__isnull=True).exclude(old="")
    change = rows.filter(undo_digest=tokens.digest(key)).first()
    return change if change and now <= change.can_be_undone_until else None


def erasure_to_undo(*, key: str, now: dt.datetime) -> User | None:
    """Whose account this key from a letter keeps after all. One query."""
    return User.objects.filter(undo_digest=tokens.digest(key), erase_at__gt=now).first()


def addresses_of(user: User) -> set[str]:
    """The address of the account, and those that it had within the last two weeks. One query."""
    before = user.address_changes.filter(confirmed_at__isnull=False).values_list("old", flat=True)
    return {one for one in (user.email, *before) if one}


def reader(user_id: int) -> User | None:
    """Somebody who can get letters; nobody where the account has ended. One query."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def wishes_of(user: User) -> LetterWishes:
    """How the person wants letters; the defaults, not stored, for whoever never chose. One query."""
    return LetterWishes.objects.filter(user=user).first() or LetterWishes(user=user)


def unwanted_by(user_id: int) -> frozenset[str]:
    """The sorts of letters that the person does not want. One query."""
    return frozenset(UnwantedLetters.objects.filter(user=user_id).values_list("sort", flat=True))
