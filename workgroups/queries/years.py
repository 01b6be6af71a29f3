"""What a group agreed on over the years: what holds now, and how everything else ended."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from schools import holidays
from workgroups.models import Agreement, WorkGroup
from workgroups.models.goal import AgreementState
from workgroups.queries.focus import with_tally


@dataclass(frozen=True)
class SchoolYear:
    """The agreements that ended in the school year from August of ``starts`` on, the latest first."""

    starts: int
    agreements: tuple[Agreement, ...]

    @property
    def name(self) -> str:
        """Such as 2026-2027."""
        return holidays.year_name(self.starts)


@dataclass(frozen=True)
class AgreementsOverTime:
    """A group's agreements: those that hold now by slot, and those that ended by school year, the latest first."""

    live: tuple[Agreement, ...]
    years: tuple[SchoolYear, ...]


def agreements_over_time(group: WorkGroup) -> AgreementsOverTime:
    """Everything the group ever agreed on, each with its card, its tally and its successor (G8). One query."""
    rows = list(with_tally(group.agreements.select_related("goal__period__aspect", "changed_into")))
    live = sorted((row for row in rows if row.state == AgreementState.LIVE), key=lambda row: row.slot or 0)
    ended = [row for row in rows if row.state != AgreementState.LIVE]
    ended.sort(key=lambda row: (row.ended_on, row.pk), reverse=True)
    years = groupby(ended, key=_ended_in)
    return AgreementsOverTime(tuple(live), tuple(SchoolYear(starts, tuple(those)) for starts, those in years))


def _ended_in(agreement: Agreement) -> int:
    if agreement.ended_on is None:
        raise ValueError(agreement.pk)
    return holidays.school_year(agreement.ended_on)
