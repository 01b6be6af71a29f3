"""One example for each kind of problem, as the API tells it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from schools import bodies, once, problems, refusals, rest
from workgroups.actions.acts import TooEarly


def _conflict() -> Response:
    return problems.answer(412, str(refusals.Conflict.message), code=refusals.Conflict.code)


# What goes wrong in each example: the API itself says it in words.
_WRONG: dict[int, Callable[[], Exception | Response]] = {
    400: lambda: exceptions.ValidationError({"text": [_("This field may not be blank.")]}),
    401: lambda: exceptions.AuthenticationFailed(_("This token is unknown or no longer valid.")),
    403: PermissionDenied,
    404: Http404,
    406: exceptions.NotAcceptable,
    409: TooEarly,
    410: refusals.Gone,
    412: _conflict,
    413: bodies.TooLargeError,
    415: lambda: exceptions.UnsupportedMediaType("text/plain"),
    422: once.Reused,
    428: rest.Unversioned,
    429: lambda: exceptions.Throttled(12),
}
STATUSES = tuple(_WRONG)


@cache
def problem(status: int) -> dict[str, Any]:
    """The problem that comes with the status, in English."""
    with translation.override("en"):
        wrong = _WRONG[status]()
        told = wrong if isinstance(wrong, Response) else problems.problem(wrong, {})
        return {**told.data, "title": str(told.data["title"])}


def name(status: int) -> str:
    """What the example is called in the document."""
    return f"Problem{status}"
