"""Marks of answers (`ETag`): a client that has read it need not read it again, and changes no other than it read."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.response import Response

# The version that was read, and a mark of how it looked then: only the version is held against what is kept now.
PATTERN = r'"([0-9]{1,9})(\.[0-9a-f]+)?"'
_TAG = re.compile(PATTERN)
_OK, _HAS_BODY, _DONE = 200, range(200, 204), range(200, 300)
_BYTES = 12  # a mark is longer in digits than any version
_OF_THE_BODY = {"content-type", "content-length"}


def version_in(tag: str) -> int | None:
    """The version that a tag of ours names; None for any other text."""
    found = _TAG.fullmatch(tag)
    return int(found[1]) if found else None


def tagged(answer: HttpResponseBase, version: int | None) -> HttpResponseBase:
    """The answer with its ``ETag``, true to what it looks like: other words, another language, another tag.

    A view's own tag stays. An answer without a body, a problem and a stream have none.
    """
    if answer.status_code in _DONE and isinstance(answer, Response):
        answer.render()
    if answer.status_code in _HAS_BODY and not answer.has_header("ETag") and isinstance(answer, HttpResponse):
        mark = hashlib.blake2b(answer.content, digest_size=_BYTES).hexdigest()
        answer["ETag"] = f'"{mark}"' if version is None else f'"{version}.{mark}"'
    return answer


def unless_known(answer: HttpResponseBase, told: str | None) -> HttpResponseBase:
    """304 without a body where ``If-None-Match`` names the tag of an answer to GET or HEAD; else the answer."""
    tag = answer.get("ETag")
    if told is None or tag is None or answer.status_code != _OK:
        return answer
    known = [one.removeprefix("W/") for one in parse_etags(told)]
    if "*" not in known and tag.removeprefix("W/") not in known:
        return answer
    same = HttpResponse(status=304, headers={k: v for k, v in answer.items() if k.lower() not in _OF_THE_BODY})
    del same["Content-Type"]
    return same
