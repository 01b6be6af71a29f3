"""A real OpenID provider, as boards have one: python -m tests.provider.serve <folder> <addresses back>.

It keeps its own people in its own database, signs with the key that it finds in the folder, and says its port. Its
people (people.py) sign in with their name as the password.
"""

from __future__ import annotations

import socketserver
import sys
import wsgiref.simple_server
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from tests.provider.people import CLIENT, PEOPLE, SECRET


class _Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def main(folder: Path, address_back: str) -> None:
    """Serve until the process is ended."""
    apps = ["auth", "contenttypes", "sessions", "messages"]
    settings.configure(
        SECRET_KEY="of the provider alone " * 3,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="tests.provider.urls",
        LOGIN_URL="account_login",
        USE_TZ=True,
        INSTALLED_APPS=[*(f"django.contrib.{app}" for app in apps), "allauth", "allauth.account", "allauth.idp.oidc"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite3")}},
        MIGRATION_MODULES=dict.fromkeys([*apps, "account", "allauth_idp_oidc"]),
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ACCOUNT_LOGIN_METHODS={"username"},
        ACCOUNT_EMAIL_VERIFICATION="none",
        SESSION_COOKIE_NAME="provider",
        CSRF_COOKIE_NAME="provider-csrf",
        IDP_OIDC_ADAPTER="tests.provider.claims.Adapter",
        IDP_OIDC_PRIVATE_KEY=(folder / "key.pem").read_text(),
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    _fill(address_back)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  # once it is set up

    server = wsgiref.simple_server.make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()


def _fill(address_back: str) -> None:
    from allauth.idp.oidc.models import Client  # noqa: PLC0415
    from django.contrib.auth import get_user_model  # noqa: PLC0415

    for name in PEOPLE:
        get_user_model().objects.create_user(name, f"{name}@dewilg.example", name)  # type: ignore[call-arg]
    client = Client(id=CLIENT, scopes="openid\nemail", redirect_uris=address_back, skip_consent=True)
    client.set_secret(SECRET)
    client.save()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
