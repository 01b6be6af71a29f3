"""What people do with their own account: the language, and keys to the API."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from schools import refusals, tenancy, tokens
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
def make_token(*, name: str, by: User, now: dt.datetime) -> str:
    """Make a token of one's own and return it: only this once can it be read. It lives a year.

    Raises TokenNameTakenError or TooManyTokensError; making it twice by a double click makes one.
    """
    if by.tokens.count() >= MOST_TOKENS:
        raise TooManyTokensError
    try:
        return tokens.make_token(user=by, name=name, now=now)
    except IntegrityError as taken:
        raise TokenNameTakenError from taken


@transaction.atomic
def revoke_token(*, token_id: int, by: User) -> None:
    """End one of one's own tokens at once; 404 for anybody else's."""
    tenancy.fetch(ApiToken.objects.filter(user=by), pk=token_id).delete()


@transaction.atomic
def speak(*, language: str, by: User) -> None:
    """Speak this language (`nl` or `en`) with the person from now on, on every device and in letters."""
    User.objects.filter(pk=by.pk).update(language=language)
