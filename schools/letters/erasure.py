"""The letters about an account that will be erased: when, what goes, and the keys that take it back."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from schools import actions, post
from schools.models import AddressChange, User


@transaction.atomic
def ask_erasure(*, sure: bool, by: User, now: dt.datetime) -> dt.date:
    """Ask to erase the own account (actions.ask_erasure) and send the letter, where there is an address.

    Each address that the person had within the week hears it too, with a key that puts it back: whoever took the
    account over and changed its address erases nothing unheard. Returns the last day on which it can be taken back.
    Raises what asking raises, and NotSentError: then nothing was asked. An old address that takes no letter any more
    keeps nobody from being erased.
    """
    asked = actions.ask_erasure(sure=sure, by=by, now=now)
    language = by.language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        words = {
            "user": by,
            "last": date_format(asked.last_day, "l j F"),
            "undo_url": _url("erasure-undo", asked.undo_key),
            "data_url": f"{settings.PUBLIC_URL}{reverse('account-data')}",
        }
        before = [(change.old, words | _way_back(change, key, now)) for change, key in asked.before]
    if by.email:
        post.send_key("letters/erasure_asked", words, to=by.email, language=language, now=now)
    for old, told in before:
        with suppress(post.NotSentError):  # the post wrote it into the log
            post.send_key("letters/erasure_before", told, to=old, language=language, now=now)
    return asked.last_day


def _way_back(change: AddressChange, key: str, now: dt.datetime) -> dict[str, str]:
    """What the old address needs to know."""
    whole = timezone.localtime(change.can_be_undone_until) - dt.timedelta(days=1)
    last = max(whole.date(), timezone.localdate(now))
    return {"old": change.old, "back_url": _url("address-undo", key), "back_until": date_format(last, "j F")}


def _url(name: str, key: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[key])}"
