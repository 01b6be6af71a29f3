"""What can be asked about the pulses: what is open, one's own answers, what came of it.

As with self-scans nothing here says who answered, how many did, or when. Callers hold a pulse that came through
``pulse_for``, or a group in which the member has a seat.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from observations import picture
from observations.models import Pulse, PulseAnswer, PulseElector
from observations.models.pulse import QUESTIONS, PulseKind, PulseQuestion, PulseState
from observations.queries.observation import people_in
from schools import tenancy
from schools.roles import Member
from workgroups.models import FocusPeriod, WorkGroup

APART = dt.timedelta(days=21)
HALF_A_YEAR = dt.timedelta(days=182)
LOW = 4  # in halves: "sometimes", or less


@dataclass(frozen=True)
class PulseLine:
    """One sentence and what the group reads of it: ``halves`` is twice the degree, 3 to 7."""

    question: PulseQuestion
    halves: int

    @property
    def text(self) -> str | Promise:
        """The sentence, in the reader's language."""
        return self.question.label


@dataclass(frozen=True)
class PulseDesk:
    """One kind of pulse in a group: what is open, and those with a result, the newest first.

    ``possible_from`` is the day from which a new one may open, None for today; ``too_few`` says that the group has
    fewer than four seats: then there is only a question to talk about.
    """

    kind: PulseKind
    open: Pulse | None
    results: tuple[Pulse, ...]
    possible_from: dt.date | None
    too_few: bool

    @property
    def may_start(self) -> bool:
        """Whether a new one may open today."""
        return not (self.open or self.too_few or self.possible_from)


def pulses(
    member: Member, *, group: int | None = None, kind: str | None = None, state: str | None = None
) -> QuerySet[Pulse]:
    """The pulses that are open or had a result, of the groups in which the member has a seat. One query."""
    asked = {"group_id": group, "kind": kind, "state": state}
    rows: QuerySet[Pulse] = Pulse.objects.visible_to(member).exclude(state=PulseState.VOID)
    return rows.filter(**{name: value for name, value in asked.items() if value is not None})


def pulse_for(member: Member, pulse_id: int) -> Pulse:
    """One pulse with group and school at hand, for who has a seat in its group; 404 for others. One query."""
    return tenancy.fetch(Pulse.objects.visible_to(member).select_related("group", "school"), pk=pulse_id)


def pulse_lines(pulse: Pulse) -> tuple[PulseLine, ...]:
    """What came of a closed pulse, in the order of its sentences; nothing of another. One query."""
    return _lines(pulse.kind, dict(pulse.readings.values_list("question", "halves")))


def pulse_desks(group: WorkGroup, *, today: dt.date) -> list[PulseDesk]:
    """Trust and aims in this group as its seats may know them, what is open first. Two queries."""
    rows = list(Pulse.objects.filter(group=group).exclude(state=PulseState.VOID).order_by("-opened_on", "-pk"))
    too_few = len(people_in(group.pk, today=today)) < picture.ENOUGH
    return sorted((_desk(kind, rows, too_few, today) for kind in PulseKind), key=lambda desk: desk.open is None)


def _desk(kind: PulseKind, rows: list[Pulse], too_few: bool, today: dt.date) -> PulseDesk:  # noqa: FBT001
    mine = [row for row in rows if row.kind == kind]
    results = tuple(row for row in mine if row.state == PulseState.CLOSED)
    return PulseDesk(
        kind=kind,
        open=next((row for row in mine if row.state == PulseState.OPEN), None),
        results=results,
        possible_from=_possible_from(results[0] if results else None, today),
        too_few=too_few,
    )


def pulse_from(group: WorkGroup, kind: str, *, today: dt.date) -> dt.date | None:
    """The day from which a pulse of this kind may open again; None: today. One query.

    Two results close to each other would show what a single change of people changed.
    """
    taken = Pulse.objects.filter(group=group, kind=kind, state=PulseState.CLOSED)
    return _possible_from(taken.order_by("-closed_on").first(), today)


def open_pulse_of(group: WorkGroup, kind: str) -> Pulse | None:
    """The pulse of this kind that is open. One query."""
    return Pulse.objects.filter(group=group, kind=kind, state=PulseState.OPEN).first()


def pulse_offer(group: WorkGroup, *, today: dt.date) -> Pulse | PulseKind | None:
    """What the group's page says of pulses: the one that is open, else the one whose time it is, else nothing.

    Trust is offered until there was one, before all else (P7); the aims half a year after the first card, and every
    half year after (P4-P6). Two queries.
    """
    rows = list(Pulse.objects.filter(group=group).exclude(state=PulseState.VOID).order_by("-pk"))
    is_open = next((row for row in rows if row.state == PulseState.OPEN), None)
    if is_open:
        return is_open
    if not any(row.kind == PulseKind.TRUST for row in rows):
        return PulseKind.TRUST
    began = FocusPeriod.objects.filter(group=group).order_by("started_on").values_list("started_on", flat=True).first()
    since = max((row.closed_on for row in rows if row.kind == PulseKind.AIMS and row.closed_on), default=began)
    return PulseKind.AIMS if since and since + HALF_A_YEAR <= today else None


def own_pulse_answers(pulse: Pulse, member: Member) -> dict[str, int]:
    """Per question the degree (1-4) that the member gave, while the pulse is open. One query."""
    return dict(PulseAnswer.objects.visible_to(member).filter(pulse=pulse).values_list("question", "degree"))


def may_vote(pulse: Pulse, member: Member) -> bool:
    """Whether the member had a seat as the pulse opened. One query."""
    return PulseElector.objects.filter(pulse=pulse, user_id=member.user.pk).exists()


def pulse_voices(pulse: Pulse, *, today: dt.date) -> set[int]:
    """The user ids of the electors who still have a seat; never for a page. Two queries."""
    electors = PulseElector.objects.filter(pulse=pulse).values_list("user_id", flat=True)
    return set(electors).intersection(people_in(pulse.group_id, today=today))


def is_low(lines: tuple[PulseLine, ...]) -> bool:
    """Whether one of the sentences lies at "sometimes" or lower."""
    return any(line.halves <= LOW for line in lines)


def _lines(kind: str, halves: dict[str, int]) -> tuple[PulseLine, ...]:
    return tuple(PulseLine(question, halves[question]) for question in QUESTIONS[kind] if question in halves)


def _possible_from(last: Pulse | None, today: dt.date) -> dt.date | None:
    day = last.closed_on + APART if last and last.closed_on else None
    return day if day and day > today else None
