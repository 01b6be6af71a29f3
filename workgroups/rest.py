"""The base door of API views about groups: the hat with its seats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions

from schools import rest, scopes, tenancy
from schools.models import User
from schools.roles import Member
from workgroups import permissions, queries

_Row = TypeVar("_Row", bound=models.Model)


class GroupView(rest.SchoolView):
    """An API view about groups: ``self.member`` knows its seats and the groups it visits."""

    area = scopes.Area.GROUPS

    def hat(self, slug: str) -> Member:
        """The caller's hat with seats and guest places."""
        return queries.member_at_the_table(user=self.caller, slug=slug, now=self.now)

    def find(self, rows: QuerySet[_Row], pk: int, *, may: Callable[[Member, Any], bool]) -> _Row:
        """The row that the address names: 404 if it is not among these, 403 if the predicate says no."""
        row = tenancy.fetch(rows, pk=pk)
        permissions.demand(may(self.member, row))
        return row

    def person(self, people: QuerySet[User], pk: int, *, at: str) -> User:
        """The person whom the body names; raises ValidationError (400) beside the field unless among these."""
        found = people.filter(pk=pk).first()
        if found is None:
            raise exceptions.ValidationError({at: [_("Choose one of the people who can be chosen here.")]})
        return found
