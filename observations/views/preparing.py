"""Getting ready for a visit (C5, C6): the six cards, what the group works on, and what to say when coming in."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from observations import pages, queries
from observations.models.visit import VisitState


class Prepare(pages.OwnVisitPage):
    """Before the visit, for the visitor: from the group's yes on also its card and its agreements."""

    template_name = "observations/prepare.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it while the visit lies ahead; else the visit says how it stands."""
        visit = self.visit
        is_ahead = visit.state in (VisitState.PROPOSED, VisitState.ACCEPTED) and self.now < visit.meeting.ends_at
        if not is_ahead or visit.is_called_off:
            return redirect(self.to("visit"))
        focus = queries.focus_for(visit.group, self.member)
        lines = queries.behaviours_in_use(visit).values()
        cards = [(aspect, list(found)) for aspect, found in groupby(lines, key=lambda line: line.aspect)]
        if focus and focus.aspect:
            cards.sort(key=lambda card: card[0] != focus.aspect)
        return self.show(visit=visit, group=visit.group, meeting=visit.meeting, focus=focus, cards=cards)
