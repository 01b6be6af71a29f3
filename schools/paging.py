"""Long lists come in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _, gettext_lazy
from rest_framework import exceptions, pagination
from rest_framework.request import Request
from rest_framework.views import APIView

from schools import statements

PAGE_SIZE, LARGEST = 50, 100
_NO_SUCH_PAGE = gettext_lazy("This page of the list does not exist. Begin at the first, without cursor.")


class Pages(pagination.CursorPagination):
    """Pages by cursor, 50 rows unless ``page_size`` (1-100) asks otherwise, in the stable order the view names."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST
    invalid_cursor_message = _NO_SUCH_PAGE  # type: ignore[assignment]  # read once the language is known

    def get_ordering(self, request: Request, queryset: models.QuerySet[Any], view: APIView) -> tuple[str, ...]:
        """The view's ``ordering``; its last field makes every place unique."""
        return tuple(getattr(view, "ordering", ("id",)))

    def get_page_size(self, request: Request) -> int:
        """How many rows; raises ValidationError for anything but 1-100."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= LARGEST):  # noqa: PLR2004
            sentence = _("Ask for 1 to %(most)d at a time.") % {"most": LARGEST}
            raise exceptions.ValidationError({self.page_size_query_param: [sentence]})
        return int(asked)

    def paginate_queryset(
        self,
        queryset: models.QuerySet[Any] | Sequence[Any] | statements.Page,
        request: Request,
        view: APIView | None = None,
    ) -> list[Any] | None:
        """One page. One query; a cursor that somebody made up is 404."""
        try:
            return super().paginate_queryset(queryset, request, view=view)  # type: ignore[arg-type]
        except (ValueError, TypeError, OverflowError, ValidationError):
            raise _no_such_page() from None

    def decode_cursor(self, request: Request) -> pagination.Cursor | None:
        """Where the page starts; a position that no text of ours can have is 404."""
        cursor = super().decode_cursor(request)
        if cursor and "\0" in str(cursor.position):
            raise _no_such_page()
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """How the schema describes a page."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "additionalProperties": False,
            "properties": {
                "next": {**link, "description": "Address of the next page; null on the last one."},
                "previous": {**link, "description": "Address of the page before; null on the first one."},
                "results": {**schema, "maxItems": LARGEST},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """How the schema describes paging."""
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": PAGE_SIZE}
        cursor = "Where the page starts: follow `next` and `previous` instead of making one."
        rows = {"name": self.page_size_query_param, "description": "Rows on a page.", "schema": size}
        start = {"name": self.cursor_query_param, "description": cursor, "schema": {"type": "string"}}
        return [{**parameter, "in": "query", "required": False} for parameter in (start, rows)]


def _no_such_page() -> exceptions.NotFound:
    return exceptions.NotFound(_NO_SUCH_PAGE)
