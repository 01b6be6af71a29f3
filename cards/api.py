"""The deck over REST: open to everybody, in the language the caller asks for."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, views
from rest_framework.request import Request
from rest_framework.response import Response

from cards import queries
from cards.models import Aspect, CardLine


class Line(serializers.Serializer[Any]):
    """A line on a card."""

    key = serializers.CharField(help_text="The same in every language; marks of an observation name behaviours by it.")
    text = serializers.CharField()


class TipLine(Line):
    """Something to try."""

    agreement = serializers.CharField(help_text="A draft that a group can make its own agreement.")


class CardFront(serializers.Serializer[Any]):
    """A card as it lies in the deck."""

    key = serializers.CharField(help_text="The aspect's key, the same in every language.")
    number = serializers.IntegerField(min_value=1, max_value=6, help_text="Its place in the deck, colour and shape.")
    name = serializers.CharField()
    short_name = serializers.CharField(help_text="For tables.")
    question = serializers.CharField(help_text="The question by which a group recognises itself.")
    definition = serializers.CharField(help_text="The aspect in one sentence.")


class Card(CardFront):
    """A card, unfolded."""

    explanation = serializers.ListField(child=serializers.CharField(), help_text="The theory behind it, in paragraphs.")
    behaviours = Line(many=True, help_text="What one can hear in a talk that has this aspect.")
    utterances = Line(many=True, help_text="Questions and phrases to borrow.")
    tips = TipLine(many=True, help_text="What a group can try.")


class Deck(serializers.Serializer[Any]):
    """All cards of one edition."""

    edition = serializers.CharField(allow_null=True, help_text="Key of the edition; null while no deck is loaded.")
    version = serializers.CharField(allow_null=True, help_text="Version of the edition, such as `2026.1`.")
    cards = CardFront(many=True, help_text="Six, by number.")


class Open(views.APIView):
    """The deck belongs to no school and is nobody's secret."""

    http_method_names = ["get", "head"]
    permission_classes = [permissions.AllowAny]


class DeckView(Open):
    """The deck."""

    @extend_schema(operation_id="read_deck", tags=["cards"], responses=Deck)
    def get(self, request: Request) -> Response:
        """All six cards of the standard deck, by number. Open to everybody. One query."""
        return Response(deck_told(list(queries.deck())))


class CardView(Open):
    """One card."""

    @extend_schema(operation_id="read_card", tags=["cards"], responses=Card)
    def get(self, request: Request, key: str) -> Response:
        """One card of the standard deck with everything on it. Open to everybody; 404 where no card has this key."""
        aspect = queries.card(key=key)
        if aspect is None:
            raise Http404
        return Response(card_told(aspect))


def deck_told(aspects: list[Aspect]) -> dict[str, Any]:
    edition = aspects[0].edition if aspects else None
    return {
        "edition": edition and edition.key,
        "version": edition and edition.version,
        "cards": [_front(aspect) for aspect in aspects],
    }


def _front(aspect: Aspect) -> dict[str, Any]:
    return {
        "key": aspect.key,
        "number": aspect.number,
        "name": aspect.name,
        "short_name": aspect.short_name,
        "question": aspect.question,
        "definition": aspect.definition,
    }


def card_told(aspect: Aspect) -> dict[str, Any]:
    return {
        **_front(aspect),
        "explanation": aspect.explanation,
        "behaviours": [_line(row) for row in aspect.behaviours.all()],
        "utterances": [_line(row) for row in aspect.utterances.all()],
        "tips": [{**_line(tip), "agreement": tip.agreement} for tip in aspect.tips.all()],
    }


def _line(row: CardLine) -> dict[str, str]:
    return {"key": row.key, "text": row.text}
