"""Addresses of visits and profiles, inside a school."""

from django.urls import path

from observations.views import listening, notes, profile, visit

app_name = "observations"
urlpatterns = [
    path("groups/<int:group_id>/visits/new/", visit.NewVisit.as_view(), name="visit-new"),
    path("visits/<int:visit_id>/", visit.OneVisit.as_view(), name="visit"),
    path("visits/<int:visit_id>/accept/", visit.Accept.as_view(), name="visit-accept"),
    path("visits/<int:visit_id>/decline/", visit.Decline.as_view(), name="visit-decline"),
    path("visits/<int:visit_id>/postpone/", visit.Postpone.as_view(), name="visit-postpone"),
    path("visits/<int:visit_id>/withdraw/", visit.Withdraw.as_view(), name="visit-withdraw"),
    path("visits/<int:visit_id>/listen/", listening.Listen.as_view(), name="listen"),
    path("visits/<int:visit_id>/listen/stop/", listening.Stop.as_view(), name="listen-stop"),
    path("visits/<int:visit_id>/notes/", notes.Notes.as_view(), name="notes"),
    path("visits/<int:visit_id>/feedback/", notes.Compose.as_view(), name="feedback-compose"),
    path("visits/<int:visit_id>/share/", notes.Share.as_view(), name="feedback-share"),
    path("groups/<int:group_id>/profile/", profile.Profile.as_view(), name="profile"),
    path("groups/<int:group_id>/sharing/", profile.Sharing.as_view(), name="sharing"),
]
