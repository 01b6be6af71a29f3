"""What is held about the caller, over REST; and whether the account will be erased."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import actions, own_file, rest, scopes


class OwnData(serializers.Serializer[Any]):
    """Everything that names the caller, as the file on the page holds it. Names of others are left out."""

    format = serializers.IntegerField(min_value=1, help_text="Rises when a key goes or means something else.")
    made_at = serializers.DateTimeField(help_text="In UTC.")
    language = serializers.CharField(help_text="Of the words in it.")
    held = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()),
        help_text="By kind of thing, such as `seats`: each of them, by what it says. A kind without any is empty.",
    )


class ErasureTold(serializers.Serializer[Any]):
    """Whether the caller's account will be erased. To ask for it is for a person at the page."""

    last_day = serializers.DateField(
        allow_null=True, help_text="The last day on which it can be kept; null where nobody asked."
    )


class OwnDataView(rest.Door):
    """Everything that is held about the caller."""

    area = scopes.Area.ACCOUNT
    is_secret, keeps_calls = True, False

    def must_cover(self) -> None:
        """It holds something of every part of the work: a token has to be for reading all of them."""
        super().must_cover()
        held = getattr(self.request, "bearer", None)
        for area in scopes.AREAS:
            if held is not None and not scopes.covers(held, scopes.needed(area, "GET")):
                raise rest.TooNarrow(scopes.needed(area, "GET"))

    @extend_schema(operation_id="read_own_data", tags=["account"], responses=OwnData)
    def get(self, request: Request) -> Response:
        """Everything that names the caller: as the person whom it is about, or as the one who wrote it.

        A token needs to be for reading every part of the work. In a session it asks for a recent proof.
        """
        self.must_be_proved()
        held = actions.take_own_data(by=self.caller, now=self.now)
        return Response(own_file.laid_out(held, now=self.now))


class ErasureView(rest.Door):
    """The end of the caller's account."""

    area = scopes.Area.ACCOUNT

    @extend_schema(operation_id="read_erasure", tags=["account"], responses=ErasureTold)
    def get(self, request: Request) -> Response:
        """Until when the caller can keep the account, where somebody asked to erase it."""
        return Response({"last_day": self.caller.stays_until})

    @extend_schema(operation_id="undo_erasure", tags=["account"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Keep the account after all; refused where nobody asked to erase it."""
        actions.undo_erasure(by=self.caller, now=self.now)
        return Response(status=204)
