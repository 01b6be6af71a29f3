"""Every setting of the product, read once at start; wrong values stop the start with a sentence.

SAMENSPRAAK_MODE is demo (one machine, nothing to install, 127.0.0.1 only) or production.
"""

import sys
import zoneinfo
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from samenspraak import environment

PACKAGE_DIR = Path(__file__).resolve().parent
BASE_DIR = PACKAGE_DIR.parents[1]
DEMO_DIR = Path(environment.text("DEMO_DIR", ".demo")).absolute()
DEMO_DATABASE = DEMO_DIR / "demo.sqlite3"


def _mode() -> str:
    """The mode set, or the demo where a demo's database stands and manage.py asks."""
    mode = environment.text("SAMENSPRAAK_MODE")
    if mode in {"demo", "production"}:
        return mode
    if mode:
        raise ImproperlyConfigured(f"SAMENSPRAAK_MODE is {mode!r}, but it must be demo or production.")
    by_hand = Path(sys.argv[0]).name in {"manage.py", "samenspraak", "__main__.py"}
    if by_hand and DEMO_DATABASE.exists() and not environment.text("DATABASE_URL"):
        return "demo"
    raise ImproperlyConfigured("SAMENSPRAAK_MODE is not set. Set it to production, or start the demo with make demo.")


MODE = _mode()
DEMO = MODE == "demo"
_DEMO_SECRET = "for the demo on this machine only: nothing outside it trusts this"  # noqa: S105

# --- Core ---------------------------------------------------------------------
DEBUG = False
SECRET_KEY = (
    environment.text("SECRET_KEY", _DEMO_SECRET)
    if DEMO
    else environment.required("SECRET_KEY", "Give it at least 50 random characters.")
)
API_TOKEN_PEPPER = (
    environment.text("API_TOKEN_PEPPER", _DEMO_SECRET)
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
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
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
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "samenspraak.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "samenspraak.middleware.BearerMiddleware",
    "samenspraak.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "samenspraak.middleware.PrivateMiddleware",
    "samenspraak.middleware.DraftMiddleware",
    "samenspraak.middleware.DoorMiddleware",
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

# --- Database -----------------------------------------------------------------
_database_url = (
    environment.text("DATABASE_URL", f"sqlite:///{DEMO_DATABASE}")
    if DEMO
    else environment.required("DATABASE_URL", "It looks like postgresql://user:password@host:5432/name.")
)
DATABASES = {"default": environment.database(_database_url)}
if not DEMO and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    raise ImproperlyConfigured("DATABASE_URL names SQLite, but production needs PostgreSQL.")
_test_suffix = environment.text("TEST_DB_SUFFIX")
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["TEST"] = {"NAME": f"test_samenspraak_{_test_suffix}".rstrip("_")}

# --- Redis: caches and the worker's broker -----------------------------------------
REDIS_URL = environment.redis(environment.text("REDIS_URL"))
if not DEMO and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set. It looks like redis://host:6379/0.")
CACHES = {
    "default": {
        "BACKEND": "samenspraak.cache.SturdyCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 600, "socket_timeout": 10, "socket_connect_timeout": 5}
    if REDIS_URL
    else {
        "data_folder_in": str(DEMO_DIR / "broker"),
        "data_folder_out": str(DEMO_DIR / "broker"),
        "control_folder": str(DEMO_DIR / "broker-control"),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# The one table of periodic work, by the task's name: seconds from round to round. Beat goes by it, and so does
# `manage.py deliver --loop`; every round is stateless and safe to run twice.
PERIODIC_WORK = {
    "schools.deliver": 15,
    "schools.reconcile": 300,
    "workgroups.lapse_meetings": 3600,
    "workgroups.ask_to_evaluate": 300,
    "observations.forget_notes": 3600,
    "observations.close_due_pulses": 60,
    "observations.close_due_scans": 60,
}
# What nobody took until the next is published has lost its use.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": float(seconds), "options": {"expires": seconds}}
    for name, seconds in PERIODIC_WORK.items()
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DEMO_DIR / "beat") if DEMO else environment.text("BEAT_FILE", "beat")

# --- People -------------------------------------------------------------------
AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "schools.signin.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "schools.signin.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole school sits behind one address: wide per address, narrow per account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "10/5m/key,300/5m/ip",
    "reset_password": "60/m/ip,5/10m/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
SESSION_ENGINE = "samenspraak.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "session" if DEMO else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if DEMO else "__Host-csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO

# --- Safety -------------------------------------------------------------------
SECURE_SSL_REDIRECT = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Mail: the post is the only code that sends ------------------------------------
DEFAULT_FROM_EMAIL = (
    environment.text("MAIL_FROM", "Samenspraak <post@samenspraak.example>")
    if DEMO
    else environment.required("MAIL_FROM", "It looks like Samenspraak <post@samenspraak.example>.")
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
# Of each process to the mail server, at most. What came over them together is noted together; three processes stay
# under the 50 that a mail server usually allows one sender.
MAIL_CONNECTIONS = max(1, environment.number("MAIL_CONNECTIONS", 16))
MAIL_DIR = DEMO_DIR / "mail"
_email_url = environment.text("EMAIL_URL")
if _email_url:
    globals().update(environment.smtp(_email_url))
elif DEMO:
    EMAIL_BACKEND = "samenspraak.demo.mailbox.EmailBackend"
else:
    raise ImproperlyConfigured("EMAIL_URL is not set. It looks like smtp://user:password@host:587?tls=1.")

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
STATIC_ROOT = DEMO_DIR / "static" if DEMO else Path(environment.text("STATIC_ROOT", "staticfiles")).absolute()
_STORAGE = "CompressedStaticFilesStorage" if DEMO else "CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"whitenoise.storage.{_STORAGE}"},
}
WHITENOISE_USE_FINDERS = DEMO and not STATIC_ROOT.is_dir()  # the demo collects before it serves; tests do not

# --- REST -------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["schools.callers.PersonalToken", "schools.callers.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["schools.bodies.StrictJson"],
    "DEFAULT_PAGINATION_CLASS": "schools.paging.Pages",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "samenspraak.openapi.Operation",
    "EXCEPTION_HANDLER": "schools.problems.problem",
    "DEFAULT_THROTTLE_CLASSES": ["schools.callers.CallerThrottle"],
    "DEFAULT_THROTTLE_RATES": {"caller": environment.rate("API_RATE", "600/min")},
    "PAGE_SIZE": 50,
    "NUM_PROXIES": PROXY_COUNT,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Samenspraak",
    "DESCRIPTION": "Reflective dialogue for working groups of teachers. See docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {"client_uuid": {"type": "string", "format": "uuid"}},
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {
        "AgreementState": "workgroups.models.goal.AgreementState",
        "GoalState": "workgroups.models.goal.GoalState",
        "GroupKind": "workgroups.models.group.GroupKind",
        "GroupState": "workgroups.models.group.GroupState",
        "HelpKind": "workgroups.models.help.HelpKind",
        "HelpState": "workgroups.api.help.STATES",
        "MeetingState": "workgroups.models.meeting.MeetingState",
        "Kept": "workgroups.models.meeting.Kept",
        "Party": "observations.models.visit.Party",
        "Place": "workgroups.api.groups.SEATS",
        "Purpose": "observations.models.visit.Purpose",
        "Region": "schools.models.place.Region",
        "Role": "schools.roles.Role",
        "ScanState": "observations.models.selfscan.ScanState",
        "Step": "workgroups.models.goal.Step",
        "VisitState": "observations.models.visit.VisitState",
        "Word": "observations.api.profile.WORDS",
    },
}

# --- Logs -------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "samenspraak.logs.Line", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": environment.one_of("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    },
}
