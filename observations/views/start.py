"""The step of a guided start in which the group looks at its own talk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from observations.templatetags import starts
from schools import pages
from workgroups import queries
from workgroups.pages import OwnPeriod


class StartRound(OwnPeriod):
    """The mark of this step: the start's own, and whether a round is under way (app.js)."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Tell it."""
        mark = queries.mark_of_start(queries.start_of(self.period), now=self.now)
        return pages.state_answer(request, starts.with_round(mark, self.period.group))
