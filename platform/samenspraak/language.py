"""The other language: on this device by a cookie, and everywhere for whoever signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from schools import actions
from schools.models import User


@require_POST
def change_language(request: HttpRequest) -> HttpResponseBase:
    """Speak the language asked for from now on; back to ``next``, which must be an address of this site."""
    code = request.POST.get("language", "")
    if isinstance(request.user, User) and code in dict(settings.LANGUAGES):
        actions.speak(language=code, by=request.user)
    return set_language(request)
