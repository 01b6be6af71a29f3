"""Which files can be taken along from this machine."""

from __future__ import annotations

from django import template

from schools import press

register = template.Library()


@register.simple_tag
def can_make(kind: str) -> bool:
    """Whether files of this kind ("xlsx", "pdf") are made here."""
    return press.has(kind)
