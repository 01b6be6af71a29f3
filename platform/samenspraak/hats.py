"""The hat that somebody wears on a page, as the masthead tells it: where, as what, and what else there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from schools.models import Board
from schools.roles import Member, Role

# From so many places on, one looks for the right one by its name.
MANY = 8


@dataclass(frozen=True)
class Worn:
    """Where one acts and as what; what else one is there, once one has proved it again; whether one can change."""

    where: str
    href: str
    roles: str
    asleep: str
    elsewhere: bool


def worn_on(request: HttpRequest) -> Worn | None:
    """The hat of this page; None outside schools and boards."""
    member: Member | None = getattr(request, "member", None)
    if member is not None:
        home = reverse("school-dashboard", args=[member.school.slug])
        held = _("a reader from outside") if member.opened_until else in_words(member.roles)
        return Worn(member.school.name, home, held, in_words(member.asleep), member.elsewhere)
    board: Board | None = getattr(request, "board", None)
    if board is None:
        return None
    elsewhere = bool(getattr(board, "elsewhere", False))
    return Worn(board_name(board), reverse("board-home", args=[board.number]), _("board admin"), "", elsewhere)


def in_words(roles: Iterable[Role]) -> str:
    """Several roles in one place, in one breath and always in the same order."""
    held = frozenset(roles)
    return get_text_list([str(role.label) for role in Role if role in held], _("and"))


def board_name(board: Board) -> str:
    """What a board is called."""
    return board.name or _("Board %(number)s") % {"number": board.number}
