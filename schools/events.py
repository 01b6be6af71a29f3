"""The one verb that writes down what happened: called inside the action that did it, in its transaction."""

from __future__ import annotations

import datetime as dt

from django.db import models

from schools.models import Board, BoardMembership, Event, Membership, School, User
from schools.models.events import What, describe

KEPT = dt.timedelta(days=365)

__all__ = ["KEPT", "What", "record"]


def record(
    *,
    what: What,
    by: User | None,
    now: dt.datetime,
    on: models.Model | None = None,
    person: User | int | None = None,
    school: School | int | None = None,
    board: Board | int | None = None,
) -> None:
    """Write down that something happened. One query, which reads nothing back.

    ``by``: who did it; None where the product did, or nobody is to be named. ``on``: the row it happened to, of which
    kind and id are kept and nothing else; a membership tells its person, role and place by itself. ``person``: about
    whom it is, where that is somebody else than ``by``. ``school`` and ``board``: whose admins may read it; without
    either it is between the people named and the product.
    """
    kind, object_id = describe(on)
    row = Event(at=now, what=what, kind=kind, object_id=object_id, by=by)
    row.person_id, row.school_id, row.board_id = _pk(person), _pk(school), _pk(board)
    if isinstance(on, Membership):
        row.person_id, row.role, row.school_id = on.user_id, on.role, on.school_id
    if isinstance(on, BoardMembership):
        row.person_id, row.board_id = on.user_id, on.board_id
    row.save(force_insert=True)


def _pk(row: models.Model | int | None) -> int | None:
    return row.pk if isinstance(row, models.Model) else row
