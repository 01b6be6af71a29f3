"""Small drawings that a page may need by the hundred: each is drawn once, from its own template, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from samenspraak.glances import Picture

register = template.Library()
_LINES = SafeString('<path class="grid" d="M0 7h120M0 21h120M0 35h120"/>')


@register.filter
def as_cards(meetings: Iterable[Any]) -> SafeString:
    """A little card per meeting (ui/meeting.html); each has state, opened and closed, as a row or as a dict."""
    told: Iterable[Mapping[str, Any]] = (one if isinstance(one, dict) else vars(one) for one in meetings)
    return SafeString("".join(_card(one["state"], one.get("opened"), one.get("closed")) for one in told))


@register.filter
def as_plot(picture: Picture | None) -> SafeString:
    """The picture of a glance; decorative, since the words beside it say the same. Nothing for none."""
    if picture is None:
        return SafeString()
    signs = [("own", picture.own), ("coach", picture.coach), ("coach-box", picture.boxes)]
    signs += [("own-dot", picture.dots), ("gap", picture.gaps)]
    paths = format_html_join("", '<path class="{}" d="{}"/>', [sign for sign in signs if sign[1]])
    return format_html('<svg class="plot" viewBox="0 0 120 56" aria-hidden="true">{}{}</svg>', _LINES, paths)


@register.simple_tag
@lru_cache(maxsize=512)  # six names of each edition and language
def aspect(number: int, name: str) -> SafeString:
    """An aspect's label (ui/aspect.html)."""
    return _drawn("ui/aspect.html", number=number, name=name)


@register.simple_tag
@cache
def glyph(key: str) -> SafeString:
    """A small drawing beside its word (ui/glyph.html)."""
    return _drawn("ui/glyph.html", key=key)


@cache
def _card(state: str, opened: bool | None, closed: bool | None) -> SafeString:  # noqa: FBT001  # keys of the cache
    return _drawn("ui/meeting.html", state=state, opened=opened, closed=closed)


def _drawn(path: str, **values: Any) -> SafeString:
    """One of our own templates, on one line."""
    return SafeString("".join(line.strip() for line in render_to_string(path, values).splitlines()))
