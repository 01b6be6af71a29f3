"""Staff lists taken in: looked at first, then all of it or nothing. Nobody is deleted by not standing in a list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set as AbstractSet
from dataclasses import asdict

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import events, queries, refusals, roster as lists
from schools.actions import roles as ending
from schools.models import Board, Invitation, Membership, Roster, School, User
from schools.roles import Role, Steward
from schools.roster import lines, naming, plan

KEPT = dt.timedelta(days=1)
MOST_ENDED = 100


class RosterTakenError(refusals.Gone):
    """A list is taken once."""

    message = _("This list was imported already.")
    code = "roster_taken"


class RosterChangedError(refusals.Refused):
    """What would happen is no longer what was shown."""

    message = _("Something changed here in the meantime. Look at the list once more, then import it.")
    code = "roster_changed"


class RosterWrongError(refusals.Refused):
    """All of a list or nothing."""

    message = _("Some lines cannot be imported, so nothing was. Correct them in your file and choose it again.")
    code = "roster_wrong"


class LastAdminStaysError(refusals.Refused):
    """A list does not leave a school without anybody who looks after it."""

    message = _("A school cannot lose its last administrator by a list. Give somebody else the role first.")
    field = "gone"
    code = "last_admin_stays"


class TooManyLeaveError(refusals.Refused):
    """So many at once is a mistake, or more than one request can do."""

    message = _("These are very many people at once. Choose a hundred at most.")
    field = "gone"
    code = "too_many_leave"


@transaction.atomic
def read_roster(
    *, data: bytes, school: School | None = None, board: Board | None = None, by: User, now: dt.datetime
) -> Roster:
    """Read a staff list, of one school or of a whole board, and keep its lines for a day; the file is not kept.

    Raises roster.NotAListError with the line where it is none. Lists of the reader that nobody took are forgotten.
    """
    return _keep(lists.read(data), school=school, board=board, by=by, now=now)


@transaction.atomic
def hear_roster(
    *, said: Sequence[lists.Line], school: School | None = None, board: Board | None = None, by: User, now: dt.datetime
) -> Roster:
    """Like ``read_roster``, of lines that a program sends."""
    return _keep(lists.Read(tuple(said)), school=school, board=board, by=by, now=now)


def _keep(read: lists.Read, *, school: School | None, board: Board | None, by: User, now: dt.datetime) -> Roster:
    Roster.objects.filter(by=by, taken_at__isnull=True).delete()
    row: Roster = Roster.objects.create(
        school=school,
        board=board,
        by=by,
        made_at=now,
        lines=[list(asdict(line).values()) for line in read.lines],
        unread=list(read.unread),
    )
    return row


def look_at_roster(*, roster: Roster, now: dt.datetime) -> plan.Plan:
    """What taking the list in would do now, line by line; nothing happens. Three queries, however long it is."""
    return plan.plan(_said(roster), _known(_schools(roster), by=roster.by_id, now=now))


@transaction.atomic
def take_roster(
    *,
    roster: Roster,
    seen: str,
    others: AbstractSet[int] = frozenset(),
    gone: AbstractSet[str] = frozenset(),
    last_day: dt.date | None = None,
    by: User,
    now: dt.datetime,
) -> dict[str, int]:
    """Take the list in, all of it or nothing, and return how many people or invitations became what.

    ``seen`` is the mark of the plan that was shown, ``others`` the lines about a namesake, ``gone`` the keys (key_of)
    of people missing from the list whose time ends after ``last_day`` (at once). Who is new is invited, without a key
    yet: letters leave as soon as the school may invite. Raises RosterTakenError, RosterChangedError, RosterWrongError,
    TooManyLeaveError, LastAdminStaysError or OddLastDayError.
    """
    said = _said(roster)
    if not Roster.objects.filter(pk=roster.pk, taken_at__isnull=True).update(taken_at=now, lines=[]):
        raise RosterTakenError
    schools = {school.pk: school for school in _schools(roster).select_for_update(no_key=True).order_by("pk")}
    known = _known(list(schools.values()), by=by.pk, now=now)
    if plan.plan(said, known).mark != seen:
        raise RosterChangedError
    drawn = plan.plan(said, known, others=others)
    if drawn.counts[plan.Kind.REFUSED]:
        raise RosterWrongError
    tally = {kind.value: number for kind, number in drawn.counts.items()}
    _write_invitations(drawn, by=by, now=now)
    _write_roles(drawn, schools, by=by, now=now)
    leavers = [person for person in drawn.missing if key_of(person) in gone]
    tally["ended"] = _end(leavers, schools, roster=roster, last_day=last_day, by=by, now=now)
    Roster.objects.filter(pk=roster.pk).update(tally=tally)
    for pk in sorted({entry.place.pk for entry in drawn.entries if entry.place}):
        events.record(what=events.What.ROSTER_IMPORTED, by=by, on=roster, school=pk, now=now)
    return tally


def key_of(person: plan.Person) -> str:
    """What names somebody who is missing from the list: the school and the oldest row there."""
    return f"{'person' if person.user_id else 'invited'}-{person.school_id}-{min(person.keys.values())}"


def _said(roster: Roster) -> list[lines.Said]:
    return [lines.said_by(lists.Line(*kept)) for kept in roster.lines]


def _schools(roster: Roster) -> models.QuerySet[School]:
    if roster.board_id:
        return queries.open_schools(roster.board_id)
    return School.objects.filter(pk__in=[roster.school_id])


def _known(schools: Iterable[School], *, by: int, now: dt.datetime) -> plan.Known:
    """Who works at these schools, now or later, and who was invited there and did not come yet. Three queries."""
    places = tuple(plan.Place(row.pk, row.name, row.slug, row.location_code or "") for row in schools)
    people: dict[tuple[int, str], plan.Person] = {}
    today = timezone.localdate(now)
    ids = [place.pk for place in places]
    for held in Membership.objects.filter(school__in=ids).not_over(today).select_related("user").order_by("pk"):
        _know(people, (held.school_id, held.user.email or f"user {held.user_id}"), held, held.user, held.user_id)
    for row in Invitation.objects.open().filter(school__in=ids).order_by("pk"):
        key = (row.school_id, row.email or f"invitation {naming.Name(row.given_name, row.infix, row.family_name).key}")
        if key not in people or people[key].user_id is None:
            _know(people, key, row, row, None)
    return plan.Known(places, tuple(people.values()), by)


def _know(
    people: dict[tuple[int, str], plan.Person],
    key: tuple[int, str],
    row: Membership | Invitation,
    named: User | Invitation,
    user_id: int | None,
) -> None:
    """Put what one row says to what is known of the person at the school."""
    name = naming.Name(named.given_name, named.infix, named.family_name)
    known = people.setdefault(key, plan.Person(row.school_id, name, named.email or "", {}, user_id))
    known.keys.setdefault(Role(row.role), row.pk)


def _write_invitations(drawn: plan.Plan, *, by: User, now: dt.datetime) -> None:
    moved = [pk for entry in drawn.entries if entry.kind is plan.Kind.MOVE for pk in _rows_of(entry)]
    if moved:
        Invitation.objects.open().filter(pk__in=moved).update(revoked_at=now)
    rows = [
        Invitation(
            school_id=place.pk,
            role=role,
            email=entry.said.email or None,
            given_name=entry.said.name.given,
            infix=entry.said.name.infix,
            family_name=entry.said.name.family,
            invited_by=by,
            made_at=now,
        )
        for entry, place, role in _given(drawn, plan.Kind.INVITE, plan.Kind.MOVE)
    ]
    Invitation.objects.bulk_create(rows, batch_size=500)


def _given(drawn: plan.Plan, *kinds: plan.Kind) -> Iterator[tuple[plan.Entry, plan.Place, Role]]:
    """Each role of each line of these kinds, with the school."""
    for entry in drawn.entries:
        if entry.kind in kinds and entry.place:
            for role in entry.roles:
                yield entry, entry.place, role


def _rows_of(entry: plan.Entry) -> Sequence[int]:
    return list(entry.person.keys.values()) if entry.person else []


def _write_roles(drawn: plan.Plan, schools: dict[int, School], *, by: User, now: dt.datetime) -> None:
    rows = []
    for entry, place, role in _given(drawn, plan.Kind.ADD):
        if entry.person and entry.person.user_id:
            first = schools[place.pk].today(now)
            rows.append(Membership(school_id=place.pk, user_id=entry.person.user_id, role=role, from_date=first))
    for row in Membership.objects.bulk_create(rows):
        events.record(what=events.What.ROLE_GIVEN, by=by, on=row, now=now)


def _end(
    leavers: Sequence[plan.Person],
    schools: dict[int, School],
    *,
    roster: Roster,
    last_day: dt.date | None,
    by: User,
    now: dt.datetime,
) -> int:
    """End the time of those who left, and withdraw the invitations of those who will not come."""
    if len(leavers) > MOST_ENDED:
        raise TooManyLeaveError
    invited: dict[int, list[int]] = defaultdict(list)
    users = User.objects.in_bulk([person.user_id for person in leavers if person.user_id])
    for person in leavers:
        if person.user_id is None:
            invited[person.school_id] += person.keys.values()
            continue
        steward = _steward(schools[person.school_id], roster=roster, by=by, now=now)
        try:
            ending.end_time(user=users[person.user_id], last_day=last_day, by=steward, now=now)
        except ending.LastAdminError as last:
            raise LastAdminStaysError from last
    for school_id, rows in invited.items():
        Invitation.objects.open().filter(school_id=school_id, pk__in=rows).update(revoked_at=now)
    return len(leavers)


def _steward(school: School, *, roster: Roster, by: User, now: dt.datetime) -> Steward:
    if roster.board_id:
        return Steward(by, school, None, for_board=True)
    return queries.steward_at(user=by, slug=school.slug, now=now)
