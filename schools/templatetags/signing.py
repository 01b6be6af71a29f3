"""What pages for signing in show: a code to scan, and what a browser asks a passkey."""

from __future__ import annotations

import json
from typing import Any

import segno
from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_QUIET_ZONE = 4  # what the standard asks for around it
_DARK, _LIGHT = "#000", "#fff"  # also at night: many phones read it only this way round


@register.simple_tag
def scan(address: str, label: str) -> SafeString:
    """The address as a picture to scan; ``label`` for whom it is read aloud."""
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(
        border=_QUIET_ZONE, dark=_DARK, light=_LIGHT, svgclass="qr", lineclass=None, omitsize=True
    )
    named = escape(label)
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{named}" ', 1))  # noqa: S308  # ours


@register.filter
def asked(options: dict[str, Any]) -> str:
    """What the server asks of a passkey, for the form's data-asked (passkeys.js)."""
    return json.dumps(options)
