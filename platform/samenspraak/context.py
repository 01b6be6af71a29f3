"""What every page's template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The reader's hat (none outside a school) and whether this is the demo."""
    return {"member": getattr(request, "member", None), "demo_mode": settings.DEMO}
