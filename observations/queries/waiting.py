"""Which rounds of the own groups wait for somebody: to answer, or to open the picture for the group."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from cards.models import Behaviour
from observations.models import Elector, Pulse, PulseAnswer, PulseElector, SelfScan
from observations.models.pulse import PulseState
from observations.models.selfscan import ScanState, ScanWay
from observations.queries.scans import UNDER_WAY
from schools.roles import Member
from workgroups.models.group import GroupState


@dataclass(frozen=True)
class OwnRounds:
    """What waits for one member, whoever else has answered: ``scans`` and ``pulses`` to answer, ``closed`` to open.

    All have their group at hand.
    """

    scans: tuple[SelfScan, ...]
    closed: tuple[SelfScan, ...]
    pulses: tuple[Pulse, ...]


def own_rounds(member: Member, *, now: dt.datetime) -> OwnRounds:
    """The rounds of groups that still work in which this member has a say, and has not said all; until they are over.

    Together any seat has it until the picture is there. The picture of a closed round waits for the chair. Three
    queries at most, however many groups.
    """
    rounds = _under_way(member)
    asked = _asked_in(rounds)
    return OwnRounds(
        scans=tuple(scan for scan in rounds if scan.state == ScanState.OPEN and _waits(scan, asked, now)),
        closed=tuple(scan for scan in rounds if scan.state == ScanState.CLOSED and member.chairs(scan.group_id)),
        pulses=tuple(_pulses(member, now)),
    )


def _under_way(member: Member) -> list[SelfScan]:
    """With the number of the member's own answers, never of anybody else's."""
    mine = {"scan": OuterRef("pk"), "user_id": member.user.pk}
    rows = SelfScan.objects.visible_to(member).filter(state__in=UNDER_WAY, group__state=GroupState.ACTIVE)
    given = Count("answers", filter=Q(answers__user_id=member.user.pk))
    told = rows.annotate(has_say=Exists(Elector.objects.filter(**mine)), given=given)
    return list(told.select_related("group").order_by("closes_at", "pk"))


def _asked_in(rounds: Iterable[SelfScan]) -> Counter[tuple[str, int]]:
    """How many behaviours there are per edition and per aspect, of the editions of these rounds."""
    editions = {scan.edition_id for scan in rounds if scan.way == ScanWay.SEALED and scan.state == ScanState.OPEN}
    if not editions:
        return Counter()
    lines = Behaviour.objects.filter(aspect__edition__in=editions).values_list("aspect__edition_id", "aspect_id")
    return Counter(place for edition, aspect in lines for place in (("edition", edition), ("aspect", aspect)))


def _waits(scan: SelfScan, asked: Counter[tuple[str, int]], now: dt.datetime) -> bool:
    if scan.closes_at is None:
        return True
    place = ("aspect", scan.aspect_id) if scan.aspect_id else ("edition", scan.edition_id)
    return bool(scan.has_say and scan.closes_at > now and scan.given < asked[place])  # type: ignore[attr-defined]


def _pulses(member: Member, now: dt.datetime) -> Iterable[Pulse]:
    mine = {"pulse": OuterRef("pk"), "user_id": member.user.pk}
    rows = Pulse.objects.visible_to(member).filter(state=PulseState.OPEN, closes_at__gt=now)
    has_say, has_said = Exists(PulseElector.objects.filter(**mine)), Exists(PulseAnswer.objects.filter(**mine))
    waiting = rows.filter(has_say, ~has_said, group__state=GroupState.ACTIVE)
    return waiting.select_related("group").order_by("closes_at", "pk")
