"""What can be asked about the group's own mirror: what is under way, one's own answers, what was revealed.

Nothing here says who answered, how many did, or when. Callers hold scans that came through ``scan_for`` or
``scans``, which open by a seat alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet, Value

from cards.models import Aspect, Behaviour
from cards.queries import cards_of
from observations import picture
from observations.models import Elector, ScanAnswer, SelfScan
from observations.models.selfscan import ScanState, ScanWay
from observations.queries.observation import people_in
from schools import tenancy
from schools.roles import Member
from workgroups.models import Seat, WorkGroup

APART = dt.timedelta(days=21)
UNDER_WAY = (ScanState.OPEN, ScanState.CLOSED)
_TAKEN = (ScanState.CLOSED, ScanState.REVEALED)


@dataclass(frozen=True)
class Answer:
    """To what degree (1-4, None: cannot say) and in what manner (300 characters at most, may be empty)."""

    degree: int | None
    manner: str = ""


def scans(member: Member, *, group_id: int | None = None, state: str | None = None) -> QuerySet[SelfScan]:
    """The rounds of the groups in which the member has a seat, with aspect at hand. One query."""
    asked = {"group_id": group_id, "state": state}
    rows: QuerySet[SelfScan] = SelfScan.objects.visible_to(member).select_related("aspect")
    return rows.filter(**{name: value for name, value in asked.items() if value is not None})


def scan_for(member: Member, scan_id: int) -> SelfScan:
    """One round with group, school and aspect at hand, for who has a seat in its group; 404 for others. One query."""
    return tenancy.fetch(scans_whole(member), pk=scan_id)


def scans_whole(member: Member) -> QuerySet[SelfScan]:
    """The rounds of the groups in which the member has a seat, with group, school and aspect at hand."""
    return scans(member).select_related("group", "school")


def scans_by_id(ids: Iterable[int]) -> dict[int, SelfScan]:
    """Rounds with group, school and aspect at hand, for the post. One query."""
    rows = SelfScan.objects.filter(pk__in=list(ids)).select_related("group", "school", "aspect__edition")
    return {scan.pk: scan for scan in rows}


def scan_under_way(group: WorkGroup) -> SelfScan | None:
    """The round that is open, or closed and not yet revealed. One query."""
    return SelfScan.objects.filter(group=group, state__in=UNDER_WAY).select_related("aspect").first()


def scans_of(group: WorkGroup) -> list[SelfScan]:
    """All rounds of the group with their aspect, the newest first. One query."""
    return list(SelfScan.objects.filter(group=group).select_related("aspect").order_by("-opened_on", "-pk"))


def aspects_of(scan: SelfScan) -> list[Aspect]:
    """The aspects that the round covers, by number: one, or the six of its edition. One query at most."""
    return [scan.aspect] if scan.aspect else list(cards_of(Value(scan.edition_id)))


def behaviours_of(scan: SelfScan) -> list[Behaviour]:
    """The behaviours that the round asks about, in the order of its edition, each with its aspect. Two queries at most.

    They stay the same until it closes, also where the board takes another edition meanwhile.
    """
    lines = Behaviour.objects.filter(aspect__in=aspects_of(scan)).select_related("aspect")
    return list(lines.order_by("aspect__number", "position"))


def lines_of(aspect: Aspect) -> dict[str, int]:
    """The behaviours of one card in their order: key -> id. One query."""
    return dict(Behaviour.objects.filter(aspect=aspect).order_by("position").values_list("key", "pk"))


def own_answers(scan: SelfScan, member: Member) -> dict[int, Answer]:
    """Per behaviour id what the member answered, or the group with one voice, while the round is open. One query."""
    rows = ScanAnswer.objects.visible_to(member).filter(scan=scan)
    return {pk: Answer(degree, manner) for pk, degree, manner in rows.values_list("behaviour_id", "degree", "manner")}


def fingerprint(answers: Mapping[int, Answer]) -> int:
    """The version of what was answered: another number for other answers, the same for the same. No query."""
    rows = sorted((pk, given.degree, given.manner) for pk, given in answers.items())
    return int.from_bytes(hashlib.sha256(json.dumps(rows).encode()).digest()[:6])


def is_elector(scan: SelfScan, member: Member) -> bool:
    """Whether the member may answer: any seat when together; when sealed, who had a seat as it opened. One query."""
    if scan.way == ScanWay.TOGETHER:
        return member.sits_in(scan.group_id)
    return Elector.objects.filter(scan=scan, user_id=member.user.pk).exists()


@dataclass(frozen=True)
class Standing:
    """How a round stands for one member, never how far anybody else is.

    ``enough`` is for the chair of an open sealed round alone, once done (four full answers, or not yet); else None.
    """

    is_elector: bool
    i_am_done: bool
    my_next_aspect: Aspect | None
    enough: bool | None


def own_part(scan: SelfScan, member: Member) -> Standing:
    """How the open round stands for this member, "enough" left out. Four queries at most; none when it is not open."""
    if scan.state != ScanState.OPEN:
        return Standing(is_elector=False, i_am_done=False, my_next_aspect=None, enough=None)
    may_answer = is_elector(scan, member)
    answered = own_answers(scan, member)
    left = [line.aspect for line in behaviours_of(scan) if line.pk not in answered]
    return Standing(
        is_elector=may_answer,
        i_am_done=may_answer and not left,
        my_next_aspect=left[0] if may_answer and left else None,
        enough=None,
    )


def standing(scan: SelfScan, member: Member, *, today: dt.date) -> Standing:
    """As ``own_part``, and for the chair of an open sealed round whether there is enough. Ten queries at most.

    The chair hears it once the own answers are in: of five people, "enough" would say before that that all the others
    have answered. And nobody hears it once an elector lost the seat: who ends seats could try out whose answer it was.
    """
    part = own_part(scan, member)
    if scan.state != ScanState.OPEN or scan.way != ScanWay.SEALED or not member.chairs(scan.group_id):
        return part
    if (part.is_elector and not part.i_am_done) or _somebody_left(scan, today=today):
        return part
    full = full_voices(scan, behaviours_of(scan), today=today)
    return replace(part, enough=len(full) >= picture.ENOUGH)


def _somebody_left(scan: SelfScan, *, today: dt.date) -> bool:
    seated = Seat.objects.live(today).filter(group_id=scan.group_id).values("user_id")
    return Elector.objects.filter(scan=scan).exclude(user_id__in=seated).exists()


def voices(scan: SelfScan, *, today: dt.date) -> set[int]:
    """The user ids of the electors who still have a seat: for closing and "enough", never for a page. Two queries."""
    electors = Elector.objects.filter(scan=scan).values_list("user_id", flat=True)
    return set(electors).intersection(people_in(scan.group_id, today=today))


def full_voices(scan: SelfScan, behaviours: Iterable[Behaviour], *, today: dt.date) -> set[int]:
    """Those of ``voices`` who answered every behaviour: for closing and "enough", never for a page. Three queries."""
    asked = [line.pk for line in behaviours]
    counted = ScanAnswer.objects.filter(scan=scan, behaviour__in=asked).values("user_id").annotate(given=Count("pk"))
    full = counted.filter(given=len(asked)).values_list("user_id", flat=True)
    return voices(scan, today=today).intersection(full)


def sealed_from(group: WorkGroup, aspect: Aspect | None, *, today: dt.date) -> dt.date | None:
    """The day from which a sealed round on this aspect (None: all six) is possible again; None: today. One query."""
    taken = SelfScan.objects.filter(group=group, way=ScanWay.SEALED, state__in=_TAKEN).filter(_touches(aspect))
    last = taken.order_by("-closed_on").values_list("closed_on", flat=True).first()
    return last + APART if last and last + APART > today else None


def young_picture(group: WorkGroup, aspect: Aspect, *, today: dt.date) -> SelfScan | None:
    """The newest revealed round on this aspect that is younger than 21 days, for a start to use again. One query."""
    young = SelfScan.objects.filter(group=group, state=ScanState.REVEALED, closed_on__gt=today - APART)
    rows = young.filter(_touches(aspect)).select_related("aspect")
    return rows.order_by("-closed_on", "-pk").first()


def _touches(aspect: Aspect | None) -> Q:
    """Rounds that ask about this aspect, whichever edition it is of; a round of all six touches every aspect."""
    return Q() if aspect is None else Q(aspect__isnull=True) | Q(aspect__key=aspect.key)
