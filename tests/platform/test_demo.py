"""The demo as a newcomer meets it: one command, real processes, nothing left behind."""

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests import parts

SECONDS_TO_STAND = 240
SECONDS_TO_STOP = 30
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST"}


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return kept | {"SAMENSPRAAK_MODE": "demo", "DEMO_DIR": str(folder), "PORT": str(port)}


def _command(folder: Path, port: int, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *words],
        cwd=parts.ROOT,
        env=_environment(folder, port),
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_STAND,
        check=False,
    )


@contextmanager
def _standing_demo(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the demo and wait until it has printed where it is."""
    said = folder.with_suffix(".said")
    with said.open("w") as lines:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=parts.ROOT,
            env=_environment(folder, port),
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + SECONDS_TO_STAND
        while "Samenspraak runs at" not in said.read_text():
            if demo.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The demo did not stand:\n{said.read_text()}")
            time.sleep(0.2)
        yield demo
    finally:
        demo.terminate()
        demo.wait(timeout=SECONDS_TO_STOP)


def _processes(folder: Path) -> dict[int, str]:
    """Every live process that was started for this folder, with its command line."""
    mark = f"DEMO_DIR={folder}\0".encode()
    alive = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes() and "State:\tZ" not in (entry / "status").read_text():
                alive[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return alive


needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc, which is Linux's")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that has run once, until its terminal closed."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    with _standing_demo(folder, parts.free_port()) as demo:
        demo.send_signal(signal.SIGHUP)
        assert demo.wait(timeout=SECONDS_TO_STOP) == 0
    return folder


@needs_proc
def test_it_works_and_leaves_nothing_running(folder: Path) -> None:
    port = parts.free_port()
    with _standing_demo(folder, port) as demo:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/cards/", timeout=10) as page:
            assert page.status == 200
        assert "/cards/" not in (folder / "web.log").read_text()  # nobody's ways are kept
        said = folder.with_suffix(".said").read_text()
        sign_ins = folder / "sign-ins.txt"
        assert sign_ins.read_text(encoding="utf-8").strip() in said
        assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

        second = _command(folder, parts.free_port())
        assert second.returncode == 1
        assert "A demo is running in" in second.stderr
        assert _command(folder, port, "--reset").returncode == 1

        started = _processes(folder)
        assert any("granian" in line for line in started.values())
        assert any("celery" in line for line in started.values())
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(timeout=SECONDS_TO_STOP) == 0
    assert _processes(folder) == {}


@needs_proc
def test_a_second_run_keeps_the_story_and_a_dead_worker_ends_all(folder: Path) -> None:
    told = (folder / "sign-ins.txt").read_bytes()
    with _standing_demo(folder, parts.free_port()) as demo:
        assert (folder / "sign-ins.txt").read_bytes() == told
        for pid, line in _processes(folder).items():
            if "celery" in line:
                os.kill(pid, signal.SIGKILL)
        assert demo.wait(timeout=SECONDS_TO_STOP) == 1
    assert "The worker process stopped by itself" in folder.with_suffix(".said").read_text()
    assert _processes(folder) == {}


@needs_proc
def test_a_closed_terminal_leaves_nothing_running(folder: Path) -> None:
    assert (folder / "demo.sqlite3").exists()
    assert _processes(folder) == {}


def test_nothing_is_shown_that_had_its_time(folder: Path) -> None:
    """The clock runs an hour after the start for the first time: until then no page tells a wrong day."""
    shown = """
        SELECT v.forgotten_on IS NULL OR v.forgotten_on > date(v.shared_at, '+15 days') FROM observations_visit v
          JOIN observations_observation o ON o.visit_id = v.id JOIN workgroups_meeting m ON m.id = v.meeting_id
         WHERE v.shared_at < datetime('now', '-14 days') OR m.starts_at < datetime('now', '-90 days')
    """
    with closing(sqlite3.connect(folder / "demo.sqlite3")) as lines:
        assert {is_wrong for (is_wrong,) in lines.execute(shown)} == {0}


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = _command(tmp_path / "demo", port)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {port} is taken")
    assert refused.stderr.count("\n") == 1


def test_reset_empties_a_demo_only(folder: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("kept")
    assert _command(tmp_path, parts.free_port(), "--reset").returncode == 1
    assert precious.exists()

    assert (folder / "demo.sqlite3").exists()
    assert _command(folder, parts.free_port(), "--reset").returncode == 0
    assert [entry.name for entry in folder.iterdir()] == ["demo.lock"]
