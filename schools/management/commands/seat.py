"""Somebody gets a role: the way in for the first people of a school, a board or the site."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone, translation

from schools import actions, refusals, tenancy
from schools.roles import Role

BOARD_ADMIN, OPERATOR, SITE = "board-admin", "operator", "site"


class Command(BaseCommand):
    """manage.py seat EMAIL PLACE ROLE [--name NAME] [--from DATE]."""

    help = (
        "Give somebody a role. PLACE is a school's address (the last part of /s/...) or location code; for "
        f"{BOARD_ADMIN} a board's number; for {OPERATOR} the word {SITE}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, where, what, and since when."""
        parser.add_argument("email")
        parser.add_argument("place", metavar="PLACE")
        parser.add_argument("role", choices=[*Role.values, BOARD_ADMIN, OPERATOR])
        parser.add_argument("--name", default="", help="for somebody new, such as 'Bram van der Meer'")
        parser.add_argument(
            "--from", type=_day, dest="since", metavar="DATE", help="the first day (today), as 2026-08-01"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seat the person; say what happened, and how somebody new gets in."""
        who = {"email": options["email"], "name": options["name"], "since": options["since"]}
        try:
            with tenancy.acting_for_system("registry"), translation.override("en"):
                seated = _seat(options["place"], options["role"], who)
        except refusals.Refused as refused:
            raise CommandError(str(refused)) from refused
        role = f"{options['role']} at {options['place']}"
        if seated is actions.Seated.ALREADY:
            self.stdout.write(f"{options['email']} is {role} already.")
            return
        self.stdout.write(f"{options['email']} is {role} now.")
        if seated is actions.Seated.NEW_ACCOUNT:
            page = f"{settings.PUBLIC_URL}{reverse('account_reset_password')}"
            self.stdout.write(f"The account is new and has no password: choose one at {page}")


def _seat(place: str, role: str, who: dict[str, Any]) -> actions.Seated:
    now = timezone.now()
    if role == OPERATOR:
        if place != SITE:
            raise CommandError(f"An {OPERATOR} keeps the whole site running: write {SITE} as the place.")
        return actions.seat_at_site(now=now, **who)
    if role == BOARD_ADMIN:
        if not place.isascii() or not place.isdigit() or len(place) > len("2147483647"):
            raise CommandError(f"A {BOARD_ADMIN} needs the number of a board as the place, not {place!r}.")
        return actions.seat_at_board(number=int(place), now=now, **who)
    return actions.seat_at_school(place=place, role=Role(role), now=now, **who)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(f"{text!r} is no day; write it like 2026-08-01.") from wrong
