"""Keys of programs: made once, shown once, kept as a keyed hash. Personal tokens, and those of apps."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from schools import scopes, statements
from schools.models import ApiToken, Program, ProgramKey, User

PREFIX, APP_PREFIX = "smp_", "smo_"
MOST_DAYS = 365


def digest(key: str) -> str:
    """The keyed hash under which a token is kept; the pepper is a setting of its own."""
    return hmac.new(settings.API_TOKEN_PEPPER.encode(), key.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Bearer:
    """Whose key it is, and what it may be used for."""

    user: User
    scopes: frozenset[str]
    app: str = ""  # the id of the app that holds it; nothing where the owner made it by hand


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


# Asked at every call of a program, and so as plain SQL (schools.queries.member_at).
_HOLDER = f"""
SELECT {statements.columns_of(User, "person")}, token.id, token.scopes, CAST(token.last_used_on AS text)
  FROM schools_apitoken token JOIN schools_user person ON person.id = token.user_id
 WHERE token.digest = %(digest)s AND token.expires_at > %(now)s AND person.is_active
"""  # noqa: S608  # nothing of anybody's


def look_up(key: str, *, now: dt.datetime) -> Bearer | None:
    """The active owner of a living token with its scopes, else nobody. One query; notes once a day that it was used."""
    if key.startswith(APP_PREFIX):
        return _of_app(key, now=now)
    asked = {"digest": digest(key), "now": connection.ops.adapt_datetimefield_value(now)}
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, asked)
        found = cursor.fetchone()
    if found is None:
        return None
    token_id, held, used_on = statements.beyond(User, found)
    if used_on != now.date().isoformat():
        ApiToken.objects.filter(pk=token_id).update(last_used_on=now.date())
    return Bearer(statements.row_of(User, found), scopes.split(held))


def new_app_key() -> str:
    """A key for an app that nobody guesses."""
    return APP_PREFIX + secrets.token_urlsafe(32)


def keep_app_key(
    key: str, program: Program, kind: ProgramKey.Kind, *, now: dt.datetime, seconds: int, **parts: Any
) -> None:
    """Let a key open; it ends after so many seconds, or with the year for which its app was let in."""
    ends = min(now + dt.timedelta(seconds=seconds), program.allowed_at + Program.LASTS)
    ProgramKey.objects.create(program=program, kind=kind, digest=digest(key), made_at=now, expires_at=ends, **parts)


def held_by(program: Program, *, now: dt.datetime) -> frozenset[str]:
    """What an app that was let in may today: nothing once its year, or the password of its yes, is over."""
    if program.allowed_at + Program.LASTS <= now or not hmac.compare_digest(program.seal, seal_of(program.user)):
        return frozenset()
    return scopes.split(program.scopes) & frozenset(program.client.get_scopes())


def seal_of(user: User) -> str:
    """What changes with the person's password: whoever was let in with another one is out."""
    return digest(f"the password of {user.pk}: {user.password}")


def find_app_key(kind: ProgramKey.Kind, key: str, *, now: dt.datetime) -> ProgramKey | None:
    """The living key of an app, also one that was used already, unless its owner's password is another one now."""
    works_once = kind != ProgramKey.Kind.ACCESS
    row: ProgramKey | None = ProgramKey.objects.living(kind, digest(key), now=now, to_use_up=works_once)
    if row is None or not hmac.compare_digest(row.program.seal, seal_of(row.program.user)):
        return None
    return row


def _of_app(key: str, *, now: dt.datetime) -> Bearer | None:
    row = find_app_key(ProgramKey.Kind.ACCESS, key, now=now)
    if row is None:
        return None
    if row.program.last_used_on != now.date():
        Program.objects.filter(pk=row.program_id).update(last_used_on=now.date())
    held = scopes.split(row.scopes) & held_by(row.program, now=now)
    return Bearer(row.program.user, held, row.program.client_id)
