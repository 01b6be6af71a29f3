"""The library's questions while it judges a request, answered from our rows."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Any

from allauth.core.internal import httpkit
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.models import Client
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from schools import actions, scopes, tokens
from schools.models import Program, ProgramKey

CODE_SECONDS = 60
ACCESS_SECONDS = 15 * 60
REFRESH_SECONDS = 30 * 24 * 3600
S256 = "S256"


class Validator(OAuthLibRequestValidator):
    """For one request: the code or refresh key that it brings is kept here once it was found."""

    def __init__(self, *, now: dt.datetime) -> None:
        """Read no clock of its own."""
        super().__init__()
        self.now = now
        self.key: ProgramKey | None = None

    # --- Who asks ---------------------------------------------------------------------
    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whether an app that can keep a secret shows it, in the header or in the body."""
        client_id, secret = httpkit.extract_basic_auth(request.headers)
        if not client_id and not secret:
            client_id, secret = request.client_id, request.client_secret
        if not isinstance(client_id, str) or not isinstance(secret, str) or not secret:
            return False
        client = self._lookup_client(request, client_id)
        if client is None or client.type != Client.Type.CONFIDENTIAL:
            return False
        if not hmac.compare_digest(client.secret, tokens.digest(secret)):
            return False
        self._use_client(request, client)
        return True

    # --- Somebody is asked ------------------------------------------------------------
    def validate_redirect_uri(
        self, client_id: Any, redirect_uri: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether it is the app's own address, to the letter."""
        return actions.leads_back(redirect_uri, request.client.get_redirect_uris())

    def validate_scopes(
        self, client_id: Any, scopes: Any, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether the app may ask for all of it; for nothing there is no use."""
        return bool(scopes) and super().validate_scopes(client_id, scopes, client, request)

    def is_pkce_required(self, client_id: Any, request: Request) -> bool:
        """Whoever it is shows at the end that it began it."""
        return True

    def validate_silent_authorization(self, request: Request) -> bool:
        """Nobody is let in without the person seeing it."""
        return False

    def validate_user_match(self, id_token_hint: Any, asked: Any, claims: Any, request: Request) -> bool:
        """Whether it is the person whom the app expects, where it says so."""
        return super().validate_user_match(id_token_hint, asked, None, request)

    def save_authorization_code(self, client_id: Any, code: dict[str, Any], request: Request, *args: Any) -> None:
        """Keep the code that goes back with the person; ours takes the place of the library's."""
        code["code"] = tokens.new_app_key()
        tokens.keep_app_key(
            code["code"],
            request.program,
            ProgramKey.Kind.CODE,
            now=self.now,
            seconds=CODE_SECONDS,
            scopes=scopes.join(request.scopes),
            back_to=request.redirect_uri,
            challenge=request.code_challenge,
            nonce=request.nonce or "",
        )

    # --- A code is brought ------------------------------------------------------------
    def validate_code(self, client_id: Any, code: str, client: Any, request: Request, *args: Any) -> bool:
        """Whether this app got this code, and brings it for the first time: a code is tried once, right or wrong.

        Where it was tried before, what came of it ends too: somebody has it who should not.
        """
        row = tokens.find_app_key(ProgramKey.Kind.CODE, code, now=self.now)
        if row is None:
            self._end_line_of(code, client)
            return False
        if row.program.client_id != client.pk:
            return False
        if not self._use(row):
            return False
        self._keep(row, request)
        return True

    def confirm_redirect_uri(
        self, client_id: Any, code: Any, redirect_uri: Any, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Whether it is the address to which the code was sent."""
        return bool(redirect_uri == self._found.back_to)

    def get_code_challenge(self, code: Any, request: Request) -> str:
        """What the app showed when it began."""
        return self._found.challenge

    def get_code_challenge_method(self, code: Any, request: Request) -> str:
        """How it made that."""
        return S256

    def get_authorization_code_scopes(self, client_id: Any, code: Any, redirect_uri: Any, request: Any) -> list[str]:
        """What the person said yes to."""
        return self._found.scopes.split()

    def get_authorization_code_nonce(self, client_id: Any, code: Any, redirect_uri: Any, request: Any) -> str | None:
        """The app's own mark for this sign-in."""
        return self._found.nonce or None

    def invalidate_authorization_code(self, client_id: Any, code: Any, request: Request, *args: Any) -> None:
        """It was used up when it was looked at."""

    # --- A refresh key is brought -----------------------------------------------------
    def validate_refresh_token(self, refresh_token: str, client: Any, request: Request, *args: Any) -> bool:
        """Whether this app holds this key and did not use it yet; where it did, its whole line ends."""
        row = tokens.find_app_key(ProgramKey.Kind.REFRESH, refresh_token, now=self.now)
        if row is None or row.program.client_id != client.pk:
            return False
        if row.used_at is not None:
            _end(row)
            return False
        self._keep(row, request)
        return True

    def get_original_scopes(self, refresh_token: Any, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        """What the key is for; less may be asked, more may not."""
        return self._found.scopes.split()

    # --- Keys are given and taken -----------------------------------------------------
    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Keep the new keys in the line of the one that was brought, which is used up now."""
        row = self._found
        if row.kind == ProgramKey.Kind.REFRESH and not self._use(row):
            raise errors.InvalidGrantError(request=request)
        made = (
            (token["access_token"], ProgramKey.Kind.ACCESS, ACCESS_SECONDS, scopes.join(request.scopes)),
            (token["refresh_token"], ProgramKey.Kind.REFRESH, REFRESH_SECONDS, row.scopes),
        )
        for key, kind, seconds, kept in made:
            tokens.keep_app_key(key, row.program, kind, now=self.now, seconds=seconds, scopes=kept, line=row.line)

    def revoke_token(self, token: str, token_type_hint: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        """End a key of this app; with a refresh key all that came from the same yes."""
        held = ProgramKey.objects.filter(program__client=request.client.pk, digest=tokens.digest(token))
        row = held.exclude(kind=ProgramKey.Kind.CODE).first()
        if row is not None and row.kind == ProgramKey.Kind.REFRESH:
            _wait_for_others(row)
            ProgramKey.objects.filter(line=row.line).delete()
        elif row is not None:
            row.delete()

    @property
    def _found(self) -> ProgramKey:
        if self.key is None:
            raise errors.InvalidGrantError
        return self.key

    def _keep(self, row: ProgramKey, request: Request) -> None:
        self.key, request.user, request.scopes = row, row.program.user, row.scopes.split()

    def _use(self, row: ProgramKey) -> bool:
        """Use it up, and whether it was still unused; where it was not, its line ends."""
        fresh = ProgramKey.objects.filter(pk=row.pk, used_at__isnull=True)
        if fresh.update(used_at=self.now):
            return True
        _end(row)
        return False

    def _end_line_of(self, code: str, client: Any) -> None:
        """A code that ended meanwhile still tells that somebody has it who should not."""
        held = ProgramKey.objects.filter(program__client=client.pk, kind=ProgramKey.Kind.CODE)
        row = held.filter(digest=tokens.digest(code), used_at__isnull=False).first()
        if row is not None:
            _end(row)


def _end(row: ProgramKey) -> None:
    """End all keys of its line; those that were used stay, to see that somebody tries them."""
    _wait_for_others(row)
    ProgramKey.objects.filter(line=row.line).exclude(used_at__isnull=False).delete()


def _wait_for_others(row: ProgramKey) -> None:
    """Whoever is taking new keys of the same yes at this moment comes first: these end too."""
    list(Program.objects.select_for_update().filter(pk=row.program_id))
