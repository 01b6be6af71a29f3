"""What a revealed round shows: readings in order, remarks, questions for the talk; and all rounds as the own mirror."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cards.models import Behaviour
from observations import picture, profile
from observations.mirrors import Round
from observations.models import Remark, ScanReading, SelfScan, Snapshot
from observations.models.selfscan import ScanState
from observations.queries.profiles import Decks, names_of
from workgroups.models import WorkGroup
from workgroups.queries import deck_of


@dataclass(frozen=True)
class RevealRow:
    """One behaviour of a picture: halves (2-8, None: a gap), "alike", "mixed" or "", and remarks in no order."""

    behaviour: Behaviour
    halves: int | None
    spread: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Reveal:
    """A revealed round; ``rows`` in the order of agreement; ``respondents`` is None when answered together.

    ``about`` names per question the row that it is about, None where it is about them all.
    """

    way: str
    day: dt.date
    respondents: int | None
    rows: tuple[RevealRow, ...]
    questions: tuple[str, ...]
    about: tuple[RevealRow | None, ...]


def reveal_of(scan: SelfScan) -> Reveal | None:
    """What the group reads of a revealed round; nothing before. Three queries. For seats only: it holds remarks."""
    if scan.state != ScanState.REVEALED or scan.closed_on is None:
        return None
    snapshot = Snapshot.objects.get(scan=scan)
    readings = list(
        ScanReading.objects.filter(snapshot=snapshot)
        .select_related("behaviour__aspect")
        .order_by("behaviour__aspect__number", "behaviour__position")
    )
    remarks: dict[int, list[str]] = {}
    for behaviour_id, text in (
        Remark.objects.filter(snapshot=snapshot).order_by("pk").values_list("behaviour_id", "text")
    ):
        remarks.setdefault(behaviour_id, []).append(text)
    shown = [picture.Reading(row.halves, row.spread) for row in readings]
    rows = tuple(
        RevealRow(row.behaviour, row.halves, row.spread, tuple(remarks.get(row.behaviour_id, ())))
        for row in (readings[place] for place in picture.by_agreement(shown))
    )
    questions, about = zip(*_questions(rows), strict=True)
    return Reveal(scan.way, scan.closed_on, snapshot.respondents, rows, questions, about)


def _questions(rows: Sequence[RevealRow]) -> list[tuple[str, RevealRow | None]]:
    """Two or three questions for the talk, from what is shown alone, each with the row that it is about."""
    told = sorted((row for row in rows if row.halves is not None), key=lambda row: row.halves or 0)
    if not told:
        return [(_("You could not say much yet. Where could you listen for this, in your next meeting?"), None)]
    mixed = next((row for row in rows if row.spread == picture.MIXED), None)
    gap = next((row for row in rows if row.halves is None), None)
    low, high = told[0], max(told, key=lambda row: row.halves or 0)
    found: list[tuple[str, RevealRow | None]] = [(_high(high), high)]
    if low.halves != high.halves:
        text = _("“%(line)s” is heard least. Would you like to hear it more, and what would help?")
        found.append((text % _line(low), low))
    if mixed:
        text = _("You hear “%(line)s” differently. When did one of you hear it, and another not?")
        found.append((text % _line(mixed), mixed))
    elif gap:
        found.append((_("“%(line)s” was hard to say. How could you listen for it next time?") % _line(gap), gap))
    else:
        found.append((_("What here is not as you expected?"), None))
    return found


def _high(row: RevealRow) -> str:
    return _("“%(line)s” is heard most. When did you notice it, and what made it possible?") % _line(row)


def _line(row: RevealRow) -> dict[str, str]:
    return {"line": row.behaviour.text.rstrip(".")}


@dataclass(frozen=True)
class OwnMirror:
    """The six aspects over the revealed rounds, oldest first; a round that did not ask leaves a gap (None)."""

    looks: tuple[Round, ...] = ()
    aspects: tuple[profile.AspectLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was revealed yet."""
        return not self.looks


def own_mirror(group: WorkGroup) -> OwnMirror:
    """How the group sees itself, per aspect in half degrees (2-8): the mean of what each round shows. Three queries.

    For seats only (permissions.may_read_own_mirror).
    """
    return own_mirrors({group.pk: names_of(deck_of(group))}, Q())[group.pk]


def own_mirrors(decks: Decks, which: Q) -> dict[int, OwnMirror]:
    """The same of many groups, by id, each on its own deck, of those snapshots that ``which`` finds. Two queries."""
    revealed = Snapshot.objects.filter(which, group__in=list(decks), scan__state=ScanState.REVEALED)
    looks: dict[int, list[Round]] = {}
    rows = revealed.order_by("scan__closed_on", "scan_id")
    for group_id, scan_id, day, way, count in rows.values_list(
        "group_id", "scan_id", "scan__closed_on", "scan__way", "respondents"
    ):
        if day:
            looks.setdefault(group_id, []).append(Round(scan_id, day, way, count))
    shown: dict[tuple[int, str], list[int | None]] = {}
    readings = ScanReading.objects.filter(snapshot__in=revealed)
    for scan_id, key, halves in readings.values_list("snapshot__scan_id", "behaviour__aspect__key", "halves"):
        shown.setdefault((scan_id, key), []).append(halves)
    return {group_id: _own_mirror(deck, looks.get(group_id, ()), shown) for group_id, deck in decks.items()}


def _own_mirror(
    deck: Iterable[profile.AspectName], looks: Sequence[Round], shown: Mapping[tuple[int, str], list[int | None]]
) -> OwnMirror:
    def line(name: profile.AspectName) -> profile.AspectLine:
        values = tuple(picture.mean(shown.get((look.scan_id, name.key), ())) for look in looks)
        return profile.AspectLine(name.number, name.key, name.name, name.short_name, values)

    return OwnMirror(tuple(looks), tuple(line(name) for name in deck))
