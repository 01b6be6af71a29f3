"""The base door of API views about what is somebody's own: nothing of it stays behind on a shared machine."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from workgroups import rest


class PrivateView(rest.GroupView):
    """An API view of which nobody on the way keeps anything, refusals neither: they may hold what was sent."""

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        """The answer, not to be kept."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer
