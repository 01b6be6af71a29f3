"""Who comes to listen, on the pages of the floor below, which knows of no visits."""

from __future__ import annotations

from typing import Any

from django import template

from observations import permissions, queries, wording
from observations.models import Visit
from observations.models.visit import VisitState
from observations.queries import debrief
from observations.queries.visits import GivenPoint
from schools.roles import Role
from workgroups.models import Meeting

register = template.Library()


@register.inclusion_tag("observations/parts/visitors.html", takes_context=True)
def visitors_at(context: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """Who listens along at this meeting or asks to, for a member of its group. One query, or none."""
    member = context["member"]
    return {"visits": queries.visits_to(meeting, member), "member": member}


@register.inclusion_tag("observations/parts/debrief.html", takes_context=True)
def look_at_it_together(context: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """The way into the group's talk about shared feedback. One query."""
    member = context["member"]
    may_debrief = permissions.may_debrief(member, visit)
    return {**context.flatten(), "place": debrief.place_of(visit), "may_debrief": may_debrief}  # type: ignore[attr-defined]


@register.simple_tag(takes_context=True)
def room_after(context: dict[str, Any], visit: Visit) -> debrief.Room | None:
    """What fits beside the plan of a group that talked about its feedback; nothing for a visitor. Four queries."""
    is_over = visit.state == VisitState.CLOSED
    return debrief.room_of(visit.group) if is_over and permissions.may_debrief(context["member"], visit) else None


@register.simple_tag(takes_context=True)
def contract(context: dict[str, Any]) -> list[str]:
    """Who sees what of a visit: to its visitor (``for_visitor``), else to the group of ``visitor``."""
    is_leader = context["member"].has(Role.LEADER)
    visitor = context.get("visitor", "")
    return wording.who_sees_what(to_visitor=bool(context.get("for_visitor")), is_leader=is_leader, visitor=visitor)


@register.filter
def keeps_from_goal(room: debrief.Room, point: GivenPoint) -> debrief.Obstacle | None:
    """Why this point cannot become a goal now."""
    return room.keeps_from_goal(point)
