"""The root of the REST API: every address on one page, what lies at the root, and the schema.

Version 1. Within it fields and addresses are only added; what a client does not know it passes over.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, permissions, renderers, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cards import api as cards
from observations.api import urls as observations
from samenspraak import (
    dashboard_api as dashboards,
    events_api as events,
    files_api as files,
    openapi,
    start_api as starts,
)
from schools import problems, rest, scopes
from schools.api import urls as schools
from workgroups.api import urls as workgroups

VERSION = "1"


class Start(serializers.Serializer[Any]):
    """Where to go from here."""

    version = serializers.CharField(help_text="The version in every address.")
    me = serializers.URLField(help_text="Who the caller is, and where.")
    cards = serializers.URLField(help_text="The deck, open to everybody.")
    schema = serializers.URLField(help_text="Everything there is, as OpenAPI 3.1.")


class Root(rest.Door):
    """The front door."""

    area = scopes.Area.OPEN
    permission_classes = [permissions.AllowAny]

    @extend_schema(operation_id="read_root", tags=["root"], responses=Start)
    def get(self, request: Request) -> Response:
        """The version and where to go from here. Open to everybody."""
        places = {name: reverse(f"api:{name}", request=request) for name in ("me", "cards", "schema")}
        return Response({"version": VERSION, **places})


@cache
def _written(media_type: str) -> str | bytes:
    """The whole schema as text, which takes longer than any page: once in a process for each way of writing it."""
    renderer = next(one for one in Schema.renderer_classes if one.media_type == media_type)
    return renderer().render(openapi.document(), renderer_context={})


class Schema(rest.Door):
    """The schema, in JSON unless YAML is asked for (`Accept` or `?format=yaml`)."""

    area = scopes.Area.OPEN
    permission_classes = [permissions.AllowAny]
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Everything there is. Open to everybody."""
        renderer = request.accepted_renderer
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(_written(renderer.media_type), content_type=renderer.media_type + charset)

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        """A problem is JSON, whatever was asked for."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if getattr(answer, "content_type", None) == problems.MEDIA_TYPE:
            answer.accepted_renderer = renderers.JSONRenderer()
        return answer


class Deck(cards.DeckView, rest.Door):
    """The deck, by the door of all others."""

    area = scopes.Area.OPEN


class Card(cards.CardView, rest.Door):
    """A card, by the door of all others."""

    area = scopes.Area.OPEN


class Nowhere(rest.Door):
    """What does not exist is told in the API's own shape, whatever the method."""

    area = scopes.Area.OPEN
    permission_classes = [permissions.AllowAny]

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """404, with a hint where only the slash at the end is missing."""
        hint = "" if request.path.endswith("/") else _("Addresses end in a slash.")
        raise exceptions.NotFound(hint or _("There is nothing here for you."))


in_school: list[URLPattern | URLResolver] = [
    path("dashboard/", dashboards.SchoolDashboardView.as_view(), name="dashboard"),
    path("dashboard.csv", files.SchoolCsvView.as_view(), name="dashboard-csv"),
    path("dashboard.xlsx", files.SchoolXlsxView.as_view(), name="dashboard-xlsx"),
    path("events/", events.SchoolEventsView.as_view(), name="events"),
    path("openings/", events.OpeningsView.as_view(), name="openings"),
    path("start/", starts.StartView.as_view(), name="start"),
    path("start/council/", starts.CouncilView.as_view(), name="start-council"),
    path("start/reason/", starts.ReasonView.as_view(), name="start-reason"),
    path("start/region/", starts.RegionView.as_view(), name="start-region"),
    *schools.IN_SCHOOL,
    *workgroups.IN_SCHOOL,
    *observations.IN_SCHOOL,
]
known: list[URLPattern | URLResolver] = [
    path("", Root.as_view(), name="root"),
    path("me/events/", events.OwnEventsView.as_view(), name="own-events"),
    path("schema/", Schema.as_view(), name="schema"),
    path("boards/<int:number>/", dashboards.BoardView.as_view(), name="board"),
    path("boards/<int:number>/schools.csv", files.BoardCsvView.as_view(), name="board-csv"),
    path("boards/<int:number>/schools.xlsx", files.BoardXlsxView.as_view(), name="board-xlsx"),
    path("boards/<int:number>/events/", events.BoardEventsView.as_view(), name="board-events"),
    path("boards/<int:number>/start/", starts.BoardStartView.as_view(), name="board-start"),
    path("cards/", Deck.as_view(), name="cards"),
    path("cards/<slug:key>/", Card.as_view(), name="card"),
    *schools.KNOWN,
    *workgroups.KNOWN,
    path("schools/<slug:slug>/", include(in_school)),
]
app_name = "api"
urlpatterns = [path("v1/", include(known)), re_path(r"", Nowhere.as_view(), name="nowhere")]
