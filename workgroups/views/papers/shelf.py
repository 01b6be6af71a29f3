"""The page with all papers of a group, and the round that helps with the first card."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from workgroups import permissions
from workgroups.models.group import GroupState
from workgroups.pages import OwnGroup, only
from workgroups.queries import papers, peers
from workgroups.views.papers.doors import NewPaper

STEPS = 5
BEGINNERS = (
    _("Whoever sits nearest to the door begins."),
    _("Whoever sits opposite the chair begins."),
    _("Whoever has the next birthday begins."),
    _("Whoever came in last begins."),
    _("Whoever teaches the youngest pupils begins."),
    _("Whoever has the longest way home begins."),
)


class Shelves(OwnGroup):
    """What helps with each card, and what the group wrote there; of peer feedback only the reader's own."""

    template_name = "workgroups/papers/papers.html"
    may = only(permissions.may_keep_papers)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it, the card in focus first."""
        return self.show(
            group=self.group,
            shelves=papers.shelves_of(self.group),
            exchanges=peers.exchanges_of(self.member, self.group),
            may_write=self.group.state == GroupState.ACTIVE,
        )


class Round(NewPaper):
    """A round in five steps, in which every view is heard (A1). Nothing of it is kept."""

    number = papers.ROUND
    template_name = "workgroups/papers/round.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the step that the address asks for."""
        asked = request.GET.get("step", "")
        step = int(asked) if asked in {str(number) for number in range(1, STEPS + 1)} else 1
        return self.show(
            step=step,
            steps=range(1, STEPS + 1),
            before=step - 1,
            after=step + 1 if step < STEPS else None,
            begins=secrets.choice(BEGINNERS),
        )
