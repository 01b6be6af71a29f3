"""Where rows, caches and the worker's messages live."""

from django.core.exceptions import ImproperlyConfigured

from samenspraak import environment
from samenspraak.settings.mode import DEMO, DEMO_DATABASE, DEMO_DIR

# --- Database -----------------------------------------------------------------
_database_url = (
    environment.text("DATABASE_URL", f"sqlite:///{DEMO_DATABASE}")
    if DEMO
    else environment.required("DATABASE_URL", "It looks like postgresql://user:password@host:5432/name.")
)
DATABASES = {"default": environment.database(_database_url)}
if not DEMO and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    raise ImproperlyConfigured("DATABASE_URL names SQLite, but production needs PostgreSQL.")
# Who makes and changes the tables, where that is another role: only migrate and createcachetable ask for it.
_migration_url = environment.text("MIGRATION_DATABASE_URL")
MIGRATION_DATABASE = environment.database(_migration_url, "MIGRATION_DATABASE_URL") if _migration_url else {}
if MIGRATION_DATABASE and MIGRATION_DATABASE["ENGINE"] != DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("MIGRATION_DATABASE_URL names another kind of database than DATABASE_URL.")
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
    "samenspraak.tell_operators": 60,
    "schools.deliver": 15,
    "schools.reconcile": 300,
    "schools.forget": 3600,
    "schools.send_invitations": 15,
    "workgroups.lapse_meetings": 3600,
    "workgroups.ask_to_evaluate": 300,
    "observations.close_due_pulses": 60,
    "observations.close_due_scans": 60,
}
# What nobody took until the next is published has lost its use.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": float(seconds), "options": {"expires": seconds}}
    for name, seconds in PERIODIC_WORK.items()
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DEMO_DIR / "beat") if DEMO else environment.text("BEAT_FILE", "beat")
