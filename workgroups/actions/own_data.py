"""What becomes of a person's rows at the tables when the account is erased; seats ended before (inviting.leaves)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from schools import actions as people, holdings
from schools.actions.erasing import Heir
from schools.models import User
from workgroups.models import GoalUpdate, HelpRequest, KnowLine, PeerFeedback, Seat
from workgroups.models.group import GroupState
from workgroups.models.helpers import PeerState
from workgroups.queries import own_data

_SAID = (PeerState.GIVEN, PeerState.THANKED)


def erase(user: User, heir: Heir, now: dt.datetime) -> None:  # noqa: ARG001  # every floor's eraser takes it
    """Texts stay, without a name; what only the two of them could read goes once nobody is left to read it.

    Seats, places as a guest, own rules and calendar addresses go with the account; of a group in which nobody is left,
    the last seat stays, without a name: by its day the clock counts until the group goes.
    """
    for rows in (PeerFeedback.objects.filter(asker=user), PeerFeedback.objects.filter(giver=user)):
        rows.exclude(state__in=_SAID).delete()
        rows.filter(Q(asker__is_former=True) | Q(giver__is_former=True)).delete()
    for column in ("asker", "giver"):
        said = PeerFeedback.objects.filter(**{column: user})
        if said.exists():
            said.update(**{column: heir()})
    GoalUpdate.objects.filter(by=user).update(by=None)
    HelpRequest.objects.filter(answered_by=user).update(answered_by=None)
    KnowLine.objects.filter(owner=user).update(owner=None)
    last = _last_seats(user)
    if last.exists():
        last.update(user=heir(), is_chair=False, ask_me_about="")


def _last_seats(user: User) -> QuerySet[Seat]:
    """The seats of the person that ended last in groups that others had left before, or never joined."""
    as_late = Q(until_date__isnull=True) | Q(until_date__gte=OuterRef("until_date"))
    others = Seat.objects.filter(as_late, group=OuterRef("group")).exclude(user=user)
    mine = Seat.objects.filter(user=user, until_date__isnull=False, group__state=GroupState.ACTIVE)
    return mine.filter(~Exists(others))


def follow_erasures() -> None:
    """Tell the floor below what this one holds about people, and how it lets go of it."""
    holdings.register(own_data.HOLDINGS, letters=own_data.LETTERS)
    people.register_eraser(erase, tells=own_data.chairs_in_words)
