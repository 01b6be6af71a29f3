"""Tell of an operator who once looked along, and of what happened at the school when it began."""

from __future__ import annotations

import datetime as dt

from samenspraak.demo.cast import Cast
from schools import events
from schools.events import What
from schools.models import Membership, User
from workgroups import actions

BEGAN, LOOKED = dt.timedelta(days=60), dt.timedelta(days=18, hours=2)
REASON = "Gevraagd door Frank Smit: de overzichtspagina laadde niet"


def look(people: Cast, *, now: dt.datetime) -> None:
    """Hugo looked along for an hour; and each of the cast signed in some days ago."""
    for short in ("anna", "frank"):
        for role in Membership.objects.filter(user=people.people[short]):
            events.record(what=What.ROLE_GIVEN, by=people.people["gerda"], on=role, now=now - BEGAN)
    hugo = people.people["hugo"]
    actions.break_glass(place="de-wilg", reason=REASON, hours=1, by=hugo, now=now - LOOKED)
    for number, person in enumerate(_of_the_cast(people)):
        for days in (1, 4, 9):
            at = now - dt.timedelta(days=days, minutes=37 * number)
            events.record(what=What.SIGNED_IN, by=person, now=at)


def _of_the_cast(people: Cast) -> list[User]:
    return [person for short, person in people.people.items() if short != "irma"]
