"""A group's profile to take along over REST: the files of its page, by the same policy and from the same figures."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from observations import queries
from observations.downloads import STEM, ProfileToTake
from schools import bodies, rest as base, scopes
from workgroups import rest

_ABOUT: dict[str, Any] = {"tags": ["profiles"]}


class YearFilter(bodies.Asked):
    """Which school years."""

    year = serializers.RegexField(
        r"^([0-9]{4}|all)$",
        required=False,
        help_text="A school year by the year in which it began, such as `2025`, or `all`; without it, or where the "
        "group has nothing of that year, this one, with the last one before it while it is young.",
    )


class ProfileFileView(base.FileMixin, rest.GroupView):
    """The profile as a file."""

    area = scopes.Area.PROFILES

    def profile(self, group_id: int) -> ProfileToTake:
        """The profile of a group of this school."""
        group = queries.group_for(self.member, group_id)
        return ProfileToTake(group, self.member, self.today)

    def file(self, group_id: int) -> HttpResponse:
        """The file, once it is known to be the caller's to read; 404 where it is not."""
        profile = self.profile(group_id)
        if not (profile.is_inside or (self.kind != "pdf" and profile.is_shown())):
            raise Http404
        self.must_be_taken_along(self.member)
        asked = self.asked(YearFilter).get("year", "")
        taken = ProfileToTake(profile.group, self.member, self.today, asked)
        body = taken.as_paper() if self.kind == "pdf" else taken.as_table(self.kind)
        return self.taken(body, stem=STEM, source=profile.group)


class ProfileCsvView(ProfileFileView):
    """As CSV."""

    kind = "csv"

    @base.file_schema("csv", operation_id="download_profile_csv", parameters=[YearFilter], **_ABOUT)
    def get(self, request: Request, slug: str, group_id: int) -> HttpResponse:
        """The profile as a table with semicolons: figures for the group and its guest, words for its leader if shared.

        That it was taken along, by whom and when, is noted where the school sees what happened.
        """
        return self.file(group_id)


class ProfileXlsxView(ProfileFileView):
    """As XLSX."""

    kind = "xlsx"

    @base.file_schema("xlsx", operation_id="download_profile_xlsx", parameters=[YearFilter], **_ABOUT)
    def get(self, request: Request, slug: str, group_id: int) -> HttpResponse:
        """The same table for a spreadsheet."""
        return self.file(group_id)


class ProfilePdfView(ProfileFileView):
    """As PDF."""

    kind = "pdf"

    @base.file_schema("pdf", operation_id="download_profile_pdf", parameters=[YearFilter], **_ABOUT)
    def get(self, request: Request, slug: str, group_id: int) -> HttpResponse:
        """The profile on A4, for the group and its guest; 404 for everybody else, its leader too."""
        return self.file(group_id)
