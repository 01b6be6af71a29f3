"""What a service vouches for: its token is judged whole, whatever way it came."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

import jwt
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models.providers import Shape, SignInService
from schools.oidc import keys
from schools.oidc.shapes import MANNERS

# Signed with a key of the service's own; never "none", never a secret that two share.
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_DIFFER = 60
LONGEST_UID = 191
_FRESH = dt.timedelta(minutes=10)
_STAFF = {"employee", "staff", "faculty", "teacher", "medewerker", "docent", "leraar", "onderwijzend personeel"}
_ROLE = {"edupersonaffiliation", "edupersonscopedaffiliation", "nledupersonaffiliation", "role", "rol"}


class NotFromTheServiceError(refusals.Refused):
    """What came is not what the board's service would send to us, now, for this browser."""

    message = _("What came back was not what we asked your board's service for. Try again.")
    code = "not_from_the_service"


class NotStaffError(refusals.Refused):
    """The service knows this person, but not as somebody who works at a school of the board."""

    message = _("Samenspraak is for people who work at a school. Your board's service says that you do not.")
    code = "not_staff"


def verify(token: Any, *, service: SignInService, nonce: str, now: dt.datetime) -> dict[str, Any]:
    """The claims of an ID token: signed by the service, for us, now, and for the browser that asked.

    Raises NotFromTheServiceError, or UnreachableError where the service's keys cannot be read.
    """
    if not isinstance(token, str):
        raise NotFromTheServiceError
    try:
        claims = _decoded(token, service)
        made_at = dt.datetime.fromtimestamp(claims["iat"], dt.UTC)
    except (jwt.PyJWTError, ValueError, TypeError, ArithmeticError, OSError, RecursionError) as wrong:
        raise NotFromTheServiceError from wrong
    said = claims.get("nonce")
    subject = claims["sub"]
    right = (
        isinstance(said, str)
        and hmac.compare_digest(said.encode(), nonce.encode())
        and _is_for(claims, service.client_id)
        and 0 < len(subject) <= LONGEST_UID
        and made_at > now - _FRESH
    )
    if not right:
        raise NotFromTheServiceError
    return claims


def _decoded(token: str, service: SignInService) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in SIGNATURES:
        raise NotFromTheServiceError
    claims: dict[str, Any] = jwt.decode(
        token,
        key=_key(header, service),
        algorithms=[header["alg"]],
        audience=service.client_id,
        issuer=service.issuer,
        leeway=CLOCKS_DIFFER,
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )
    return claims


def _key(header: Mapping[str, Any], service: SignInService) -> jwt.PyJWK:
    """The key that the token names; the only one where it names none."""
    kid = header.get("kid")
    found = keys.keys_of(service.pinned["jwks_uri"], with_kid=kid)
    signing = [key for key in found if key.get("use", "sig") == "sig" and key.get("kty") in {"RSA", "EC", "OKP"}]
    fitting = [key for key in signing if key.get("kid") == kid] if kid is not None else signing
    if len(fitting) != 1:
        raise NotFromTheServiceError
    return jwt.PyJWK.from_dict(fitting[0], algorithm=header["alg"])


def _is_for(claims: Mapping[str, Any], client_id: str) -> bool:
    """Whether it was made for us alone, also where it names several readers."""
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    return bool(claims.get("azp", client_id) == client_id and ("azp" in claims or not several))


def require_staff(claims: Mapping[str, Any], *, service: SignInService) -> None:
    """Let only those in who work at the board, as far as this kind of service says; else raises NotStaffError."""
    manners = MANNERS[Shape(service.shape)]
    if manners.by_domain and f" {str(claims.get('hd') or '').lower()} " not in service.domains:
        raise NotStaffError(_("This account does not belong to your board. Choose your account of school."))
    if manners.says_staff and _STAFF.isdisjoint(_said_roles(claims)):
        raise NotStaffError


def _said_roles(claims: Mapping[str, Any]) -> Iterable[str]:
    """The words by which a service says what somebody is; federations write the claim's name in several ways."""
    for name, said in claims.items():
        if name.replace("_", "").replace("-", "").lower() in _ROLE:
            for word in said if isinstance(said, list) else [said]:
                yield str(word).partition("@")[0].strip().lower()
