"""Schools, groups and people for a run, and the letters that are due for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from samenspraak.demo import cast as told
from schools import post, tenancy
from schools.models import Delivery, Membership, School, User
from schools.roles import Role
from tests import factories
from workgroups.actions import notices
from workgroups.models import Meeting, Seat, WorkGroup

A_GROUP = 12
_TABLES = ("schools_delivery", "schools_user", "schools_school", "schools_board", "cards_edition")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@dataclass
class World:
    """Who there is; every person has one letter, unless a row says otherwise."""

    schools: list[School] = field(default_factory=list)
    everywhere: list[School] = field(default_factory=list)  # also those without groups
    groups: list[WorkGroup] = field(default_factory=list)
    people: dict[int, list[User]] = field(default_factory=dict)


def empty() -> None:
    """Forget all of the last run."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} RESTART IDENTITY CASCADE")


def gather(people: int, *, schools: int = 3) -> World:
    """So many people in groups of twelve, over so many schools."""
    empty()
    world = World()
    with tenancy.acting_for_system("faults"):
        cast = told.gather(since=factories.LONG_AGO, password=None)
        world.everywhere = list(cast.schools.values())
        world.schools = world.everywhere[:schools]
        for number in range(-(-people // A_GROUP)):
            seats = min(A_GROUP, people - number * A_GROUP)
            add_group(world, world.schools[number % schools], number, seats)
    return world


def add_group(world: World, school: School, number: int, seats: int) -> WorkGroup:
    """One more group with so many seats; inside an open door."""
    group = factories.group(school, f"Groep {number}")
    addresses = (f"lid{number}.{place}@{school.slug}.example" for place in range(seats))
    people = User.objects.bulk_create(User(email=one, given_name="Lid") for one in addresses)
    dated = {"school": school, "from_date": factories.LONG_AGO}
    Membership.objects.bulk_create(Membership(user=one, role=Role.TEACHER, **dated) for one in people)
    Seat.objects.bulk_create(
        Seat(group=group, user=one, is_chair=not place, **dated) for place, one in enumerate(people)
    )
    world.groups.append(group)
    world.people[group.pk] = people
    return group


def write_down(
    world: World,
    due: Callable[[int], dt.datetime],
    *,
    meets: Callable[[int], dt.date] = lambda _number: timezone.localdate() + 3 * DAY,
    expires: Callable[[int], dt.datetime] | None = None,
) -> None:
    """A meeting for each group and a letter about it for each member, due when ``due(number of the group)`` says.

    They are invitations: those leave whenever they are due, so that nothing puts their times right again.
    """
    with tenancy.acting_for_system("faults"):
        for number, group in enumerate(world.groups):
            lies_ahead = meets(number) >= timezone.localdate()
            meeting = factories.meeting(group, meets(number), state="planned" if lies_ahead else "lapsed")
            ends = expires(number) if expires else meeting.starts_at
            post.write_down(
                kind=notices.INVITATION, subject_id=meeting.pk, version=1, school_id=group.school_id,
                user_ids=[one.pk for one in world.people[group.pk]],
                due_at=due(number), expires_at=ends, now=min(due(number), ends - DAY),
            )  # fmt: skip


def rows() -> list[Delivery]:
    """The ledger as it stands; without what is due another day, such as the reminder of a meeting that moved."""
    with tenancy.acting_for_system("faults"):
        return list(Delivery.objects.filter(due_at__lt=timezone.now() + HOUR).order_by("pk"))


def still_to_do() -> int:
    """How many of these letters are not at their end."""
    with tenancy.acting_for_system("faults"):
        due = Delivery.objects.filter(due_at__lt=timezone.now() + HOUR)
        return due.filter(state__in=["waiting", "leased"]).count()


def meetings() -> list[Meeting]:
    """All meetings there are."""
    with tenancy.acting_for_system("faults"):
        return list(Meeting.objects.order_by("pk"))
