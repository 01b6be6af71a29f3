"""Addresses of the API about schools and people: what lies inside a school, and what lies outside any."""

from __future__ import annotations

from django.urls import URLPattern, path

from schools.api import (
    account,
    boards,
    colleagues,
    invitations,
    members,
    own_data,
    place,
    retention,
    rosters,
    sessions,
    tokens,
)

_ROLE = "members/<int:user_id>/roles/<int:membership_id>/"
_INVITATION = "invitations/<int:invitation_id>/"

IN_SCHOOL: list[URLPattern] = [
    path("", place.SchoolView.as_view(), name="school"),
    path("colleagues/", colleagues.ColleaguesView.as_view(), name="colleagues"),
    path("invitations/", invitations.InvitationsView.as_view(), name="invitations"),
    path(_INVITATION, invitations.InvitationView.as_view(), name="invitation"),
    path(f"{_INVITATION}send/", invitations.InvitationSendView.as_view(), name="invitation-send"),
    path(f"{_INVITATION}withdraw/", invitations.InvitationWithdrawView.as_view(), name="invitation-withdraw"),
    path("members/", members.MembersView.as_view(), name="members"),
    path("members/<int:user_id>/", members.MemberView.as_view(), name="member"),
    path("members/<int:user_id>/leave/", members.MemberLeaveView.as_view(), name="member-leave"),
    path("members/<int:user_id>/roles/", members.MemberRolesView.as_view(), name="member-roles"),
    path(f"{_ROLE}end/", members.MemberRoleEndView.as_view(), name="member-role-end"),
    path(f"{_ROLE}stay/", members.MemberRoleStayView.as_view(), name="member-role-stay"),
    path("retention/", retention.RetentionView.as_view(), name="retention"),
    path("retention/receipts/", retention.ReceiptsView.as_view(), name="receipts"),
    path("rosters/", rosters.RostersView.as_view(), name="rosters"),
    path("rosters/<int:roster_id>/", rosters.RosterView.as_view(), name="roster"),
    path("rosters/<int:roster_id>/take/", rosters.RosterTakeView.as_view(), name="roster-take"),
]
KNOWN: list[URLPattern] = [
    path("boards/", boards.BoardsView.as_view(), name="boards"),
    path("boards/<int:number>/rosters/", rosters.BoardRostersView.as_view(), name="board-rosters"),
    path("boards/<int:number>/rosters/<int:list_id>/", rosters.BoardRosterView.as_view(), name="board-roster"),
    path(
        "boards/<int:number>/rosters/<int:list_id>/take/",
        rosters.BoardRosterTakeView.as_view(),
        name="board-roster-take",
    ),
    path("me/data/", own_data.OwnDataView.as_view(), name="own-data"),
    path("me/erasure/", own_data.ErasureView.as_view(), name="erasure"),
    path("me/language/", account.LanguageView.as_view(), name="language"),
    path("me/name/", account.NameView.as_view(), name="own-name"),
    path("me/sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("me/sessions/end/", sessions.SessionsEndView.as_view(), name="sessions-end"),
    path("me/sessions/<str:session_id>/", sessions.SessionView.as_view(), name="session"),
    path("me/tokens/", tokens.TokensView.as_view(), name="tokens"),
    path("me/tokens/<int:token_id>/", tokens.TokenView.as_view(), name="token"),
    path("schools/", place.SchoolsView.as_view(), name="schools"),
]
