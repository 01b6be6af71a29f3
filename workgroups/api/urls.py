"""Addresses of the API about the work: what lies inside a school, and what lies outside any."""

from __future__ import annotations

from django.urls import URLPattern, path

from workgroups.api import agreements, goals, groups, help as asking, me, meetings

IN_SCHOOL: list[URLPattern] = [
    path("groups/", groups.GroupsView.as_view(), name="groups"),
    path("groups/<int:group_id>/", groups.GroupView.as_view(), name="group"),
    path("groups/<int:group_id>/help/", asking.GroupHelpView.as_view(), name="group-help"),
    path("help/", asking.HelpView.as_view(), name="help"),
    path("help/<int:help_id>/answer/", asking.HelpAnswerView.as_view(), name="help-answer"),
    path("meetings/", meetings.MeetingsView.as_view(), name="meetings"),
    path("meetings/<int:meeting_id>/", meetings.MeetingView.as_view(), name="meeting"),
    path("focus/<int:period_id>/goals/", goals.PeriodGoalsView.as_view(), name="period-goals"),
    path("goals/", goals.GoalsView.as_view(), name="goals"),
    path("goals/<int:goal_id>/", goals.GoalView.as_view(), name="goal"),
    path("goals/<int:goal_id>/end/", goals.GoalEndView.as_view(), name="goal-end"),
    path("goals/<int:goal_id>/updates/", goals.GoalUpdatesView.as_view(), name="goal-updates"),
    path("agreements/", agreements.AgreementsView.as_view(), name="agreements"),
    path("agreements/<int:agreement_id>/", agreements.AgreementView.as_view(), name="agreement"),
]
KNOWN: list[URLPattern] = [
    path("me/", me.MeView.as_view(), name="me"),
]
