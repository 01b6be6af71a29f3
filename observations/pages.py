"""The base doors of pages about visits and the own mirror, and how a revealed self-scan is laid out over screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control

from cards.models import Aspect
from observations import permissions, queries
from observations.models import Visit
from observations.queries import debrief
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


class SharedVisitPage(VisitPage):
    """A page about feedback that was shared: for the group, and for its visitor for a while; else 404."""

    def enter(self, **kwargs: Any) -> None:
        """Find the visit, if its feedback may be read."""
        super().enter(visit_id=kwargs["shared_id"], **kwargs)
        if not permissions.may_read_feedback(self.member, self.visit):
            raise Http404

    def known(self, visit_id: int) -> Visit:
        """The visit with its debrief, if feedback was shared."""
        return debrief.shared_visit_for(self.member, visit_id)


class OwnMirrorPage(pages.OwnGroup):
    """A page about what a group found of itself; by a seat alone, not even for its guest (404)."""

    may = pages.only(permissions.may_read_own_mirror)


class ProfilePage(pages.GroupPage):
    """A page of a group's own profile: for its seats and its guest; 404 for everybody else, its leader too."""

    def enter(self, **kwargs: Any) -> None:
        """Find the group."""
        super().enter(**kwargs)
        self.group = queries.group_for(self.member, kwargs["group_id"])
        if not permissions.may_read_profile(self.member, self.group):
            raise Http404


class ScanPage(pages.GroupPage):
    """A page about one round, for those with a seat; 404 for everybody else."""

    def enter(self, **kwargs: Any) -> None:
        """Find the round and its group."""
        super().enter(**kwargs)
        self.scan = queries.scan_for(self.member, kwargs["scan_id"])
        self.group = self.scan.group

    @property
    def wall(self) -> str:
        """What keeps the big screen of a start the big screen, from page to page."""
        return "screen=1" if "screen" in self.request.GET else ""

    def to(self, name: str) -> str:
        """The address of another page about this round."""
        return address(self.member, name, self.scan.pk)


@dataclass(frozen=True)
class PictureSheet:
    """One card of a revealed picture, its behaviours in the order of the reveal."""

    aspect: Aspect
    rows: tuple[queries.RevealRow, ...]


@dataclass(frozen=True)
class Slide:
    """One screen of the reveal: the picture of a card, what people wrote about it, or one question to talk about."""

    kind: str
    aspect: Aspect | None
    rows: tuple[queries.RevealRow, ...] = ()
    text: str = ""


def sheets_of(reveal: queries.Reveal) -> list[PictureSheet]:
    """The picture card by card, in the order of the deck."""
    aspects = sorted({row.behaviour.aspect for row in reveal.rows}, key=lambda aspect: aspect.number)
    return [PictureSheet(one, tuple(row for row in reveal.rows if row.behaviour.aspect == one)) for one in aspects]


def slides_of(reveal: queries.Reveal, sheets: list[PictureSheet]) -> list[Slide]:
    """The screens of the reveal: each card with what was written about it, then the questions one by one."""
    slides = []
    for sheet in sheets:
        slides.append(Slide("picture", sheet.aspect, sheet.rows))
        told = tuple(row for row in sheet.rows if row.remarks)
        slides += [Slide("words", sheet.aspect, told)] if told else []
    only = sheets[0].aspect if len(sheets) == 1 else None
    for text, row in zip(reveal.questions, reveal.about, strict=True):
        slides.append(Slide("question", row.behaviour.aspect if row else only, (row,) if row else (), text))
    return slides
