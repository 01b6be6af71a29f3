"""A pytest plugin: each parallel worker gets a Redis database and a demo folder of its own, before settings load."""

import os
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

if WORKER:
    folder = Path(os.environ["DEMO_DIR"]) / WORKER
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["DEMO_DIR"] = str(folder)
    server, _, _ = os.environ.get("REDIS_URL", "").rpartition("/")
    if server:
        os.environ["REDIS_URL"] = f"{server}/{WORKER.removeprefix('gw')}"
