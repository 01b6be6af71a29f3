"""The row about a pooler: more engines than connections, and no two transactions of one engine on the same one."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from benchmarks.faults import verdict, world
from benchmarks.faults.fleet import Server
from benchmarks.faults.rows_parts import Site, session_of_an_admin
from benchmarks.faults.stage import LEASE, Result, Stage, soon, spread
from tests import parts, walled

POOL = 4
_WORKERS, _PROCESSES, _LINES = 3, 2, 4
# What a client asks at its start gets lost at a pooler: so it signs in as somebody who is the application.
_SIGNS_IN = "application_by_pooler"
_MADE = f"""
DROP ROLE IF EXISTS {_SIGNS_IN};
CREATE ROLE {_SIGNS_IN} LOGIN IN ROLE {walled.ROLE}
"""
_WORDS = """
[databases]
postgres = host={address} port={database} dbname=postgres user={user} pool_size={pool}
[pgbouncer]
listen_addr = {address}
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 500
ignore_startup_parameters = extra_float_digits, options
"""


def pooled(stage: Stage) -> Iterator[Result]:
    """Workers and pages through PgBouncer, which gives each transaction any of four connections."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        yield Result(
            "behind a pooler", verdict.nothing(), None, "this wants pgbouncer (Debian: apt-get install pgbouncer)"
        )
        return
    due, lasts = stage.size(5000), stage.wait(300, least=30)
    here = world.gather(due)
    page, site = f"/s/{here.schools[0].slug}/", Site(parts.free_port())
    with _pooler(stage, Path(program)) as pool, stage.engines(lines=_LINES) as fleet, _most_connections() as seen:
        there = f"postgresql://samenspraak@{pool.address}:{pool.port}/postgres"
        fleet.environment |= {"DATABASE_URL": there, walled.ASKED_FIRST: ""}
        fleet.add("worker", number=_WORKERS, FAULTS_PROCESSES=str(_PROCESSES))
        fleet.add("beat")
        fleet.add("web", str(site.port))
        fleet.wait()
        moments = spread(soon(), len(here.groups), lasts)
        world.write_down(here, moments.__getitem__)
        admin, looks = session_of_an_admin(), 0
        while stage.relay.count() < due and looks < 200:
            site.look()
            looks += "</html>" in site.page(page, admin)
        found = stage.finish(seconds=lasts + stage.wait(LEASE) + 60)
    well = looks > 0 and site.always("/readyz", 200) and site.always(page, 200)
    words = f"{_WORKERS * _PROCESSES} processes and pages ({looks} looks); at most {max(seen)} of {POOL} connections"
    yield Result(
        "behind a pooler", found, found.is_clean and not found.duplicates and well and max(seen) <= POOL, words
    )


@contextmanager
def _pooler(stage: Stage, program: Path) -> Iterator[Server]:
    folder = stage.folder / f"pooler-{stage.runs}"
    folder.mkdir()
    words = folder / "pooler.ini"
    address, port, database = stage.database.address, parts.free_port(), stage.database.port
    words.write_text(_WORDS.format(address=address, database=database, port=port, pool=POOL, user=_SIGNS_IN))
    with connection.cursor() as cursor:
        cursor.execute(_MADE)
    ready = ["pg_isready", "-q", "-h", address, "-p", str(port)]
    pool = Server([program, words], folder, [*ready], port, address, stage.database.account)
    pool.start()
    try:
        yield pool
    finally:
        pool.stop()


@contextmanager
def _most_connections() -> Iterator[list[int]]:
    """How many connections PostgreSQL had of the application's role, asked five times a second."""
    seen, ended = [0], threading.Event()

    def watch() -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
            while not ended.wait(0.2):
                seen.append((database.execute(asked, [_SIGNS_IN]).fetchone() or (0,))[0])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {"pool": pooled}
