"""Setting right what was shared: nothing of it changes, a correction is added, with its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from observations import names, permissions, queries
from observations.actions import debrief, steps
from observations.models import Correction, Visit
from observations.models.correction import CORRECTIONS_AT_MOST, LONGEST_CORRECTION
from observations.queries.debrief import GIVEN
from schools.refusals import Refused
from schools.roles import Member
from workgroups.actions import standing, words


class SetRightThrice(Refused):
    """Corrections are for what was wrong, they are no thread (C14)."""

    message = _("You set something right three times. Talk with the group about the rest.")
    code = "set_right_thrice"


class CorrectionNames(Refused):
    """A correction is for the group, without names (C13); ``asked`` waits for answers."""

    field = "text"
    code = "names_somebody"

    def __init__(self, asked: Sequence[names.Flag]) -> None:
        """Name the first one; the page shows them all."""
        self.asked = tuple(asked)
        sentence = _("“%s” may be somebody here. Feedback is for everybody together, so write it without names.")
        super().__init__(sentence % asked[0].text)


@transaction.atomic
def add_correction(
    *, visit: Visit, text: str, no_person: frozenset[str] = frozenset(), by: Member, now: dt.datetime
) -> Correction:
    """Add to shared feedback what was not right in it, dated on the school's day; nobody can change it any more.

    ``text`` is 1-400 characters, kept on one line; the same once more is the one that is there already. ``no_person``
    are words of which the visitor said that they name nobody there; every other name of the group and the school makes
    it wait, and no answer is kept. No letter goes out: the visit, the group's home and its screens tell it. Raises
    EmptyText, TextTooLong, CorrectionNames (C13), SetRightThrice, NotPossibleNow before feedback is shared, GroupEnded;
    PermissionDenied for all but the visitor, and for the visitor 30 days after sharing.
    """
    permissions.demand(permissions.may_correct(by, visit))
    standing.locked(visit.group_id)
    steps.hold(visit)
    if visit.state not in GIVEN:
        raise steps.NotPossibleNow
    text = words.one_line(text, limit=LONGEST_CORRECTION, field="text")
    there = list(queries.corrections_of(visit))
    for one in there:
        if one.text == text:
            return one
    if len(there) >= CORRECTIONS_AT_MOST:
        raise SetRightThrice
    today = by.school.today(now)
    if waiting := [flag for flag in queries.names_in(visit, text, today=today) if flag.text not in no_person]:
        raise CorrectionNames(waiting)
    made = {"school_id": visit.school_id, "group_id": visit.group_id, "visit": visit, "place": len(there) + 1}
    correction: Correction = Correction.objects.create(**made, added_on=today, text=text)
    debrief.tell_screens(visit)
    return correction
