"""Long lists come in pages."""

from rest_framework import pagination


class Pages(pagination.CursorPagination):
    """Pages by cursor, in a stable order, of 50 rows (`?page_size=` up to 100)."""

    ordering = "pk"
    page_size_query_param = "page_size"
    max_page_size = 100
