"""The pulses as words and pictures, and as a part of the group's page, which lies on the floor below."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _, gettext_noop

from observations import queries
from observations.models import Pulse
from observations.models.pulse import PulseKind
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState

register = template.Library()

# A reading ends at 1.5 and 3.5: its ends say "that or beyond", so nobody's extreme shows.
_SO = {
    3: gettext_noop("seldom or sometimes"),
    4: gettext_noop("sometimes"),
    5: gettext_noop("sometimes to often"),
    6: gettext_noop("often"),
    7: gettext_noop("often or nearly always"),
}


@register.filter
def how_often(halves: int) -> str:
    """A reading (3 to 7) in words."""
    return _(_SO[halves])


@register.inclusion_tag("observations/pulse/plot.html")
def often_plot(halves: int) -> dict[str, Any]:
    """A reading as a dot on its scale."""
    return {"x": 40 * halves - 40}


@register.inclusion_tag("observations/parts/group_pulse.html", takes_context=True)
def group_pulse(context: dict[str, Any], group: WorkGroup) -> dict[str, Any]:
    """What the group's page says of pulses, to its seats. Two queries, or none."""
    member = context["member"]
    if not member.sits_in(group.pk):
        return {"member": member, "group": group, "sits": False}
    offer = queries.pulse_offer(group, today=context["today"]) if group.state == GroupState.ACTIVE else None
    is_open = isinstance(offer, Pulse)
    kind = offer.kind if isinstance(offer, Pulse) else offer
    return {
        "member": member,
        "group": group,
        "sits": True,
        "pulse": offer if is_open else None,
        "is_trust": kind == PulseKind.TRUST,
        "offers": kind is not None,
    }
