"""Addresses of the API about the mirrors: what lies inside a school."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import UUIDConverter

from observations.api import (
    aspect,
    contract,
    debriefs,
    feedback,
    files,
    listening,
    noted,
    observation,
    profile,
    pulses,
    rounds,
    scans,
    sharing,
    showing,
    visits,
)


class LenientUUID(UUIDConverter):
    """A UUID in capitals or not: some devices make them in capitals."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")


register_converter(LenientUUID, "client_uuid")

IN_SCHOOL: list[URLPattern] = [
    path("groups/<int:group_id>/profile/", profile.ProfileView.as_view(), name="profile"),
    path("groups/<int:group_id>/profile.csv", files.ProfileCsvView.as_view(), name="profile-csv"),
    path("groups/<int:group_id>/profile.pdf", files.ProfilePdfView.as_view(), name="profile-pdf"),
    path("groups/<int:group_id>/profile.xlsx", files.ProfileXlsxView.as_view(), name="profile-xlsx"),
    path("groups/<int:group_id>/profile/<slug:key>/", aspect.AspectView.as_view(), name="profile-aspect"),
    path("groups/<int:group_id>/sharing/preview/", showing.PreviewView.as_view(), name="group-sharing-preview"),
    path("groups/<int:group_id>/sharing/", showing.ShowingView.as_view(), name="group-sharing"),
    path("groups/<int:group_id>/pulses/", pulses.GroupPulsesView.as_view(), name="group-pulses"),
    path("pulses/", pulses.PulsesView.as_view(), name="pulses"),
    path("pulses/<int:pulse_id>/", pulses.PulseView.as_view(), name="pulse"),
    path("pulses/<int:pulse_id>/answers/", pulses.PulseAnswersView.as_view(), name="pulse-answers"),
    path("groups/<int:group_id>/scans/", rounds.GroupScansView.as_view(), name="group-scans"),
    path("scans/", scans.ScansView.as_view(), name="scans"),
    path("scans/<int:scan_id>/", scans.ScanView.as_view(), name="scan"),
    path("scans/<int:scan_id>/answers/<slug:key>/", scans.ScanAnswersView.as_view(), name="scan-answers"),
    path("scans/<int:scan_id>/close/", rounds.CloseView.as_view(), name="scan-close"),
    path("scans/<int:scan_id>/drop/", rounds.DropView.as_view(), name="scan-drop"),
    path("scans/<int:scan_id>/reveal/", rounds.RevealView.as_view(), name="scan-reveal"),
    path("groups/<int:group_id>/next-visit/", contract.NextVisitView.as_view(), name="group-next-visit"),
    path("groups/<int:group_id>/visits/", contract.GroupVisitsView.as_view(), name="group-visits"),
    path("visits/", visits.VisitsView.as_view(), name="visits"),
    path("visits/<int:visit_id>/", visits.VisitView.as_view(), name="visit"),
    path("visits/<int:visit_id>/contract/", contract.ContractView.as_view(), name="visit-contract"),
    path("visits/<int:visit_id>/accept/", contract.AcceptView.as_view(), name="visit-accept"),
    path("visits/<int:visit_id>/agree/", contract.AgreeView.as_view(), name="visit-agree"),
    path("visits/<int:visit_id>/amend/", contract.AmendView.as_view(), name="visit-amend"),
    path("visits/<int:visit_id>/decline/", contract.DeclineView.as_view(), name="visit-decline"),
    path("visits/<int:visit_id>/postpone/", contract.PostponeView.as_view(), name="visit-postpone"),
    path("visits/<int:visit_id>/withdraw/", contract.WithdrawView.as_view(), name="visit-withdraw"),
    path("visits/<int:visit_id>/preparation/", listening.PreparationView.as_view(), name="visit-preparation"),
    path("visits/<int:visit_id>/listening/", listening.ListeningView.as_view(), name="visit-listening"),
    path("visits/<int:visit_id>/listening/stop/", listening.StopView.as_view(), name="visit-listening-stop"),
    path("feedback/", feedback.FeedbackListView.as_view(), name="feedback"),
    path("visits/<int:shared_id>/feedback/", feedback.FeedbackView.as_view(), name="visit-feedback"),
    path("visits/<int:shared_id>/corrections/", feedback.CorrectionsView.as_view(), name="visit-corrections"),
    path("visits/<int:shared_id>/debrief/", debriefs.DebriefView.as_view(), name="visit-debrief"),
    path("visits/<int:shared_id>/debrief/show/", debriefs.ShowView.as_view(), name="visit-debrief-show"),
    path("visits/<int:shared_id>/debrief/end/", debriefs.EndView.as_view(), name="visit-debrief-end"),
    path("visits/<int:shared_id>/points/<int:place>/answer/", debriefs.PointAnswerView.as_view(), name="point-answer"),
    path("visits/<int:shared_id>/points/<int:place>/goal/", debriefs.TakeAsGoalView.as_view(), name="point-goal"),
    path(
        "visits/<int:shared_id>/points/<int:place>/agreement/",
        debriefs.TakeAsAgreementView.as_view(),
        name="point-agreement",
    ),
    path("observations/", noted.UnsharedView.as_view(), name="observations"),
    path("observations/<client_uuid:observation_id>/", observation.ObservationView.as_view(), name="observation"),
    path("observations/<client_uuid:observation_id>/share/", sharing.ShareView.as_view(), name="observation-share"),
]
