"""How large a staff list may be: far more than the largest board needs, far less than what would hurt."""

from __future__ import annotations

MOST_LINES = 5_000
MOST_EMPTY = 20_000  # a file may hold many lines with nothing in them
MOST_COLUMNS = 60
LONGEST_CELL = 300
LONGEST_HEAD = 20_000
MOST_UNPACKED = 12_000_000  # bytes of one part of a workbook
MOST_CATALOGUE = 50_000  # bytes that name the parts of a workbook
MOST_WORDS = 100_000  # different texts in a workbook
MOST_ELEMENTS = 300_000  # in one part of a workbook
LONGEST_ELEMENT = 1_000_000  # bytes between two ends of elements
