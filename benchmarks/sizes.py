"""How large a whole country is: `python -m benchmarks.sizes --scale 0.05` (PYTHONPATH=.:platform).

Fills that part of the country (benchmarks/country.py), and tells of each table its rows, the bytes that a row takes in
the table and in its indexes, and gigabytes at scale 1, as if it were filled whole.
"""

from __future__ import annotations

import argparse

from django.db import connection

from benchmarks import country, stage

_SIZES = """
SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0
 ORDER BY pg_total_relation_size(oid) DESC
"""
_LINE = "{:36} {:>12} {:>10} {:>10} {:>8}"
_WORTH_TELLING = 0.005  # gigabytes at scale 1


def main() -> None:
    """Fill, and tell."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--scale", type=float, default=0.05)
    told = words.parse_args()
    with stage.running():
        country.fill(told.scale, day=country.today(), told=lambda _line: None)
        _tell(told.scale)


def _tell(scale: float) -> None:
    print(_LINE.format("table", "rows", "B a row", "B indexes", "GB at 1"))
    whole = 0.0
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        for name, rows, table, indexes in cursor.fetchall():
            gigabytes = (table + indexes) / scale / 1e9
            whole += gigabytes
            if gigabytes >= _WORTH_TELLING:
                print(_LINE.format(name, f"{rows:,}", table // rows, indexes // rows, f"{gigabytes:.2f}"))
    print(_LINE.format("all", "", "", "", f"{whole:.2f}"))


if __name__ == "__main__":
    main()
