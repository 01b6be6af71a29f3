"""What every page's template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from samenspraak import hats, who_sees
from schools import post
from schools.roles import Role


def page(request: HttpRequest) -> dict[str, Any]:
    """The reader's hat (none outside a school), its only group if it sits in one, who sees what the page is about.

    An admin of the school is told when no letter leaves; pages for other admins say so themselves.
    """
    member = getattr(request, "member", None)
    groups = list(member.seats) if member else []
    only_group = groups[0] if len(groups) == 1 else None
    return {
        "member": member,
        "worn_hat": hats.worn_on(request),
        "only_group": only_group,
        "demo_mode": settings.DEMO,
        "who_sees_it": who_sees.thing_of(request),
        "post_stands_still": bool(member and member.has(Role.ADMIN) and post.stands_still(timezone.now())),
    }
