"""docs/security.md: each of its points names a test that is there; and what no other file tries."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests import parts
from tests.platform.test_settings import MACHINE, WHOLE

PAGE = parts.ROOT / "docs" / "security.md"
FEWEST = 30
_ROW = re.compile(r"\| (V\d+\.\d+\.\d+(?:, V\d+\.\d+\.\d+)*) \| (.+) \| (.+) \| (.+) \|")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_TELL = """
import json, django
django.setup()
from django.conf import settings
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "DEBUG", "PASSWORD_HASHERS")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def _rows() -> list[tuple[str, ...]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| V")]
    found = [_ROW.fullmatch(line) for line in lines]
    assert all(found), [line for line, row in zip(lines, found, strict=True) if not row]
    return [row.groups() for row in found if row]


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((parts.ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_each_point_names_tests_that_are_there() -> None:
    rows = _rows()
    numbers = [number for points, *_rest in rows for number in points.split(", ")]
    assert len(numbers) == len(set(numbers))
    assert len(rows) >= FEWEST
    for points, _asked, _held, tried in rows:
        named = _TEST.findall(tried)
        assert named, points
        for path, name in named:
            assert name in _tests_in(path), (points, path, name)


def test_production_keeps_its_cookies_and_its_connections() -> None:
    """Names that the browser itself holds to this host and to TLS; nothing goes without TLS for a year."""
    env = {**WHOLE, **MACHINE, "DJANGO_SETTINGS_MODULE": "samenspraak.settings"}
    env["PYTHONPATH"] = os.pathsep.join([str(parts.ROOT), str(parts.ROOT / "platform")])
    told = subprocess.run([sys.executable, "-c", _TELL], env=env, capture_output=True, text=True, check=True)
    said = json.loads(told.stdout)
    assert (said["SESSION_COOKIE_NAME"], said["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is said["SESSION_COOKIE_HTTPONLY"] is True
    assert said["SESSION_COOKIE_SAMESITE"] == said["CSRF_COOKIE_SAMESITE"] == "Lax"
    assert said["SECURE_SSL_REDIRECT"] is said["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert said["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert said["DEBUG"] is False
    assert said["PASSWORD_HASHERS"][0].rpartition(".")[2] in {"PBKDF2PasswordHasher", "Argon2PasswordHasher"}


@pytest.mark.parametrize("weak", ["samen", "wachtwoord", "1234567890", "qwertyuiop"])
def test_a_password_that_everybody_tries_first_is_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak)


@pytest.mark.parametrize("good", ["drie rode fietsen", "ij" * 64, "ééneenzaamheid", " lood om oud ijzer "])
def test_long_passwords_of_any_signs_are_welcome(good: str) -> None:
    validate_password(good)
