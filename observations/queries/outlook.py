"""What a group shows its school leader, and what it decided about that: of the whole, and of each own round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from cards.models import Aspect
from observations import outlook
from observations.models import ScanReading, SelfScan, ShareDecision
from observations.models.selfscan import ScanState
from observations.queries.profiles import Decks, names_of, profiles_of
from observations.queries.reveals import own_mirrors
from workgroups.models import WorkGroup
from workgroups.queries import deck_of, decks_of

Decisions = Mapping[int | None, bool]
"""Per round, and None for the profile as a whole, what the group decided last; never decided: not there.

A no to the whole is a no to every round that was decided about: a later yes brings back nothing that somebody closed.
"""


def decisions_of(group: WorkGroup) -> Decisions:
    """What the group decided last, about the whole (None) and about its rounds. One query."""
    return _decisions([group.pk]).get(group.pk, {})


def _decisions(group_ids: Iterable[int]) -> dict[int, dict[int | None, bool]]:
    found: dict[int, dict[int | None, bool]] = {}
    rows = ShareDecision.objects.filter(group__in=list(group_ids)).order_by("pk")
    for group_id, scan_id, shares in rows.values_list("group_id", "scan_id", "shares"):
        decided = found.setdefault(group_id, {})
        if scan_id is None and not shares:
            decided.update(dict.fromkeys(decided, False))
        decided[scan_id] = shares
    return found


def leader_view_of(group: WorkGroup, *, with_scan: int | None = None) -> outlook.LeaderView:
    """What the leader reads of the group while it shares; ``with_scan``: as if that round were shared too.

    The one source of the leader's page, its preview, the API, downloads and the school's page. It does not ask whether
    the group shares: the caller checks permissions.may_read_shared_profile, or that it is the group itself. Seven
    queries at most, however many visits and rounds there are.
    """
    shown = _rounds_shown(decisions_of(group))
    return _views({group.pk: names_of(deck_of(group))}, [*shown, *([with_scan] if with_scan else [])])[group.pk]


def leader_views(groups: Iterable[WorkGroup]) -> dict[int, outlook.LeaderView]:
    """The same by group id, of those groups that share; the others are left out.

    Eight queries at most, however many groups, visits and rounds there are.
    """
    asked = list(groups)
    decided = _decisions([group.pk for group in asked])
    sharing = [group for group in asked if decided.get(group.pk, {}).get(None)]
    decks = {group_id: names_of(deck) for group_id, deck in decks_of(sharing).items()}
    return _views(decks, [scan_id for group in sharing for scan_id in _rounds_shown(decided[group.pk])])


def _rounds_shown(decided: Decisions) -> list[int]:
    return [scan_id for scan_id, shares in decided.items() if scan_id is not None and shares]


def _views(decks: Decks, scan_ids: list[int]) -> dict[int, outlook.LeaderView]:
    """Five queries; of rounds that are not shown nothing is read at all."""
    profiles, mirrors = profiles_of(decks), own_mirrors(decks, Q(scan__in=scan_ids))
    return {
        group_id: outlook.outlook_on(
            group_id,
            profiles[group_id],
            days=[look.day for look in mirrors[group_id].looks],
            own=mirrors[group_id].aspects,
        )
        for group_id in decks
    }


@dataclass(frozen=True)
class RoundShown:
    """A revealed round that has something to show: its card (None: all six), and the last decision (None: not yet)."""

    scan_id: int
    day: dt.date
    aspect: Aspect | None
    shown: bool | None


@dataclass(frozen=True)
class Sharing:
    """What the group shows: its profile as a whole or not, and which of its rounds, the newest first."""

    shares: bool
    rounds: tuple[RoundShown, ...]

    @property
    def unasked(self) -> RoundShown | None:
        """The last round, while the group has not decided about it."""
        return next((one for one in self.rounds[:1] if one.shown is None), None)

    @property
    def shown(self) -> tuple[RoundShown, ...]:
        """The rounds that the leader reads, in words."""
        return tuple(one for one in self.rounds if one.shown)

    def about(self, scan_id: int) -> RoundShown | None:
        """How it stands with one round; None where it has nothing to show."""
        return next((one for one in self.rounds if one.scan_id == scan_id), None)


def sharing_of(group: WorkGroup) -> Sharing:
    """What the group decided about showing its profile and its rounds. Two queries. For seats only."""
    decided = decisions_of(group)
    told = ScanReading.objects.filter(group=group, halves__isnull=False).values("snapshot__scan")
    scans = SelfScan.objects.filter(group=group, state=ScanState.REVEALED, pk__in=told).select_related("aspect")
    return Sharing(
        shares=bool(decided.get(None)),
        rounds=tuple(
            RoundShown(scan.pk, scan.closed_on, scan.aspect, decided.get(scan.pk))
            for scan in scans.order_by("-closed_on", "-pk")
            if scan.closed_on
        ),
    )
