"""The big screen of a meeting, who steers it, and the mark by which every screen keeps in step."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from schools import pages
from schools.pages import DeedMixin
from workgroups import actions, queries
from workgroups.forms import agenda as forms
from workgroups.pages import OwnMeeting


class MeetingScreen(OwnMeeting):
    """The wall: what the group does now in large type, steered by keys, by buttons and from the phones."""

    template_name = "workgroups/screen.html"

    def rows(self) -> Any:
        """With what its mark needs."""
        return queries.meetings_to_follow(self.member)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it."""
        page = queries.meeting_page(self.meeting, member=self.member, now=self.now)
        assert page.inside is not None  # noqa: S101  # a seat opens the inside
        screen = queries.screen_of(self.meeting, focus=page.inside.focus, now=self.now)
        return self.show(
            page=page,
            meeting=self.meeting,
            group=self.meeting.group,
            inside=page.inside,
            focus=page.inside.focus,
            screen=screen,
            whats_next=self._whats_next(screen),
            renews=request.GET.get("renew") == "10",
            mark=queries.mark_of(self.meeting, now=self.now),
        )

    def _whats_next(self, screen: queries.Screen) -> queries.WhatsNext | None:
        if screen.act != "done":
            return None
        return queries.whats_next(self.meeting, today=self.today, now=self.now)


class MeetingScene(DeedMixin, OwnMeeting):
    """Steer the big screen: another thing, another place in it, or the clock."""

    def act(self) -> str:
        """Steer it."""
        form = forms.SteerForm(self.request.POST)
        if not form.is_valid():
            raise actions.UnknownWord
        given = form.cleaned_data
        if given["clock"] is not None:
            minutes = given["clock"] or None
            actions.set_clock(meeting=self.meeting, minutes=minutes, by=self.member, now=self.now)
        else:
            place = given["place"] or 0
            actions.show(meeting=self.meeting, shows=given["shows"], place=place, by=self.member, now=self.now)
        return self.back()

    def back(self) -> str:
        """The screen itself, or the meeting's page on a phone."""
        if self.request.POST.get("from") == "screen":
            return self.address("meeting-screen", self.meeting.pk)
        return f"{self.address('meeting', self.meeting.pk)}#screen"


class MeetingState(OwnMeeting):
    """Whether something changed: every two seconds on every phone, so one query beside the hat's."""

    def rows(self) -> Any:
        """With what its mark needs."""
        return queries.meetings_to_follow(self.member)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The mark, or 304."""
        return pages.state_answer(request, queries.mark_of(self.meeting, now=self.now))
