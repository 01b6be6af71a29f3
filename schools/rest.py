"""The base door of API views: who is asking, in which school, and what exactly was asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.http.response import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext as _, gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, renderers, views
from rest_framework.request import Request
from rest_framework.response import Response

from schools import (
    actions,
    bodies,
    callers,
    downloads,
    marks,
    once,
    paging,
    problems,
    proof,
    queries,
    roles,
    scopes,
    statements,
)
from schools.models import User

_OF_A_LIST = ("cursor", "page_size")
_EVERYWHERE = {"format", *_OF_A_LIST}


class Asleep(exceptions.NotAuthenticated):
    """The session is too long ago for this (RFC 9470 answers it so, too)."""

    default_detail = gettext_lazy("Sign in once more on the pages: it has been two hours or longer.")
    default_code = "sign_in_again"


class Unproved(exceptions.NotAuthenticated):
    """A sensitive step in a session needs a proof of a moment ago (schools.proof)."""

    default_detail = gettext_lazy("Show on the pages first that it is you, or use a personal token.")
    default_code = "prove_again"


class TooNarrow(exceptions.PermissionDenied):
    """The key is for other parts of the work; which scope it lacks says the header (RFC 6750)."""

    default_code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        """Keep which scope is needed."""
        sentence = _("This key is not for that: it needs %(scope)s. Its owner can make one, or let the app in for it.")
        super().__init__(sentence % {"scope": scope})
        self.auth_header = f'{callers.REALM}, error="insufficient_scope", scope="{scope}"'


IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": f"^{marks.PATTERN}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` last read: nothing is overwritten unseen.",
)


def edit_schema(*, responses: dict[Any, Any], **told: Any) -> Callable[[Any], Any]:
    """``extend_schema`` of a method that reads ``version_read``: with its header, both texts (412) and 428."""
    conflict = OpenApiResponse(problems.EditConflict, description="`If-Match` is not its version: both texts.")
    missing = OpenApiResponse(problems.Problem, description="`If-Match` is missing.")
    more = {(412, problems.MEDIA_TYPE): conflict, (428, problems.MEDIA_TYPE): missing}
    parameters = [*told.pop("parameters", ()), IF_MATCH]
    return extend_schema(parameters=parameters, responses={**responses, **more}, **told)


class Unversioned(exceptions.APIException):
    """What people edit together is changed by its version only, so that nothing is overwritten unseen (RFC 6585)."""

    status_code = 428
    default_detail = gettext_lazy("Read it first, and send its ETag along as If-Match.")
    default_code = "version_missing"


@dataclass(frozen=True)
class Leaving:
    """An address that goes away: since when there is something better, where that is told, and its last day."""

    since: dt.datetime
    instead: str
    until: dt.datetime | None = None

    def headers(self) -> dict[str, str]:
        """As RFC 9745 and RFC 8594 tell it to programs."""
        told = {"Deprecation": f"@{int(self.since.timestamp())}", "Link": f'<{self.instead}>; rel="deprecation"'}
        return told if self.until is None else {**told, "Sunset": http_date(self.until.timestamp())}


class Door(views.APIView):
    """Any API view. It reads the clock once, as ``self.now``, and takes nothing it did not ask for."""

    area: ClassVar[scopes.Area]  # every view says to which part of the work it belongs
    also_reads: ClassVar[tuple[scopes.Area, ...]] = ()  # parts that whoever changes something here lets be read
    version: int | None = None  # of what the answer holds
    leaving: ClassVar[Leaving | None] = None  # where something better is there
    is_secret: ClassVar[bool] = False  # no browser and nobody on the way keeps an answer
    call: actions.Call | None = None  # by its Idempotency-Key
    keeps_calls: ClassVar[bool] = True  # False where nobody may ever learn who did it, or when: keys are passed over
    http_method_names = ["get", "head", "post", "put", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check sign-in and limits, then find out what the view needs; 404 where it is not for this caller."""
        super().initial(request, *args, **kwargs)
        if str(request.method) not in self.allowed_methods:  # whoever may, nobody can
            self.http_method_not_allowed(request, *args, **kwargs)
        self.must_cover()
        self.now = timezone.now()
        self.enter(**kwargs)
        try:
            self.call = once.begin(request, standing=self.standing(), now=self.now) if self.keeps_calls else None
        except once.OddKeyError:
            sentence = _("A key is 1 to 128 letters, digits and signs without a space, such as a UUID.")
            raise problems.BadQuery({once.HEADER: [sentence]}) from None

    def handle_exception(self, exc: Exception) -> Any:
        """Any error as a problem; what was answered before is answered the same."""
        return exc.response if isinstance(exc, once.Again) else super().handle_exception(exc)

    def must_cover(self) -> None:
        """The key must be for this part of the work, and for changing it where that is what happens; else 403.

        It is decided before anything is looked up: whoever has the wrong key learns nothing about what is there.
        """
        held = getattr(self.request, "bearer", None)
        if held is None:
            return
        for scope in scopes.all_needed(self.area, str(self.request.method), also_reads=self.also_reads):
            if not scopes.covers(held, scope):
                raise TooNarrow(scope)

    def enter(self, **kwargs: Any) -> None:
        """Find out what the view needs before any method runs."""

    def standing(self, *, afresh: bool = False) -> frozenset[str]:
        """What lets the caller in here, as a kept answer is held against; ``afresh``: after what was done just now."""
        return frozenset()

    def get_throttles(self) -> list[Any]:
        """The limits that count this call, kept to tell what is left of them."""
        self.limits = super().get_throttles()
        return self.limits

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        """The answer with what every answer says: what is left of the limits, its tag, whose it is."""
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        patch_vary_headers(answer, ("Authorization", "Cookie"))
        if self.is_secret:
            answer["Cache-Control"] = "no-store"
        for limit in getattr(self, "limits", None) or self.get_throttles():
            for name, value in callers.told(limit).items():
                answer[name] = value
        for name, value in (self.leaving.headers() if self.leaving else {}).items():
            answer[name] = value
        answer = marks.tagged(answer, self.version)
        if self.call:
            once.end(self.call, answer, standing=lambda: self.standing(afresh=True))
        return marks.unless_known(answer, request.headers.get("If-None-Match")) if _is_read(request) else answer

    @property
    def caller(self) -> User:
        """Who calls; not for what is open to everybody."""
        return self.request.user  # type: ignore[return-value]  # nobody else passes the door

    @property
    def by_token(self) -> bool:
        """Whether a token says who is calling, and not a browser's session: a token has its own end."""
        return getattr(self.request, "bearer", None) is not None

    @property
    def by_app(self) -> str:
        """The id of the app that calls in somebody's name; nothing where that person's own program or browser does."""
        return str(getattr(self.request, "app", ""))

    def stay_awake(self) -> None:
        """For what sleeps after two hours without it (schools.proof): 401 in a session of which that is so."""
        if self.by_token or not self.request.user.is_authenticated:
            return
        if not proof.is_fresh(self.request.session, now=self.now):
            raise Asleep

    def must_be_proved(self) -> None:
        """For a sensitive step, as ``pages.RecentlyProved``: 401 in a session without a proof of a moment ago."""
        if not self.by_token and not proof.is_recent(self.request.session, now=self.now):
            raise Unproved

    def asked(self, shape: type[bodies.Asked]) -> dict[str, Any]:
        """What stands behind the question mark, clean; raises BadQuery (400) beside each parameter."""
        words = {name: value for name, value in self.request.query_params.items() if name not in _EVERYWHERE}
        if not words:
            return {}  # nothing has to be asked, and nothing is taken for asked
        query = shape(data=words, context={"beside": _OF_A_LIST if hasattr(self, "pagination_class") else ()})
        if not query.is_valid():
            raise problems.BadQuery(query.errors)
        return dict(query.validated_data)

    def sent(self, shape: type[bodies.Sent]) -> dict[str, Any]:
        """The body, clean; raises ValidationError (400) with a pointer to each field."""
        body = shape(data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def version_read(self) -> int:
        """The version that ``If-Match`` names; raises Unversioned (428) without it, BadQuery (400) for another text."""
        told = self.request.headers.get("If-Match")
        if told is None:
            raise Unversioned
        if told.strip() == "*":
            raise problems.BadQuery({"If-Match": [_("Name the version that you read: * would overwrite any other.")]})
        version = marks.version_in(told.strip())
        if version is None:
            raise problems.BadQuery({"If-Match": [_("Send the ETag as you got it, with its quotes.")]})
        return version

    def versioned(self, body: dict[str, Any], version: int, *, status: int = 200) -> Response:
        """An answer with its version in the ``ETag``: what ``version_read`` takes back."""
        self.version = version
        return Response(body, status=status)

    def created(self, body: dict[str, Any], at: str, *, version: int | None = None, **ids: Any) -> Response:
        """201: what was made, and where it is from now on (``Location``), with its version if it has one.

        ``at`` is the name of its address, in the same school where the caller is in one.
        """
        here = {"slug": self.kwargs["slug"]} if "slug" in self.kwargs else {}
        self.version = version
        return Response(body, status=201, headers={"Location": reverse(f"api:{at}", kwargs=here | ids)})

    def page_of(
        self,
        rows: models.QuerySet[Any, Any] | statements.Page,
        shape: Callable[[list[Any]], list[dict[str, Any]]],
    ) -> Response:
        """One page of rows, shaped together. One query and those of the shape."""
        pages = paging.Pages()
        try:
            page = pages.paginate_queryset(rows, self.request, view=self) or []
        except exceptions.ValidationError as error:
            raise problems.BadQuery(error.detail) from None
        return pages.get_paginated_response(shape(page))


class SchoolView(Door):
    """An API view inside one school: ``self.member`` is the caller's hat there, ``self.today`` the school's day."""

    area = scopes.Area.PEOPLE
    member: roles.Member

    def enter(self, **kwargs: Any) -> None:
        """Put on the hat that the address asks for; 404 without one."""
        self.member = self.awake_hat(kwargs["slug"])
        if not self.member.roles and self.member.asleep:
            raise Asleep
        self.today = self.member.school.today(self.now)

    def standing(self, *, afresh: bool = False) -> frozenset[str]:
        """Roles, seats and welcomes; none for who just left."""
        try:
            return (self.awake_hat(self.kwargs["slug"]) if afresh else self.member).standing
        except Http404:
            return frozenset()

    def handle_exception(self, exc: Exception) -> Any:
        """Any error as a problem; where a role sleeps that could have been enough it is 401, whatever was asked for."""
        refused = (Http404, PermissionDenied, exceptions.NotFound, exceptions.PermissionDenied)
        if isinstance(exc, refused) and hasattr(self, "member") and self.member.asleep:
            return super().handle_exception(Asleep())
        return super().handle_exception(exc)

    def hat(self, slug: str) -> roles.Member:
        """The caller's hat in the school; the floors above add seats to it."""
        return queries.member_at(user=self.caller, slug=slug, now=self.now, elsewhere=False)

    def awake_hat(self, slug: str) -> roles.Member:
        """The hat without the roles that sleep in this session."""
        hat = self.hat(slug)
        return hat if self.by_token else proof.within_limits(hat, self.request.session, by_hand=False, now=self.now)


def _is_read(request: Request) -> bool:
    return request.method in {"GET", "HEAD"}


class _AsItIs(renderers.BaseRenderer):
    """What a file is, and not how it is made."""

    charset = None
    render_style = "binary"

    def __init__(self, kind: str) -> None:
        """Be of this kind."""
        self.format, self.media_type = kind, downloads.TYPES[kind].partition(";")[0]

    def render(self, data: Any, *_args: Any, **_told: Any) -> bytes:
        """Nothing to do: a file answers for itself."""
        return bytes(data)


def file_schema(kind: str, **told: Any) -> Callable[[Any], Any]:
    """``extend_schema`` of a method that answers with a file."""
    media_type = downloads.TYPES[kind].partition(";")[0]
    crowded = OpenApiResponse(problems.Problem, description="It cannot be made now: `detail` says why.")
    return extend_schema(
        responses={(200, media_type): OpenApiTypes.BINARY, (409, problems.MEDIA_TYPE): crowded}, **told
    )


class FileMixin:
    """A view that answers with a file of its ``kind``: csv, xlsx or pdf. A problem stays JSON."""

    kind: ClassVar[str]

    def get_renderers(self) -> list[Any]:
        """The file as it is."""
        return [_AsItIs(self.kind)]

    def handle_exception(self, exc: Exception) -> Any:
        """Any error as a problem, in JSON."""
        request: Any = self.request  # type: ignore[attr-defined]
        request.accepted_renderer, request.accepted_media_type = renderers.JSONRenderer(), "application/json"
        return super().handle_exception(exc)  # type: ignore[misc]

    def must_be_taken_along(self, member: roles.Member) -> None:
        """As on the pages: a session has a recent proof (401), and an operator's look takes nothing along (403)."""
        self.must_be_proved()  # type: ignore[attr-defined]
        if member.opened_until:
            raise exceptions.PermissionDenied

    def taken(self, body: bytes, *, stem: str | Promise, source: models.Model) -> HttpResponse:
        """The answer with the file; that it was taken, and of what, is noted."""
        request, now = self.request, self.now  # type: ignore[attr-defined]
        answer = downloads.a_file(body, kind=self.kind, stem=stem, now=now)
        if request.method == "GET":
            downloads.note(source, by=request.user, now=now)
        return answer
