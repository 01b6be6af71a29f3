"""The addresses of groups, meetings, goals and agreements, inside one school."""

from django.urls import path

from workgroups.views import acts, focus, goal, group, meeting

app_name = "workgroups"
urlpatterns = [
    path("groups/new/", group.GroupNew.as_view(), name="group-new"),
    path("groups/<int:group_id>/", group.GroupHome.as_view(), name="group"),
    path("groups/<int:group_id>/edit/", group.GroupEdit.as_view(), name="group-edit"),
    path("groups/<int:group_id>/seats/", group.GroupSeats.as_view(), name="group-seats"),
    path("seats/<int:seat_id>/leave/", group.SeatLeave.as_view(), name="seat-leave"),
    path("seats/<int:seat_id>/chair/", group.SeatChair.as_view(), name="seat-chair"),
    path("groups/<int:group_id>/meetings/new/", meeting.MeetingNew.as_view(), name="meeting-new"),
    path("meetings/<int:meeting_id>/", meeting.MeetingHome.as_view(), name="meeting"),
    path("meetings/<int:meeting_id>/edit/", meeting.MeetingEdit.as_view(), name="meeting-edit"),
    path("meetings/<int:meeting_id>/cancel/", meeting.MeetingCancel.as_view(), name="meeting-cancel"),
    path("meetings/<int:meeting_id>/restore/", meeting.MeetingRestore.as_view(), name="meeting-restore"),
    path("meetings/<int:meeting_id>/open/", acts.MeetingOpen.as_view(), name="meeting-open"),
    path("meetings/<int:meeting_id>/close/", acts.MeetingClose.as_view(), name="meeting-close"),
    path("meetings/<int:meeting_id>/skip/", acts.MeetingSkip.as_view(), name="meeting-skip"),
    path("groups/<int:group_id>/card/", focus.GroupCard.as_view(), name="card"),
    path("groups/<int:group_id>/focus/new/", focus.FocusNew.as_view(), name="focus-new"),
    path("focus/<int:period_id>/why/", focus.FocusWhy.as_view(), name="focus-why"),
    path("focus/<int:period_id>/goals/new/", goal.GoalNew.as_view(), name="goal-new"),
    path("goals/<int:goal_id>/", goal.GoalHome.as_view(), name="goal"),
    path("goals/<int:goal_id>/updates/", goal.GoalUpdate.as_view(), name="goal-update"),
    path("goals/<int:goal_id>/end/", goal.GoalEnd.as_view(), name="goal-end"),
    path("goals/<int:goal_id>/agreements/new/", goal.AgreementNew.as_view(), name="agreement-new"),
    path("agreements/<int:agreement_id>/edit/", goal.AgreementEdit.as_view(), name="agreement-edit"),
    path("agreements/<int:agreement_id>/end/", goal.AgreementEnd.as_view(), name="agreement-end"),
]
