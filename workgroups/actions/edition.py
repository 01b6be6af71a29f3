"""Giving a board its own edition of the instrument, and taking it back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cards.models import Edition
from schools import refusals
from schools.models import Board
from workgroups.models import BoardEdition


class NoSuchBoard(refusals.Refused):
    """No board has this number."""

    message = _("There is no board with this number.")
    field = "board"
    code = "no_such_board"


class NoSuchEdition(refusals.Refused):
    """No edition of this name was loaded for boards that have the right to it."""

    message = _("There is no edition of this name. Load it first.")
    field = "edition"
    code = "no_such_edition"


@transaction.atomic
def use_edition(*, board: int, edition: str, now: dt.datetime) -> BoardEdition:
    """Let the groups of the board with this number choose their next card from the edition with this key.

    Periods that run keep the card they have. Doing it twice changes nothing. Raises NoSuchBoard, NoSuchEdition: the
    standard edition is everybody's, nobody is given it.
    """
    owner = _board(board)
    wanted = Edition.objects.filter(key=edition, is_public=False).first()
    if wanted is None:
        raise NoSuchEdition
    used, new = BoardEdition.objects.select_for_update().get_or_create(
        board=owner, defaults={"edition": wanted, "since": now.date()}
    )
    if not new and used.edition_id != wanted.pk:
        used.edition, used.since = wanted, now.date()
        BoardEdition.objects.filter(pk=used.pk).update(edition=wanted, since=used.since)
    return used


@transaction.atomic
def use_standard(*, board: int) -> bool:
    """Let the groups of the board choose from the standard edition again; says whether that changed anything.

    Periods that run keep the card they have. Raises NoSuchBoard.
    """
    gone, _tables = BoardEdition.objects.filter(board=_board(board)).delete()
    return bool(gone)


def _board(number: int) -> Board:
    found = Board.objects.filter(number=number).first()
    if found is None:
        raise NoSuchBoard
    return found
