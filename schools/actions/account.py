"""What people do with their own account: the language, and keys to the API."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from schools import events, refusals, scopes, tenancy, tokens
from schools.models import ApiToken, User

MOST_TOKENS = 20


class TokenNameTakenError(refusals.Refused):
    """Two tokens of one person cannot bear the same name: one would revoke the wrong one."""

    message = _("You have a token with this name already. Choose another name.")
    field = "name"
    code = "token_name_taken"


class TooManyTokensError(refusals.Refused):
    """Enough is enough."""

    message = _("You have twenty tokens already. Revoke one first.")
    code = "too_many_tokens"


@transaction.atomic
def make_token(
    *, name: str, by: User, now: dt.datetime, held: frozenset[str] = scopes.ALL, days: int = tokens.MOST_DAYS
) -> str:
    """Make a token of one's own for these scopes and so many days, and return it: only this once can it be read.

    Raises TokenNameTakenError or TooManyTokensError; making it twice by a double click makes one.
    """
    if by.tokens.count() >= MOST_TOKENS:
        raise TooManyTokensError
    try:
        key = tokens.make_token(user=by, name=name, now=now, held=held, days=days)
    except IntegrityError as taken:
        raise TokenNameTakenError from taken
    events.record(what=events.What.TOKEN_MADE, by=by, now=now)
    return key


@transaction.atomic
def revoke_token(*, token_id: int, by: User, now: dt.datetime) -> None:
    """End one of one's own tokens at once; 404 for anybody else's."""
    tenancy.fetch(ApiToken.objects.filter(user=by), pk=token_id).delete()
    events.record(what=events.What.TOKEN_REVOKED, by=by, now=now)


@transaction.atomic
def call_oneself(*, given_name: str, infix: str, family_name: str, nickname: str, by: User) -> None:
    """Take these names, as colleagues and letters will use them; the nickname may be empty."""
    names = {"given_name": given_name, "infix": infix, "family_name": family_name, "nickname": nickname}
    User.objects.filter(pk=by.pk).update(**names)


@transaction.atomic
def speak(*, language: str, by: User) -> None:
    """Speak this language (`nl` or `en`) with the person from now on, on every device and in letters."""
    User.objects.filter(pk=by.pk).update(language=language)
