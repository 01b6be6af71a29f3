"""Who is what where: accounts and dated roles, as the command line and, later, the admins give them."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools import addresses, events, refusals
from schools.models import Board, BoardMembership, Membership, OperatorGrant, School, User
from schools.roles import Role

_LONGEST = {"given_name": 60, "infix": 20, "family_name": 80}


class NoSuchPlaceError(refusals.Refused):
    """The school or board does not exist, or has closed."""

    message = _("There is no such school or board.")
    code = "no_such_place"


class NameNeededError(refusals.Refused):
    """Somebody new needs a name, and one that fits."""

    message = _("Nobody has this e-mail address yet: say the name too.")
    field = "name"
    code = "name_needed"


class AccountEndedError(refusals.Refused):
    """The account was ended."""

    message = _("The account with this e-mail address has ended.")
    field = "email"
    code = "account_ended"


class Seated(enum.Enum):
    """What giving somebody a role came down to."""

    NEW_ACCOUNT = "new account"
    NEW_ROLE = "new role"
    ALREADY = "already"


def split_name(full: str) -> dict[str, str]:
    """A full name in its parts: the words in small letters are the infix (Bram | van der | Meer).

    Raises NameNeededError when there is no name in it, or a part is too long.
    """
    words = full.split()
    first = next((place for place, word in enumerate(words) if place and _is_small(word)), 1)
    last = next((place for place in range(first, len(words)) if not _is_small(words[place])), len(words))
    parts = {"given_name": words[:first], "infix": words[first:last], "family_name": words[last:]}
    names = {part: " ".join(said) for part, said in parts.items()}
    if not words:
        raise NameNeededError
    if any(len(names[part]) > longest for part, longest in _LONGEST.items()):
        raise NameNeededError(_("This name is too long."))
    return names


def _is_small(word: str) -> bool:
    return word.lstrip("'’")[:1].islower()


@transaction.atomic
def seat_at_school(
    *, email: str, place: str, role: Role, name: str = "", since: dt.date | None = None, now: dt.datetime
) -> Seated:
    """Give somebody a role in a school, named by its slug or location code, since a day (today).

    Makes the account, without a usable password, where there is none yet; then the name is needed. A role that the
    person holds already stays as it is. Raises NoSuchPlaceError, NotAnAddressError, NameNeededError or
    AccountEndedError.
    """
    named = Q(slug=place.lower()) | Q(location_code=place.upper())
    school = School.objects.filter(named, closed_on__isnull=True).first()
    if school is None:
        raise NoSuchPlaceError
    return _seat(Membership.objects, email, name, since or school.today(now), now, school=school, role=role)


@transaction.atomic
def seat_at_board(*, email: str, number: int, name: str = "", since: dt.date | None = None, now: dt.datetime) -> Seated:
    """Make somebody an admin of a board since a day (today); else like ``seat_at_school``."""
    board = Board.objects.filter(number=number).first()
    if board is None:
        raise NoSuchPlaceError
    return _seat(BoardMembership.objects, email, name, since or timezone.localdate(now), now, board=board)


@transaction.atomic
def seat_at_site(*, email: str, name: str = "", since: dt.date | None = None, now: dt.datetime) -> Seated:
    """Let somebody keep the site running since a day (today); else like ``seat_at_school``."""
    return _seat(OperatorGrant.objects, email, name, since or timezone.localdate(now), now)


def _seat(rows: models.Manager[Any], email: str, name: str, since: dt.date, now: dt.datetime, **where: Any) -> Seated:
    user = _account_of(email)
    is_new = user is None
    if user is None:
        user = User.objects.create_user(addresses.clean(email), **split_name(name))
    if not user.is_active:
        raise AccountEndedError
    if rows.filter(user=user, until_date__isnull=True, **where).exists():
        return Seated.ALREADY
    row = rows.create(user=user, from_date=since, **where)
    events.record(what=events.What.ROLE_GIVEN, by=None, on=row, person=user, now=now)
    return Seated.NEW_ACCOUNT if is_new else Seated.NEW_ROLE


def _account_of(email: str) -> User | None:
    return User.objects.filter(email=addresses.clean(email)).first()
