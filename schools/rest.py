"""The base door of API views: who is asking, in which school."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from rest_framework import views
from rest_framework.request import Request
from rest_framework.response import Response

from schools import paging, queries, roles


class SchoolView(views.APIView):
    """An API view inside one school: ``self.member`` is the caller's hat there, ``self.today`` the school's day."""

    member: roles.Member

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check sign-in and limits, then put on the hat that the address asks for; 404 without one."""
        super().initial(request, *args, **kwargs)
        self.now = timezone.now()
        self.member = self.hat(kwargs["slug"])
        self.today = self.member.school.today(self.now)

    def hat(self, slug: str) -> roles.Member:
        """The caller's hat in the school; the floors above add seats to it."""
        return queries.member_at(user=self.request.user, slug=slug, today=timezone.localdate(self.now))  # type: ignore[arg-type]

    def page_of(self, rows: models.QuerySet[Any], serializer: type[Any]) -> Response:
        """One page of rows, shaped."""
        pages = paging.Pages()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(serializer(page, many=True).data)
