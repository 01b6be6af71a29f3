"""The description to read: an overview, and a page for each part."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from samenspraak.reference import problems, rows
from schools import programs
from schools.pages import Page

_MOST = 80  # letters that somebody looks for


class Reference(Page):
    """How to begin, the conventions, and everything there is at a glance; for everybody."""

    template_name = "samenspraak/reference.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        kinds = [(status, problems.problem(status)) for status in problems.STATUSES]
        site = f"{request.scheme}://{request.get_host()}"
        asked = request.GET.get("q", "").strip()[:_MOST]
        found = rows.find(asked) if asked else rows.parts()
        return self.show(parts=found, asked=asked, kinds=kinds, site=site, has_apps=programs.is_offered())


class ReferencePart(Page):
    """One part: each operation with what it takes and what it answers."""

    template_name = "samenspraak/reference_part.html"

    def get(self, request: HttpRequest, part: str) -> HttpResponse:
        """Show it; 404 for a part that there is not."""
        found = rows.part(part)
        if found is None:
            raise Http404
        around = rows.parts()
        place = around.index(found)
        after = around[place + 1] if place + 1 < len(around) else None
        return self.show(part=found, after=after)
