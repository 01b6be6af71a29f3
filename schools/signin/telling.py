"""What people hear of their own account, so that nobody else can change or try it unseen."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from schools import events, post
from schools.models import User

_ONCE_IN = 300


def tell_change(user: User, told: str, *, now: dt.datetime) -> None:
    """Write to the person what changed in the ways in; a mail that fails stops nothing."""
    if not user.email:
        return
    language = user.language or translation.get_language() or settings.LANGUAGE_CODE
    words = {"name": user.called, "told": told, "ways_url": f"{settings.PUBLIC_URL}{reverse('account-ways')}"}
    try:
        post.send_key("account/email/ways_changed", words, to=user.email, language=language, now=now)
    except post.NotSentError:
        return


def tell_lifted(user: User, *, now: dt.datetime) -> None:
    """Write to the person, in the own language, that the site's keeper ended passkeys, app and codes."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        told = gettext("All your passkeys, your app and your recovery codes were ended, as was asked for you.")
        tell_change(user, told, now=now)


def note_halt(user: User | None, *, now: dt.datetime) -> None:
    """Note, once in five minutes, that somebody tried this account too often; nothing where there is none."""
    if user and cache.add(f"signin-halted:{user.pk}", "yes", _ONCE_IN):
        events.record(what=events.What.SIGN_IN_HALTED, by=None, person=user, now=now)
