"""The whole visit as one page, which the visitor's device keeps: it works where there is no network."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from cards.models import Aspect, Behaviour
from observations import pages, queries
from observations.actions.listening import EARLY
from observations.forms import PAIRS_AT_MOST, NotesForm, PairsForm
from observations.models.observation import Degree
from observations.wording import starts_for
from schools.pages import WithinLimits

Deck = list[tuple[Aspect, list[Behaviour]]]


class Field(WithinLimits, pages.OwnVisitPage):
    """Before, listening, notes and pairs in one document, for the visitor alone, whatever became of the visit.

    It holds no notes: what is written lives in the device's own database (field.js) and goes to school over the API.
    A device may still hold notes of a visit that is over, so the page answers for each state. Seven queries.
    """

    template_name = "observations/field.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it; the script finds out which step it is."""
        get_token(request)  # sets the cookie with which the device may write
        visit = self.visit
        lines = queries.behaviours_in_use(visit).values()
        deck = [(aspect, list(found)) for aspect, found in groupby(lines, key=lambda line: line.aspect)]
        focus = queries.focus_for(visit.group, self.member)
        return self.show(
            visit=visit,
            group=visit.group,
            meeting=visit.meeting,
            opens=(visit.meeting.starts_at - EARLY).astimezone(visit.meeting.zone).time(),
            focus=focus,
            cards=sorted(deck, key=lambda card: focus is None or card[0] != focus.aspect),
            notes_form=NotesForm(behaviours=lines, version=0, focus=focus.aspect if focus else None),
            pairs_form=PairsForm(aspects=[aspect for aspect, _lines in deck], pairs=[], version=0, shown=PAIRS_AT_MOST),
            wording=starts_for(aspect for aspect, _lines in deck),
            data=self._data(deck),
        )

    def _data(self, deck: Deck) -> dict[str, Any]:
        """What the script knows at the start. Moments in ISO, spans in minutes."""
        visit, meeting = self.visit, self.visit.meeting
        written = getattr(visit, "observation", None)
        moments = {"opens": meeting.starts_at - EARLY, "starts": meeting.starts_at, "ends": meeting.ends_at}
        return {
            "person": self.request.user.pk,
            "slug": self.member.school.slug,
            "visit": visit.pk,
            "group": visit.group.name,
            "state": visit.state,
            "moved": visit.needs_new_yes,
            "called_off": visit.is_called_off,
            "target": visit.target_minutes,
            **{name: moment.isoformat() for name, moment in moments.items()},
            "now": self.now.isoformat(),
            "zone": meeting.time_zone,
            "since": visit.listening_since and visit.listening_since.isoformat(),
            "observation": str(written.pk) if written else None,
            "listened": written.listened if written else None,
            "version": written.version if written else None,
            "names": queries.names_at_table(visit, today=self.today),
            "cards": [_card(aspect, lines) for aspect, lines in deck],
            "degrees": [str(label) for label in Degree.labels],
            "api": f"/api/v1/schools/{self.member.school.slug}/observations/",
            "field": self.to("field"),
            "home": self.to("visit"),
            "share": self.to("feedback-share"),
        }


def _card(aspect: Aspect, lines: list[Behaviour]) -> dict[str, Any]:
    behaviours = [{"key": line.key, "text": line.text} for line in lines]
    return {"key": aspect.key, "number": aspect.number, "name": aspect.name, "behaviours": behaviours}
