"""What a self-scan asks, to print on paper and to take over from it."""

from __future__ import annotations

from cards.models import Aspect, Behaviour
from observations.models import SelfScan
from observations.models.selfscan import ScanState, ScanWay
from workgroups.models import WorkGroup
from workgroups.queries import deck_of


def asked_on_paper(group: WorkGroup, aspect: Aspect | None) -> list[Behaviour]:
    """Every behaviour of the card, or of the group's whole deck where that is None, in order, each with its card.

    One query.
    """
    cards = deck_of(group) if aspect is None else [aspect]
    lines = Behaviour.objects.filter(aspect__in=cards).select_related("aspect")
    return list(lines.order_by("aspect__number", "position"))


def scan_on_paper(group: WorkGroup, aspect: Aspect | None) -> SelfScan | None:
    """The round on this card (None: on all six) that the group answers together now, if any. One query."""
    together = SelfScan.objects.filter(group=group, way=ScanWay.TOGETHER, state=ScanState.OPEN)
    return together.filter(aspect=aspect).select_related("group", "school", "aspect").first()
