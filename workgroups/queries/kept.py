"""How it went with what a group agreed on: meeting after meeting, as the group itself said at the end."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from workgroups.models import Agreement, AgreementCheck, WorkGroup
from workgroups.models.goal import AgreementState
from workgroups.models.meeting import Kept
from workgroups.queries.goals import Checked


@dataclass(frozen=True)
class Outcome:
    """One of the four answers, and on the days of which meetings it was given."""

    key: str
    label: str
    days: tuple[dt.date, ...]


@dataclass(frozen=True)
class AgreementKept:
    """An agreement with its card, and what the group found of it at each meeting (G6), the oldest first."""

    agreement: Agreement
    checks: tuple[Checked, ...]

    @property
    def is_live(self) -> bool:
        """Whether it holds now."""
        return self.agreement.state == AgreementState.LIVE

    @property
    def outcomes(self) -> list[Outcome]:
        """The same by answer: kept, partly, not, no occasion; each with its days."""
        days: dict[str, list[dt.date]] = {}
        for check in self.checks:
            days.setdefault(check.outcome, []).append(check.day)
        return [Outcome(kind.value, str(kind.label), tuple(days.get(kind.value, ()))) for kind in Kept]

    @property
    def count(self) -> Counter[str]:
        """How often each answer was given."""
        return Counter(check.outcome for check in self.checks)


def agreements_kept(group: WorkGroup, *, since: dt.date, until: dt.date, aspect: str = "") -> tuple[AgreementKept, ...]:
    """The agreements of these days, of one card if asked: the live ones by slot, then the last ended first.

    Each with what the closers of those days found; one that ended before any of them could look back is left out. Two
    queries, however many meetings there were. For who may read the group's goals (permissions.may_read_goals).
    """
    about = {"goal__period__aspect__key": aspect} if aspect else {}
    held = Agreement.objects.filter(group=group, agreed_on__lte=until, **about).exclude(ended_on__lt=since)
    checks: dict[int, list[Checked]] = {}
    rows = AgreementCheck.objects.filter(group=group, closer__meeting__day__range=(since, until))
    for agreement_id, day, outcome in rows.order_by("closer__meeting__starts_at", "pk").values_list(
        "agreement_id", "closer__meeting__day", "outcome"
    ):
        checks.setdefault(agreement_id, []).append(Checked(day, outcome, Kept(outcome).label))
    found = held.select_related("goal__period__aspect", "changed_into")
    kept = (AgreementKept(row, tuple(checks.get(row.pk, ()))) for row in sorted(found, key=_in_sight))
    return tuple(one for one in kept if one.is_live or one.checks)


def _in_sight(agreement: Agreement) -> tuple[bool, int, int]:
    """The live ones in the order in which they are read aloud, then the last ended first."""
    ended = agreement.ended_on.toordinal() if agreement.ended_on else 0
    return agreement.state != AgreementState.LIVE, -ended, agreement.slot or -agreement.pk
