"""Addresses of the API about time: meetings and series, agenda, days off, letters, calendar feeds."""

from __future__ import annotations

from django.urls import URLPattern, path

from workgroups.api import agenda, days_off, feeds, letters, meetings, next_up, planning, rules, series, wishes

_LETTER = "meetings/<int:meeting_id>/letters/<slug:kind>/"
IN_SCHOOL: list[URLPattern] = [
    path("meetings/", meetings.MeetingsView.as_view(), name="meetings"),
    path("meetings/<int:meeting_id>/", planning.MeetingView.as_view(), name="meeting"),
    path("meetings/<int:meeting_id>/preview/", planning.MeetingPreviewView.as_view(), name="meeting-preview"),
    path("meetings/<int:meeting_id>/cancel/", planning.MeetingCancelView.as_view(), name="meeting-cancel"),
    path("meetings/<int:meeting_id>/restore/", planning.MeetingRestoreView.as_view(), name="meeting-restore"),
    path("meetings/<int:meeting_id>/agenda/", agenda.AgendaView.as_view(), name="meeting-agenda"),
    path("meetings/<int:meeting_id>/points/", agenda.PointsView.as_view(), name="meeting-points"),
    path("meetings/<int:meeting_id>/notes/", agenda.NotesView.as_view(), name="meeting-notes"),
    path(_LETTER, letters.LetterView.as_view(), name="letter"),
    path(f"{_LETTER}take-back/", letters.LetterBackView.as_view(), name="letter-back"),
    path(f"{_LETTER}send/", letters.LetterSendView.as_view(), name="letter-send"),
    path("groups/<int:group_id>/meetings/", planning.GroupMeetingsView.as_view(), name="group-meetings"),
    path("groups/<int:group_id>/proposal/", planning.ProposalView.as_view(), name="group-proposal"),
    path("groups/<int:group_id>/series/", series.GroupSeriesView.as_view(), name="group-series"),
    path("groups/<int:group_id>/series/preview/", series.SeriesPreviewView.as_view(), name="series-preview"),
    path("groups/<int:group_id>/letters/", letters.GroupLettersView.as_view(), name="group-letters"),
    path("groups/<int:group_id>/reminders/", rules.GroupRuleView.as_view(), name="group-reminders"),
    path("series/", series.SeriesView.as_view(), name="series"),
    path("series/<int:series_id>/", series.OneSeriesView.as_view(), name="one-series"),
    path("series/<int:series_id>/end/", series.SeriesEndView.as_view(), name="series-end"),
    path("days-off/", days_off.DaysOffView.as_view(), name="days-off"),
    path("days-off/<int:holiday_id>/", days_off.DaysOffRemoveView.as_view(), name="days-off-remove"),
    path("reminders/", rules.SchoolRuleView.as_view(), name="reminders"),
]
KNOWN: list[URLPattern] = [
    path("me/next-meeting/", next_up.NextMeetingView.as_view(), name="next-meeting"),
    path("me/letters/", wishes.LettersView.as_view(), name="own-letters"),
    path("me/feeds/", feeds.FeedsView.as_view(), name="feeds"),
    path("me/feeds/<int:feed_id>/", feeds.FeedView.as_view(), name="feed"),
    path("me/feeds/<int:feed_id>/renew/", feeds.FeedRenewView.as_view(), name="feed-renew"),
]
