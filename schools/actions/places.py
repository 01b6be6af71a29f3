"""Boards by hand: the national list gives their numbers, never their names."""

from __future__ import annotations

from django.db import transaction

from schools.models import Board


@transaction.atomic
def create_board(*, number: int, name: str = "") -> bool:
    """Make the board, or give the one with this number its name; an empty name changes none.

    Returns whether the board is new.
    """
    board, is_new = Board.objects.get_or_create(number=number, defaults={"name": name})
    if name and board.name != name:
        Board.objects.filter(pk=board.pk).update(name=name)
    return is_new
