"""The boards of the caller over REST."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, queries, rest, scopes


class OwnBoard(serializers.Serializer[Any]):
    """A school board that the caller administers."""

    number = serializers.IntegerField(min_value=0, help_text="As in the national list; names it in addresses.")
    name = serializers.CharField(allow_blank=True, help_text="Empty where the national list does not tell it.")


class BoardsView(rest.Door):
    """The caller's boards."""

    area = scopes.Area.PEOPLE
    pagination_class = paging.Pages
    ordering = ("number",)

    @extend_schema(operation_id="list_boards", tags=["boards"], responses=OwnBoard(many=True))
    def get(self, request: Request) -> Response:
        """The boards that the caller administers today, by number; mostly none."""
        self.asked(bodies.Asked)
        rows = queries.boards_of(user=self.caller, today=timezone.localdate(self.now))
        return self.page_of(rows, lambda page: [{"number": row.number, "name": row.name} for row in page])
