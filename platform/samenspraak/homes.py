"""The homes: for visitors, for somebody with several hats, for a school and for a board."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext
from django.views.generic import TemplateView

from observations import queries as observing
from observations.models import Visit
from samenspraak import board_dashboard, hats, starting, today, visiting
from schools import pages, post, proof, queries as places
from schools.models import User
from schools.roles import Role
from workgroups import forms, permissions, queries
from workgroups.pages import GroupPage
from workgroups.queries import papers, peers


class Front(pages.Page):
    """The front page: what this is for visitors; one's hats, or the only one, for whoever signed in."""

    template_name = "samenspraak/hats.html"
    nav_here = "today"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Welcome a visitor, go to the only hat, or list them."""
        if not isinstance(request.user, User):
            return render(request, "samenspraak/welcome.html")
        now = timezone.now()
        day = timezone.localdate(now)
        own = _hats(request.user, day, now)
        is_operator = places.is_operator(user=request.user, today=day)
        if len(own) == 1 and not is_operator:
            return redirect(own[0].href)
        is_awake = proof.is_fresh(request.session, now=now)
        asked = request.GET.get("q", "").strip()[:80]
        found = [row for row in own if asked.casefold() in f"{row.words} {row.hint}".casefold()]
        return self.show(
            hats=found if asked else own,
            asked=asked,
            is_many=len(own) > hats.MANY,
            day=day,
            site=places.site_counts() if is_operator and is_awake else None,
            site_asleep=is_operator and not is_awake,
            post_stands_still=is_operator and post.stands_still(now),
        )


class About(TemplateView):
    """Whose instrument this is, and what we do not claim."""

    template_name = "samenspraak/about.html"


class SchoolHome(GroupPage):
    """What now? The reader's next meeting, what waits and the goal; visits, groups and people by role."""

    template_name = "samenspraak/school_home.html"
    nav_here = "today"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lay out the home of this hat."""
        visits = list(observing.waiting_visits(self.member, now=self.now))
        now = queries.whats_now(self.member, today=self.today, now=self.now)
        rounds = observing.own_rounds(self.member, now=self.now)
        help_asked = queries.help_at_home(self.member, today=self.today)
        own_papers = today.OwnPapers(peers.on_the_way(self.member), papers.finds_of(self.member), help_asked)
        ready = observing.ready_to_share(visit for visit in visits if visit.coach_id == self.member.user.pk)
        return self.show(
            day=self.today,
            home=today.home_of(self.member, now, visits, papers=own_papers, rounds=rounds),
            step=forms.StepForm(initial={"next": request.path}, auto_id="goal-%s"),
            visits=visiting.own_visits(self.member, visits, ready=ready, today=self.today),
            is_coach=self.member.has(Role.COACH),
            is_leader=self.member.has(Role.LEADER),
            may_start_group=permissions.may_start_group(self.member),
            **self._school(visits),
        )

    def _school(self, visits: list[Visit]) -> dict[str, Any]:
        """The school's groups for those who serve more than their own, and which a coach can visit; its people."""
        found: dict[str, Any] = {}
        if self.member.has(Role.COACH, Role.LEADER, Role.ADMIN):
            found["groups"] = queries.groups_in_school(self.member, now=self.now)
        if self.member.has(Role.COACH):
            to_propose = visiting.to_propose(self.member, found["groups"], visits)
            found["to_propose"] = [visiting.proposal(self.member, row) for row in to_propose]
            if not self.member.has(Role.LEADER, Role.ADMIN):
                found["groups"] = [row for row in found["groups"] if row not in to_propose]
        if self.member.has(Role.ADMIN):
            found["staff"] = places.staff_of(self.member, today=self.today)
            found["runs"] = starting.runs(self.member.school, staff=found["staff"], has_groups=bool(found["groups"]))
        return found


class BoardHome(pages.BoardPage):
    """The board's schools by name; numbers per school only where three or more keep each other unrecognisable."""

    template_name = "samenspraak/board.html"
    nav_here = "today"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the board."""
        dashboard = board_dashboard.of_board(self.board, now=self.now)
        return self.show(
            dashboard=dashboard,
            rows=[_in_words(line) for line in dashboard.lines],
            fewest=board_dashboard.FEWEST_SCHOOLS,
            post_stands_still=post.stands_still(self.now),
        )


def _in_words(line: board_dashboard.SchoolLine) -> tuple[str, str, str, str]:
    """A school's line as it stands on the page, so that its table has nothing left to work out."""
    return line.school.name, line.school.place, str(line.groups), str(line.meetings)


def _hats(user: User, day: dt.date, now: dt.datetime) -> list[today.Row]:
    """One's schools and boards, each with counts. A fixed number of queries."""
    schools = places.hats_of(user=user, today=day)
    seats = queries.seats_by_school(user=user, today=day)
    visits = observing.open_visits_by_school(user=user, now=now)
    is_many = len(schools) > hats.MANY
    rows = []
    for hat in schools:
        hint = today.count_of([hat.school.place if is_many else "", _hat_hint(hat, seats, visits)])
        rows.append(today.Row(reverse("school-home", args=[hat.school.slug]), hat.school.name, hint))
    boards = places.boards_of(user=user, today=day)
    return rows + [
        today.Row(reverse("board-home", args=[board.number]), hats.board_name(board), _("Board admin"))
        for board in boards
    ]


def _hat_hint(hat: places.Hat, seats: dict[int, int], visits: dict[int, int]) -> str:
    groups, open_visits = seats.get(hat.school.pk, 0), visits.get(hat.school.pk, 0)
    held = capfirst(", ".join(str(role.label) for role in hat.roles))
    sits = ngettext("in %(count)s group", "in %(count)s groups", groups) % {"count": groups}
    listens = ngettext("%(count)s visit", "%(count)s visits", open_visits) % {"count": open_visits}
    return today.count_of([held, sits if groups else "", listens if open_visits else ""])
