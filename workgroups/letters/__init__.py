"""The letters of this floor: about meetings, and about help that groups ask for. The post sends them."""

from workgroups.letters import glass, help as asked, meetings
from workgroups.letters.meetings import AGREEMENTS, KINDS, prepare, preview, render

__all__ = ["AGREEMENTS", "KINDS", "prepare", "preview", "register", "render"]


def register() -> None:
    """Tell the post of all of them, and how they are mended."""
    meetings.register()
    asked.register()
    glass.register()
