"""A process that sends files to the mail server over one line of smtplib, and tells its processor time."""

from __future__ import annotations

import json
import resource
import smtplib
import sys
import time
from pathlib import Path


def main(folder: Path, port: int) -> None:
    """Read all first: only the sending counts. Each file is one message, its address in its name."""
    letters = [(path.name.partition("_")[2], path.read_bytes()) for path in sorted(folder.iterdir())]
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.ehlo()
        cpu, wall = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        for address, letter in letters:
            line.sendmail("post@samenspraak.example", [address], letter)
        done = resource.getrusage(resource.RUSAGE_SELF)
    seconds = done.ru_utime + done.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(json.dumps({"cpu": seconds, "wall": time.monotonic() - wall, "sent": len(letters)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
