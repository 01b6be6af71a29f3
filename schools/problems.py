"""One shape for every error of the API: problem details (RFC 9457)."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.core import signals
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext, gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from schools import refusals

MEDIA_TYPE = "application/problem+json"
BROKEN = 500
_log = logging.getLogger(__name__)
MOST_ERRORS, _LONGEST_NAME = 100, 200  # that are told of one call
_TITLES = {
    400: _("Not quite right"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    406: _("No such format"),
    409: _("Refused"),
    410: _("Gone for good"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Send JSON"),
    422: _("Another call by the same key"),
    428: _("Say which version you change"),
    429: _("Too many requests"),
    503: _("Being worked on"),
}


# Both texts come with it; to whom a page shows them it says something else.
CHANGED = _("Something else was saved in the meantime. Look at both, and send yours again with this ETag as If-Match.")


class BadQuery(exceptions.ValidationError):
    """A parameter does not fit: what stands behind the question mark, or a header."""


class FieldError(serializers.Serializer[Any]):
    """One thing that does not fit, and where."""

    pointer = serializers.CharField(
        required=False, help_text="JSON pointer into what you sent, such as `#/pairs/0/strong`."
    )
    parameter = serializers.CharField(required=False, help_text="The parameter or header, where that was the matter.")
    detail = serializers.CharField(help_text="One sentence in the caller's language.")


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457): the one shape of every error."""

    type = serializers.CharField(help_text="Always `about:blank`: `status` and `code` say what kind of problem it is.")
    title = serializers.CharField(help_text="What kind of problem, in the caller's language.")
    status = serializers.IntegerField(help_text="The HTTP status again.")
    detail = serializers.CharField(help_text="One sentence for a person, in the caller's language.")
    code = serializers.CharField(help_text="A stable word for programs, such as `not_found` or `invalid`.")
    errors = FieldError(many=True, required=False, help_text="What does not fit.")  # type: ignore[assignment]


class EditConflict(Problem):
    """Something else was saved since the version of `If-Match`: both texts, nothing is lost."""

    stored = serializers.DictField(help_text="What is kept now, by the names of the body.")
    sent = serializers.DictField(help_text="What you sent.")
    version = serializers.IntegerField(min_value=1, help_text="The one to send as `If-Match`, once you have read it.")


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """Any error as problem details, in the caller's language, with a pointer to each field."""
    if isinstance(error, refusals.Conflict) and error.version is not None:
        both = {"stored": error.theirs, "sent": context["request"].data}
        refused = answer(412, str(CHANGED), code=error.code, **both, version=error.version)
        refused["ETag"] = f'"{error.version}"'
        return refused
    if isinstance(error, refusals.Refused):
        fields = {error.field: [error.sentence]} if error.field else {}
        status = 410 if isinstance(error, refusals.Gone) else 409
        return answer(status, str(error.sentence), code=error.code, fields=fields)
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing here for you."))
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(_("You may not do that here."))
    if isinstance(error, exceptions.ValidationError):
        place = "parameter" if isinstance(error, BadQuery) else "pointer"
        return answer(400, gettext("Some of it does not fit yet."), code="invalid", fields=error.detail, place=place)
    if isinstance(error, exceptions.APIException):
        sentence = str(_what_to_do(error, context.get("view")) or error.detail)
        return _with_headers(answer(error.status_code, sentence, code=str(error.get_codes())), error)
    _log.error("An operation broke down.", exc_info=error, extra={"request": context["request"]._request})  # noqa: SLF001
    signals.got_request_exception.send(sender=problem, request=context["request"])
    return answer(BROKEN, gettext("Something broke on our side. Nothing was changed."), code="broken")


def answer(status: int, detail: str, *, code: str, fields: Any = None, place: str = "pointer", **more: Any) -> Response:
    """One problem as an answer; ``more`` stands beside the usual members, such as both texts of a conflict."""
    title = _TITLES.get(status) or _("Something broke")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
    if fields:
        start = "#" if place == "pointer" else ""
        found = islice(_places(start, fields), MOST_ERRORS)
        body["errors"] = [{place: where, "detail": sentence} for where, sentence in found]
    return Response(body, status=status, content_type=MEDIA_TYPE)


def _what_to_do(error: exceptions.APIException, view: Any) -> str | None:
    """What to send instead, where the framework only says what was wrong; None where the error says it itself."""
    if type(error) is exceptions.NotAuthenticated:  # what was made of it asks for something else
        return gettext("Send a token along: Authorization: Bearer and then the token. You make one on your own page.")
    if isinstance(error, exceptions.MethodNotAllowed) and view:
        return gettext("This address takes %(methods)s.") % {"methods": ", ".join(view.allowed_methods)}
    if isinstance(error, exceptions.UnsupportedMediaType):
        return gettext("Send JSON, and say so with Content-Type: application/json.")
    if isinstance(error, exceptions.NotAcceptable):
        comes = [one.media_type for one in view.get_renderers()] if view else ["application/json"]
        return gettext("This comes as %(types)s: ask for that in Accept, or leave Accept out.") % {
            "types": ", ".join(comes)
        }
    if isinstance(error, exceptions.Throttled) and (wait := getattr(error, "wait", None)):
        return gettext("These were too many calls. Go on in %(seconds)d seconds.") % {"seconds": math.ceil(wait)}
    return None


def _with_headers(response: Response, error: exceptions.APIException) -> Response:
    if getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        response["Retry-After"] = str(math.ceil(error.wait))  # type: ignore[attr-defined]
    return response


def _places(at: str, found: Any) -> Iterator[tuple[str, str]]:
    """Each sentence with its place: a JSON pointer as a fragment (RFC 6901), or a parameter's name."""
    if isinstance(found, dict):
        for name, inner in found.items():
            here = at if name == "non_field_errors" else f"{at}/{_escaped(str(name))}" if at else str(name)
            yield from _places(here, inner)
    elif isinstance(found, list) and any(isinstance(item, dict | list) for item in found):
        for index, inner in enumerate(found):
            yield from _places(f"{at}/{index}", inner)
    elif found:
        sentences = found if isinstance(found, list) else [found]
        yield at, " ".join(str(sentence) for sentence in sentences)


def _escaped(name: str) -> str:
    return quote(name[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1"), safe="~")
