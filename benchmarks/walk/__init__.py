"""docs/deploy.md on a bare machine: its own lines, run as they stand. `make walk`."""
