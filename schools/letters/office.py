"""The letter about a school or board that has no admin any more: nobody can turn it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse

from schools import post, queries
from schools.actions import BOARD_EMPTY, SCHOOL_EMPTY
from schools.models import BoardMembership, Delivery


def register() -> None:
    """Tell the post of both kinds."""
    for kind in (SCHOOL_EMPTY, BOARD_EMPTY):
        post.register(kind, prepare, for_board=True)


def prepare(deliveries: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
    """Each delivery's letter, or that somebody is in office again. Three queries."""
    day = now.date()
    schools = {one.school_id for one in deliveries}
    empty = set(queries.schools_without_admin(day).filter(pk__in=schools).values_list("pk", flat=True))
    boards = {one.school.board_id for one in deliveries}
    alone = {board.pk: board for board in queries.boards_without_admin(day).filter(pk__in=boards)}
    over = BoardMembership.objects.live(day).filter(user__in={one.user_id for one in deliveries})
    at_board = set(over.values_list("board_id", "user_id"))
    answers: dict[int, post.Letter | post.Dropped] = {}
    for one in deliveries:
        can = (one.school.board_id, one.user_id) in at_board
        if one.kind == SCHOOL_EMPTY and one.school_id in empty:
            answers[one.pk] = _letter(one, one.school.name, can=can)
        elif one.kind == BOARD_EMPTY and one.school.board_id in alone:
            answers[one.pk] = _letter(one, str(alone[one.school.board_id]), can=False)
        else:
            answers[one.pk] = post.Dropped("somebody is in office again")
    return answers


def _letter(one: Delivery, place: str, *, can: bool) -> post.Letter:
    """``can``: the reader can give roles there."""
    page = reverse("people-kept", args=[one.school.slug]) if can else ""
    about = {"place": place, "school": one.school, "address": page and f"{settings.PUBLIC_URL}{page}"}
    language = (one.user.language if one.user else "") or one.school.language
    return post.compose("letters/office_empty", about, language=language, zone=one.school.zone)
