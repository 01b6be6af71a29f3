"""The dossier for the participation council: who sees what, from how many answers, how long, and what is never kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from observations import picture, profile
from observations.actions import sharing
from observations.forms import PAIRS_AT_MOST
from observations.queries.scans import APART
from samenspraak import board_dashboard, who_sees
from schools import proof, retention, tokens
from schools.pages import Page

_DAY, _HOUR = 24 * 3600, 3600


@dataclass(frozen=True)
class Figures:
    """The numbers of the dossier: those that the product goes by, none typed here."""

    enough: int = picture.ENOUGH
    enough_for_spread: int = picture.ENOUGH_FOR_SPREAD
    lowest: float = picture.LOWEST / 2
    highest: float = picture.HIGHEST / 2
    seldom: float = profile.SELDOM_UP_TO / 2
    often: float = profile.OFTEN_FROM / 2
    scans_apart: int = APART.days
    pairs: int = PAIRS_AT_MOST
    guest: int = sharing.GUEST_AFTER_SHARING.days
    schools: int = board_dashboard.FEWEST_SCHOOLS
    token: int = tokens.MOST_DAYS
    signed_in: int = settings.SESSION_COOKIE_AGE // _DAY
    idle: int = int(proof.IDLE.total_seconds()) // _HOUR
    longest: int = int(proof.LONGEST.total_seconds()) // _HOUR


class Dossier(Page):
    """For the council and for everybody else: one page, also on paper."""

    template_name = "samenspraak/council.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self.show(
            things=[thing for thing in who_sees.THINGS if thing.is_told],
            figures=Figures(),
            lengths=retention.by_length(),
        )
