"""The base doors of what looks after a school's people, and of a board, over REST."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from schools import permissions, queries, rest, roles, scopes, tenancy
from schools.models import Board


class StewardView(rest.Door):
    """About a school's people or its start, for who looks after them: ``self.steward`` in ``self.school``.

    404 for who does not look after the school. ``may`` says who of these reads, ``may_write`` who changes: else 403.
    """

    area = scopes.Area.PEOPLE
    may: ClassVar[staticmethod[[roles.Steward], bool]] = staticmethod(permissions.may_keep_people)
    may_write: ClassVar[staticmethod[[roles.Steward], bool] | None] = None

    def enter(self, **kwargs: object) -> None:
        """Find the school that the address names among those that the caller looks after."""
        self.stay_awake()
        self.steward = queries.steward_at(user=self.caller, slug=str(kwargs["slug"]), now=self.now)
        self.school = self.steward.school
        self.today = self.school.today(self.now)
        reads = self.request.method in {"GET", "HEAD"}
        may = type(self).may if reads else type(self).may_write or type(self).may
        if not may(self.steward):
            raise PermissionDenied

    def standing(self, *, afresh: bool = False) -> frozenset[str]:
        """Roles at the school and for its board; none for who just gave them up."""
        if not afresh:
            return self.steward.standing
        try:
            return queries.steward_at(user=self.caller, slug=self.school.slug, now=self.now).standing
        except Http404:
            return frozenset()


class BoardView(rest.Door):
    """About one board, for its admins: ``self.board``, ``self.today``; 404 for everybody else."""

    area = scopes.Area.PEOPLE
    board: Board

    def enter(self, **kwargs: object) -> None:
        """Find the board that the address names among the caller's own."""
        self.stay_awake()
        self.today = timezone.localdate(self.now)
        own = queries.boards_of(user=self.caller, today=self.today)
        self.board = tenancy.fetch(own, number=kwargs["number"])
