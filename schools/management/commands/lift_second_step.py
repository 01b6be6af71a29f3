"""Somebody lost the phone and the recovery codes: the way back in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools import actions, signin
from schools.models import User


class Command(BaseCommand):
    """manage.py lift_second_step EMAIL."""

    help = (
        "End every passkey, the authenticator app and the recovery codes of somebody who lost them. Make sure first "
        "that it is the person who asks. The person signs in by password or a code by mail, and hears of it by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """End them, and tell the person."""
        user, now = User.objects.filter(email=options["email"].strip().lower()).first(), timezone.now()
        if user is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        ended = actions.lift_second_step(user=user, now=now)
        if not ended:
            self.stdout.write(f"{user.email} has no second step.")
            return
        signin.tell_lifted(user, now=now)
        self.stdout.write(f"{user.email} has no second step any more: {ended} ended.")
