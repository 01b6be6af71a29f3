"""The page where something broke on our side: with the number under which the log tells of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string


def broken(request: HttpRequest, template_name: str = "500.html") -> HttpResponseServerError:
    """It asks nothing of the database, which may be what broke."""
    return HttpResponseServerError(render_to_string(template_name, {"number": getattr(request, "number", "")}))
