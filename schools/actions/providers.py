"""A board's sign-in services: set, tried, opened and removed by its admins; linked by the people themselves."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schools import events, oidc, refusals, sealing
from schools.actions import accepting
from schools.actions.ways import LastWayInError
from schools.models import Board, SignInService, User
from schools.models.providers import Shape

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
PURPOSE = "sign-in service"


class NotADomainError(refusals.Refused):
    """What comes behind the @ in addresses of staff, and nothing else."""

    message = _("Write what comes after the @ in the addresses of your staff, such as bestuur.example.")
    field = "domains"
    code = "not_a_domain"


class SecretNeededError(refusals.Refused):
    """A service that is new needs its secret."""

    message = _("Fill in the secret that the service gave you.")
    field = "secret"
    code = "secret_needed"


class NotTriedError(refusals.Refused):
    """People must not meet a button that leads nowhere."""

    message = _("Try the service first: then your staff can use it.")
    code = "not_tried"


class AccountTakenError(refusals.Refused):
    """One account at a service is one person here."""

    message = _("This account of your board is linked to somebody else here. Ask your school's administrator.")
    code = "account_taken"


class LinkedAlreadyError(refusals.Refused):
    """One person has one account at a service."""

    message = _("Another account of this service is linked to you already. Unlink that one first.")
    code = "linked_already"


class NotOfThisBoardError(refusals.Refused):
    """A board's service vouches for its own people."""

    message = _("This invitation is of another board than this service. Open it by the link in your mail.")
    field = "code"
    code = "not_of_this_board"


@transaction.atomic
def set_service(
    *, board: Board, shape: Shape, issuer: str, client_id: str, secret: str, domains: str, by: User, now: dt.datetime
) -> SignInService:
    """Write down how a board's service is reached; an empty secret keeps the one that is known.

    Another issuer or client id is another service: the old one goes with all its links, and people sign in otherwise
    until they link again. With another secret it is closed until it was tried and opened again.
    Raises NotADomainError or SecretNeededError.
    """
    told = {"issuer": issuer.strip(), "client_id": client_id.strip(), "domains": _domains(domains, shape)}
    old = SignInService.objects.select_for_update().filter(board=board, shape=shape).first()
    same = old is not None and (old.issuer, old.client_id) == (told["issuer"], told["client_id"])
    if not secret.strip() and not same:
        raise SecretNeededError
    sealed = sealing.seal(secret.strip(), purpose=PURPOSE) if secret.strip() else old.secret if old else ""
    if old is not None and not same:
        _remove(old)
    fresh: dict[str, Any] = {} if same and not secret.strip() else {"pinned": {}, "checked_at": None, "opened_at": None}
    service, _made = SignInService.objects.update_or_create(
        board=board, shape=shape, defaults=told | fresh | {"secret": sealed}
    )
    events.record(what=events.What.SERVICE_CHANGED, by=by, on=service, board=board, now=now)
    return service


@transaction.atomic
def try_service(*, service: SignInService, now: dt.datetime) -> None:
    """Ask the service about itself and whether it knows us; what it says is kept and signing in goes by it.

    Raises oidc.ServiceIsWrongError with a sentence about what is wrong; then nothing changes.
    """
    pinned = oidc.discover(service.issuer, shape=Shape(service.shape))
    oidc.try_key(pinned, client_id=service.client_id, secret=secret_of(service), back_to=address_back(service))
    SignInService.objects.filter(pk=service.pk).update(pinned=pinned, checked_at=now)


@transaction.atomic
def open_service(*, service: SignInService, by: User, now: dt.datetime) -> None:
    """Show the service where people sign in. Raises NotTriedError."""
    tried = SignInService.objects.filter(pk=service.pk, checked_at__isnull=False)
    if not tried.update(opened_at=now):
        raise NotTriedError
    events.record(what=events.What.SERVICE_CHANGED, by=by, on=service, board=service.board, now=now)


@transaction.atomic
def close_service(*, service: SignInService, by: User, now: dt.datetime) -> None:
    """Let nobody sign in by it for the time being; the links stay."""
    SignInService.objects.filter(pk=service.pk).update(opened_at=None)
    events.record(what=events.What.SERVICE_CHANGED, by=by, on=service, board=service.board, now=now)


@transaction.atomic
def remove_service(*, service: SignInService, by: User, now: dt.datetime) -> None:
    """Forget the service, its secret and every link to it."""
    events.record(what=events.What.SERVICE_CHANGED, by=by, on=service, board=service.board, now=now)
    _remove(service)


@transaction.atomic
def link_account(*, service: SignInService, subject: str, user: User, now: dt.datetime) -> SocialAccount:
    """Link an account at a service to a person; from then on it is a way in. What the service tells more is not kept.

    Whoever calls has seen the person prove to be both. Raises AccountTakenError or LinkedAlreadyError.
    """
    there = SocialAccount.objects.filter(provider=service.account_key, uid=subject).first()
    if there is not None:
        if there.user_id != user.pk:
            raise AccountTakenError
        return there
    if SocialAccount.objects.filter(provider=service.account_key, user=user).exists():
        raise LinkedAlreadyError
    try:
        with transaction.atomic():
            made = SocialAccount.objects.create(provider=service.account_key, uid=subject, user=user, extra_data={})
    except IntegrityError as taken:
        raise AccountTakenError from taken
    events.record(what=events.What.SERVICE_LINKED, by=user, on=service, person=user, now=now)
    return made


@transaction.atomic
def come_in_by_service(
    *,
    service: SignInService,
    subject: str,
    code: str,
    names: dict[str, str],
    fallback: dict[str, str],
    now: dt.datetime,
) -> User:
    """Take an invitation with an account at a service, and link the two; the account may have no address.

    The name is the one that was typed, else the invitation's, else what the service tells. Raises what
    ``accept_as_new`` and ``link_account`` raise, and NotOfThisBoardError; then nothing has changed.
    """
    invitation = accepting.invitation_of(code=code, now=now)
    if invitation.school.board_id != service.board_id:
        raise NotOfThisBoardError
    told = names if names.get("given_name") or invitation.given_name else fallback
    user = accepting.accept_as_new(code=code, **told, password=None, now=now)
    link_account(service=service, subject=subject, user=user, now=now)
    return user


@transaction.atomic
def unlink_account(*, service: SignInService, by: User, ways_left: bool, now: dt.datetime) -> None:
    """End one's own link; ``ways_left``: another way in remains. Raises LastWayInError."""
    if not ways_left:
        raise LastWayInError
    gone, _what = SocialAccount.objects.filter(provider=service.account_key, user=by).delete()
    if gone:
        events.record(what=events.What.SERVICE_UNLINKED, by=by, on=service, person=by, now=now)


def secret_of(service: SignInService) -> str:
    """The secret as the service knows it."""
    return sealing.unseal(service.secret, purpose=PURPOSE)


def address_back(service: SignInService) -> str:
    """Where the service sends people back to; it must be told there, to the letter."""
    return settings.PUBLIC_URL + reverse("service-back", args=[service.board.number, service.shape])


def _remove(service: SignInService) -> None:
    SocialAccount.objects.filter(provider=service.account_key).delete()
    SignInService.objects.filter(pk=service.pk).delete()


def _domains(said: str, shape: Shape) -> str:
    """The mail domains, each between blanks; a service for the whole world needs one."""
    found = [word.lower().lstrip("@") for word in re.split(r"[\s,;]+", said) if word]
    domains = f" {' '.join(dict.fromkeys(found))} " if found else ""
    longest = SignInService._meta.get_field("domains").max_length or 0
    if not all(map(_DOMAIN.fullmatch, found)) or len(domains) > longest:
        raise NotADomainError
    if oidc.MANNERS[shape].by_domain and not found:
        raise NotADomainError
    return domains
