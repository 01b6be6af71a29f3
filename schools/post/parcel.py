"""What leaves as one message: a letter, or the letters of one person together, by wish or after an outage."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core import mail

from schools.models import Delivery
from schools.post import claim, digest, kinds
from schools.post.kinds import Letter

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """One message to one person for these rows of the ledger; the first gives it its number and date.

    ``message`` is there once it is sealed.
    """

    rows: tuple[Delivery, ...]
    letter: Letter
    checked_at: dt.datetime
    message: mail.EmailMessage | None = field(default=None, compare=False)

    @property
    def lead(self) -> Delivery:
        """The row whose number and date the message bears."""
        return self.rows[0]

    @property
    def expires_at(self) -> dt.datetime:
        """When the first of its letters has lost its use."""
        return min(row.expires_at for row in self.rows)

    @property
    def sort(self) -> str:
        """What one click stops: the sort of its letters, ``kinds.EVERY`` where there are several, or nothing."""
        sorts = {kinds.sort_of(row.kind) for row in self.rows} - {""}
        return kinds.EVERY if len(sorts) > 1 else "".join(sorts)


def pack(ready: Sequence[tuple[Delivery, Letter]], *, now: dt.datetime) -> list[Parcel]:
    """Every letter by itself, save what leaves together; urgent ones first.

    One person's letters of one school leave together where they were written down so, and where more than three are
    late. What may have reached the reader already leaves as it left then, under the same number and with nothing new.
    """
    piles: dict[tuple[int | None, int, str], list[tuple[Delivery, Letter]]] = {}
    for row, letter in ready:
        tried = row.message_id if row.doubts else ""
        piles.setdefault((row.user_id, row.school_id, tried), []).append((row, letter))
    chosen = (_chosen(pile, now) for pile in piles.values())
    together = [one for pile in chosen if len(pile) > 1 and (one := _digest(pile, now))]
    packed = {row.pk for one in together for row in one.rows}
    alone = [Parcel((row,), letter, now) for row, letter in ready if row.pk not in packed]
    return sorted([*together, *alone], key=lambda one: (one.expires_at, one.lead.due_at, one.lead.pk))


def _chosen(pile: list[tuple[Delivery, Letter]], now: dt.datetime) -> list[tuple[Delivery, Letter]]:
    """Which of one person's letters leave together."""
    if len(pile) == 1 or pile[0][0].doubts:
        return pile
    late = {row.pk for row, _letter in pile if claim.is_late(row, now)}
    held_up = late if len(late) > claim.MOST_LETTERS else set()
    return [(row, letter) for row, letter in pile if row.together or row.pk in held_up]


def _digest(pile: list[tuple[Delivery, Letter]], now: dt.datetime) -> Parcel | None:
    """One letter that holds them all; nothing when it cannot be written."""
    # The oldest row leads, so that a second try bears the same number.
    rows = tuple(sorted((row for row, _letter in pile), key=lambda row: row.pk))
    lead = rows[0]
    language = (lead.user.language if lead.user else "") or lead.school.language
    try:
        letter = digest.compose(
            [letter for _row, letter in pile],
            school=lead.school,
            language=language,
            held_up=not all(row.together for row in rows),
            stops={kinds.sort_of(row.kind) for row in rows} != {""},
        )
    except Exception as error:  # noqa: BLE001  # then each leaves by itself
        _log.error("A digest cannot be written: %s.", type(error).__name__)
        return None
    return Parcel(rows, letter, now)
