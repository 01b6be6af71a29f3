"""The papers that help with the cards, as a part of the group's own page."""

from __future__ import annotations

from typing import Any

from django import template

from schools.roles import Member
from workgroups import permissions
from workgroups.models import WorkGroup
from workgroups.queries import papers, peers

register = template.Library()


@register.inclusion_tag("workgroups/papers/group_papers.html", takes_context=True)
def group_papers(context: dict[str, Any], group: WorkGroup) -> dict[str, Any]:
    """The way to the papers, what waits to be found out, and what colleagues ask the reader; for seats alone.

    Two queries; none for a guest, who sees nothing here.
    """
    member: Member = context["member"]
    if not permissions.may_keep_papers(member, group):
        return {}
    finds, waiting = papers.open_finds(group), peers.waiting_for(member, group)
    return {"member": member, "group": group, "finds": finds, "waiting": waiting}
