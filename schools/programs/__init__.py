"""The provider: how an app gets keys to somebody's account (OAuth 2, OpenID Connect), in the library's hands.

The library reads and answers requests; who may what, and what is kept, is ours (validator.py). Only what is named in
server.py exists: no implicit flow, no device codes, no keys without a person.
"""

from schools.programs.claims import claims
from schools.programs.server import Server, about, is_offered, make_server

__all__ = ["Server", "about", "claims", "is_offered", "make_server"]
