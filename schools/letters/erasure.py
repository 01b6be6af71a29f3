"""The letter about an account that will be erased: when, what goes, and the key that takes it back."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from schools import actions, post
from schools.models import User


@transaction.atomic
def ask_erasure(*, sure: bool, by: User, now: dt.datetime) -> dt.date:
    """Ask to erase the own account (actions.ask_erasure) and send the letter, where there is an address.

    Returns the last day on which it can be taken back. Raises what asking raises, and NotSentError: then nothing was
    asked.
    """
    asked = actions.ask_erasure(sure=sure, by=by, now=now)
    if by.email:
        language = by.language or translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            words = {
                "user": by,
                "last": date_format(asked.last_day, "l j F"),
                "undo_url": f"{settings.PUBLIC_URL}{reverse('erasure-undo', args=[asked.undo_key])}",
                "data_url": f"{settings.PUBLIC_URL}{reverse('account-data')}",
            }
        post.send_key("letters/erasure_asked", words, to=by.email, language=language, now=now)
    return asked.last_day
