"""Who is asked for a second step while signing in."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest
from django.utils import timezone

from schools import tenancy, ways
from schools.models import User


class SecondStep(AuthenticateStage):
    """The library's own step; a passkey alone does not call for it, unless the site asks it of this person."""

    def _should_handle(self, request: HttpRequest) -> bool:
        """Whether to ask; the person is not signed in yet, so the door opens for a moment."""
        user = self.login.user
        if not isinstance(user, User) or not super()._should_handle(request):
            return False
        with tenancy.acting_as(user):
            asked = ways.is_asked_second_step(user, today=timezone.localdate())
        return asked or getattr(request, "needs_own_step", False)
