"""Which deck lies on the table of a group: its board may have the right to an edition of its own."""

from __future__ import annotations

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from cards import queries as cards
from cards.models import Aspect
from schools.models import School
from workgroups.models import BoardEdition, FocusPeriod, WorkGroup
from workgroups.models.goal import PeriodState
from workgroups.models.group import InGroup


def deck_of(of: School | WorkGroup | InGroup) -> QuerySet[Aspect]:
    """The six aspects by number, each with its edition. One query, also where nobody has an edition of their own.

    Of a school: what its groups choose their next card from, the edition of its board or else the standard one. Of a
    group, or of a row that belongs to one: what it works with now, so the edition of its live period before those.
    """
    if isinstance(of, School):
        return cards.cards_of(Coalesce(_of_board(of.pk), cards.standard()))
    group_id = of.pk if isinstance(of, WorkGroup) else of.group_id
    live = FocusPeriod.objects.filter(group_id=group_id, state=PeriodState.LIVE).values("aspect__edition")
    return cards.cards_of(Coalesce(Subquery(live), _of_board(of.school_id), cards.standard()))


def _of_board(school_id: int) -> Subquery:
    return Subquery(BoardEdition.objects.filter(board__schools=school_id).values("edition"))
