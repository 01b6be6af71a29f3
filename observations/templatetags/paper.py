"""The profile on paper: its pictures with their look inside, as what prints them sees no page around a picture."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from observations import sheets
from observations.templatetags import profile

register = template.Library()

_SANS = "'Seravek', 'Segoe UI', 'Open Sans', 'Noto Sans', 'DejaVu Sans', sans-serif"
# As in the stylesheet of the pages (.plot), by day, in the order in which later rules win.
_LOOK = f"""
text {{ font-family: {_SANS}; font-size: 13px; font-weight: 400; fill: #57564D; }}
.strong {{ font-weight: 600; fill: #20292E; }}
.grid {{ fill: none; stroke: #E2D8C5; }}
.axis {{ fill: none; stroke: #857A68; }}
.own {{ fill: none; stroke: #20292E; stroke-width: 2.5; stroke-linejoin: round; }}
.own-fill {{ fill: #20292E; opacity: .07; }}
.own-dot {{ fill: #20292E; stroke: #FFFFFF; stroke-width: 1.5; }}
.coach {{ fill: none; stroke: #20292E; stroke-width: 2; stroke-dasharray: .1 6; stroke-linecap: round; }}
.coach-box {{ fill: #FFFFFF; stroke: #20292E; stroke-width: 2; }}
.gap {{ fill: none; stroke: #857A68; stroke-width: 1.5; stroke-dasharray: 3 3; }}
.a1 {{ color: #1B5FAE; }} .a2 {{ color: #852A7F; }} .a3 {{ color: #426B4A; }}
.a4 {{ color: #A93906; }} .a5 {{ color: #4F3A00; }} .a6 {{ color: #05514F; }}
"""


radar_on_paper = register.inclusion_tag("observations/paper/radar.html", name="radar_on_paper")(profile.radar)


@register.filter
def drawn(number: int) -> SafeString:
    """The strokes of an aspect's shape, on its square of 48, without a picture of their own around them."""
    shape = render_to_string("ui/shape.html", {"number": number})
    return mark_safe(shape.partition(">")[2].rpartition("</svg>")[0])  # noqa: S308  # a template of our own


@register.filter
def on_paper(picture: SafeString, name: str = "") -> SafeString:
    """A picture of a page with its look inside, and with a name for who hears it where it has none."""
    head, _end, rest = picture.strip().partition(">")
    title = f"<title>{escape(name)}</title>" if name and "<title" not in rest else ""
    return mark_safe(f"{head}><style>{_LOOK}</style>{title}{rest}")  # noqa: S308  # a picture of our own, name escaped


@register.filter
def degree_or_dash(halves: int | None) -> str:
    """A value as a figure in the reader's language, as on the page; a dash for a gap."""
    return "–" if halves is None else str(number_format(halves / 2, decimal_pos=1))


@register.filter
def said_to_it(key: str) -> str:
    """What the group says to a point."""
    return sheets.said(key)
