"""Words onto paper: the subject, the text and the HTML of a letter, with the look put into its tags."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse
from django.utils import timezone, translation

from schools.post import stop
from schools.post.kinds import Letter

_LONGEST_SUBJECT = 200


def compose(name: str, context: Mapping[str, Any], *, language: str, zone: ZoneInfo | None = None) -> Letter:
    """Render a letter in one language, with times on the clocks of one zone.

    ``name`` stands for three templates: ``<name>_subject.txt``, ``<name>_message.txt`` (extends letters/base.txt)
    and ``<name>_message.html`` (extends letters/base.html). Beside the context they may use ``public_url``, the site's
    address without a slash at its end, ``stop_url``, where the reader stops letters of this sort (it holds a
    placeholder until the letter is sealed for one person), and, but for the first template, ``subject``. Text is not
    escaped, HTML is. ``address`` in the context is the page that the letter is about.
    """
    words = {"public_url": settings.PUBLIC_URL, "stop_url": stop_url(stop.PLACEHOLDER), **context}
    with translation.override(language), timezone.override(zone or timezone.get_default_timezone()):
        words["subject"] = one_line(_render(f"{name}_subject.txt", words, escape=False))
        return Letter(
            subject=words["subject"],
            text=_render(f"{name}_message.txt", words, escape=False).strip() + "\n",
            html=_inliner().inline(_render(f"{name}_message.html", words, escape=True)),
            address=str(words.get("address", "")),
        )


def stop_url(signs: str) -> str:
    """Where whoever has these signs stops letters."""
    return f"{settings.PUBLIC_URL}{reverse('stop-letters', args=[signs])}"


def one_line(subject: str) -> str:
    """The subject without line breaks and control characters, so that nothing can be slipped into the header."""
    clean = (" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in subject)
    return " ".join("".join(clean).split())[:_LONGEST_SUBJECT]


def _render(template: str, words: dict[str, Any], *, escape: bool) -> str:
    return Engine.get_default().get_template(template).render(Context(words, autoescape=escape))


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    look = Engine.get_default().get_template("letters/letter.css").render(Context())
    return css_inline.CSSInliner(extra_css=look, keep_at_rules=True, load_remote_stylesheets=False)
