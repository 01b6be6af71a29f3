"""What a browser installs, so that a visit goes on without a network: the manifest, the worker and its own page."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

_FOLDER = settings.PACKAGE_DIR / "static" / "samenspraak"
_WORKER = _FOLDER / "worker.js"
_SHELL = ("samenspraak.css", "favicon.svg", "app.js", "unsent.js", "offline.js")
_TABLE = "#E9E2D4"  # the table of the stylesheet, by day


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root since it answers for every page; its first lines are ours."""
    answer = HttpResponse(_release(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _release() -> str:
    """The script, and before it ``SHELL``: the page for no network and the addresses of the files it stands on.

    The mark of all files makes another release another worker, also where names carry no mark of their own (the demo).
    """
    files = sorted(path for path in _FOLDER.iterdir() if path.suffix in {".css", ".js", ".svg"})
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    shell = [reverse("offline"), *(static(f"samenspraak/{name}") for name in _SHELL)]
    return f"// {mark}\nconst SHELL = {json.dumps(shell)};\n{_WORKER.read_text(encoding='utf-8')}"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the product calls itself and looks where it is installed (Web App Manifest)."""
    told = {
        "id": "/",
        "name": "Samenspraak",
        "short_name": "Samenspraak",
        "description": _("Talking together, and getting better at it."),
        "lang": request.LANGUAGE_CODE,
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": _TABLE,
        "theme_color": _TABLE,
        "icons": [_icon("icon-192", 192), _icon("icon-512", 512), _icon("icon-maskable", 512, purpose="maskable")],
    }
    answer = JsonResponse(told, content_type="application/manifest+json")
    answer["Cache-Control"] = "no-cache"
    return answer


def _icon(name: str, size: int, *, purpose: str = "any") -> dict[str, str]:
    source = static(f"samenspraak/{name}.png")
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


class Offline(TemplateView):
    """What the worker shows where a page is asked and there is no network; the same for everybody, so about nobody."""

    template_name = "samenspraak/offline.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Nobody signed in, as far as the page knows: browsers keep it."""
        return super().get_context_data(**kwargs, user=AnonymousUser())
