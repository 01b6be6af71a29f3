"""How somebody gets in: a password, a code by mail, passkeys, an authenticator app; and who needs a second step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Exists, Q

from schools import sealing, tenancy
from schools.models import BoardMembership, Membership, OperatorGrant, User
from schools.roles import Role

Kind = Authenticator.Type
# They see what is not their own: a school's people, groups that they visit, a board, the site.
DEMANDING = (Role.COACH, Role.LEADER, Role.ADMIN)
SECOND_STEPS = (Kind.TOTP, Kind.WEBAUTHN)
_A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Passkey:
    """One passkey of a person."""

    pk: int
    name: str
    made_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True)
class Ways:
    """Everything by which one person gets in today."""

    has_password: bool
    has_mail: bool
    passkeys: tuple[Passkey, ...]
    app: Authenticator | None
    codes: Authenticator | None
    services: int

    @property
    def has_second_step(self) -> bool:
        """Whether there is an app or a passkey to ask for after a password."""
        return bool(self.app or self.passkeys)

    @property
    def opens_without_passkeys(self) -> bool:
        """Whether the person still gets in when no passkey is left: by mail also with a forgotten password."""
        return self.has_mail or self.services > 0

    @property
    def opens_without_services(self) -> bool:
        """Whether the person still gets in when no service of a board vouches any more."""
        return self.has_mail or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        """How many recovery codes still work."""
        return app_settings.RECOVERY_CODE_COUNT - self.codes.data["used_mask"].bit_count() if self.codes else 0


def ways_of(user: User) -> Ways:
    """The person's ways in; passkeys in the order in which they were made. Two queries."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    held = {row.type: row for row in rows}
    return Ways(
        has_password=user.has_usable_password(),
        has_mail=bool(user.email),
        passkeys=tuple(_passkeys(rows)),
        app=held.get(Kind.TOTP),
        codes=held.get(Kind.RECOVERY_CODES),
        services=SocialAccount.objects.filter(user=user).count(),
    )


def _passkeys(rows: list[Authenticator]) -> Iterator[Passkey]:
    for row in rows:
        if row.type == Kind.WEBAUTHN:
            yield Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at)


def codes_of(user: User) -> list[str] | None:
    """The person's recovery codes that still work; none of them where they were sealed with another pepper.

    None for who has no codes at all. One query.
    """
    row = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    if row is None:
        return None
    try:
        return list(row.wrap().get_unused_codes())
    except sealing.BrokenSealError:
        return []


def has_second_step(user: User) -> bool:
    """Whether the person can be asked for an app's code or a passkey. One query."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists()


def must_have_second_step(user: User, *, today: dt.date) -> bool:
    """Whether this site asks a second step of this person: because of what the person is somewhere. One query.

    A day wider at both sides than the roles themselves, since schools have days of their own.
    """
    if not settings.SECOND_STEP_REQUIRED:
        return False
    tenancy.inside()
    near = Q(until_date__isnull=True) | Q(until_date__gte=today - _A_DAY)
    near &= Q(user=user, from_date__lte=today + _A_DAY)
    somewhere = Q(Exists(Membership.objects.filter(near, role__in=DEMANDING)))
    for grants in (BoardMembership.objects.filter(near), OperatorGrant.objects.filter(near)):
        somewhere |= Q(Exists(grants))
    return User.objects.filter(somewhere, pk=user.pk).exists()


def is_asked_second_step(user: User, *, today: dt.date) -> bool:
    """Whether a password or a code by mail is not enough for this person.

    Who has an app chose so; who has only passkeys is asked only where the site asks it (docs/decisions/0042).
    """
    kinds = set(Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).values_list("type", flat=True))
    return Kind.TOTP in kinds or (bool(kinds) and must_have_second_step(user, today=today))
