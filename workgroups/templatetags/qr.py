"""What a big screen or a sheet of paper shows to phones: a code to scan, and the same in a few signs to type."""

from __future__ import annotations

import segno
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workgroups import codes
from workgroups.models import WorkGroup

register = template.Library()

_QUIET_ZONE = 4  # what the standard asks for around it
_DARK, _LIGHT = "#000", "#fff"  # also at night: many phones read it only this way round


@register.simple_tag
def qr(url: str, label: str = "") -> SafeString:
    """The address (a path of this site, or a whole one) as a picture to scan; ``label`` for whom it is read aloud."""
    whole = f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url
    drawn: str = segno.make(whole, error="m", micro=False).svg_inline(
        border=_QUIET_ZONE, dark=_DARK, light=_LIGHT, svgclass="qr", lineclass=None, omitsize=True
    )
    named = escape(label or _("Code to scan with your phone"))
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{named}" ', 1))  # noqa: S308  # ours


@register.simple_tag
def join_code(group: WorkGroup) -> str:
    """The group's short code, such as 01-7K."""
    return codes.code_of(group.pk)


@register.simple_tag
def join_url(group: WorkGroup) -> str:
    """The address behind the code to scan: it leads whoever has a seat to what the group does now."""
    return reverse("join-code", args=[codes.code_of(group.pk)])


@register.simple_tag
def join_place() -> str:
    """Where the short code is typed, as people read it: without the scheme."""
    return f"{settings.PUBLIC_URL}{reverse('join')}".split("://", 1)[-1].rstrip("/")
