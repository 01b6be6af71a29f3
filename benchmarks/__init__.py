"""Measurements, each a command that prints what it found; see docs/benchmarks.md. Not in the wheel."""
