"""The sign-in library's OpenID Connect by our own rules: what we ask a service, and how its answer is judged.

The library keeps the state of each try in the session and proves it to the service (PKCE); what the service answers is
judged by schools.oidc, whole. Nothing of what it tells is kept, and nobody is found by an e-mail address.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from schools import actions, oidc
from schools.models import SignInService, User
from schools.models.providers import Shape

_CHOOSES = {Shape.MICROSOFT, Shape.GOOGLE}  # people have several accounts there


class Provider(OpenIDConnectProvider):
    """One service of one board; what an address adds to a request does not change what we ask for."""

    service: SignInService

    def __init__(self, request: HttpRequest, service: SignInService) -> None:
        """Tell the library of the service; its secret is opened only when a code is exchanged."""
        self.service = service
        app = SocialApp(provider=self.id, provider_id=service.account_key, name=service.name)
        app.client_id = service.client_id
        app.settings = {"oauth_pkce_enabled": True}
        super().__init__(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> Exchange:
        """What talks to the service."""
        return Exchange(request, self.service)

    def leave(self, request: HttpRequest, *, process: str, next_url: str, **kept: Any) -> str:
        """The address at the service to which somebody goes on; what is kept comes back with the answer."""
        nonce = secrets.token_urlsafe(32)
        asked = {"nonce": nonce} | ({"prompt": "login", "max_age": "0"} if process == "prove" else {})
        if Shape(self.service.shape) in _CHOOSES and process != "prove":
            asked["prompt"] = "select_account"
        scope = list(oidc.MANNERS[Shape(self.service.shape)].scope)
        data = {"nonce": nonce, "by": request.user.pk, **kept}
        answer = self.redirect(request, process, next_url, data, auth_params=asked, scope=scope)
        return str(answer["Location"])

    def serialize(self) -> dict[str, Any]:
        """By what the library finds the service again between two steps of a sign-in."""
        return {"id": self.service.account_key}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing of what the service tells."""
        return {}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The service's own number for somebody: all by which we know people there."""
        return str(data["sub"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Take over no address and no user name."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Find nobody by an address."""
        return []


class Login(SocialLogin):
    """Somebody who comes back; ``told`` is what the service vouches for, until this request is over."""

    told: dict[str, Any]
    user: User | None


class Exchange(OpenIDConnectOAuth2Adapter):
    """What is said between us and a service, by what was pinned when its board tried it."""

    state: dict[str, Any]

    def __init__(self, request: HttpRequest, service: SignInService) -> None:
        """Talk to this service."""
        self.service = service
        super().__init__(request, service.account_key)

    def get_provider(self) -> Provider:
        """The service as the library knows it."""
        return Provider(self.request, self.service)

    @property
    def openid_config(self) -> dict[str, Any]:
        """The addresses that were pinned; nothing is looked up while somebody signs in."""
        return dict(self.service.pinned)

    @property
    def basic_auth(self) -> bool:  # type: ignore[override]
        """How the service wants to know us."""
        return bool(self.service.pinned["by_basic"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the service sends people back to: told by the site's own setting, not by the request."""
        return actions.address_back(self.service)

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Exchange the code, with the secret and the proof that it was asked for here."""
        client.consumer_secret = actions.secret_of(self.service)
        said = super().get_access_token_data(request, app, client, pkce_code_verifier)
        if not isinstance(said.get("access_token"), str):
            raise OAuth2Error("no token")
        return dict(said)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Login:
        """Judge what came, ask for more where the service tells more only then, and let staff on."""
        now = timezone.now()
        nonce = str(self.state["data"]["nonce"])
        claims = oidc.verify(kwargs["response"].get("id_token"), service=self.service, nonce=nonce, now=now)
        if oidc.MANNERS[Shape(self.service.shape)].asks_more:
            more = oidc.fetch_json(self.service.pinned["userinfo_endpoint"], key=token.token)
            if more.get("sub") != claims["sub"]:
                raise oidc.NotFromTheServiceError
            claims = {**more, **claims}
        oidc.require_staff(claims, service=self.service)
        login: Login = self.get_provider().sociallogin_from_response(request, claims)
        login.told = claims
        return login


class Return(OAuth2CallbackView):
    """Somebody comes back from the service."""

    def _get_state(self, request: HttpRequest, provider: Provider) -> tuple[Any, HttpResponse | None]:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}  # type: ignore[attr-defined]
        return state, answer
