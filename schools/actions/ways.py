"""What people do with their ways in: passkeys, an authenticator app, recovery codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import events, refusals, sealing, tenancy, ways
from schools.models import User
from schools.ways import Kind

MOST_PASSKEYS = 10
# A code of thirty seconds ago and one of thirty seconds ahead still count: clocks differ, people type.
STEPS_AROUND = (0, -1, 1)


class TooManyPasskeysError(refusals.Refused):
    """Enough is enough."""

    message = _("You have ten passkeys already. Remove one first.")
    code = "too_many_passkeys"


class LastWayInError(refusals.Refused):
    """Nobody locks oneself out."""

    message = _("This is your only way in. Add another one first.")
    code = "last_way_in"


class SecondStepNeededError(refusals.Refused):
    """What the person is asks for a second step."""

    message = _("You need a second step for what you do here. Add another one first.")
    code = "second_step_needed"


class HasAppError(refusals.Refused):
    """One app at a time: the second would silently end the first."""

    message = _("You have an authenticator app already. Remove that one first.")
    code = "has_app"


def step_of(secret: str, code: str, *, now: dt.datetime) -> int | None:
    """The half minute for which this code of an app was made, if it is near now; else None."""
    this: int = int(now.timestamp()) // app_settings.TOTP_PERIOD
    for step in (this + around for around in STEPS_AROUND):
        expected: str = totp.format_hotp_value(totp.hotp_value(secret, step))
        if compare_user_code(actual=code, expected=expected):
            return step
    return None


@transaction.atomic
def use_code(*, user: User, code: str, now: dt.datetime) -> Authenticator | None:
    """Use a code of the person's app, or a recovery code; what it belongs to, or None. Each works once.

    An app's code works in its own half minute and those beside it, and only after the last one used (RFC 6238 5.2).
    """
    rows = Authenticator.objects.select_for_update().filter(user=user, type__in=(Kind.TOTP, Kind.RECOVERY_CODES))
    row: Any
    for row in sorted(rows, key=lambda row: row.type != Kind.TOTP):
        try:
            fits = _uses_app(row, code, now) if row.type == Kind.TOTP else row.wrap().validate_code(code)
        except sealing.BrokenSealError:
            continue  # sealed with another pepper: it is of no use, and must not let anybody in
        if fits:
            used: Authenticator = row
            return used
    return None


def _uses_app(row: Authenticator, code: str, now: dt.datetime) -> bool:
    step = step_of(decrypt(row.data["secret"]), code, now=now)
    if step is None or step <= row.data.get("last_step", 0):
        return False
    row.data["last_step"] = step
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def add_passkey(*, name: str, credential: Mapping[str, Any], by: User, now: dt.datetime) -> bool:
    """Keep a passkey that a device of the person just made; whether recovery codes were made with it.

    Raises TooManyPasskeysError.
    """
    _hold(by)
    if len(ways.ways_of(by).passkeys) >= MOST_PASSKEYS:
        raise TooManyPasskeysError
    row = WebAuthn.add(by, name, dict(credential)).instance
    events.record(what=events.What.METHOD_ADDED, by=by, on=row, now=now)
    return _give_codes(by, now)


@transaction.atomic
def name_passkey(*, key_id: int, name: str, by: User) -> None:
    """Call one of one's own passkeys so; 404 for anybody else's."""
    row = _own_passkey(key_id, by)
    row.data["name"] = name
    row.save(update_fields=["data"])


@transaction.atomic
def remove_passkey(*, key_id: int, by: User, now: dt.datetime) -> None:
    """Remove one of one's own passkeys; 404 for anybody else's. Raises LastWayInError or SecondStepNeededError."""
    _hold(by)
    row = _own_passkey(key_id, by)
    held = ways.ways_of(by)
    if len(held.passkeys) == 1:
        if not held.opens_without_passkeys:
            raise LastWayInError
        if not held.app and _must(by, now):
            raise SecondStepNeededError
    events.record(what=events.What.METHOD_REMOVED, by=by, on=row, now=now)
    row.delete()
    _forget_codes(by)


@transaction.atomic
def add_app(*, secret: str, code: str, by: User, now: dt.datetime) -> bool:
    """Keep the secret of an app that gave this code; whether recovery codes were made with it. Raises HasAppError."""
    _hold(by)
    try:
        with transaction.atomic():
            row = totp.TOTP.activate(by, secret).instance
    except IntegrityError as held:
        raise HasAppError from held
    row.data["last_step"] = step_of(secret, code, now=now)
    row.save(update_fields=["data"])
    events.record(what=events.What.METHOD_ADDED, by=by, on=row, now=now)
    return _give_codes(by, now)


@transaction.atomic
def remove_app(*, by: User, now: dt.datetime) -> None:
    """Stop asking for codes of the person's app; 404 without one. Raises SecondStepNeededError."""
    _hold(by)
    row = tenancy.fetch(Authenticator.objects.filter(user=by), type=Kind.TOTP)
    if not ways.ways_of(by).passkeys and _must(by, now):
        raise SecondStepNeededError
    events.record(what=events.What.METHOD_REMOVED, by=by, on=row, now=now)
    row.delete()
    _forget_codes(by)


@transaction.atomic
def renew_codes(*, by: User, now: dt.datetime) -> None:
    """Ten new recovery codes; the old ones end. 404 for whoever is never asked for one."""
    _hold(by)
    tenancy.fetch(Authenticator.objects.filter(user=by), type=Kind.RECOVERY_CODES).delete()
    row = RecoveryCodes.activate(by).instance
    events.record(what=events.What.CODES_MADE, by=by, on=row, now=now)


@transaction.atomic
def lift_second_step(*, user: User, now: dt.datetime) -> int:
    """End every passkey, app and recovery code of somebody who lost them; how many there were.

    The site's keeper does it, after making sure who asks: so the event names nobody who did.
    """
    _hold(user)
    rows = Authenticator.objects.filter(user=user)
    if not rows:
        return 0
    events.record(what=events.What.METHOD_REMOVED, by=None, person=user, now=now)
    return int(rows.delete()[0])


def _hold(user: User) -> None:
    """Let two screens of one person change the ways in one after the other."""
    User.objects.select_for_update().get(pk=user.pk)


def _must(user: User, now: dt.datetime) -> bool:
    return ways.must_have_second_step(user, today=timezone.localdate(now))


def _own_passkey(key_id: int, by: User) -> Authenticator:
    row: Authenticator = tenancy.fetch(Authenticator.objects.filter(user=by, type=Kind.WEBAUTHN), pk=key_id)
    return row


def _give_codes(user: User, now: dt.datetime) -> bool:
    """Recovery codes for whoever is asked for a second step and has none."""
    if not ways.is_asked_second_step(user, today=timezone.localdate(now)) or ways.ways_of(user).codes:
        return False
    RecoveryCodes.activate(user)
    return True


def _forget_codes(user: User) -> None:
    """Who has nothing left to recover keeps no codes for it."""
    if not ways.has_second_step(user):
        Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
