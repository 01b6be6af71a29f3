"""The one way in which a visit changes its state, and its guest at the group's table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from observations.models import Visit
from observations.models.visit import VisitState
from schools import events
from schools.refusals import Refused
from workgroups.models import Guest, WorkGroup

# Who never came is no guest for long; who listened is until the notes are gone. Sharing sets a nearer day.
_GUEST_UNHEARD, _GUEST_AT_MOST = dt.timedelta(days=14), dt.timedelta(days=90)


class NotPossibleNow(Refused):
    """The visit is not in a state from which this goes."""

    message = _("That cannot be done with this visit any more. Look at how it stands now.")
    code = "state"


def hold(visit: Visit) -> None:
    """Keep the visit's row for this transaction and read its state anew: two devices go one after the other."""
    rows = Visit.objects.select_for_update()
    visit.refresh_from_db(
        fields=["state", "version", "asks", "accepted_for", "listening_since", "group_words", "target_minutes"],
        from_queryset=rows,
    )


def step(visit: Visit, *, since: tuple[VisitState, ...], to: VisitState, **changes: Any) -> None:
    """Bring the visit from one of the old states to the new one; raises NotPossibleNow for any other jump."""
    here = Visit.objects.filter(pk=visit.pk, version=visit.version, state__in=since)
    if not here.update(state=to, version=F("version") + 1, **changes):
        raise NotPossibleNow
    visit.refresh_from_db(fields=["state", "version", *changes])


def let_in(visit: Visit, *, today: dt.date, now: dt.datetime) -> None:
    """Make the visitor the group's guest from today, for the meeting as it is planned now.

    The group welcomes: who said it for the group is not written down.
    """
    Guest.objects.create(
        school_id=visit.school_id,
        group_id=visit.group_id,
        user_id=visit.coach_id,
        meeting_id=visit.meeting_id,
        welcome_at=visit.accepted_for,
        from_date=today,
        until_date=_day_of(visit, else_=today) + _GUEST_UNHEARD,
    )
    group, what = WorkGroup(pk=visit.group_id), events.What.GUEST_WELCOMED
    events.record(what=what, by=None, on=group, person=visit.coach_id, school=visit.school_id, now=now)


def keep_in(visit: Visit, *, today: dt.date) -> None:
    """Let the visitor who listened stay the group's guest, at most until the notes are gone."""
    place = Guest.objects.filter(user_id=visit.coach_id, meeting_id=visit.meeting_id)
    place.update(until_date=_day_of(visit, else_=today) + _GUEST_AT_MOST)


def _day_of(visit: Visit, *, else_: dt.date) -> dt.date:
    return visit.school.today(visit.accepted_for) if visit.accepted_for else else_


def see_out(visit: Visit, *, on: dt.date | None = None) -> None:
    """Let the visitor's place as a guest end on a day, whatever becomes of the meeting; without one it ends at once."""
    place = Guest.objects.filter(user_id=visit.coach_id, meeting_id=visit.meeting_id)
    if on is None:
        place.delete()
    else:
        place.update(until_date=on, meeting=None, welcome_at=None)
