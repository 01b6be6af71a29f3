"""Who keeps the papers: whoever has a seat. A paper is found again under the lock of its group."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import User
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import standing
from workgroups.models import DecisionNote, Interview, RoutineReview, Seat, Source, WorkGroup
from workgroups.models.group import InGroup

_Paper = TypeVar("_Paper", DecisionNote, RoutineReview, Source, Interview)


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


def rewritten(paper: _Paper, texts: dict[str, Any], version: int | None, **facts: Any) -> _Paper:
    """Write on a paper that was found again under the lock; its version rises.

    ``version`` is the one whose texts were read, None replaces them whatever they say; ``facts`` are not compared.
    Raises Conflict with what was saved since, unless it is the same.
    """
    theirs = {name: getattr(paper, name) for name in texts}
    if theirs != texts and version not in {None, paper.version}:
        raise refusals.Conflict(theirs=theirs, version=paper.version)
    type(paper).objects.filter(pk=paper.pk).update(**texts, **facts, version=F("version") + 1)
    paper.refresh_from_db()
    return paper
