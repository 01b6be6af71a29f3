"""Addresses of visits, self-scans and profiles, inside a school."""

from django.urls import path

from observations.views import listening, notes, paper, preparing, profile, pulse, scan, scan_answer, start, visit

app_name = "observations"
urlpatterns = [
    path("groups/<int:group_id>/visits/new/", visit.NewVisit.as_view(), name="visit-new"),
    path("visits/<int:visit_id>/", visit.OneVisit.as_view(), name="visit"),
    path("visits/<int:visit_id>/accept/", visit.Accept.as_view(), name="visit-accept"),
    path("visits/<int:visit_id>/amend/", visit.Amend.as_view(), name="visit-amend"),
    path("visits/<int:visit_id>/agree/", visit.Agree.as_view(), name="visit-agree"),
    path("visits/<int:visit_id>/decline/", visit.Decline.as_view(), name="visit-decline"),
    path("visits/<int:visit_id>/prepare/", preparing.Prepare.as_view(), name="visit-prepare"),
    path("visits/<int:visit_id>/postpone/", visit.Postpone.as_view(), name="visit-postpone"),
    path("visits/<int:visit_id>/withdraw/", visit.Withdraw.as_view(), name="visit-withdraw"),
    path("visits/<int:visit_id>/listen/", listening.Listen.as_view(), name="listen"),
    path("visits/<int:visit_id>/listen/stop/", listening.Stop.as_view(), name="listen-stop"),
    path("visits/<int:visit_id>/notes/", notes.Notes.as_view(), name="notes"),
    path("visits/<int:visit_id>/feedback/", notes.Compose.as_view(), name="feedback-compose"),
    path("visits/<int:visit_id>/share/", notes.Share.as_view(), name="feedback-share"),
    path("focus/<int:period_id>/start/round/", start.StartRound.as_view(), name="start-round"),
    path("groups/<int:group_id>/scans/", scan.Scans.as_view(), name="scans"),
    path("groups/<int:group_id>/scans/new/", scan.NewScan.as_view(), name="scan-new"),
    path("groups/<int:group_id>/scan-sheet/", paper.ScanSheet.as_view(), name="scan-sheet"),
    path("groups/<int:group_id>/scan-paper/", paper.ScanPaper.as_view(), name="scan-paper"),
    path("scans/<int:scan_id>/", scan.OneScan.as_view(), name="scan"),
    path("scans/<int:scan_id>/answer/<int:card>/", scan_answer.AnswerPage.as_view(), name="scan-answer"),
    path("scans/<int:scan_id>/close/", scan.Close.as_view(), name="scan-close"),
    path("scans/<int:scan_id>/drop/", scan.Drop.as_view(), name="scan-drop"),
    path("scans/<int:scan_id>/reveal/", scan.Reveal.as_view(), name="scan-reveal"),
    path("scans/<int:scan_id>/state/", scan.State.as_view(), name="scan-state"),
    path("groups/<int:group_id>/pulses/", pulse.Pulses.as_view(), name="pulses"),
    path("groups/<int:group_id>/pulses/new/", pulse.NewPulse.as_view(), name="pulse-new"),
    path("pulses/<int:pulse_id>/", pulse.OnePulse.as_view(), name="pulse"),
    path("pulses/<int:pulse_id>/state/", pulse.PulseMark.as_view(), name="pulse-state"),
    path("groups/<int:group_id>/profile/", profile.Profile.as_view(), name="profile"),
    path("groups/<int:group_id>/sharing/", profile.Sharing.as_view(), name="sharing"),
]
