"""The guided start keeps in step with the round that its group answers."""

from __future__ import annotations

from django import template

from observations import queries
from workgroups.models import WorkGroup

register = template.Library()


@register.simple_tag
def with_round(mark: str, group: WorkGroup) -> str:
    """The mark of the start together with that of the round under way; answers change nothing in it. One query."""
    scan = queries.scan_under_way(group)
    return f"{mark}-{scan.pk}-{scan.state}" if scan else f"{mark}-no-round"
