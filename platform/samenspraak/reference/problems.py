"""One example for each kind of problem, as the API tells it."""

from __future__ import annotations

from typing import Any

# Status: title, code, detail.
_SAID = {
    400: ("Not quite right", "invalid", "Some of it does not fit yet."),
    401: ("Sign in first", "authentication_failed", "This token is unknown or no longer valid."),
    403: ("Not allowed", "permission_denied", "You may not do that here."),
    404: ("Not found", "not_found", "There is nothing here for you."),
    406: ("No such format", "not_acceptable", "Could not satisfy the request Accept header."),
    409: ("Refused", "too_early", "You can open this meeting from 12 hours before it starts."),
    410: ("Gone for good", "gone", "That cannot be done now."),
    412: ("Changed in the meantime", "conflict", "Other words were saved here in the meantime."),
    413: ("Too large", "too_large", "This is too large to take in."),
    415: ("Send JSON", "unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    422: ("Not the same request", "key_reused", "This key was sent before, with another request."),
    428: ("Say which version you change", "version_missing", "Read it first, and send its ETag along as If-Match."),
    429: ("Too many requests", "throttled", "Request was throttled. Expected available in 12 seconds."),
}
STATUSES = tuple(_SAID)
_FIELD = {"pointer": "#/text", "detail": "This field may not be blank."}


def problem(status: int) -> dict[str, Any]:
    """The problem that comes with the status."""
    title, code, detail = _SAID.get(status, ("Refused", "refused", "That cannot be done now."))
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    return {**told, "errors": [_FIELD]} if status == 400 else told  # noqa: PLR2004


def name(status: int) -> str:
    """What the example is called in the document."""
    return f"Problem{status}"
