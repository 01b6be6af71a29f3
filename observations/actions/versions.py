"""Two people who answer the same card for the group: nobody replaces what they did not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.models import Behaviour
from observations import queries
from observations.models import SelfScan
from observations.queries import Answer
from schools.refusals import Conflict
from schools.roles import Member

CANNOT_SAY = "none"


def must_have_read(
    scan: SelfScan, lines: Sequence[Behaviour], answers: Mapping[int, Answer], *, version: int | None, by: Member
) -> None:
    """Raise Conflict where other answers stand on these lines than those of this version, unless they are the same.

    None stands for whoever replaces what is there whatever it says. The round's row is held. One query.
    """
    given = queries.own_answers(scan, by)
    stored = {line.pk: given[line.pk] for line in lines if line.pk in given}
    newest = queries.fingerprint(stored)
    if version is None or version == newest or stored == answers:
        return
    degrees = {f"degree-{pk}": CANNOT_SAY if one.degree is None else str(one.degree) for pk, one in stored.items()}
    manners = {f"manner-{pk}": one.manner for pk, one in stored.items()}
    raise Conflict(theirs=degrees | manners, version=newest)
