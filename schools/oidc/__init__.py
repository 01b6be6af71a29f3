"""OpenID Connect as this product trusts it: guarded requests, what a service says of itself, and what it vouches for.

Nothing here knows people or pages; the rooms above keep the rows and lead people to and fro.
"""

from schools.oidc.claims import NotFromTheServiceError, NotStaffError, require_staff, verify
from schools.oidc.discovery import ServiceIsWrongError, discover, try_key
from schools.oidc.keys import keys_of
from schools.oidc.shapes import MANNERS, Manners
from schools.oidc.turns import UnreachableError
from schools.oidc.wire import fetch_json, session

__all__ = [
    "MANNERS",
    "Manners",
    "NotFromTheServiceError",
    "NotStaffError",
    "ServiceIsWrongError",
    "UnreachableError",
    "discover",
    "fetch_json",
    "keys_of",
    "require_staff",
    "session",
    "try_key",
    "verify",
]
