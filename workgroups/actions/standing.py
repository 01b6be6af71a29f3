"""The group as an action finds it: locked, so that two members cannot do the same thing at once, and still active.

Whoever locks a group and its school locks the school first.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import School
from workgroups.models import WorkGroup
from workgroups.models.group import GroupState


class GroupEnded(refusals.Refused):
    """A group that ended stays readable, but nothing is added."""

    message = _("This group has ended. You can still read everything.")
    code = "group_ended"


def held(group_id: int) -> WorkGroup:
    """The group's row, kept for this transaction, whether the group goes on or not: for what can always be undone."""
    return WorkGroup.objects.select_for_update().get(pk=group_id)


def locked(group_id: int) -> WorkGroup:
    """The group's row, kept for this transaction; raises GroupEnded."""
    group = held(group_id)
    if group.state != GroupState.ACTIVE:
        raise GroupEnded
    return group


def school_locked(school_id: int) -> None:
    """Keep the school's row for this transaction, so that nobody changes its rule while a group takes that over.

    Who writes rows that only point to the school goes on meanwhile: that keeps a group's lock and this one apart.
    """
    School.objects.select_for_update(no_key=True).only("pk").get(pk=school_id)
