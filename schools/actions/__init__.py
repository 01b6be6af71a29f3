"""What can be done on the schools floor."""

from schools.actions.registry import BoardNotListedError, Tally, import_registry

__all__ = [
    "BoardNotListedError",
    "Tally",
    "import_registry",
]
