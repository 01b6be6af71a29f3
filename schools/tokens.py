"""Personal tokens: made once, shown once, kept as a keyed hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction

from schools.models import ApiToken, User

PREFIX = "smp_"
LIFETIME = dt.timedelta(days=365)


def digest(key: str) -> str:
    """The keyed hash under which a token is kept; the pepper is a setting of its own."""
    return hmac.new(settings.API_TOKEN_PEPPER.encode(), key.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def make_token(*, user: User, name: str, now: dt.datetime) -> str:
    """Make a token that lives a year and return it; only this once can it be read."""
    key = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=digest(key), created_at=now, expires_at=now + LIFETIME)
    return key


def owner_of(key: str, *, now: dt.datetime) -> User | None:
    """The active owner of a living token, else nobody. One query; notes once a day that it was used."""
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(key), expires_at__gt=now, user__is_active=True)
        .first()
    )
    if row is None:
        return None
    if row.last_used_on != now.date():
        ApiToken.objects.filter(pk=row.pk).update(last_used_on=now.date())
    return row.user
