"""The door for asynchronous servers."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.asgi import get_asgi_application

from samenspraak import content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
_django = get_asgi_application()


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Answer a request, whatever its Content-Type claims."""
    headers = [(name, _plain(value) if name == b"content-type" else value) for name, value in scope.get("headers", ())]
    await _django({**scope, "headers": headers}, receive, send)


def _plain(value: bytes) -> bytes:
    return content_type.plain(value.decode("latin-1")).encode("latin-1")
