"""Sessions in the database, under keys that it can hold."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own store; a key that it never made is no key, and PostgreSQL would break on some of them."""

    def _validate_session_key(self, key: str | None) -> bool:
        made_here = bool(key and key.isascii() and key.isalnum())
        return made_here and super()._validate_session_key(key)  # type: ignore[misc]  # not in its stubs
