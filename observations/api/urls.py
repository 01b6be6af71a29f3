"""Addresses of the API about the mirrors: what lies inside a school."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import UUIDConverter

from observations.api import observation, profile, scans, sharing, showing, visits


class LenientUUID(UUIDConverter):
    """A UUID in capitals or not: some devices make them in capitals."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")


register_converter(LenientUUID, "client_uuid")

IN_SCHOOL: list[URLPattern] = [
    path("groups/<int:group_id>/profile/", profile.ProfileView.as_view(), name="profile"),
    path("groups/<int:group_id>/sharing/", showing.ShowingView.as_view(), name="group-sharing"),
    path("scans/", scans.ScansView.as_view(), name="scans"),
    path("scans/<int:scan_id>/", scans.ScanView.as_view(), name="scan"),
    path("scans/<int:scan_id>/answers/<slug:key>/", scans.ScanAnswersView.as_view(), name="scan-answers"),
    path("visits/", visits.VisitsView.as_view(), name="visits"),
    path("visits/<int:visit_id>/", visits.VisitView.as_view(), name="visit"),
    path("observations/<client_uuid:observation_id>/", observation.ObservationView.as_view(), name="observation"),
    path("observations/<client_uuid:observation_id>/share/", sharing.ShareView.as_view(), name="observation-share"),
]
