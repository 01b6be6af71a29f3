"""A board's dashboard as bare JSON: the other side of goal 9.

The same layers around it, the same look at who is asking, the same query; what the page puts into its template goes out
as it is, with nothing of the API's own checks in between. For a measurement only: the product has no such address.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import path

from samenspraak import homes, urls


class BoardAsJson(homes.BoardHome):
    """The board's numbers."""

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """All that the page shows."""
        dashboard = context["dashboard"]
        return JsonResponse(
            {
                "number": dashboard.board.number,
                "name": dashboard.board.name,
                "since": dashboard.since,
                "schools": context["rows"],
                "fewest": context["fewest"],
                "post_stands_still": context["post_stands_still"],
            },
            status=status,
        )


urlpatterns = [path("b/<int:number>/json/", BoardAsJson.as_view()), *urls.urlpatterns]
