"""Pages that only the demo has: the mailbox, and the style page. Elsewhere they are not there."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View

from samenspraak import parts
from samenspraak.demo import mailbox

# A letter brings its own styles; it may show itself and lead out by a tap, and nothing else.
_LETTER_MAY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)


class DemoPage(View):
    """A page of the demo; 404 in production."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the demo only."""
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Mailbox(DemoPage):
    """Every letter that left, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the letters."""
        heads, count = mailbox.letters()
        return render(request, "demo/mailbox.html", {"letters": heads, "count": count})


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class MailboxLetter(DemoPage):
    """One letter, as its reader sees it and as plain text."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Open the letter; 404 for a name that the letter box did not give."""
        return render(request, "demo/letter.html", {"letter": _opened(name)})


@method_decorator(xframe_options_sameorigin, name="dispatch")
class MailboxPaper(DemoPage):
    """The letter's own HTML, for the frame in its page: no script, no form, nothing from anywhere."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show the HTML part; a link in it opens in the window around the frame."""
        html = _opened(name).html
        if not html:
            raise Http404
        paper = html.replace("<head>", '<head><base target="_top">', 1)
        return HttpResponse(paper, headers={"Content-Security-Policy": _LETTER_MAY})


class MailboxFile(DemoPage):
    """The letter as the .eml file it is."""

    def get(self, request: HttpRequest, name: str) -> FileResponse:
        """Hand the file over."""
        path = mailbox.file_of(name)
        if path is None:
            raise Http404
        return FileResponse(path.open("rb"), as_attachment=True, content_type="message/rfc822")


class Parts(DemoPage, parts.PartsPage):
    """Every component once."""


def _opened(name: str) -> mailbox.Opened:
    letter = mailbox.letter(name)
    if letter is None:
        raise Http404
    return letter
