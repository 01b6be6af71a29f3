"""What the deck can be asked. It belongs to no school, so everybody may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.db.models.expressions import Combinable

from cards.models import Aspect, Behaviour, Edition, Tip, Utterance

STANDARD = "standard"


@dataclass(frozen=True)
class Leaf:
    """One card of the deck, opened: the aspect with its lines, and the cards beside it (none at either end)."""

    aspect: Aspect
    before: Aspect | None
    after: Aspect | None


def deck() -> QuerySet[Aspect]:
    """The six aspects of the public standard edition, by number. One query."""
    return cards_of(standard())


def cards_of(edition: Combinable) -> QuerySet[Aspect]:
    """The six aspects of the edition with this id, by number. One query."""
    return Aspect.objects.filter(edition_id=edition).select_related("edition").order_by("number")


def standard() -> Subquery:
    """The id of the public standard edition, for within another query."""
    return Subquery(Edition.objects.filter(key=STANDARD, is_public=True).values("pk")[:1])


def card(*, key: str) -> Aspect | None:
    """One aspect of the standard edition with its lines in order, or nothing. Four queries, however many lines."""
    return with_lines(deck()).filter(key=key).first()


def leaf(*, key: str) -> Leaf | None:
    """One opened card with its neighbours, or nothing where no card has this key. Five queries at most."""
    cards = list(deck())
    place = next((place for place, aspect in enumerate(cards) if aspect.key == key), None)
    aspect = None if place is None else card(key=key)
    if place is None or aspect is None:
        return None
    return Leaf(aspect, cards[place - 1] if place else None, cards[place + 1] if place + 1 < len(cards) else None)


def with_lines(aspects: QuerySet[Aspect]) -> QuerySet[Aspect]:
    """The same aspects, each with behaviours, utterances and tips in order. Three more queries."""
    return aspects.prefetch_related(*_lines())


def open_up(aspect: Aspect) -> Aspect:
    """The same aspect, of whatever edition, with its lines in order. Three queries."""
    prefetch_related_objects([aspect], *_lines())
    return aspect


def _lines() -> tuple[Prefetch[str], ...]:
    return (
        Prefetch("behaviours", Behaviour.objects.order_by("position")),
        Prefetch("utterances", Utterance.objects.order_by("position")),
        Prefetch("tips", Tip.objects.order_by("position")),
    )
