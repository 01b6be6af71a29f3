"""Letters of the schools floor: those that leave at once, since they carry a key, and one of the ledger (office)."""

from schools.letters import office

__all__ = ["register"]


def register() -> None:
    """Tell the post of those that it sends."""
    office.register()
