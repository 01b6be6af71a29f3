"""The services of boards as people meet them: found by a school, linked to an account, open or not."""

from __future__ import annotations

import datetime as dt
import re

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, StrIndex, Substr

from schools import tenancy
from schools.models import Board, BoardMembership, Membership, OperatorGrant, SignInService, User

_LETTERS_TO_FIND = 3
_BOARDS_AT_ONCE = 10


def services_of(board: Board | int) -> list[SignInService]:
    """The services by which staff of a board can sign in today, by kind. One query."""
    rows = SignInService.objects.filter(board=board, opened_at__isnull=False).select_related("board")
    return list(rows.order_by("shape"))


def every_service_of(board: Board) -> list[SignInService]:
    """All services of a board, open or not. One query."""
    return list(SignInService.objects.filter(board=board).order_by("shape"))


def how_many_linked(service: SignInService) -> int:
    """How many people linked an account at the service. One query."""
    return SocialAccount.objects.filter(provider=service.account_key).count()


def boards_numbered(said: str) -> list[Board]:
    """The board with the number that a device remembers, if it has a service: a list of at most one. One query."""
    if not re.fullmatch(r"[0-9]{1,6}", said, re.ASCII):
        return []
    number = int(said)
    return list(Board.objects.filter(number=number, pk__in=_open_services().values("board_id")))


def service_at(*, number: int, shape: str) -> SignInService:
    """An open service of the board with this number; 404 where there is none. One query."""
    return tenancy.fetch(_open_services(), board__number=number, shape=shape)


def service_numbered(pk: int) -> SignInService:
    """The open service with this key; 404 where it is closed or gone. One query."""
    return tenancy.fetch(_open_services(), pk=pk)


def boards_found(said: str, *, today: dt.date) -> list[Board]:
    """Boards with a service, by the mail domain of an address or by the name of one of their schools; ten at most.

    A domain leads to a board once somebody who works for it has an address there (``domains_of``): naming a neighbour's
    leads nobody away. What stands before the @ is not looked at: nothing here tells whether somebody has an account.
    One query.
    """
    words = said.strip().lower()
    domain = words.rpartition("@")[2]
    if len(domain) < _LETTERS_TO_FIND or "\x00" in words:
        return []
    offering = Board.objects.filter(pk__in=_open_services().values("board_id")).order_by("name", "number")
    if "@" not in words and "." not in words:
        by_name = Q(name__icontains=words) | Q(schools__name__icontains=words, schools__closed_on__isnull=True)
        return list(offering.filter(by_name).distinct()[:_BOARDS_AT_ONCE])
    naming = offering.filter(pk__in=_open_services().filter(domains__contains=f" {domain} ").values("board_id"))
    with tenancy.acting_for_system("finding a board"):
        there = User.objects.filter(email__endswith=f"@{domain}")
        people = Membership.objects.live(today).filter(user__in=there, school__board=OuterRef("pk"))
        admins = BoardMembership.objects.live(today).filter(user__in=there, board=OuterRef("pk"))
        return list(naming.filter(Exists(people) | Exists(admins))[:_BOARDS_AT_ONCE])


def domains_of(board: Board, *, today: dt.date) -> set[str]:
    """The mail domains at which people of a board have the address of their account. One query.

    An address is known to be its owner's: its key came by mail, or who keeps the site wrote it down.
    """
    tenancy.inside()
    people = Membership.objects.live(today).filter(school__board=board)
    admins = BoardMembership.objects.live(today).filter(board=board)
    both = Q(pk__in=people.values("user")) | Q(pk__in=admins.values("user"))
    behind = Substr("email", StrIndex("email", Value("@")) + 1)
    found = User.objects.filter(both, email__isnull=False).annotate(domain=behind)
    return set(found.values_list("domain", flat=True).distinct())


def linked_accounts(user: AbstractBaseUser | AnonymousUser) -> list[SignInService]:
    """The services at which the person has an account linked, closed ones too, by board. One query."""
    if not isinstance(user, User):
        return []
    keys = SocialAccount.objects.filter(user=user).values("provider")
    own = SignInService.objects.annotate(key=Concat(Value("service-"), Cast("pk", models.CharField())))
    return list(own.filter(key__in=keys).select_related("board").order_by("board__name", "board__number", "shape"))


def works_for(board_id: int, *, user: User, today: dt.date) -> bool:
    """Whether the person works at a school of the board today, or for the board itself. Two queries at most."""
    tenancy.inside()
    here = Membership.objects.live(today).filter(user=user, school__board_id=board_id, school__closed_on__isnull=True)
    return here.exists() or user.board_memberships.live(today).filter(board_id=board_id).exists()


def works_beyond(board_id: int, *, user: User, today: dt.date) -> bool:
    """Whether the person is somebody outside the board too, now or later. Three queries at most."""
    tenancy.inside()
    schools = Membership.objects.not_over(today).filter(user=user).exclude(school__board_id=board_id)
    boards = BoardMembership.objects.not_over(today).filter(user=user).exclude(board_id=board_id)
    return schools.exists() or boards.exists() or OperatorGrant.objects.not_over(today).filter(user=user).exists()


def services_for(user: User, *, today: dt.date) -> list[SignInService]:
    """The services of every board for which the person works today, by board. One query."""
    tenancy.inside()
    mine = Membership.objects.live(today).filter(user=user, school__closed_on__isnull=True)
    near = Q(board__in=mine.values("school__board_id"))
    near |= Q(board__in=user.board_memberships.live(today).values("board_id"))
    return list(_open_services().filter(near).order_by("board__name", "board__number", "shape"))


def _open_services() -> models.QuerySet[SignInService]:
    return SignInService.objects.filter(opened_at__isnull=False).select_related("board")
