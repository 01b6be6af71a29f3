"""What leaves as one message: a letter, or after an outage the many letters of one person together."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from schools.models import Delivery
from schools.post import claim, paper
from schools.post.kinds import Letter

_FOOT = "\n-- \n"  # what follows says why one gets this letter; the one around them says it once
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """One message to one person for these rows of the ledger; the first gives it its number and date."""

    rows: tuple[Delivery, ...]
    letter: Letter

    @property
    def lead(self) -> Delivery:
        """The row whose number and date the message bears."""
        return self.rows[0]

    @property
    def expires_at(self) -> dt.datetime:
        """When the first of its letters has lost its use."""
        return min(row.expires_at for row in self.rows)


def pack(ready: Sequence[tuple[Delivery, Letter]], *, now: dt.datetime) -> list[Parcel]:
    """Every letter by itself, but more than three late ones of one person in one school together; urgent ones first."""
    piles: dict[tuple[int | None, int], list[tuple[Delivery, Letter]]] = {}
    for row, letter in ready:
        if claim.is_late(row, now):
            piles.setdefault((row.user_id, row.school_id), []).append((row, letter))
    together = [one for pile in piles.values() if len(pile) > claim.MOST_LETTERS and (one := _digest(pile))]
    packed = {row.pk for one in together for row in one.rows}
    alone = [Parcel((row,), letter) for row, letter in ready if row.pk not in packed]
    return sorted([*together, *alone], key=lambda one: (one.expires_at, one.lead.due_at, one.lead.pk))


def _digest(pile: list[tuple[Delivery, Letter]]) -> Parcel | None:
    """One letter that holds them all; nothing when it cannot be written."""
    lead = pile[0][0]
    held = [(letter.subject, letter.text.partition(_FOOT)[0].strip()) for _row, letter in pile]
    language = (lead.user.language if lead.user else "") or lead.school.language
    words = {"letters": held, "school": lead.school}
    try:
        letter = paper.compose("letters/digest", words, language=language, zone=lead.school.zone)
    except Exception as error:  # noqa: BLE001  # then each leaves by itself
        _log.error("A digest cannot be written: %s.", type(error).__name__)
        return None
    # The oldest row leads, so that a second try bears the same number though others came in between.
    return Parcel(tuple(sorted((row for row, _letter in pile), key=lambda row: row.pk)), letter)
