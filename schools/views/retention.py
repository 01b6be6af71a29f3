"""What a school keeps and until when, what goes soon, and what went."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from schools import pages, queries, retention
from schools.roles import Role


class Retention(pages.SchoolPage):
    """For everybody of the school; what goes in the coming month is for its admins."""

    template_name = "schools/retention.html"
    nav_here = "groups"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Tell it."""
        school, kinds = self.member.school, queries.kinds_told(self.member)
        looks_after = self.member.has(Role.ADMIN)
        return self.show(
            lengths=retention.by_length(),
            going=queries.going(school, kinds, now=self.now) if looks_after else [],
            gone=queries.gone(school, kinds),
            looks_after=looks_after,
            ahead=retention.AHEAD.days,
        )
