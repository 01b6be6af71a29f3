"""The base door of API views: who is asking, in which school, and what exactly was asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, views
from rest_framework.request import Request
from rest_framework.response import Response

from schools import bodies, paging, problems, proof, queries, roles, scopes

_EVERYWHERE = {"format", "cursor", "page_size"}
# The version that was read, and a mark of how it looked then: only the version is held against what is kept now.
_TAG = re.compile(r'"([0-9]{1,9})(\.[0-9a-f]+)?"')


class Asleep(exceptions.NotAuthenticated):
    """The session is too long ago for this (RFC 9470 answers it so, too)."""

    default_detail = gettext_lazy("Sign in once more on the pages: it has been two hours or longer.")
    default_code = "sign_in_again"


class Unproved(exceptions.NotAuthenticated):
    """A sensitive step in a session needs a proof of a moment ago (schools.proof)."""

    default_detail = gettext_lazy("Show on the pages first that it is you, or use a personal token.")
    default_code = "prove_again"


IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": f"^{_TAG.pattern}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` last read: nothing is overwritten unseen.",
)


def edit_schema(*, responses: dict[Any, Any], **told: Any) -> Callable[[Any], Any]:
    """``extend_schema`` of a method that reads ``version_read``: with its header, both texts (412) and 428."""
    conflict = OpenApiResponse(problems.EditConflict, description="`If-Match` is not its version: both texts.")
    missing = OpenApiResponse(problems.Problem, description="`If-Match` is missing.")
    more = {(412, problems.MEDIA_TYPE): conflict, (428, problems.MEDIA_TYPE): missing}
    return extend_schema(parameters=[IF_MATCH], responses={**responses, **more}, **told)


class Unversioned(exceptions.APIException):
    """What people edit together is changed by its version only, so that nothing is overwritten unseen (RFC 6585)."""

    status_code = 428
    default_detail = gettext_lazy("Read it first, and send its ETag along as If-Match.")
    default_code = "version_missing"


class Door(views.APIView):
    """Any API view. It reads the clock once, as ``self.now``, and takes nothing it did not ask for."""

    area: ClassVar[scopes.Area]  # every view says to which part of the work it belongs
    http_method_names = ["get", "head", "post", "put", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check sign-in and limits, then find out what the view needs; 404 where it is not for this caller."""
        super().initial(request, *args, **kwargs)
        self.now = timezone.now()
        self.enter(**kwargs)

    def enter(self, **kwargs: Any) -> None:
        """Find out what the view needs before any method runs."""

    @property
    def by_token(self) -> bool:
        """Whether a token says who is calling, and not a browser's session: a token has its own end."""
        return getattr(self.request, "bearer", None) is not None

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
        query = shape(data=words)
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
        tag = _TAG.fullmatch(told)
        if tag is None:
            raise problems.BadQuery({"If-Match": [_("Send the ETag as you got it, with its quotes.")]})
        return int(tag[1])

    def versioned(self, body: dict[str, Any], version: int, *, status: int = 200) -> Response:
        """An answer with its version as ``ETag``: what ``version_read`` takes back."""
        return Response(body, status=status, headers={"ETag": f'"{version}"'})

    def page_of(self, rows: models.QuerySet[Any, Any], shape: Callable[[list[Any]], list[dict[str, Any]]]) -> Response:
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
        hat = self.hat(kwargs["slug"])
        if not self.by_token:
            hat = proof.within_limits(hat, self.request.session, by_hand=False, now=self.now)
        self.member = hat
        if not self.member.roles and self.member.asleep:
            raise Asleep
        self.today = self.member.school.today(self.now)

    def hat(self, slug: str) -> roles.Member:
        """The caller's hat in the school; the floors above add seats to it."""
        return queries.member_at(user=self.request.user, slug=slug, now=self.now)  # type: ignore[arg-type]
