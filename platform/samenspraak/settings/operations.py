"""Running it: what whoever keeps the site up decides."""

import importlib.util
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from samenspraak import environment
from samenspraak.settings.mode import DEMO, DEMO_DIR

# --- Seeing inside ------------------------------------------------------------------
# Numbers for Prometheus, for who has the token; the processes of one host count in one folder, empty at their start.
METRICS_TOKEN = environment.text("METRICS_TOKEN")
METRICS_DIR = environment.text("METRICS_DIR")
if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 32:  # noqa: PLR2004
        raise ImproperlyConfigured("METRICS_TOKEN is weak. Give it 32 random characters.")
    if not importlib.util.find_spec("prometheus_client"):
        raise ImproperlyConfigured("METRICS_TOKEN is set, but the extra is not here: install samenspraak[metrics].")
    if not (METRICS_DIR and Path(METRICS_DIR).is_dir() and os.access(METRICS_DIR, os.W_OK)):
        raise ImproperlyConfigured(
            "METRICS_DIR must name a folder to write in, which all processes of this host share."
        )
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR
# While this file is there, every page says that work is being done.
_maintenance = environment.text("MAINTENANCE_FILE")
MAINTENANCE_FILE = Path(_maintenance).absolute() if _maintenance else None
# Who hears of errors, instead of the operators of the database; and who of holes in the wall (security.txt).
ALARM_MAIL = environment.names("ALARM_MAIL")
SECURITY_CONTACT = environment.names("SECURITY_CONTACT", "mailto:security@samenspraak.example" if DEMO else "")
if not all("@" in address for address in ALARM_MAIL):
    raise ImproperlyConfigured("ALARM_MAIL must list e-mail addresses, with commas.")
if not all(one.startswith(("https://", "mailto:")) for one in SECURITY_CONTACT):
    raise ImproperlyConfigured("SECURITY_CONTACT must look like mailto:security@samenspraak.example or https://...")

# --- Erasures -----------------------------------------------------------------------
# Who was erased, by number, in a file that no copy of the database holds (schools.erasures).
ERASURES_FILE = environment.text("ERASURES_FILE", str(DEMO_DIR / "erasures.jsonl") if DEMO else "")

# --- Backups ------------------------------------------------------------------------
# Where `backup` writes and `status` looks, unless told; and PostgreSQL's own programs, where they are not on the PATH.
_backups = environment.text("BACKUP_DIR", str(DEMO_DIR / "backups") if DEMO else "")
BACKUP_DIR = Path(_backups).absolute() if _backups else None
POSTGRESQL_PROGRAMS = environment.text("POSTGRESQL_PROGRAMS")
if POSTGRESQL_PROGRAMS and not Path(POSTGRESQL_PROGRAMS).is_dir():
    raise ImproperlyConfigured(f"POSTGRESQL_PROGRAMS names {POSTGRESQL_PROGRAMS}, which is no folder.")
