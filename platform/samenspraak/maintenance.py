"""While work is done on the site: the file that MAINTENANCE_FILE names is there, and every page says so.

Nothing is asked of the database or the cache, which may be what is being worked on; probes and static files go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from schools import problems

AGAIN = "300"  # seconds: browsers and programs ask again after so long
STYLES = Path(settings.PACKAGE_DIR) / "static" / "samenspraak" / "samenspraak.css"


class MaintenanceMiddleware:
    """Answers everything with 503 while the file is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say that it takes a moment, or let it through."""
        if not is_on():
            return self.get_response(request)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        spoken = cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(spoken):
            answer = _for_a_program() if request.path.startswith("/api/") else HttpResponse(page(), status=503)
        answer["Retry-After"] = AGAIN
        # It is meant, and no error: errors are counted in the cache and told by letter.
        answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  # Django's own sign
        add_never_cache_headers(answer)
        return answer


def is_on() -> bool:
    """Whether work is being done."""
    return settings.MAINTENANCE_FILE is not None and settings.MAINTENANCE_FILE.exists()


def page() -> str:
    """The page in the language of the moment."""
    return render_to_string("503.html")


def page_alone() -> str:
    """The page in both languages with its look inside, for a proxy that has nothing but this file."""
    said = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.append((code, render_to_string("samenspraak/maintenance_words.html"), gettext("Try again")))
    styles = mark_safe(f"<style>{STYLES.read_text(encoding='utf-8')}</style>")  # noqa: S308  # our own file
    return render_to_string("samenspraak/maintenance.html", {"said": said, "styles": styles})


def _for_a_program() -> HttpResponse:
    told = problems.answer(
        503, gettext("Work is being done on the site. Ask again in five minutes."), code="maintenance"
    )
    return HttpResponse(json.dumps(told.data, cls=DjangoJSONEncoder), status=503, content_type=problems.MEDIA_TYPE)
