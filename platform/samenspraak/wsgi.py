"""The door for web servers."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

from samenspraak import content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
_django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request, whatever its Content-Type claims."""
    environ["CONTENT_TYPE"] = content_type.plain(environ.get("CONTENT_TYPE", ""))
    return _django(environ, start_response)
