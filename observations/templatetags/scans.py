"""The group's own mirror as words and pictures, and as a part of pages of the floor below, which knows of no scans."""

from __future__ import annotations

from typing import Any, Protocol

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_noop

from cards.models import Aspect
from observations import permissions, queries
from observations.models import SelfScan
from observations.models.selfscan import ScanState, Spread
from workgroups.models import GuidedStart, WorkGroup
from workgroups.models.group import GroupState

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
def word(halves: int) -> str:
    """A value in half degrees as a word on the scale of degrees."""
    return _(_HEARD[halves])


@register.filter
def heard(reading: Reading) -> str:
    """The reading as a word on the scale of degrees."""
    return _("hard to say") if reading.halves is None else word(reading.halves)


@register.filter
def figure(reading: Reading) -> str:
    """The reading as a figure from 1 to 4 in the reader's language, or a dash."""
    return "–" if reading.halves is None else str(number_format(reading.halves / 2, decimal_pos=1))


@register.filter
def spread(reading: Reading) -> str:
    """Whether the answers lie together."""
    return str(Spread(reading.spread).label)


@register.inclusion_tag("observations/scan/plot.html")
def dot_plot(reading: Reading, *, scale: bool = True) -> dict[str, Any]:
    """The reading as a dot on its scale, with the words of the scale under it."""
    if reading.halves is None:
        return {"scale": scale}
    middle = 40 * reading.halves - 40
    wide = _HALO.get(Spread(reading.spread)) if reading.spread else None
    return {"scale": scale, "x": middle, "halo": _halo(middle, wide) if wide else None}


def _halo(middle: int, wide: int) -> dict[str, int]:
    """Where the halo lies, inside the picture."""
    left, right = max(middle - wide // 2, 2), min(middle + wide // 2, 318)
    return {"x": left, "width": right - left}


@register.inclusion_tag("observations/scan/on_group.html", takes_context=True)
def group_scan(context: dict[str, Any], group: WorkGroup) -> dict[str, Any]:
    """The own mirror on the group's page: what is under way, or the last picture, or the way to a first one.

    For seats only. One query; five more at most while a round is open.
    """
    member = context["member"]
    if not permissions.may_read_own_mirror(member, group):
        return {}
    rounds = queries.scans_of(group)
    under_way = next((scan for scan in rounds if scan.state in queries.UNDER_WAY), None)
    return {
        "member": member,
        "group": group,
        "scan": under_way,
        "standing": queries.own_part(under_way, member) if under_way else None,
        "last": next((scan for scan in rounds if scan.state == ScanState.REVEALED), None),
        "may_steer": member.chairs(group.pk),
        "is_active": group.state == GroupState.ACTIVE,
    }


@register.inclusion_tag("observations/scan/in_start.html", takes_context=True)
def scan_of_start(context: dict[str, Any], start: GuidedStart) -> dict[str, Any]:
    """The step in which a group looks at its own talk: a round under way, a picture of this card, or the ways to one.

    A picture counts from three weeks before the period began. On the big screen it says nothing of the person who
    signed in there. Leaves ``pictured`` in the context: the one thing to do now is to go on.
    For seats only. Eight queries at most.
    """
    member, aspect, group = context["member"], start.period.aspect, start.group
    under_way = queries.scan_under_way(group)
    day = start.period.started_on
    young = None if under_way else queries.young_picture(group, aspect, today=day)
    context["pictured"] = young is not None
    return {
        "member": member,
        "group": group,
        "scan": under_way,
        "standing": queries.own_part(under_way, member) if under_way else None,
        "may_steer": member.chairs(group.pk),
        "on_wall": bool(context.get("how")),
        "young": young,
        "rows": _rows_of(young, aspect),
        "csrf_token": context.get("csrf_token"),
    }


def _rows_of(scan: SelfScan | None, aspect: Aspect) -> list[queries.RevealRow]:
    reveal = queries.reveal_of(scan) if scan else None
    return [row for row in reveal.rows if row.behaviour.aspect.key == aspect.key] if reveal else []
