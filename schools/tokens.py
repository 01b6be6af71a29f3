"""Personal tokens: made once, shown once, kept as a keyed hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from schools import scopes
from schools.models import ApiToken, User

PREFIX = "smp_"
MOST_DAYS = 365


def digest(key: str) -> str:
    """The keyed hash under which a token is kept; the pepper is a setting of its own."""
    return hmac.new(settings.API_TOKEN_PEPPER.encode(), key.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Bearer:
    """Whose key it is, and what it may be used for."""

    user: User
    scopes: frozenset[str]


@transaction.atomic
def make_token(
    *, user: User, name: str, now: dt.datetime, held: frozenset[str] = scopes.ALL, days: int = MOST_DAYS
) -> str:
    """Make a token for these scopes that ends after so many days, and return it; only this once can it be read."""
    key = PREFIX + secrets.token_urlsafe(32)
    ends = now + dt.timedelta(days=days)
    kept = scopes.join(held)
    ApiToken.objects.create(user=user, name=name, digest=digest(key), scopes=kept, created_at=now, expires_at=ends)
    return key


def look_up(key: str, *, now: dt.datetime) -> Bearer | None:
    """The active owner of a living token with its scopes, else nobody. One query; notes once a day that it was used."""
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(key), expires_at__gt=now, user__is_active=True)
        .first()
    )
    if row is None:
        return None
    if row.last_used_on != now.date():
        ApiToken.objects.filter(pk=row.pk).update(last_used_on=now.date())
    return Bearer(row.user, scopes.split(row.scopes))
