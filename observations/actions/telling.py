"""Who hears of a step: letters are written down in the same transaction as the step itself."""

from __future__ import annotations

import datetime as dt

from observations import queries
from observations.choices import SCAN_OPENED, LetterKind
from observations.models import SelfScan, Visit
from schools import post
from schools.models import School
from workgroups.actions import nudges

_NEWS_FOR = dt.timedelta(days=14)
_MORNING = dt.time(7, 0)
_HOUR = dt.timedelta(hours=1)
# Whoever is in the room has answered by then, or has seen that there is something to answer.
_LETS_BE = _HOUR / 2


def tell_group(visit: Visit, kind: LetterKind, *, now: dt.datetime, until: dt.datetime | None = None) -> None:
    """Write to everybody with a seat in the group."""
    people = queries.people_in(visit.group_id, today=visit.school.today(now))
    _write(visit, kind, people, due_at=now, until=until or now + _NEWS_FOR, now=now)


def tell_visitor(visit: Visit, *, now: dt.datetime, until: dt.datetime | None = None) -> None:
    """Write the group's answer to the visitor."""
    _write(visit, LetterKind.ANSWERED, [visit.coach_id], due_at=now, until=until or now + _NEWS_FOR, now=now)


def tell_visitor_unnamed(visit: Visit, *, now: dt.datetime) -> None:
    """The same, without saying when a member asked for it: no moment of the day is kept (C4)."""
    due_at = unhurried(now, zone=visit.meeting.zone, before=visit.meeting.starts_at)
    _write(visit, LetterKind.ANSWERED, [visit.coach_id], due_at=due_at, until=due_at + _NEWS_FOR, now=now)


def tell_electors(scan: SelfScan, people: list[int], *, school: School, now: dt.datetime) -> None:
    """Write to everybody who may answer in a sealed round, once: also to whoever answered meanwhile (C4).

    Due half an hour later or more, on a full hour: no moment of the day is kept. A round that closes before has none.
    """
    closes_at = scan.closes_at or now
    due_at = nudges.by_day(_full_hour(now + _LETS_BE), school=school, before=closes_at)
    if due_at < closes_at:
        post.write_down(
            kind=SCAN_OPENED,
            subject_id=scan.pk,
            version=1,
            school_id=scan.school_id,
            user_ids=people,
            due_at=due_at,
            expires_at=closes_at,
            now=now,
        )


def while_ahead(visit: Visit, *, now: dt.datetime) -> dt.datetime | None:
    """Until when news of a coming meeting is news: its start; nothing where it has begun."""
    return visit.meeting.starts_at if visit.meeting.starts_at > now else None


def unhurried(now: dt.datetime, *, zone: dt.tzinfo, before: dt.datetime) -> dt.datetime:
    """The next morning at seven, or the next full hour where that would come after ``before``."""
    here = now.astimezone(zone)
    morning = dt.datetime.combine(here.date() + dt.timedelta(days=1), _MORNING, tzinfo=zone).astimezone(dt.UTC)
    if morning < before or now >= before:
        return morning
    return _full_hour(now)


def _full_hour(moment: dt.datetime) -> dt.datetime:
    return moment.replace(minute=0, second=0, microsecond=0) + _HOUR


def _write(
    visit: Visit, kind: LetterKind, people: list[int], *, due_at: dt.datetime, until: dt.datetime, now: dt.datetime
) -> None:
    post.write_down(
        kind=kind.value,
        subject_id=visit.pk,
        version=visit.version,
        school_id=visit.school_id,
        user_ids=people,
        due_at=due_at,
        expires_at=until,
        now=now,
    )
