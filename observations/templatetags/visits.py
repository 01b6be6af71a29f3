"""Who comes to listen, on the pages of the floor below, which knows of no visits."""

from __future__ import annotations

from typing import Any

from django import template

from observations import queries
from workgroups.models import Meeting

register = template.Library()


@register.inclusion_tag("observations/parts/visitors.html", takes_context=True)
def visitors_at(context: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """Who listens along at this meeting or asks to, for a member of its group. One query, or none."""
    member = context["member"]
    return {"visits": queries.visits_to(meeting, member), "member": member}
