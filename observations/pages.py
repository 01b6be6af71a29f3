"""The base doors of pages about one visit: for all who may know of it, and for the visitor alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control

from observations import queries
from observations.models import Visit
from schools.roles import Member
from workgroups import pages


def address(member: Member, name: str, number: int) -> str:
    """The address of a page of this floor in the member's school."""
    return reverse(f"observations:{name}", args=[member.school.slug, number])


class VisitPage(pages.GroupPage):
    """A page about one visit: ``self.visit``; 404 for all but the group's members and the visitor."""

    nav_here = "groups"
    visit: Visit

    def enter(self, **kwargs: Any) -> None:
        """Find the visit that the address names."""
        super().enter(**kwargs)
        self.visit = self.known(kwargs["visit_id"])

    def known(self, visit_id: int) -> Visit:
        """The visit, if the reader may know of it."""
        return queries.visit_for(self.member, visit_id)

    def to(self, name: str) -> str:
        """The address of another page about this visit."""
        return address(self.member, name, self.visit.pk)


class OwnVisitPage(VisitPage):
    """A page for the visitor alone, not to be kept by any browser; 404 for everybody else."""

    def known(self, visit_id: int) -> Visit:
        """The visit, if the reader is its visitor."""
        return queries.own_visit(self.member, visit_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing of this stays behind on a shared machine."""
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response
