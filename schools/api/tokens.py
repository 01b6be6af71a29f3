"""One's own personal tokens over REST: what there is, and the end of one. Making one is for a person at the page."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, bodies, paging, queries, rest, scopes
from schools.models import ApiToken

SCOPES = tuple((scope, told) for scope, told in scopes.SENTENCES.items() if scope in scopes.ALL)


class Token(serializers.Serializer[Any]):
    """A personal token; the token itself was shown once, when it was made."""

    id = serializers.IntegerField(min_value=1)
    name = serializers.CharField(help_text="What it is for, in its owner's words.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=SCOPES),
        help_text="What it may be used for; `write` reads as well.",
    )
    created_at = serializers.DateTimeField(help_text="In UTC.")
    expires_at = serializers.DateTimeField(help_text="In UTC; from then on it opens nothing. A year later at most.")
    last_used_on = serializers.DateField(allow_null=True, help_text="Day of last use, in UTC; null: never used.")


class TokensView(rest.Door):
    """The caller's tokens."""

    area = scopes.Area.ACCOUNT
    pagination_class = paging.Pages
    ordering = ("name", "id")

    @extend_schema(operation_id="list_tokens", tags=["tokens"], responses=Token(many=True))
    def get(self, request: Request) -> Response:
        """The caller's tokens by name, those that have ended too."""
        self.must_be_proved()
        self.asked(bodies.Asked)
        return self.page_of(queries.tokens_of(user=self.caller), lambda page: [_token(row) for row in page])


class TokenView(rest.Door):
    """One of the caller's tokens."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="revoke_token", tags=["tokens"], responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """End a token at once; also the one that calls."""
        self.must_be_proved()
        actions.revoke_token(token_id=token_id, by=self.caller, now=self.now)
        return Response(status=204)


def _token(row: ApiToken) -> dict[str, Any]:
    held = scopes.split(row.scopes)
    return {
        "id": row.pk,
        "name": row.name,
        "scopes": [scope for scope, _told in SCOPES if scope in held],
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_on": row.last_used_on,
    }
