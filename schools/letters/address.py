"""The two letters of a change of address: a key to the new one, and a key to undo it to the old one."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from schools import actions, post
from schools.models import AddressChange, User


@transaction.atomic
def change_address(*, address: str, by: User, now: dt.datetime) -> None:
    """Ask for another address (actions.ask_address) and send both letters; whose the new one is, only it reads.

    Raises what asking raises, and NotSentError: then nothing was asked.
    """
    asked = actions.ask_address(address=address, by=by, now=now)
    language = by.language or translation.get_language() or settings.LANGUAGE_CODE
    last = timezone.localtime(asked.change.can_be_undone_until) - dt.timedelta(days=1)  # a whole day
    with translation.override(language):
        words = {
            "user": by,
            "old": asked.change.old,
            "new": asked.change.new,
            "confirm_url": _url("account-address-confirm", asked.confirm_key),
            "undo_url": _url("address-undo", asked.undo_key),
            "hours": int(AddressChange.TO_CONFIRM.total_seconds() // 3600),
            "last": date_format(last, "j F"),
        }
    name = "letters/address_taken" if asked.is_taken else "letters/address_confirm"
    post.send_key(name, words, to=asked.change.new, language=language, now=now)
    if asked.change.old:
        post.send_key("letters/address_changes", words, to=asked.change.old, language=language, now=now)


def _url(name: str, key: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[key])}"
