"""What a group asks its school for, as a part of the group's own page."""

from __future__ import annotations

from typing import Any

from django import template

from schools.roles import Member
from workgroups import permissions, queries
from workgroups.models import WorkGroup

register = template.Library()


@register.inclusion_tag("workgroups/group_help.html", takes_context=True)
def group_help(context: dict[str, Any], group: WorkGroup) -> dict[str, Any]:
    """The way to ask the school for help, and what it answered; for seats alone.

    One query; none for a guest, who sees nothing here.
    """
    member: Member = context["member"]
    if not permissions.may_ask_help(member, group):
        return {}
    return {"member": member, "group": group, "asked_help": queries.help_of(group)}
