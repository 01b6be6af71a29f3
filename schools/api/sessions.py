"""Where one is signed in, over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, bodies, devices, paging, queries, rest, scopes
from schools.models import Session


class SignedIn(serializers.Serializer[Any]):
    """A browser in which the caller is signed in; no place and no time of it is kept."""

    id = serializers.CharField(help_text="Names it in addresses; nobody signs in with it.")
    device = serializers.CharField(help_text="What kind it is, in words, such as `Firefox on Android`.")
    began_on = serializers.DateField(allow_null=True, help_text="Day of signing in; null where it was not noted.")
    seen_on = serializers.DateField(allow_null=True, help_text="Day of last use; null where it was not noted.")
    is_here = serializers.BooleanField(help_text="Whether this call comes from it; never so with a token.")


class Ended(serializers.Serializer[Any]):
    """How many sessions ended."""

    ended = serializers.IntegerField(min_value=0, help_text="Browsers that have to sign in again.")


class SessionsView(rest.Door):
    """The caller's sessions."""

    area = scopes.Area.ACCOUNT
    pagination_class = paging.Pages
    ordering = ("session_key",)

    @extend_schema(operation_id="list_sessions", tags=["sessions"], responses=SignedIn(many=True))
    def get(self, request: Request) -> Response:
        """Every browser in which the caller is signed in, in no order of use. Tokens have their own list."""
        self.asked(bodies.Asked)
        rows, here = queries.sessions_of(user=self.caller, now=self.now), _here(self)
        return self.page_of(rows, lambda page: [_session(row, here) for row in page])


class SessionView(rest.Door):
    """One of the caller's sessions."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="end_session", tags=["sessions"], responses={204: None})
    def delete(self, request: Request, session_id: str) -> Response:
        """Sign the caller out in one browser, at once."""
        actions.end_session(key=session_id, by=self.caller, now=self.now)
        return Response(status=204)


class SessionsEndView(rest.Door):
    """The end of the caller's other sessions."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="end_other_sessions", tags=["sessions"], request=None, responses=Ended)
    def post(self, request: Request) -> Response:
        """Sign the caller out in every browser but the one that asks; with a token in every browser."""
        ended = actions.end_other_sessions(key=_here(self), by=self.caller, now=self.now)
        return Response({"ended": ended})


def _here(view: rest.Door) -> str:
    """What the list calls the session of this call; nothing for a token."""
    return "" if view.by_token else str(view.request.session.kept_as)  # type: ignore[attr-defined]  # samenspraak.sessions


def _session(row: Session, here: str) -> dict[str, Any]:
    return {
        "id": row.session_key,
        "device": devices.in_words(row.device),
        "began_on": row.began_on,
        "seen_on": row.seen_on,
        "is_here": row.session_key == here,
    }
