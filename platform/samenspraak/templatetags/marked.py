"""Descriptions of the API as HTML: paragraphs, lists, `names` and **weight**; everything else is text."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_PIECES = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*)")


@register.filter
def inline(text: str) -> SafeString:
    """One line of words."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in _PIECES.split(" ".join(text.split()))))


@register.filter
def marked(text: str) -> SafeString:
    """Paragraphs, and lists where each line begins with a star."""
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


def _block(block: str) -> SafeString:
    lines = block.splitlines()
    if all(line.startswith("* ") for line in lines):
        items = format_html_join("", "<li><span>{}</span></li>", ((inline(line[2:]),) for line in lines))
        return format_html('<ul class="dots">{}</ul>', items)
    return format_html("<p>{}</p>", inline(block))


def _piece(piece: str) -> SafeString | str:
    if piece.startswith("`"):
        return format_html("<code>{}</code>", piece[1:-1])
    return format_html("<b>{}</b>", piece[2:-2]) if piece.startswith("**") else piece
