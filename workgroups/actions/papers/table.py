"""Who keeps the papers: whoever has a seat. A paper is found again under the lock of its group."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import User
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import standing
from workgroups.models import Seat, WorkGroup
from workgroups.models.group import InGroup


class NotAtTheTable(refusals.Refused):
    """Someone who has no seat in the group, or has it no longer."""

    message = _("Choose somebody who has a seat in your group.")
    code = "not_at_the_table"


def opened(of: WorkGroup | InGroup, *, by: Member) -> WorkGroup:
    """The group, locked for this transaction; raises GroupEnded, PermissionDenied unless the member has a seat."""
    permissions.demand(permissions.may_keep_papers(by, of))
    return standing.locked(of.pk if isinstance(of, WorkGroup) else of.group_id)


def seated(group: WorkGroup, user: User | None, *, today: dt.date, field: str) -> User:
    """The person, who must have a seat in the group today; raises NotAtTheTable beside the field."""
    if user is None or not Seat.objects.live(today).filter(group=group, user=user).exists():
        raise NotAtTheTable(field=field)
    return user
