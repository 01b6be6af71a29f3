"""One shape for every error of the API: problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from schools import refusals

_TITLES = {404: "Not found", 403: "Not allowed", 401: "Sign in first", 429: "Too many requests", 409: "Refused"}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Shape every error as problem details (RFC 9457), in the caller's language, with a pointer per field."""
    if isinstance(error, refusals.Refused):
        return _shape(409, str(error.sentence), {error.field: [error.sentence]} if error.field else {}, error.code)
    if isinstance(error, Http404):
        return _shape(404, _("There is nothing here for you."))
    if isinstance(error, PermissionDenied):
        return _shape(403, _("You may not do that here."))
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return _shape(400, _("Some fields do not fit yet."), fields)
    response = _shape(error.status_code, str(error.detail))
    for name, value in (("auth_header", "WWW-Authenticate"), ("wait", "Retry-After")):
        if getattr(error, name, None):
            response[value] = str(getattr(error, name)).split(".", maxsplit=1)[0]
    return response


def _shape(status: int, detail: str, fields: Any = None, code: str = "") -> Response:
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if code:
        body["code"] = code
    if fields:
        body["errors"] = list(_pointers("#", fields))
    return Response(body, status=status, content_type="application/problem+json")


def _pointers(at: str, found: Any) -> Iterator[dict[str, str]]:
    if isinstance(found, dict):
        for name, inner in found.items():
            yield from _pointers(f"{at}/{name}" if name != "non_field_errors" else at, inner)
    elif isinstance(found, list) and any(isinstance(item, dict | list) for item in found):
        for index, inner in enumerate(found):
            yield from _pointers(f"{at}/{index}", inner)
    elif found:
        items = found if isinstance(found, list) else [found]
        yield {"pointer": at, "detail": " ".join(str(item) for item in items)}
