"""What a person's own calendar may know: the meetings of the groups in which the person sits today, of all schools."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from schools import queries as schools, scopes, tenancy, tokens
from schools.models import LetterWishes, Membership, User
from workgroups import calendars
from workgroups.models import CalendarFeed, Meeting, Seat, WorkGroup
from workgroups.queries.focus import LiveAgreement, live_agreements
from workgroups.queries.table import BEGAN_IN_TIME

NAME = "Samenspraak"
_OF_APP = ("program__client", "program__user")
_READS = scopes.needed(scopes.Area.GROUPS, "GET")
LOOKS_BACK = dt.timedelta(days=90)


@dataclass(frozen=True)
class Shown:
    """What a feed shows: its name in a list of calendars, and the meetings by start."""

    name: str
    entries: tuple[calendars.Entry, ...]


@dataclass(frozen=True)
class Address:
    """Where a calendar finds a feed; ``subscribe`` is the same for programs that begin to follow it at a click.

    ``app``: the name of the app that made it, with which it ends.
    """

    feed_id: int
    address: str
    app: str | None = None

    @property
    def subscribe(self) -> str:
        """The address as calendar programs open it."""
        return f"webcal:{self.address.partition(':')[2]}"


@dataclass(frozen=True)
class GroupFeed:
    """A group in which the person sits, and the person's own address for it, where there is one."""

    group: WorkGroup
    own: Address | None


@dataclass(frozen=True)
class Feeds:
    """What a person's page about calendars shows: the address for all groups, and each group with its own.

    ``left`` are addresses of groups in which the person sits no more: they show nothing, and name no group. ``rows``
    are all of them, the oldest first.
    """

    whole: Address | None
    groups: tuple[GroupFeed, ...]
    left: tuple[CalendarFeed, ...]
    rows: tuple[CalendarFeed, ...]

    @property
    def schools(self) -> int:
        """In how many schools the groups are."""
        return len({row.group.school_id for row in self.groups})


def feed_at(signed: str, *, now: dt.datetime) -> CalendarFeed | None:
    """The feed behind the secret end of an address, with its person at hand; None for what we never gave out, what
    was revoked, and where the account ended or the app that made it may not read meetings any more. One query at most.
    """
    tenancy.inside()
    key: uuid.UUID | None = calendars.read(signed)
    rows = CalendarFeed.objects.select_related("user", *_OF_APP).filter(user__is_active=True)
    feed = rows.filter(key=key).first() if key else None
    return feed if feed and feed_opens(feed, now=now) else None


def feed_opens(feed: CalendarFeed, *, now: dt.datetime) -> bool:
    """Whether an address still leads somewhere: what an app made does as long as that app may read meetings."""
    if feed.program_id is None:
        return True
    return feed.program is not None and scopes.covers(tokens.held_by(feed.program, now=now), _READS)


def calendar_of(feed: CalendarFeed, *, now: dt.datetime) -> Shown:
    """The feed's meetings of the last 90 days and all to come, called off ones too. Five queries at most.

    Only of groups in which the person sits today, and within the days of that seat: it empties the moment a seat or
    the place in the school ends. Agreements and alarms as the person wishes.
    """
    only = {} if feed.group_id is None else {"group_id": feed.group_id}
    seats = {seat.group_id: seat for seat in seats_today(feed.user, now=now, **only)}
    wishes = schools.wishes_of(feed.user)
    agreed = live_agreements(seats) if wishes.agreements_in_calendar else {}
    rows = Meeting.objects.filter(group_id__in=seats, starts_at__gte=now - LOOKS_BACK).order_by("starts_at", "pk")
    meetings = [_at_hand(row, seats[row.group_id]) for row in rows if seats[row.group_id].holds_on(row.day)]
    group = seats[feed.group_id].group.name if feed.group_id in seats else ""
    return Shown(": ".join(filter(None, (NAME, group))), tuple(_entry(row, wishes, agreed) for row in meetings))


def feeds_of(user: User, *, now: dt.datetime) -> Feeds:
    """The person's feeds: of all groups, and of each group in which the person sits today, by name. Three queries."""
    kept = CalendarFeed.objects.filter(user=user).select_related(*_OF_APP).order_by("created_at", "pk")
    rows = [feed for feed in kept if feed_opens(feed, now=now)]
    found = {feed.group_id: feed for feed in rows}
    groups = sorted((seat.group for seat in seats_today(user, now=now)), key=lambda group: (group.name, group.pk))
    own = tuple(GroupFeed(group, _address(found.get(group.pk))) for group in groups)
    sat_in = {None, *(group.pk for group in groups)}
    left = tuple(feed for feed in rows if feed.group_id not in sat_in)
    return Feeds(_address(found.get(None)), own, left, tuple(rows))


def own_group(group_id: int, *, user: User, now: dt.datetime) -> WorkGroup:
    """The group with this number, if the person sits in it today; else 404. Two queries."""
    seats = seats_today(user, now=now, group_id=group_id)
    return seats[0].group if seats else tenancy.fetch(WorkGroup.objects.none())


def address_of(feed: CalendarFeed) -> Address:
    """The secret address of a feed; for its person alone. No query."""
    where = settings.PUBLIC_URL + reverse("calendar-feed", args=[calendars.sign(feed.key)])
    return Address(feed.pk, where, feed.program.client.name if feed.program else None)


def _address(feed: CalendarFeed | None) -> Address | None:
    return address_of(feed) if feed else None


def seats_today(user: User, *, now: dt.datetime, **only: Any) -> list[Seat]:
    """The person's seats as of today, each on its own school's day, with group and school at hand. Two queries."""
    tenancy.inside()
    held = Membership.objects.filter(user=user, school__closed_on__isnull=True).select_related("school")
    days = {row.school_id: row.school.today(now) for row in held if row.holds_on(row.school.today(now))}
    seats = Seat.objects.filter(BEGAN_IN_TIME, user=user, school_id__in=days, **only)
    return [seat for seat in seats.select_related("group__school") if seat.holds_on(days[seat.school_id])]


def _at_hand(meeting: Meeting, seat: Seat) -> Meeting:
    meeting.group = seat.group
    return meeting


def _entry(meeting: Meeting, wishes: LetterWishes, agreed: dict[int, list[LiveAgreement]]) -> calendars.Entry:
    page = reverse("workgroups:meeting", args=[meeting.group.school.slug, meeting.pk])
    return calendars.Entry(
        meeting=meeting,
        address=f"{settings.PUBLIC_URL}{page}",
        agreements=[one.text for one in agreed.get(meeting.group_id, ())],
        alarm_minutes=wishes.alarm_minutes,
    )
