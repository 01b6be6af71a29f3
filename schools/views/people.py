"""Who works at a school."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from schools import pages, queries


class People(pages.SchoolPage):
    """The directory: names and roles, for everybody who is somebody at the school; no addresses."""

    template_name = "schools/people.html"
    nav_here = "groups"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List the people."""
        return self.show(people=queries.staff_of(self.member, today=self.today))
