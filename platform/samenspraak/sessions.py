"""Sessions in the database: under hashes of their keys, with whose they are, so that people can see and end them.

The sign-in library tells when somebody signed in, proved it once more, or took another password; what follows from
that for sessions is told here, in one place for every way of signing in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from allauth.account import signals as library
from django.contrib.auth import signals
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from schools import actions, devices, proof
from schools.models import Session, User

USER = "_auth_user_id"  # where Django keeps whose session it is
_BEGAN, _SEEN, _DEVICE = "began_on", "seen_on", "device"


def digest(key: str) -> str:
    """The hash under which a session is kept; its key is random enough to need no pepper."""
    return hashlib.sha256(key.encode()).hexdigest()


# Asked at every page, and so as plain SQL (schools.queries.member_at).
_KEPT = "SELECT * FROM schools_session WHERE session_key = %(digest)s AND expire_date > %(now)s"


class SessionStore(db.SessionStore):
    """Django's own store on our own rows; a key that it never made is no key."""

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]  # not a row of Django's app
        """Our own rows."""
        return Session

    @property
    def kept_as(self) -> str:
        """The hash under which this session is kept; "" where it is not."""
        return digest(self.session_key) if self.session_key else ""

    def _validate_session_key(self, key: str | None) -> bool:
        made_here = bool(key and key.isascii() and key.isalnum())
        return made_here and super()._validate_session_key(key)  # type: ignore[misc]  # not in its stubs

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = None
        if self.session_key:
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            row = next(iter(Session.objects.raw(_KEPT, {"digest": digest(self.session_key), "now": now})), None)
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        """Whether there is a session under this key."""
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # type: ignore[override]
        """The row, with what its person may read of it."""
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # not in its stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(USER),
            device=data.get(_DEVICE, ""),
            began_on=data.get(_BEGAN),
            seen_on=data.get(_SEEN),
        )

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest(key)).delete()


def note_seen(request: HttpRequest, *, today: dt.date) -> None:
    """Once a day, note that a session is used: its thirty days begin anew, here and in the browser's cookie."""
    session = request.session
    if USER in session and session.get(_SEEN, "") < today.isoformat():
        session.update({_SEEN: today.isoformat(), _DEVICE: devices.called(request.headers.get("User-Agent", ""))})


def note_sign_in(request: HttpRequest, **_signal: object) -> None:
    """A session began: Django has given it a new key."""
    now = timezone.now()
    today = timezone.localdate(now).isoformat()
    device = devices.called(request.META.get("HTTP_USER_AGENT", ""))
    request.session.update({_BEGAN: today, _SEEN: today, _DEVICE: device})
    proof.stamp(request.session, now=now)


def note_proof(request: HttpRequest, **signal: object) -> None:
    """The person of a session proved it once more: the session goes on under a new key."""
    if signal.get("reauthenticated"):
        request.session.cycle_key()
        proof.stamp(request.session, now=timezone.now())


def end_others(request: HttpRequest, user: User, **_signal: object) -> None:
    """Another password ends the person's sessions elsewhere at once, and proves nothing but itself."""
    actions.end_sessions(of=user, but=request.session.kept_as)  # type: ignore[attr-defined]  # ours, above


def connect() -> None:
    """Listen to the sign-in library; when the process starts."""
    signals.user_logged_in.connect(note_sign_in)
    library.authentication_step_completed.connect(note_proof)
    for changed in (library.password_set, library.password_changed, library.password_reset):
        changed.connect(end_others)
