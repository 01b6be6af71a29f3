"""What this session knows of the steps by which somebody came in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest

from schools.models import User

_SECOND_STEP = "mfa"


def display_name(user: User) -> str:
    """The name by which the sign-in pages call somebody."""
    return user.called


def second_step_done(request: HttpRequest) -> bool:
    """Whether this session saw a passkey, an app's code or a recovery code of the person. No query."""
    if not request.user.is_authenticated:
        return False
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return any(record.get("method") == _SECOND_STEP for record in records)


def note_second_step(request: HttpRequest, user: User, *, kind: str) -> None:
    """Note that the person did a second step just now: made one here, or did one at the service that vouches."""
    record_authentication(request, user, _SECOND_STEP, type=kind)
