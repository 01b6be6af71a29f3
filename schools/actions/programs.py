"""Apps: which there are, as the site's keeper writes down, and which somebody lets into the own account."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import secrets
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from schools import events, refusals, scopes, tenancy, tokens
from schools.models import Program, User

LONGEST_ADDRESS = 500
# How long a key that was used is kept, to see that somebody tries it again.
USED_KEPT = dt.timedelta(days=1)
_PLAIN = re.compile(r"[!-~]+")  # no spaces and no control signs


class OddAddressError(refusals.Refused):
    """An address to go back to that nobody should be led to."""

    message = _("An address to go back to begins with https://, or with http://127.0.0.1 or http://[::1].")
    code = "odd_address"


class NoSuchScopeError(refusals.Refused):
    """A scope that we do not know, or none at all."""

    message = _("Choose scopes that there are, one at least.")
    code = "no_such_scope"


class NoSuchProgramError(refusals.Refused):
    """Nothing is registered under this id."""

    message = _("There is no app with this id.")
    code = "no_such_app"


@transaction.atomic
def add_program(*, name: str, back_to: list[str], held: frozenset[str], is_public: bool) -> tuple[Client, str]:
    """Write down an app that may ask people in; returns it with its secret, which is never read again.

    ``back_to``: where people are led afterwards, to the letter. A public app (on a phone or desk) has no secret: "".
    Raises OddAddressError and NoSuchScopeError.
    """
    if not back_to or not all(is_address_back(address) for address in back_to):
        raise OddAddressError
    if not held or not held <= scopes.ALL | scopes.IDENTITY:
        raise NoSuchScopeError
    secret = "" if is_public else secrets.token_urlsafe(32)
    kind = Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL
    client = Client(name=name, type=kind, secret=tokens.digest(secret) if secret else "")
    client.set_redirect_uris(back_to)
    client.set_scopes(scopes.join(held).split())
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
    client.set_response_types([Client.ResponseType.CODE])
    client.save(force_insert=True)
    return client, secret


@transaction.atomic
def remove_program(*, client_id: str) -> None:
    """Take an app off the list: all its keys end at once. Raises NoSuchProgramError."""
    if not Client.objects.filter(pk=client_id).delete()[0]:
        raise NoSuchProgramError


@transaction.atomic
def allow_program(*, client: Client, held: frozenset[str], by: User, now: dt.datetime) -> Program:
    """Let an app work in one's own name, for these scopes and a year; saying it again says it anew."""
    told = {"scopes": scopes.join(held), "seal": tokens.seal_of(by), "allowed_at": now}
    by.programs.filter(client=client).exclude(seal=told["seal"]).delete()  # keys of another password stay dead
    program, _made = Program.objects.update_or_create(user=by, client=client, defaults=told)
    events.record(what=events.What.APP_ALLOWED, by=by, now=now)
    return program


@transaction.atomic
def end_program(*, program_id: int, by: User, now: dt.datetime) -> None:
    """Shut an app out of one's own account, with all its keys, at once; 404 for anybody else's."""
    tenancy.fetch(by.programs.select_for_update(), pk=program_id).delete()
    events.record(what=events.What.APP_ENDED, by=by, now=now)


def is_address_back(address: str) -> bool:
    """Whether an app may have people led there: over TLS, or to a program on their own machine."""
    if len(address) > LONGEST_ADDRESS or not _PLAIN.fullmatch(address) or "*" in address:
        return False
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or "#" in address or "\\" in address:
        return False
    return parts.scheme == "https" or _is_own_machine(address)


def leads_back(address: str, known: list[str]) -> bool:
    """Whether an address is one of these to the letter; on one's own machine the port may differ (RFC 8252)."""
    return address in known or (
        is_address_back(address)
        and _is_own_machine(address)
        and any(_is_own_machine(one) and _without_port(one) == _without_port(address) for one in known)
    )


def _is_own_machine(address: str) -> bool:
    parts = urlsplit(address)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _without_port(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.hostname or "").geturl()
