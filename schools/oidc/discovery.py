"""What a service says of itself, judged once by whoever sets it up; signing in goes by what was kept then."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models.providers import Shape
from schools.oidc import keys, wire
from schools.oidc.claims import SIGNATURES
from schools.oidc.shapes import MANNERS

WELL_KNOWN = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ANYBODYS = {"common", "organizations", "consumers"}


class ServiceIsWrongError(refusals.Refused):
    """The service cannot be used as it is set; the sentence says what to look at."""

    message = _("This service cannot be used as it is set now.")
    code = "service_is_wrong"


def discover(issuer: str, *, shape: Shape) -> dict[str, Any]:
    """What to keep of a service: the addresses of its parts, and how it wants to know us.

    Asks the service twice: for what it says of itself, and for its keys. Raises ServiceIsWrongError with what is wrong.
    """
    _may_be_issuer(issuer, shape)
    try:
        said = wire.fetch_json(issuer.rstrip("/") + WELL_KNOWN)
    except requests.RequestException as wrong:
        raise _wrong(_("At this address no OpenID Connect service answers. Is the address right?"), "issuer") from wrong
    if said.get("issuer") != issuer:
        raise _wrong(
            _("The service calls itself by another address. Take over the issuer exactly as it says."), "issuer"
        )
    needed = (*_NEEDED, "userinfo_endpoint") if MANNERS[shape].asks_more else _NEEDED
    pinned = {name: said.get(name) for name in needed}
    for address in pinned.values():
        if not (isinstance(address, str) and wire.may_stand(address) and _is_at_home(address, issuer, shape)):
            raise _wrong(_("The service sends us on to an address that is not its own. Ask who keeps the service."))
    _knows_our_ways(said)
    _has_keys(str(pinned["jwks_uri"]))
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return pinned | {"by_basic": "client_secret_post" not in methods}


def try_key(pinned: dict[str, Any], *, client_id: str, secret: str, back_to: str) -> None:
    """Whether the service knows us by this id and secret: it is asked for a token with a code that cannot be right.

    A service that knows us refuses the code; one that does not refuses us. Raises ServiceIsWrongError.
    """
    data = {"grant_type": "authorization_code", "code": "a-try", "redirect_uri": back_to, "code_verifier": "a" * 43}
    auth = (client_id, secret) if pinned["by_basic"] else None
    if auth is None:
        data |= {"client_id": client_id, "client_secret": secret}
    try:
        with wire.session() as asking:
            answer = asking.post(pinned["token_endpoint"], data=data, auth=auth)
        said = answer.json()
        kind = str(said.get("error", "")) if isinstance(said, dict) else ""
    except (requests.RequestException, RecursionError) as wrong:
        raise _wrong(_("The service answers, but not where tokens are given out. Try again later.")) from wrong
    if kind in {"invalid_client", "unauthorized_client"} or answer.status_code in {401, 403}:
        raise _wrong(_("The service does not know this client id with this secret. Copy both again."), "secret")
    if kind == "redirect_uri_mismatch":
        raise _wrong(
            _("The service does not know the address to come back to. Add it there, exactly as it stands here.")
        )


def _may_be_issuer(issuer: str, shape: Shape) -> None:
    if not wire.may_stand(issuer) or urlsplit(issuer).query:
        raise _wrong(
            _("This must be a public address that begins with https://, without anything behind it."), "issuer"
        )
    if shape == Shape.MICROSOFT and _ANYBODYS & set(urlsplit(issuer).path.split("/")):
        raise _wrong(_("Use the address with your own tenant id: this one lets in every Microsoft account."), "issuer")


def _is_at_home(address: str, issuer: str, shape: Shape) -> bool:
    host, home = urlsplit(address).hostname or "", urlsplit(issuer).hostname or ""
    return host == home or any(host == own or host.endswith(f".{own}") for own in MANNERS[shape].hosts)


def _knows_our_ways(said: dict[str, Any]) -> None:
    """It gives codes, and binds each to the browser that asked for it where it says how it does so."""
    if "code" not in said.get("response_types_supported", ["code"]):
        raise _wrong(_("The service does not give out codes (response type code)."))
    if "S256" not in said.get("code_challenge_methods_supported", ["S256"]):
        raise _wrong(_("The service does not know PKCE with S256."))
    if set(SIGNATURES).isdisjoint(said.get("id_token_signing_alg_values_supported", ["RS256"])):
        raise _wrong(_("The service does not sign its tokens with a key of its own."))


def _has_keys(address: str) -> None:
    try:
        found = keys.keys_of(address, with_kid="")
        usable = [jwt.PyJWK.from_dict(key) for key in found if key.get("kty") in {"RSA", "EC", "OKP"}]
    except (requests.RequestException, jwt.PyJWTError, ValueError) as wrong:
        raise _wrong(_("The keys of the service cannot be read.")) from wrong
    if not usable:
        raise _wrong(_("The service shows no key by which its tokens can be checked."))


def _wrong(sentence: str | Promise, field: str | None = None) -> ServiceIsWrongError:
    return ServiceIsWrongError(sentence, field=field)
