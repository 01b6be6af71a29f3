"""Peer feedback, as each of the two people may read it (A6); nobody else, whatever the role."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from schools.roles import Member
from workgroups.models import PeerFeedback, WorkGroup
from workgroups.models.group import GroupState
from workgroups.models.helpers import PeerState


@dataclass(frozen=True)
class Exchanges:
    """What one member asked, and what was asked of this member, in one group, the newest first.

    What was taken back is in neither; what the member declined, or answered and was thanked for, no longer waits.
    """

    waiting: tuple[PeerFeedback, ...]
    asked: tuple[PeerFeedback, ...]
    given: tuple[PeerFeedback, ...]


def peers_for(member: Member) -> QuerySet[PeerFeedback]:
    """The feedback that the member asked for or was asked for, each with both people; for fetch."""
    return PeerFeedback.objects.visible_to(member).select_related("group", "asker", "giver")


def exchanges_of(member: Member, group: WorkGroup) -> Exchanges:
    """Everything between this member and the colleagues of the group. One query."""
    rows = list(peers_for(member).filter(group=group).exclude(state=PeerState.WITHDRAWN).order_by("-asked_on", "-pk"))
    mine = member.user.pk
    return Exchanges(
        waiting=tuple(row for row in rows if row.giver_id == mine and row.state == PeerState.ASKED),
        asked=tuple(row for row in rows if row.asker_id == mine),
        given=tuple(row for row in rows if row.giver_id == mine and row.state in {PeerState.GIVEN, PeerState.THANKED}),
    )


def waiting_for(member: Member, group: WorkGroup) -> list[PeerFeedback]:
    """The open questions of colleagues to this member in the group, the oldest first. One query."""
    asked = peers_for(member).filter(group=group, giver=member.user, state=PeerState.ASKED)
    return list(asked.order_by("asked_on", "pk"))


def on_the_way(member: Member) -> list[PeerFeedback]:
    """What waits for this member at any own table that still works: questions to answer, and answers to read.

    The oldest first. One query.
    """
    to_give, to_read = Q(giver=member.user, state=PeerState.ASKED), Q(asker=member.user, state=PeerState.GIVEN)
    at_work = peers_for(member).filter(group_id__in=list(member.seats), group__state=GroupState.ACTIVE)
    return list(at_work.filter(to_give | to_read).order_by("asked_on", "pk"))
