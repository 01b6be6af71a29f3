"""A group of five, and a pulse brought to a state by the actions themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from observations import actions
from observations.models import Pulse
from observations.models.pulse import QUESTIONS
from schools.models import User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups.models import Seat

CLOSES = NOW + dt.timedelta(days=7)


def seat(cast: TestCast, name: str) -> User:
    """Somebody new with a seat in the reading group."""
    school = cast.schools["de-wilg"]
    user = factories.person(name, school)
    Seat.objects.create(school=school, group=cast.reading, user=user, from_date=factories.LONG_AGO)
    return user


def five(cast: TestCast) -> list[User]:
    """The people of the reading group: Els in the chair, Carla, and three more."""
    return [cast.els, cast.carla, *(seat(cast, name) for name in ("Aisha", "Bas", "Chantal"))]


def opened(cast: TestCast, kind: str = "trust", **values: Any) -> Pulse:
    """Carla asked the group."""
    given = {"closes_at": CLOSES, "by": cast.hat("carla"), "now": NOW, **values}
    return actions.open_pulse(group=cast.reading, kind=kind, **given)


def answer(cast: TestCast, pulse: Pulse, user: User, *degrees: int, now: dt.datetime = NOW) -> Pulse:
    """Somebody answers: one degree for all sentences, or one each."""
    questions = [str(question) for question in QUESTIONS[pulse.kind]]
    given = dict(zip(questions, degrees if len(degrees) > 1 else degrees * len(questions), strict=True))
    hat = factories.hat(user, cast.schools["de-wilg"])
    return actions.answer_pulse(pulse=pulse, answers=given, by=hat, now=now)


def closed(cast: TestCast, people: list[User], *degrees: int, kind: str = "trust") -> Pulse:
    """Each answered with one degree for all sentences; the last one closed it."""
    pulse = opened(cast, kind)
    for user, degree in zip(people, degrees, strict=True):
        answer(cast, pulse, user, degree)
    pulse.refresh_from_db()
    return pulse
