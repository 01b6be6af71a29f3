"""What becomes of a person's visits and open answers when the account is erased."""

from __future__ import annotations

import datetime as dt

from observations.actions import telling
from observations.choices import LetterKind
from observations.models import AspectNote, BehaviourMark, Observation, Visit
from observations.models.visit import VisitState
from observations.queries import own_data
from schools import actions as people, holdings
from schools.actions.erasing import Heir
from schools.models import User
from workgroups.models import Guest


def erase(user: User, heir: Heir, now: dt.datetime) -> None:
    """Visits that were not shared are called off, and their notes go; so do those of visits that never came about.

    What was shared stays, from a nameless visitor. Answers in rounds that are open go with the account, and so does the
    place among those who may answer.
    """
    Observation.objects.filter(visit__coach=user, visit__shared_at__isnull=True).delete()
    for visit in own_data.unshared_of(user):
        Guest.objects.filter(user=user, meeting=visit.meeting_id).delete()
        Visit.objects.filter(pk=visit.pk).update(
            state=VisitState.WITHDRAWN, version=visit.version + 1, listening_since=None
        )
        visit.version += 1
        telling.tell_group(visit, LetterKind.OFF, until=telling.while_ahead(visit, now=now), now=now)
    for raw in (AspectNote, BehaviourMark):
        raw.objects.filter(observation__visit__coach=user).delete()
    mine = Visit.objects.filter(coach=user)
    if mine.exists():
        mine.update(coach=heir())


def follow_erasures() -> None:
    """Tell the floors below what this one holds about people, and how it lets go of it."""
    holdings.register(own_data.HOLDINGS, letters=own_data.LETTERS)
    people.register_eraser(erase, tells=own_data.visits_in_words)
