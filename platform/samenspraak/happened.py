"""What happened with accounts, roles and keys, told to oneself and to the admins of a school or board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import pages, queries as places
from schools.models import Event, User
from schools.models.events import EventQuerySet
from schools.roles import Role
from workgroups import queries

_AT_ONCE = 100
_GROUP = "workgroups.workgroup"


@dataclass(frozen=True)
class Line:
    """One event in words: what happened, and to whom, where and by whom."""

    at: dt.datetime
    words: str
    hint: str


@dataclass(frozen=True)
class Day:
    """The events of one day, the last first."""

    day: dt.date
    lines: list[Line]


class _Events(pages.PersonPage):
    """A page that tells events, a hundred at a time; ``?from=100`` goes on where the last one ended."""

    template_name = "samenspraak/events.html"

    def told(self, rows: EventQuerySet, **context: Any) -> HttpResponse:
        """Lay the page out."""
        start = _start(self.request.GET.get("from", ""))
        found = places.events_in(rows, start=start, most=_AT_ONCE + 1)
        days = _days(found[:_AT_ONCE], self.tell(), self.zone())
        return self.show(days=days, older=start + _AT_ONCE if len(found) > _AT_ONCE else None, start=start, **context)

    def zone(self) -> ZoneInfo:
        """On whose clock."""
        return ZoneInfo(timezone.get_default_timezone_name())

    def tell(self) -> Callable[[Event, dict[int, str]], Iterable[str]]:
        """What stands below an event."""
        return _whole


class OwnEvents(_Events):
    """What happened with one's own account."""

    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Tell it."""
        return self.told(Event.objects.about(self.request.user), whose="own")

    def tell(self) -> Callable[[Event, dict[int, str]], Iterable[str]]:
        """Without oneself, and with the school, since it may be any of one's own."""
        me = self.request.user

        def hints(event: Event, groups: dict[int, str]) -> Iterable[str]:
            yield "" if event.person in {None, me} else event.person.name
            yield _where(event, groups)
            yield event.school.name if event.school else ""
            yield "" if event.by in {None, me} else _by(event.by)

        return hints


class SchoolEvents(_Events, pages.SchoolPage):
    """What happened at a school with roles, invitations, groups and settings, for its admins; 404 for others."""

    nav_here = "groups"

    def enter(self, **kwargs: Any) -> None:
        """For admins."""
        super().enter(**kwargs)
        if not self.member.has(Role.ADMIN):
            raise Http404

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Tell it."""
        return self.told(Event.objects.visible_to(self.member), whose="school")

    def zone(self) -> ZoneInfo:
        """On the school's clock."""
        return self.member.school.zone


class BoardEvents(_Events, pages.BoardPage):
    """What happened with the board's own settings and with the roles at its schools, for its admins."""

    nav_here = "today"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Tell it."""
        return self.told(Event.objects.of_board(self.board), whose="board", board=self.board)

    def tell(self) -> Callable[[Event, dict[int, str]], Iterable[str]]:
        """With the school of each."""
        return lambda event, groups: [event.school.name if event.school else "", *_whole(event, groups)]


class Opened(pages.SchoolPage):
    """Which operators looked in from outside, when and why: for everybody of the school."""

    template_name = "samenspraak/opened.html"
    nav_here = "groups"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List them."""
        return self.show(looks=queries.looks_at(self.member), now=self.now, zone=self.member.school.zone)


def group_of(event: Event) -> int | None:
    """The id of the group that it happened to, if it was one."""
    return int(event.object_id) if event.kind == _GROUP else None


def groups_in(found: Iterable[Event]) -> dict[int, str]:
    """The names of the groups that these happened to, by id. One query, or none where there are no groups."""
    ids = {group for group in map(group_of, found) if group is not None}
    return dict(queries.names_of_groups(ids)) if ids else {}


def _start(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0  # noqa: PLR2004  # digits


def _days(found: Sequence[Event], tell: Callable[[Event, dict[int, str]], Iterable[str]], zone: ZoneInfo) -> list[Day]:
    groups = groups_in(found)
    lines = [
        Line(event.at.astimezone(zone), _words(event), " · ".join(filter(None, tell(event, groups)))) for event in found
    ]
    return [Day(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: line.at.date())]


def _words(event: Event) -> str:
    role = event.get_role_display()
    return f"{event.get_what_display()}: {role}" if role else event.get_what_display()


def _whole(event: Event, groups: dict[int, str]) -> Iterable[str]:
    """Whom it is about, in which group, and who did it."""
    yield event.person.name if event.person else ""
    yield _where(event, groups)
    yield _by(event.by) if event.by else ""


def _where(event: Event, groups: dict[int, str]) -> str:
    group = group_of(event)
    return groups.get(group, "") if group is not None else ""


def _by(user: User) -> str:
    return _("by %(name)s") % {"name": user.name}
