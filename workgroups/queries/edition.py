"""Which deck lies on the table of a group: its board may have the right to an edition of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
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


def decks_of(groups: Iterable[WorkGroup]) -> dict[int, list[Aspect]]:
    """Per group id, in the order given, the six aspects that ``deck_of`` finds. Two queries, however many groups."""
    ids = [group.pk for group in groups]
    live = FocusPeriod.objects.filter(group=OuterRef("pk"), state=PeriodState.LIVE).values("aspect__edition")
    rows = WorkGroup.objects.filter(pk__in=ids).annotate(
        deck=Coalesce(
            Subquery(live), _of_board(OuterRef("school_id")), cards.standard(), output_field=BigIntegerField()
        )
    )
    editions = dict(rows.values_list("pk", "deck"))
    decks: dict[int, list[Aspect]] = {}
    for aspect in Aspect.objects.filter(edition__in=set(editions.values())).order_by("number"):
        decks.setdefault(aspect.edition_id, []).append(aspect)
    return {group_id: decks.get(editions[group_id], []) for group_id in ids}


def _of_board(school_id: int | OuterRef) -> Subquery:
    return Subquery(BoardEdition.objects.filter(board__schools=school_id).values("edition"))
