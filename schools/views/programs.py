"""Apps: somebody lets one in, it gets its keys, and is shut out again."""

from __future__ import annotations

import datetime as dt
import re
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from allauth.core.internal import ratelimit
from allauth.idp.oidc import views as library
from allauth.idp.oidc.internal.oauthlib import utils
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauthlib.oauth2.rfc6749 import errors

from schools import actions, callers, pages, programs, proof, proving, queries, scopes, tokens

_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_A_MOMENT = dt.timedelta(minutes=1)
_SLOW_DOWN = {"error": "temporarily_unavailable", "error_description": "Too many requests."}


class Offered(View):
    """There only where the site is a provider."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 where it is none."""
        if not programs.is_offered():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@method_decorator(never_cache, name="dispatch")
class Ask(Offered, pages.RecentlyProved, pages.PersonPage):
    """An app asks to be let in: who it is, what it may then, yes or no.

    It is asked each time: nobody is led through without seeing it. What is not right is told to the app, or here where
    nobody knows whose address it is.
    """

    template_name = "schools/program_ask.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Judge what the app asks first, whoever is there."""
        if not programs.is_offered():
            raise Http404
        self.server = programs.make_server(now=timezone.now())
        uri, _method, _body, headers = _parts(request)
        self.asked = uri, "GET", None, headers
        try:
            _must_be_readable(request)
            self.scopes, self.told = self.server.validate_authorization_request(*self.asked)
        except errors.FatalClientError:
            self.template_name = "schools/program_odd.html"  # type: ignore[misc]
            return self.show(status=400)
        except errors.OAuth2Error as error:
            return self._lead_back(error.in_uri(error.redirect_uri))
        if request.user.is_authenticated and self._must_prove_now(request):
            return proving.ask(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say who asks for what."""
        back_to = urlsplit(self.told["redirect_uri"])
        may = scopes.told(frozenset(self.scopes))
        return self.show(client=self.told["request"].client, may=may, place=back_to.netloc)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Lead back to the app with a code, or with a no."""
        if request.POST.get("answer") != "allow":
            refused = errors.AccessDeniedError(request=self.told["request"])
            return self._lead_back(refused.in_uri(self.told["redirect_uri"]))
        user, client = self.request.user, self.told["request"].client
        program = actions.allow_program(client=client, held=frozenset(self.scopes), by=user, now=self.now)
        headers, _nothing, _status = self.server.create_authorization_response(
            *self.asked, scopes=self.scopes, credentials={"user": user, "program": program}
        )
        return self._lead_back(headers["Location"])

    def _must_prove_now(self, request: HttpRequest) -> bool:
        wanted = "login" in request.GET.get("prompt", "").split()
        return wanted and not proof.is_recent(request.session, now=timezone.now(), within=_A_MOMENT)

    def _lead_back(self, address: str) -> HttpResponse:
        """By a page of our own and not by a redirect: so forms lead nowhere but here (`form-action 'self'`)."""
        self.template_name = "schools/program_back.html"  # type: ignore[misc]
        mark = "&" if urlsplit(address).query else "?"
        whole = f"{address}{mark}{urlencode({'iss': settings.PUBLIC_URL})}"
        page = self.show(address=whole, place=urlsplit(address).netloc)
        page["Refresh"] = f"0; url={whole}"
        page["Cache-Control"] = "no-store"
        page["Referrer-Policy"] = "no-referrer"
        return page


@method_decorator(csrf_exempt, name="dispatch")
class Token(Offered):
    """An app brings a code or a refresh key, and gets keys."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keys as JSON, or what is wrong (RFC 6749, 5)."""
        if not _may_try(request, "program_token") or not _may_try(request, "program_token_failed", dry_run=True):
            return _slow_down()
        answer = self._judge(request)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            _may_try(request, "program_token_failed")
        return answer

    def _judge(self, request: HttpRequest) -> HttpResponse:
        try:
            _must_be_readable(request)
            server = programs.make_server(now=timezone.now())
            return utils.convert_response(*server.create_token_response(*_parts(request)))
        except errors.OAuth2Error as error:
            return utils.respond_json_error(request, error)


class Revoke(Token):
    """An app hands a key back (RFC 7009)."""

    def _judge(self, request: HttpRequest) -> HttpResponse:
        try:
            _must_be_readable(request)
            server = programs.make_server(now=timezone.now())
            return utils.convert_response(*server.create_revocation_response(*_parts(request)))
        except errors.OAuth2Error as error:
            return utils.respond_json_error(request, error)


@method_decorator(csrf_exempt, name="dispatch")
class UserInfo(Offered):
    """An app asks who let it in."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """What its scopes let it know; 401 or 403 with the reason in the header (RFC 6750)."""
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        held = tokens.look_up(key.strip(), now=timezone.now()) if scheme.lower() == "bearer" else None
        if held is None or not held.app:
            wrong = ', error="invalid_token"' if key else ""
            return JsonResponse({}, status=401, headers={"WWW-Authenticate": callers.REALM + wrong})
        if "openid" not in held.scopes:
            told = f'{callers.REALM}, error="insufficient_scope", scope="openid"'
            return JsonResponse({}, status=403, headers={"WWW-Authenticate": told})
        return JsonResponse(programs.claims(held.user, held.app, held.scopes), headers={"Cache-Control": "no-store"})

    post = get


class About(Offered):
    """Where everything is, for apps that look for it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The document; it holds nothing about anybody."""
        return JsonResponse(programs.about(), headers={"Access-Control-Allow-Origin": "*"})


class Keys(Offered):
    """The public half of the key that signs."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The document, as the library writes it."""
        return cast("HttpResponse", library.jwks(request))


@method_decorator(never_cache, name="dispatch")
class Programs(pages.PersonPage):
    """The apps that may use one's account, and what each may."""

    template_name = "schools/programs.html"
    nav_here = "me"

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        rows = queries.programs_of(user=self.request.user, now=self.now)
        return self.show(listed=[(row, scopes.told(scopes.split(row.scopes))) for row in rows])


class ProgramEnd(pages.DeedMixin, pages.PersonPage):
    """Shut an app out."""

    done = _("The app can no longer use your account.")

    def act(self) -> str:
        """End it, with all its keys."""
        actions.end_program(program_id=self.kwargs["program_id"], by=self.request.user, now=self.now)
        return self.back()

    def back(self) -> str:
        """The list."""
        return reverse("account-programs")


def _parts(request: HttpRequest) -> tuple[str, str, str, dict[str, str]]:
    """The request as the library reads it; of what stands behind the question mark it would not read every spelling."""
    _uri, method, body, headers = utils.extract_params(request)
    asked = request.GET.urlencode()
    return request.path + (f"?{asked}" if asked else ""), method, body, headers


def _must_be_readable(request: HttpRequest) -> None:
    """Refuse signs that no database keeps."""
    for typed in (*request.GET.values(), *request.POST.values()):
        if _UNREADABLE.search(str(typed)):
            raise errors.InvalidRequestFatalError


def _may_try(request: HttpRequest, action: str, *, dry_run: bool = False) -> bool:
    return ratelimit.consume(request, app="allauth.account", action=action, dry_run=dry_run) is not None


def _slow_down() -> HttpResponse:
    return JsonResponse(_SLOW_DOWN, status=429, headers={"Retry-After": "60", "Cache-Control": "no-store"})
