"""Rounds of the self-scan brought to a state by the actions themselves, as people would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from cards.models import Aspect
from observations import actions, queries
from observations.models import ScanReading, SelfScan, Snapshot
from schools.models import User
from tests import factories
from tests.conftest import TestCast
from workgroups.models import Seat

NOW = factories.NOW
WEEK = dt.timedelta(days=7)


def colleagues(cast: TestCast, count: int) -> list[User]:
    """So many people with a seat in the reading group: Els the chair and Carla first, then others."""
    school = cast.schools["de-wilg"]
    people = [cast.els, cast.carla]
    for number in range(len(people), count):
        user = factories.person(f"Collega{number}", school)
        Seat.objects.create(school=school, group=cast.reading, user=user, from_date=factories.LONG_AGO)
        people.append(user)
    return people


def opened(cast: TestCast, key: str | None = "reflecting", **values: Any) -> SelfScan:
    """Carla opened a round: sealed and a week long, on one aspect, unless a test names something else."""
    given = {
        "group": cast.reading,
        "aspect": cast.aspects[key] if key else None,
        "way": "sealed",
        "closes_at": values.get("now", NOW) + WEEK,
        "by": cast.hat("carla"),
        "now": NOW,
        **values,
    }
    return actions.open_scan(**given)


def answers(aspect: Aspect, *degrees: int | None, manner: str = "") -> dict[int, actions.Answer]:
    """Answers on all lines of an aspect; the last degree named is that of the lines left."""
    lines = aspect.behaviours.order_by("position")
    said = [*degrees, *[degrees[-1] if degrees else 3] * len(lines)]
    return {line.pk: actions.Answer(degree, manner) for line, degree in zip(lines, said, strict=False)}


def answer(
    scan: SelfScan, user: User, *degrees: int | None, manner: str = "", aspect: Aspect | None = None, **values: Any
) -> SelfScan:
    """Somebody answers one aspect of the round, or every aspect in its turn."""
    by = values.pop("by", None) or factories.hat(user, scan.group.school)
    for each in [aspect] if aspect else queries.aspects_of(scan):
        given = answers(each, *degrees, manner=manner)
        scan = actions.answer_scan(scan=scan, aspect=each, answers=given, by=by, **{"now": NOW, **values})
    return scan


def answered(scan: SelfScan, people: Iterable[User], *degrees: int | None, manner: str = "") -> SelfScan:
    """They all answer the whole round alike."""
    for user in people:
        scan = answer(scan, user, *degrees, manner=manner)
    return scan


def revealed(cast: TestCast, people: list[User], key: str | None = "reflecting", **values: Any) -> SelfScan:
    """All answered with 3, and Els revealed it."""
    scan = answered(opened(cast, key, **values), people, 3)
    return actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW)


def pictured(
    cast: TestCast, key: str, day: dt.date, *, halves: int | None = 6, respondents: int | None = 9, spread: str = ""
) -> SelfScan:
    """A round of another day as it stands in the rows once it was revealed: all behaviours of one card alike."""
    aspect = cast.aspects[key]
    mine = {"school": cast.reading.school, "group": cast.reading}
    way = {"way": "sealed", "closes_at": NOW} if respondents else {"way": "together"}
    given = {
        "edition": aspect.edition,
        "aspect": aspect,
        "state": "revealed",
        "opened_on": day,
        "closed_on": day,
        **way,
    }
    scan = SelfScan.objects.create(**mine, **given)
    snapshot = Snapshot.objects.create(**mine, scan=scan, respondents=respondents)
    told = {"snapshot": snapshot, "is_sealed": bool(respondents), "halves": halves, "spread": spread}
    ScanReading.objects.bulk_create(
        ScanReading(**mine, behaviour=line, **told) for line in aspect.behaviours.order_by("position")
    )
    return scan
