"""Production starts with every setting right; a missing or wrong one stops it with a sentence."""

import json
import os
import subprocess
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from samenspraak import environment
from tests import parts

SECRET = "a-Secret.Key;of,Fifty+characters=at&least:0123456789!"
PEPPER = "another_Value~of|more{than}thirty-two"
WHOLE = {
    "SAMENSPRAAK_MODE": "production",
    "SECRET_KEY": SECRET,
    "API_TOKEN_PEPPER": PEPPER,
    "PUBLIC_URL": "https://samenspraak.example",
    "ALLOWED_HOSTS": "samenspraak.example",
    "DATABASE_URL": "postgresql://samenspraak:geheim@127.0.0.1:1/samenspraak",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "Samenspraak <post@samenspraak.example>",
    "ERASURES_FILE": "/var/lib/samenspraak/erasures.jsonl",
}
# What a program needs of the machine: where the others are, and where what was compiled is kept.
MACHINE = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ}

# Has read what a start reads before any setting, and then starts as often as it is asked to: each in a process of its
# own, with an environment of its own.
STARTER = """
import json, os, runpy, sys, tempfile
import django.core.management, django.utils.translation, django.core.mail, django.db.backends, csp.constants
for line in sys.stdin:
    with tempfile.TemporaryFile() as said:
        if not (child := os.fork()):
            os.dup2(said.fileno(), 2)
            os.environ.clear()
            os.environ.update(json.loads(line))
            sys.argv[:] = ["manage.py", "check"]
            runpy.run_path("manage.py", run_name="__main__")
            sys.exit()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        print(json.dumps([code, said.read().decode()]), flush=True)
"""
Start = Callable[[dict[str, str | None]], tuple[int, str]]


def _with(changes: dict[str, str | None]) -> dict[str, str]:
    """The environment of production with these changes; None takes a setting away."""
    return {name: value for name, value in (WHOLE | changes).items() if value is not None} | MACHINE


def _check(changes: dict[str, str | None], *words: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` in production with these changes."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", *words],
        cwd=parts.ROOT,
        env=_with(changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """`manage.py check` in production with these changes: how it ended, and what it complained of."""
    command = [sys.executable, "-c", STARTER]
    with subprocess.Popen(
        command, cwd=parts.ROOT, env=MACHINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        to, back = starter.stdin, starter.stdout
        assert to
        assert back

        def ask(changes: dict[str, str | None]) -> tuple[int, str]:
            print(json.dumps(_with(changes)), file=to, flush=True)
            code, said = json.loads(back.readline())
            return code, said

        yield ask
        to.close()


def test_production_is_clean() -> None:
    checked = _check({}, "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr == ""


def test_secrets_come_from_files_too(tmp_path: Path) -> None:
    secret, pepper = tmp_path / "secret", tmp_path / "pepper"
    secret.write_text(f"{SECRET}\n")
    pepper.write_text(f"{PEPPER}\n")
    from_files = {"SECRET_KEY": None, "API_TOKEN_PEPPER": None}
    named = {"SECRET_KEY_FILE": str(secret), "API_TOKEN_PEPPER_FILE": str(pepper)}
    assert _check(from_files | named, "--deploy", "--fail-level", "WARNING").returncode == 0


def test_a_file_that_is_no_text_stops_the_start(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"\xff\xfe\x80")
    stopped = _check({"SECRET_KEY": None, "SECRET_KEY_FILE": str(secret)})
    assert f"SECRET_KEY_FILE names {secret}, which is not text in UTF-8." in stopped.stderr
    assert (stopped.returncode, stopped.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize("said", ["1", "True", "YES"])
def test_yes_to_tls_is_never_misheard(said: str) -> None:
    assert environment.smtp(f"smtp://post:geheim@mail.example:587?tls={said}")["EMAIL_USE_TLS"] is True


STOPPED: list[tuple[str, str | None, str]] = [
    ("SAMENSPRAAK_MODE", None, "SAMENSPRAAK_MODE is not set. Set it to production, or start the demo with make demo."),
    ("SAMENSPRAAK_MODE", "staging", "SAMENSPRAAK_MODE is 'staging', but it must be demo or production."),
    ("SECRET_KEY", None, "SECRET_KEY is not set. Give it at least 50 random characters."),
    ("SECRET_KEY", " ", "SECRET_KEY is not set. Give it at least 50 random characters."),
    ("SECRET_KEY_FILE", "/nowhere/at/all", "SECRET_KEY_FILE names /nowhere/at/all, which cannot be read"),
    ("API_TOKEN_PEPPER", None, "API_TOKEN_PEPPER is not set."),
    ("PUBLIC_URL", None, "PUBLIC_URL is not set. It is the address people type"),
    ("PUBLIC_URL", "http://samenspraak.example", "but it must look like https://samenspraak.example."),
    ("PUBLIC_URL", "samenspraak.example", "PUBLIC_URL is 'samenspraak.example', but it must look like https://"),
    ("PUBLIC_URL", "https://samenspraak.example/school", "but it must look like https://samenspraak.example."),
    ("PUBLIC_URL", "https://samenspraak.example:x", "PUBLIC_URL has a port that is no number."),
    ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS is not set."),
    ("PROXY_COUNT", "one", "PROXY_COUNT is 'one', but it must be a whole number."),
    ("DATABASE_URL", None, "DATABASE_URL is not set. It looks like postgresql://user:password@host:5432/name."),
    ("DATABASE_URL", "sqlite:////tmp/x.sqlite3", "DATABASE_URL names SQLite, but production needs PostgreSQL."),
    ("DATABASE_URL", "mysql://host/name", "DATABASE_URL must look like postgresql://user:password@host:5432/name."),
    ("DATABASE_URL", "postgresql://host", "DATABASE_URL must look like postgresql://user:password@host:5432/name."),
    ("DATABASE_URL", "postgresql://host:x/name", "DATABASE_URL has a port that is no number."),
    (
        "DATABASE_URL",
        "postgresql://u:geheim[@host/name",
        "DATABASE_URL is no address. Write signs in a password with %",
    ),
    (
        "MIGRATION_DATABASE_URL",
        "postgresql://host",
        "MIGRATION_DATABASE_URL must look like postgresql://user:password@host:5432/name.",
    ),
    (
        "MIGRATION_DATABASE_URL",
        "sqlite:////tmp/x.sqlite3",
        "MIGRATION_DATABASE_URL names another kind of database than DATABASE_URL.",
    ),
    ("REDIS_URL", None, "REDIS_URL is not set. It looks like redis://host:6379/0."),
    ("REDIS_URL", "localhost", "REDIS_URL must look like redis://host:6379/0."),
    ("REDIS_URL", "unix:///run/redis.sock", "REDIS_URL must look like redis://host:6379/0."),
    ("EMAIL_URL", None, "EMAIL_URL is not set. It looks like smtp://user:password@host:587?tls=1."),
    ("EMAIL_URL", "mail.example", "EMAIL_URL must look like smtp://user:password@host:587?tls=1"),
    ("EMAIL_URL", "smtp://u:geheim@host:587?tls=maybe", "EMAIL_URL must look like smtp://user:password@host:587?tls=1"),
    (
        "EMAIL_URL",
        "smtp://u:geheim@host:587?starttls=1",
        "EMAIL_URL must look like smtp://user:password@host:587?tls=1",
    ),
    ("EMAIL_URL", "smtps://host:465?tls=1", "EMAIL_URL must look like smtp://user:password@host:587?tls=1"),
    ("MAIL_FROM", None, "MAIL_FROM is not set. It looks like Samenspraak <post@samenspraak.example>."),
    ("API_RATE", "many", "API_RATE is 'many', but it must look like 600/min."),
    ("LOG_LEVEL", "LOUD", "LOG_LEVEL is 'LOUD', but it must be one of DEBUG, ERROR, INFO, WARNING."),
    ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml', but it must be one of json, line."),
    ("METRICS_TOKEN", "kort", "METRICS_TOKEN is weak. Give it 32 random characters."),
    ("METRICS_TOKEN", SECRET, "METRICS_DIR must name a folder to write in"),
    ("ALARM_MAIL", "beheer", "ALARM_MAIL must list e-mail addresses, with commas."),
    ("SECURITY_CONTACT", "geheim@beheer.example", "SECURITY_CONTACT must look like mailto:"),
    ("PORT", "http", "PORT is 'http', but it must be a whole number."),
]


@pytest.mark.parametrize(("name", "value", "sentence"), STOPPED)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    start: Start, name: str, value: str | None, sentence: str
) -> None:
    code, said = start({name: value})
    assert code == 1
    assert sentence in said
    assert said.count("\n") == 1
    assert SECRET not in said
    assert "geheim" not in said


# Each start of production takes seconds, so some weaknesses go together: all are named, each as an error.
WEAK: list[dict[str, tuple[str, str]]] = [
    {
        "API_TOKEN_PEPPER": (SECRET, "API_TOKEN_PEPPER equals SECRET_KEY."),
        "ALLOWED_HOSTS": (
            "elders.example",
            "PUBLIC_URL leads to samenspraak.example, which ALLOWED_HOSTS does not list",
        ),
    },
    {
        "API_TOKEN_PEPPER": ("peper", "API_TOKEN_PEPPER is weak."),
        "SECRET_KEY": ("geheimpje" * 8, "SECRET_KEY is weak."),
        "OIDC_PRIVATE_KEY": ("no key", "OIDC_PRIVATE_KEY is no RSA key of 2048 bits"),
        "ALLOWED_HOSTS": ("*", "ALLOWED_HOSTS lets every name in."),
    },
]


@pytest.mark.parametrize("weak", WEAK)
def test_the_deploy_check_names_what_is_weak(weak: dict[str, tuple[str, str]]) -> None:
    checked = _check({name: value for name, (value, _sentence) in weak.items()}, "--deploy")
    assert checked.returncode == 1
    errors = checked.stderr.partition("ERRORS:")[2].partition("WARNINGS:")[0]
    assert [sentence for _value, sentence in weak.values() if sentence not in errors] == []


def test_every_machine_reads_the_pinned_table_of_time_zones() -> None:
    assert zoneinfo.TZPATH == ()
