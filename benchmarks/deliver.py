"""A process that delivers what is due and tells what that took: its processor time, from the first claim on."""

from __future__ import annotations

import json
import resource
import sys
import time

import django

django.setup()

from schools import post  # noqa: E402  # after Django is set up


def used() -> float:
    """Processor seconds of this process, all threads, so far."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime


def main() -> None:
    """Start as an engine does, deliver as many as the first word says, so that all is warm; then all the others."""
    post.start_up()
    post.deliver(now=post.clock(), limit=int(sys.argv[1]))
    cpu, wall = used(), time.monotonic()
    outcome = post.deliver_all()
    print(json.dumps({"cpu": used() - cpu, "wall": time.monotonic() - wall, "sent": outcome.sent}))


if __name__ == "__main__":
    main()
