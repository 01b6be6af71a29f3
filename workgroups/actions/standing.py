"""The group as an action finds it: locked, so that two members cannot do the same thing at once, and still active."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools import refusals
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState


class GroupEnded(refusals.Refused):
    """A group that ended stays readable, but nothing is added."""

    message = _("This group has ended. You can still read everything.")
    code = "group_ended"


def locked(group_id: int) -> WorkGroup:
    """The group's row, kept for this transaction; raises GroupEnded."""
    group = WorkGroup.objects.select_for_update().get(pk=group_id)
    if group.state != GroupState.ACTIVE:
        raise GroupEnded
    return group
