"""What stands in deploy/ and docs/deploy.md fits the product: names of settings, times, files. `make walk` runs it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.test import Client

from benchmarks.walk import guide
from tests import parts

DEPLOY = parts.ROOT / "deploy"
PAGE = (parts.ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OURS = {"web-a", "web-b", "worker", "beat", "migrate", "backup"}
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "SAMENSPRAAK_MODE"}
ASKED = re.compile(r"""environment\.\w+\(\s*"([A-Z_]+)\"""")
NEEDED = {
    "PUBLIC_URL", "ALLOWED_HOSTS", "SECRET_KEY", "API_TOKEN_PEPPER", "DATABASE_URL", "REDIS_URL", "EMAIL_URL",
    "MAIL_FROM", "ERASURES_FILE", "BACKUP_DIR", "STATIC_ROOT",
}  # fmt: skip


def known_settings() -> set[str]:
    """Every name that the settings ask the environment for."""
    modules = (settings.PACKAGE_DIR / "settings").glob("*.py")
    return {name for path in modules for name in ASKED.findall(path.read_text(encoding="utf-8"))} | NOT_OURS


def values(unit: Path, key: str) -> list[str]:
    """What a unit says for this key; lines that go on are one."""
    text = unit.read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


def options(words: list[str]) -> dict[str, str]:
    """The options of a command that have a value."""
    return {one: two for one, two in pairwise(words) if one.startswith("--") and two[0] != "-"}


def docker(instruction: str) -> list[str]:
    """What stands behind an instruction, each in one line."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return re.findall(rf"^{instruction} +(.*)$", text, re.MULTILINE)


def settings_of_the_page() -> set[str]:
    (block,) = [one for one in guide.blocks("Without containers") if "site.env" in one and "cat >" in one]
    return set(re.findall(r"^(?:echo \")?([A-Z_]+)=", block, re.MULTILINE))


def test_the_page_sets_what_production_needs_and_nothing_unknown() -> None:
    named = settings_of_the_page()
    assert named >= NEEDED | NOT_OURS
    assert named <= known_settings()


def test_containers_set_what_production_needs_and_nothing_unknown() -> None:
    image = {pair.partition("=")[0] for line in docker("ENV") for pair in shlex.split(line)}
    theirs = {
        "PATH",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PIP_NO_CACHE_DIR",
    }
    for name in OURS:
        given = {key.removesuffix("_FILE") if key not in known_settings() else key
                 for key in COMPOSE["services"][name]["environment"]}  # fmt: skip
        assert given | image >= NEEDED | NOT_OURS
        assert given | image <= known_settings() | theirs, name


def test_the_page_names_this_version_and_files_that_are_there() -> None:
    version = tomllib.loads((parts.ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"RELEASE={version} " in guide.blocks("Without containers")[0]
    assert f"samenspraak:{version} ." in PAGE
    for name in set(re.findall(r"\bdeploy/[\w./-]*\w", PAGE)) - {"deploy/compose"}:
        assert (parts.ROOT / name).exists(), name
    for title in ("Without containers", "A new version"):
        for block in guide.blocks(title):
            subprocess.run(["bash", "-n"], input=block, text=True, check=True)


def test_what_is_in_hand_is_waited_for() -> None:
    """A worker's longest piece, and the time granian gives to requests, end before anybody is killed."""
    for unit in UNITS:
        (start,) = values(unit, "ExecStart")
        stop = [int(one) for one in values(unit, "TimeoutStopSec")]
        if "granian" in start:
            assert stop[0] > int(options(start.split())["--workers-kill-timeout"]) >= 60
            assert values(unit, "KillMode") == ["mixed"]
        if " worker " in start:
            assert stop[0] > settings.CELERY_TASK_TIME_LIMIT
            assert values(unit, "KillMode") == ["mixed"]
    graces = {name: COMPOSE["services"][name].get("stop_grace_period", "10s") for name in OURS}
    assert int(graces["worker"][:-1]) > settings.CELERY_TASK_TIME_LIMIT
    assert int(graces["web-a"][:-1]) > 60


def test_the_proxy_waits_less_than_a_stop_and_keeps_no_list_of_visitors() -> None:
    proxy = (DEPLOY / "nginx" / "site.conf.template").read_text(encoding="utf-8")
    assert proxy.count("{") - proxy.count("${SITE}") == proxy.count("}") - proxy.count("${SITE}")
    # A line for what broke alone, with the number that the product gave, and nothing that says who asked for what.
    assert set(re.findall(r"access_log (.*);", proxy)) == {
        "off", "/var/log/nginx/access.log samenspraak if=$samenspraak_broke"
    }  # fmt: skip
    (line,) = re.findall(r"log_format samenspraak (.*?);", proxy, re.DOTALL)
    assert set(re.findall(r"\$(\w+)", line)) == {
        "time_iso8601", "upstream_http_x_request_id", "status", "upstream_addr", "upstream_status", "request_time"
    }  # fmt: skip
    assert 'proxy_set_header X-Request-ID "";' in proxy
    assert re.findall(r"error_log \S+ (\w+);", proxy) == ["crit"]
    assert set(re.findall(r"\$\{(\w+)\}", proxy)) == {"SITE"}
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy  # never what a visitor says of itself
    assert "non_idempotent" not in proxy
    instances = re.findall(r"^ *server (\S+) (\S+);", (DEPLOY / "nginx" / "systemd.conf").read_text(), re.MULTILINE)
    # One that was taken for dead would not be asked for a while after its restart, just when the other one ends.
    assert instances == [("127.0.0.1:8001", "max_fails=0"), ("127.0.0.1:8002", "max_fails=0")]


def test_pages_run_alike_with_and_without_containers() -> None:
    (unit,) = [one for one in UNITS if "web" in one.name]
    (line,) = docker("CMD")
    own = options(yaml.safe_load(line))
    theirs = options(values(unit, "ExecStart")[0].split())
    for one in (own, theirs):
        one.pop("--host"), one.pop("--port")
    assert own == theirs
    for name in ("worker", "beat"):
        (alone,) = [values(one, "ExecStart")[0].split() for one in UNITS if name in one.name]
        assert [str(word) for word in COMPOSE["services"][name]["command"]] == ["celery", *alone[1:]]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_no_unit_may_do_more_than_it_needs(unit: Path) -> None:
    assert values(unit, "User") == ["samenspraak"]
    for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"):
        assert values(unit, key) == ["yes"], key
    assert values(unit, "ProtectSystem") == ["strict"]
    assert ("/etc/samenspraak/owner.env" in values(unit, "EnvironmentFile")) == ("backup" in unit.name)
    assert values(unit, "InaccessiblePaths") == ([] if "backup" in unit.name else ["-/var/backups/samenspraak"])


def test_no_container_may_do_more_than_it_needs() -> None:
    services = COMPOSE["services"]
    assert {name for name, one in services.items() if one.get("ports")} == {"proxy"}
    for name, one in services.items():
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert not one["image"].endswith(":latest"), name
        assert ":" in one["image"], name
        assert {*one.get("secrets", ())} <= COMPOSE["secrets"].keys(), name
        assert {*one["networks"]} <= COMPOSE["networks"].keys(), name
    for name in OURS:
        assert services[name]["read_only"], name
        assert services[name]["cap_drop"] == ["ALL"], name
        assert ("migration_database_url" in services[name]["secrets"]) == (name in {"migrate", "backup"})
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_both_versions_have_the_styles_of_both_before_one_is_restarted() -> None:
    block = "".join(guide.blocks("A new version"))
    there, here = "-C /opt/samenspraak/current/static", "-C static"
    rest = "-x --skip-old-files"
    steps = ["collectstatic", f"{there} -c", f"{here} {rest}", f"{here} -c", f"{there} {rest}", "ln -sfn", "restart"]
    places = [block.index(step) for step in steps]
    assert places == sorted(places)


def test_every_command_of_services_units_and_pages_is_there() -> None:
    project = tomllib.loads((parts.ROOT / "pyproject.toml").read_text())["project"]
    programs = {*project["scripts"], "celery", "granian", "redis-server"}
    for script in ("celery", "granian"):
        assert metadata.entry_points(group="console_scripts", name=script), script
    lines = [shlex.join(map(str, one["command"])) for one in COMPOSE["services"].values() if "command" in one]
    lines += [
        line.removeprefix("/opt/samenspraak/current/venv/bin/") for unit in UNITS for line in values(unit, "ExecStart")
    ]
    assert {shlex.split(line)[0] for line in lines} <= programs | {"sh"}
    read = [(parts.ROOT / "docs" / name).read_text() for name in ("deploy.md", "operate.md", "backup.md", "upgrade.md")]
    spans = [
        span for text in read for span in re.findall(r"^```\w*\n(.*?)^```|`([^`\n]+)`", text, re.MULTILINE | re.DOTALL)
    ]
    lines += [line for span in spans for line in "".join(span).splitlines()]
    named = {
        name
        for line in lines
        for name in re.findall(r"(?:^|&& |web-a |backup |')(?:samenspraak|manage\.py) ([a-z_]+)", line)
    }
    assert named >= {"migrate", "backup", "restore", "status", "seat", "load_deck", "load_holidays", "maintenance_page"}
    assert named <= get_commands().keys()


def test_health_is_asked_where_it_is_told(client: Client, db: None) -> None:
    asked = re.findall(r"http://127\.0\.0\.1:\S+?(/\w+)", str(COMPOSE["services"]["web-a"]["healthcheck"]["test"]))
    asked += [
        path for unit in UNITS for line in values(unit, "ExecStartPost") for path in re.findall(r"%i(/\w+)", line)
    ]
    assert asked == ["/readyz", "/readyz"]
    assert client.get("/readyz").json() == {"status": "ok"}


def test_services_wait_for_what_is_there_and_images_have_a_version() -> None:
    services = COMPOSE["services"]
    for name, one in services.items():
        tag = one["image"].partition(":")[2]
        assert tag[0].isdecimal() or tag == "${RELEASE:?}", name
        for other, how in one.get("depends_on", {}).items():
            assert ("healthcheck" in services[other]) == (how["condition"] == "service_healthy"), (name, other)
        for volume in one.get("volumes", ()):
            source = volume.partition(":")[0]
            # These two folders are made by whoever sets it up.
            assert source in COMPOSE["volumes"] or source in {"./certificates", "./www"} or (DEPLOY / source).is_file()
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", dict(line.split("=") for line in docker("ARG"))["BASE"])
    asked = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text()))
    (told,) = re.findall(r"printf '(.*?)' samenspraak", PAGE)
    assert asked <= set(re.findall(r"([A-Z_]+)=%s", told))


def test_nothing_secret_stands_in_what_containers_are_made_of() -> None:
    secret = re.compile(r"KEY|PEPPER|PASSWORD|TOKEN|SECRET|DATABASE_URL|EMAIL_URL")
    for name, one in COMPOSE["services"].items():
        for key, value in one.get("environment", {}).items():
            assert not secret.search(key) or (key.endswith("_FILE") and value.startswith("/run/secrets/")), (name, key)
    for line in docker("ENV"):
        assert not secret.search(line)
    # What collecting static files is told holds nothing, and is gone with its line.
    (line,) = [one for one in docker("RUN") if "collectstatic" in one]
    assert {value for key, value in re.findall(r"(\w+)=(\S+)", line) if key in {"SECRET_KEY", "API_TOKEN_PEPPER"}} == {
        "none"
    }


def test_secrets_are_made_for_every_name(tmp_path: Path) -> None:
    command = ["sh", str(DEPLOY / "compose" / "secrets.sh")]
    made = []
    for _twice in range(2):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, input=b"smtp://mail.example:587?tls=1\n")
        made.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert made[0].keys() == COMPOSE["secrets"].keys()
    assert all((tmp_path / "secrets" / name).stat().st_mode & 0o077 == 0 for name in made[0])
    assert made[0]["serves"].strip() in made[0]["database_url"]
    assert len(set(made[0].values())) == len(made[0])
    if os.geteuid() == 0:  # PostgreSQL's image makes the roles as its own account
        theirs, ours = (COMPOSE["services"][name]["secrets"] for name in ("database", "migrate"))
        owners = {name: (tmp_path / "secrets" / name).stat().st_uid for name in made[0]}
        assert owners == {**dict.fromkeys(theirs, 999), **dict.fromkeys(ours, 10001)}


def test_the_way_back_goes_through_a_service_that_has_backups_ledger_and_key() -> None:
    named = set(re.findall(r"docker compose run [^`\n]*?(\S+) samenspraak restore", PAGE))
    assert named == {"backup"}
    service = COMPOSE["services"]["backup"]
    assert {one.partition(":")[0] for one in service["volumes"]} == {"backups", "site"}
    assert "migration_database_url" in service["secrets"]


def test_no_secret_stands_on_a_command_line() -> None:
    roles = (DEPLOY / "compose" / "roles.sh").read_text(encoding="utf-8")
    assert "$(" not in roles
    assert re.findall(r"\\set (\w+) `cat /run/secrets/(\w+)`", roles) == [("owner", "owner"), ("serves", "serves")]
    assert not re.search(r"secrets\.sh +\S*[:@]", PAGE)


def test_the_image_is_built_from_the_lock_and_runs_without_rights() -> None:
    runs = docker("RUN")
    for line in runs:
        for one in re.findall(r"pip install ([^&]*)", line):
            assert "--require-hashes" in one or "--no-index --no-deps" in one, one
        if "apt-get install" in line:
            assert "--no-install-recommends" in line
            assert "rm -rf /var/lib/apt/lists" in line
    (user,) = docker("USER")
    assert user == "samenspraak"
    assert DOCKERFILE.index("USER samenspraak") < DOCKERFILE.index("CMD [")
    assert {line.split()[0] for line in docker("FROM")} == {"${BASE}"}
    assert yaml.safe_load(docker("CMD")[0])[0] == "granian"
    major = COMPOSE["services"]["database"]["image"].partition(":")[2].partition("-")[0]
    assert f"postgresql-client-{major}" in DOCKERFILE  # an older one reads no newer server


def test_the_image_gets_all_that_the_wheel_is_built_from() -> None:
    let_in = re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert all((parts.ROOT / name).exists() for name in let_in)
    wheel = tomllib.loads((parts.ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in (*wheel["packages"], *wheel["force-include"], "requirements/app.txt", "LICENSE", "README.md"):
        assert any(name == one or name.startswith(f"{one}/") for one in let_in), name
