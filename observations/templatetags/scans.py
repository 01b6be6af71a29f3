"""The group's own mirror as words and pictures, and as a part of pages of the floor below, which knows of no scans."""

from __future__ import annotations

from typing import Any, Protocol

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_noop

from observations.models.selfscan import Spread

register = template.Library()

# A sealed picture ends at 1.5 and 3.5: its ends say "that or beyond", so nobody's extreme shows.
_HEARD = {
    2: gettext_noop("not heard"),
    3: gettext_noop("hardly heard"),
    4: gettext_noop("now and then"),
    5: gettext_noop("now and then to often"),
    6: gettext_noop("often"),
    7: gettext_noop("nearly throughout"),
    8: gettext_noop("throughout"),
}
_HALO = {Spread.ALIKE: 64, Spread.MIXED: 200}  # how wide; says narrow or wide, no more


class Reading(Protocol):
    """One behaviour in a revealed picture."""

    @property
    def halves(self) -> int | None:
        """Twice the degree, or nothing."""

    @property
    def spread(self) -> str:
        """The word "alike" or "mixed", or nothing said."""


@register.filter
def heard(reading: Reading) -> str:
    """The reading as a word on the scale of degrees."""
    return _("too few could say") if reading.halves is None else _(_HEARD[reading.halves])


@register.filter
def figure(reading: Reading) -> str:
    """The reading as a figure from 1 to 4 in the reader's language, or a dash."""
    return "–" if reading.halves is None else str(number_format(reading.halves / 2, decimal_pos=1))


@register.filter
def spread(reading: Reading) -> str:
    """Whether the answers lie together."""
    return str(Spread(reading.spread).label)


@register.inclusion_tag("observations/scan/plot.html")
def dot_plot(reading: Reading) -> dict[str, Any]:
    """The reading as a dot on its scale."""
    if reading.halves is None:
        return {}
    middle = 40 * reading.halves - 40
    wide = _HALO.get(Spread(reading.spread)) if reading.spread else None
    return {"x": middle, "halo": {"x": middle - wide / 2, "width": wide} if wide else None}
