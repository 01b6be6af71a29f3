"""Another e-mail address for oneself: asked for, confirmed with a key to the new one, undone with a key to the old."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from schools import events, queries, refusals, tenancy, tokens
from schools.actions import following, sessions
from schools.models import AddressChange, User

MOST_A_DAY = 3
# Who takes an account over makes the own way in first, and asks for another address after that.
BEFORE_ASKING = dt.timedelta(days=7)


class OwnAddressError(refusals.Refused):
    """Nothing would change."""

    message = _("This is your address already.")
    field = "email"
    code = "own_address"


class TooManyChangesError(refusals.Refused):
    """Somebody could send letters to strangers with it."""

    message = _("You asked for another address three times today. Try again tomorrow.")
    code = "too_many_changes"


class ChangeOverError(refusals.Refused):
    """Used, undone, too old, or never made by us: one sentence for all of them."""

    message = _("This link no longer works. It has been used already, or it is too old.")
    code = "change_over"


class AddressTakenError(refusals.Refused):
    """Meanwhile the address belongs to another account; only who holds its mailbox gets to read this."""

    message = _("This address belongs to another account. Ask your school's administrator.")
    code = "address_taken"


@dataclass(frozen=True)
class Asked:
    """A change that was asked for, with the two keys that are never read again, and whose the new address is."""

    change: AddressChange
    confirm_key: str
    undo_key: str
    is_taken: bool


@transaction.atomic
def ask_address(*, address: str, by: User, now: dt.datetime) -> Asked:
    """Ask for another address for oneself; nothing changes until it is confirmed. ``address`` as addresses.clean gives.

    Whoever asks learns nothing about the address: that it is taken is told to its mailbox alone. Raises OwnAddressError
    and TooManyChangesError.
    """
    if address == by.email:
        raise OwnAddressError
    asked = by.address_changes.filter(asked_at__gt=now - dt.timedelta(days=1))
    if asked.values("asked_at", "new").distinct().count() >= MOST_A_DAY:  # second keys repeat their row
        raise TooManyChangesError
    confirm_key, undo_key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    change = AddressChange.objects.create(
        user=by,
        old=by.email or "",
        new=address,
        confirm_digest=tokens.digest(confirm_key),
        undo_digest=tokens.digest(undo_key),
        asked_at=now,
    )
    return Asked(change, confirm_key, undo_key, User.objects.filter(email=address).exists())


@transaction.atomic
def second_keys(*, user: User, now: dt.datetime) -> list[tuple[AddressChange, str]]:
    """Another key for each old address that can still put itself back, for a letter that needs one; the first stays.

    Each comes with its change, the oldest first, once for each address, and never the person's address of today.
    """
    rows = user.address_changes.filter(confirmed_at__isnull=False, undone_at__isnull=True).exclude(old="")
    made: dict[str, tuple[AddressChange, str]] = {}
    for row in rows.exclude(old=user.email or "").order_by("asked_at", "pk"):
        if row.old not in made and now <= row.can_be_undone_until:
            key = secrets.token_urlsafe(32)
            same = {"old": row.old, "new": row.new, "asked_at": row.asked_at, "confirmed_at": row.confirmed_at}
            digests = {"confirm_digest": tokens.digest(secrets.token_urlsafe(32)), "undo_digest": tokens.digest(key)}
            made[row.old] = AddressChange.objects.create(user=user, **same, **digests), key
    return list(made.values())


@transaction.atomic
def confirm_address(*, key: str, by: User, now: dt.datetime) -> None:
    """Use the new address, with the key that was sent there and as the person who asked.

    Raises ChangeOverError and AddressTakenError.
    """
    waiting = AddressChange.objects.filter(confirmed_at__isnull=True, undone_at__isnull=True, user=by)
    change = waiting.filter(confirm_digest=tokens.digest(key), asked_at__gt=now - AddressChange.TO_CONFIRM).first()
    if change is None or change.old != (by.email or ""):
        raise ChangeOverError
    waiting.filter(pk=change.pk).update(confirmed_at=now)
    _move(by.pk, change.new)
    events.record(what=events.What.ADDRESS_CHANGED, by=by, now=now)


@transaction.atomic
def undo_address(*, key: str, now: dt.datetime) -> None:
    """Put the old address back, with the key that was sent there and whoever is signed in.

    Whoever held the account meanwhile is out: every session, token and calendar's address ends, the password, and ways
    to sign in that came since, or in the week before it was asked; and whoever asked to erase it did so in vain. The
    person takes a new password by mail. Raises ChangeOverError and AddressTakenError.
    """
    change = queries.change_to_undo(key=key, now=now)
    if change is None:
        raise ChangeOverError
    user = change.user
    AddressChange.objects.filter(user=user, asked_at__gte=change.asked_at, undone_at__isnull=True).update(undone_at=now)
    _move(user.pk, change.old)
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(password=user.password, erase_at=None, undo_digest=None)
    since = change.asked_at - BEFORE_ASKING
    Authenticator.objects.filter(user_id=user.pk, created_at__gte=since).delete()
    SocialAccount.objects.filter(user_id=user.pk, date_joined__gte=since).delete()
    user.tokens.all().delete()
    list(user.programs.select_for_update())  # whoever takes new keys at this moment comes first
    user.programs.all().delete()
    user.kept_answers.all().delete()
    sessions.end_sessions(of=user)
    for follower in following.followers:
        follower.shut_out(user=user)
    events.record(what=events.What.ADDRESS_RESTORED, by=None, person=user, now=now)
    if user.erase_at:
        events.record(what=events.What.ERASURE_UNDONE, by=None, person=user, now=now)


def _move(user_id: int, address: str) -> None:
    """Another address, and no other by which the sign-in library would still know the person."""
    tenancy.inside()
    EmailAddress.objects.filter(user_id=user_id).delete()
    try:
        with transaction.atomic():
            User.objects.filter(pk=user_id).update(email=address)
    except IntegrityError as taken:
        raise AddressTakenError from taken
