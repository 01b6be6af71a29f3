"""What a school keeps and until when, over REST; what goes soon, and what went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, queries, rest, retention, scopes
from schools.models import Receipt
from schools.roles import Role


class KindKept(serializers.Serializer[Any]):
    """One kind of data: what it is, and how long it is kept."""

    key = serializers.SlugField(help_text="Names the kind; it never changes.")
    what = serializers.CharField(help_text="What it is, in the caller's language.")
    kept = serializers.CharField(help_text="How long it is kept, in the caller's language.")
    going = serializers.IntegerField(
        min_value=0,
        allow_null=True,
        help_text="How many rows of the school go within 30 days; null for who is no admin there, "
        "and where a number would tell of a person.",
    )


class ReceiptOfKind(serializers.Serializer[Any]):
    """So many rows of one kind went on a day: never what they were. A day can have several of a kind."""

    id = serializers.IntegerField(min_value=1)
    day = serializers.DateField(help_text="The day on which they went.")
    kind = serializers.SlugField(help_text="The `key` of a kind.")
    number = serializers.IntegerField(min_value=1, help_text="How many rows.")


class RetentionView(rest.SchoolView):
    """What a school keeps."""

    area = scopes.Area.PEOPLE

    @extend_schema(operation_id="list_kinds_kept", tags=["schools"], responses=KindKept(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every kind of data and how long it is kept; for admins of the school also how much goes within 30 days."""
        self.asked(bodies.Asked)
        counted = queries.kinds_told(self.member) if self.member.has(Role.ADMIN) else []
        going = {one.kind.key: one.number for one in queries.going(self.member.school, counted, now=self.now)}
        told = {one.key for one in counted}
        return Response([_kind(one, going.get(one.key, 0) if one.key in told else None) for one in retention.classes()])


class ReceiptsView(rest.SchoolView):
    """What went from a school because its time was over."""

    area = scopes.Area.PEOPLE
    pagination_class = paging.Pages
    ordering = ("-day", "-id")

    @extend_schema(operation_id="list_receipts", tags=["schools"], responses=ReceiptOfKind(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """How much went, of which kind and on which day, the newest first; kept for twelve months.

        For admins of the school some kinds more than for others.
        """
        self.asked(bodies.Asked)
        rows = queries.receipts(self.member.school, queries.kinds_told(self.member))
        return self.page_of(rows, _receipts)


def _kind(one: retention.Kept, going: int | None) -> dict[str, Any]:
    return {"key": one.key, "what": str(one.what), "kept": str(one.kept), "going": going}


def _receipts(page: Sequence[Receipt]) -> list[dict[str, Any]]:
    return [{"id": row.pk, "day": row.day, "kind": row.kind, "number": row.number} for row in page]
