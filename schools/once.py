"""`Idempotency-Key`: what is sent twice is done once (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

from django.core.files import File
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, gettext_lazy
from rest_framework import exceptions
from rest_framework.request import Request

from schools import actions, tokens

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PATTERN = r'^("[!#-~]{1,128}"|[!#-~]{1,128})$'
_KEY = re.compile(PATTERN)
_DONE = range(200, 300)
# What the caller was here when the answer was given: among its headers, which the version before passes on as they are.
_STANDING = "Standing"
_KEPT = ("Content-Type", "Location", "ETag", "Cache-Control")


class OddKeyError(Exception):
    """What the header holds is not a key."""


class Again(Exception):  # noqa: N818  # no error: the call was answered before
    """The call was answered before, and is answered the same now."""

    def __init__(self, response: HttpResponse) -> None:
        """Take the answer."""
        self.response = response
        super().__init__()


class Reused(exceptions.APIException):
    """The key belongs to another call."""

    status_code = 422
    default_detail = actions.KeyOfAnother.message
    default_code = actions.KeyOfAnother.code


class Running(exceptions.APIException):
    """The same call runs at this moment."""

    status_code = 409
    default_detail = actions.StillRunning.message
    default_code = actions.StillRunning.code
    wait = 1


class Fallen(exceptions.PermissionDenied):
    """The call was answered before, to who was more here than now."""

    default_detail = gettext_lazy("You did this before, and may do less here now. Look at how it stands today.")
    default_code = "standing_changed"


def begin(request: Request, *, standing: frozenset[str], now: dt.datetime) -> actions.Call | None:
    """Take the key of a POST that has one; None without one. Its body is read here.

    ``standing`` is what lets the caller in here today. Raises Again where it was answered before, Fallen (403) where
    that was to who was more here, OddKeyError, Reused (422) and Running (409).
    """
    told = request.headers.get(HEADER)
    if request.method != "POST" or told is None or not request.user.is_authenticated:
        return None
    if not _KEY.match(told):
        raise OddKeyError
    call = actions.Call(request.user, told.strip('"'), _text(request))
    try:
        answer = actions.take_key(call=call, now=now)
    except actions.KeyOfAnother:
        raise Reused from None
    except actions.StillRunning:
        raise Running from None
    if answer is not None:
        headers = {**answer.headers, REPLAYED: "true"}
        if not standing.issuperset(headers.pop(_STANDING, "").split()):
            raise Fallen
        raise Again(HttpResponse(answer.content, status=answer.status, headers=headers))
    return call


def end(call: actions.Call, response: HttpResponseBase, *, standing: Callable[[], frozenset[str]]) -> None:
    """Keep what the call was answered and what the caller is here after it; where it was refused, give its key back."""
    if response.status_code not in _DONE or not isinstance(response, HttpResponse):
        actions.give_key_back(call=call)
        return
    headers = {name: response[name] for name in _KEPT if response.has_header(name)}
    headers["Content-Language"] = get_language() or ""
    headers[_STANDING] = " ".join(sorted(standing()))
    actions.keep_answer(call=call, answer=actions.Answer(response.status_code, headers, response.content.decode()))


def _text(request: Request) -> str:
    """The call in words: where it goes and what it says, however its JSON is written."""
    return json.dumps([request.get_full_path(), request.data], sort_keys=True, default=_of_a_file)


def _of_a_file(sent: Any) -> str:
    if not isinstance(sent, File):
        return str(sent)
    digest = tokens.digest(sent.read().hex())
    sent.seek(0)
    return digest
