"""The public pages of the deck."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from cards import queries


class DeckPage(TemplateView):
    """The six cards, each with the question by which a group recognises itself."""

    template_name = "cards/deck.html"
    extra_context = {"nav_here": "cards"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lay out the deck."""
        return super().get_context_data(aspects=queries.deck(), **kwargs)


class PrintPage(TemplateView):
    """All six cards unfolded, one after the other: two sides of A5 each."""

    template_name = "cards/print.html"
    extra_context = {"nav_here": "cards"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Open every card."""
        return super().get_context_data(aspects=queries.with_lines(queries.deck()), **kwargs)


class CardPage(TemplateView):
    """One card, unfolded: front and back."""

    template_name = "cards/card.html"
    extra_context = {"nav_here": "cards"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Open the card; 404 where no card has this key."""
        leaf = queries.leaf(key=kwargs["key"])
        if leaf is None:
            raise Http404
        return super().get_context_data(leaf=leaf, aspect=leaf.aspect, **kwargs)
