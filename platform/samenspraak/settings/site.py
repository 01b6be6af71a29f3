"""The site: secrets and names of the site, apps and layers, languages and time, static files, logs."""

import zoneinfo
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from samenspraak import environment
from samenspraak.settings.mode import BASE_DIR, DEMO, DEMO_DIR, DEMO_SECRET, PACKAGE_DIR

DEBUG = False
SECRET_KEY = (
    environment.text("SECRET_KEY", DEMO_SECRET)
    if DEMO
    else environment.required("SECRET_KEY", "Give it at least 50 random characters.")
)
API_TOKEN_PEPPER = (
    environment.text("API_TOKEN_PEPPER", DEMO_SECRET)
    if DEMO
    else environment.required("API_TOKEN_PEPPER", "Give it at least 32 random characters, other than SECRET_KEY.")
)
PORT = environment.number("PORT", 8000)
PUBLIC_URL = environment.site(
    environment.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
    if DEMO
    else environment.required("PUBLIC_URL", "It is the address people type, such as https://samenspraak.example."),
    schemes={"http", "https"} if DEMO else {"https"},
)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEMO else "")
if not DEMO and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. It lists the names this site is served under, with commas.")
PROXY_COUNT = environment.number("PROXY_COUNT", 0 if DEMO else 1)

ROOT_URLCONF = "samenspraak.urls"
WSGI_APPLICATION = "samenspraak.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.idp.oidc",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "cards",
    "schools",
    "workgroups",
    "observations",
    "samenspraak",
]

MIDDLEWARE = [
    "samenspraak.health.HealthMiddleware",
    "samenspraak.metrics.MetricsMiddleware",
    "samenspraak.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "samenspraak.middleware.AcrossMiddleware",
    "samenspraak.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "samenspraak.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "samenspraak.middleware.BearerMiddleware",
    "samenspraak.middleware.SeenMiddleware",
    "samenspraak.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "samenspraak.middleware.PrivateMiddleware",
    "samenspraak.middleware.DraftMiddleware",
    "samenspraak.middleware.DoorMiddleware",
    "samenspraak.second_step.SecondStepMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", PACKAGE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samenspraak.context.page",
            ],
        },
    },
]

# --- Language and time ------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
# The pinned table of time zones, never the one that this machine happens to have: letters and calendars must agree.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

# --- Static files -----------------------------------------------------------------
STATIC_URL = "/static/"
_PICTURES = BASE_DIR / "docs" / "pictures" / "help"  # a wheel carries them among its own static files
STATICFILES_DIRS = [("pictures", _PICTURES)] if _PICTURES.is_dir() else []
STATIC_ROOT = DEMO_DIR / "static" if DEMO else Path(environment.text("STATIC_ROOT", "staticfiles")).resolve()
_STORAGE = "CompressedStaticFilesStorage" if DEMO else "CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"whitenoise.storage.{_STORAGE}"},
}
WHITENOISE_USE_FINDERS = DEMO and not STATIC_ROOT.is_dir()  # the demo collects before it serves; tests do not

# What people send in is small, and stays off the disk.
FILE_UPLOAD_HANDLERS = ["schools.uploads.SmallFiles"]

# --- Logs -------------------------------------------------------------------------
_JSON = environment.one_of("LOG_FORMAT", "line" if DEMO else "json", {"line", "json"}) == "json"
_EACH = "INFO" if _JSON else "WARNING"  # pages and rounds: for a program that collects them, not for a terminal
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "samenspraak.logs.Line", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "samenspraak.logs.Json"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if _JSON else "line"},
        "operators": {"class": "logging.NullHandler" if DEMO else "samenspraak.alarms.Handler", "level": "ERROR"},
    },
    "loggers": {
        "fido2": {"level": "WARNING"},  # it tells of each passkey that it saw
        "oauthlib": {"level": "WARNING"},  # it tells the keys that it gave
        "urllib3": {"level": "ERROR"},  # it tells addresses, and what a service of somebody else answered
        "samenspraak.requests": {"level": _EACH},
        "samenspraak.rounds": {"level": _EACH},
    },
    "root": {
        "handlers": ["console", "operators"],
        "level": environment.one_of("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    },
}
if _JSON:
    LOGGING["loggers"] |= {  # type: ignore[operator]
        "django.request": {"level": "ERROR"},  # each page has its line already
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # whoever scans the network
        "celery": {"level": "WARNING"},
        "celery.app.trace": {"level": "CRITICAL"},  # each round has its line already, without the words of errors
    }
