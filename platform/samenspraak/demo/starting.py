"""How far the schools of the demo are: De Wilg runs, De Beuk has one step left, and somebody new is invited."""

from __future__ import annotations

import datetime as dt

from samenspraak.demo.cast import Cast
from schools.models import Invitation, School
from schools.roles import Role

_SUMMER = dt.timedelta(days=150)


def start(people: Cast, *, since: dt.date, now: dt.datetime) -> None:
    """Write consent down as of the time the story begins; the new colleague's letter leaves with the first round."""
    wilg, beuk = people.schools["de-wilg"], people.schools["de-beuk"]
    School.objects.filter(pk__in=[wilg.pk, beuk.pk]).update(consented_on=since)
    School.objects.filter(pk=wilg.pk).update(region_checked_on=since + _SUMMER)
    Invitation.objects.create(
        school=wilg,
        role=Role.TEACHER,
        email="wietske@dewilg.example",
        given_name="Wietske",
        family_name="Postma",
        invited_by=people.people["frank"],
        made_at=now,
    )
