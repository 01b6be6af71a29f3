"""A group's own profile as its page, its downloads and its paper show it: one reading for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cards.models import Aspect, Behaviour
from observations import mirrors as both, years
from observations.mirrors import Mirrors, Round, TwoLines
from observations.models import ScanReading
from observations.queries.profiles import profile_of
from observations.queries.reveals import OwnMirror, own_mirror
from workgroups.models import WorkGroup
from workgroups.queries import AgreementKept, agreements_kept


@dataclass(frozen=True)
class WholeProfile:
    """What the group sees of itself.

    ``mirrors`` is everything up to the end of the years shown: the picture of now, or of then. ``shown`` is what of it
    falls within those years. ``kept`` are the agreements that held in them, with what the closers found.
    """

    mirrors: Mirrors
    shown: Mirrors
    years: years.Years
    kept: tuple[AgreementKept, ...]

    @property
    def difference(self) -> TwoLines | None:
        """Where the mirrors lie furthest apart today: a question. Of the past nothing is asked any more."""
        return self.mirrors.difference if self.years.is_now else None


def whole_of(group: WorkGroup, *, with_own: bool, today: dt.date, asked: str = "", aspect: str = "") -> WholeProfile:
    """The whole profile, of the years that are ``asked`` for ("", a year such as "2025", or "all"). Ten queries.

    ``with_own`` reads the group's own mirror too: for its seats alone (permissions.may_read_own_mirror); without it
    seven queries. The caller checks permissions.may_read_profile. ``aspect`` keeps to the agreements of one card.
    """
    coach = profile_of(group, with_answers=True)
    own = own_mirror(group) if with_own else OwnMirror()
    everything = both.side_by_side(coach, rounds=own.looks, own=own.aspects)
    chosen = years.shown((moment.day for moment in everything.moments), today=today, asked=asked)
    return WholeProfile(
        mirrors=everything if chosen.is_now else everything.between(dt.date.min, chosen.ends),
        shown=everything.between(chosen.begins, chosen.ends),
        years=chosen,
        kept=agreements_kept(group, since=chosen.begins, until=chosen.ends, aspect=aspect),
    )


@dataclass(frozen=True)
class HeardOnce:
    """What one round shows of a behaviour: halves (2-8, None: a gap) and "alike", "mixed" or nothing."""

    round: Round
    halves: int | None
    spread: str


@dataclass(frozen=True)
class BehaviourHeard:
    """A behaviour of the card over the rounds that asked about it, the newest first."""

    behaviour: Behaviour
    readings: tuple[HeardOnce, ...]


def behaviours_heard(group: WorkGroup, aspect: Aspect, rounds: Iterable[Round]) -> tuple[BehaviourHeard, ...]:
    """How the group heard each behaviour of a card in these rounds, in the order of the card. Two queries.

    For seats only (permissions.may_read_own_mirror). A behaviour that only an earlier edition had comes last.
    """
    asked = list(rounds)
    lines = {line.key: line for line in Behaviour.objects.filter(aspect=aspect).order_by("position")}
    rows = ScanReading.objects.filter(
        group=group, snapshot__scan__in=[one.scan_id for one in asked], behaviour__aspect__key=aspect.key
    ).select_related("behaviour", "snapshot")
    found = {(row.snapshot.scan_id, row.behaviour.key): row for row in rows}
    lines |= {row.behaviour.key: row.behaviour for row in found.values() if row.behaviour.key not in lines}

    def readings(key: str) -> tuple[HeardOnce, ...]:
        told = ((one, found.get((one.scan_id, key))) for one in reversed(asked))
        return tuple(HeardOnce(one, row.halves, row.spread) for one, row in told if row)

    return tuple(BehaviourHeard(line, readings(key)) for key, line in lines.items())
