"""Sign-in as the library does it, with our house rules: no sign-up, one door for mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone, translation

from schools import post
from schools.models import User


def display_name(user: User) -> str:
    """The name by which the sign-in pages call somebody."""
    return user.called


class Adapter(DefaultAccountAdapter):
    """People come by invitation or by an admin: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether to lead there after signing in: only within this site, and nowhere that cannot be read."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a sign-in mail at once; the page says when that failed, to known and unknown people alike."""
        language = translation.get_language() or "nl"
        try:
            post.send_key(template_prefix, {**context, "email": email}, to=email, language=language, now=timezone.now())
        except post.NotSentError as refused:
            messages.error(self.request, str(refused.sentence))
