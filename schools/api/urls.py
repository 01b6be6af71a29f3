"""Addresses of the API about schools and people: what lies inside a school, and what lies outside any."""

from __future__ import annotations

from django.urls import URLPattern, path

from schools.api import place

IN_SCHOOL: list[URLPattern] = [
    path("", place.SchoolView.as_view(), name="school"),
]
KNOWN: list[URLPattern] = []
