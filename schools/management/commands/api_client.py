"""Apps that may ask people to let them in: which there are."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.idp.oidc.models import Client
from django.core.management.base import BaseCommand, CommandError

from schools import actions, refusals, scopes


class Command(BaseCommand):
    """manage.py api_client add|list|remove."""

    help = (
        "Write down the apps that may ask people to use their account (OAuth 2, OpenID Connect). Each person says yes "
        "or no alone. The secret of an app is shown once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which app."""
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add", help="write an app down, and show its id and its secret")
        add.add_argument("name", help="as people read it, such as 'Rooster of De Wilg'")
        add.add_argument("--back-to", action="append", required=True, metavar="ADDRESS", help="where people go back to")
        add.add_argument("--scopes", required=True, help=f"at most these, with spaces: {' '.join(scopes.SENTENCES)}")
        add.add_argument("--public", action="store_true", help="it runs on phones or desks and can keep no secret")
        what.add_parser("list", help="say which there are, and how many people let each in")
        what.add_parser("remove", help="take an app off: all its keys end at once").add_argument("client_id")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except refusals.Refused as refused:
            raise CommandError(str(refused.sentence)) from refused

    def _add(self, options: dict[str, Any]) -> None:
        held = frozenset(options["scopes"].split())
        client, secret = actions.add_program(
            name=options["name"], back_to=options["back_to"], held=held, is_public=options["public"]
        )
        self.stdout.write(f"client_id: {client.pk}")
        self.stdout.write(f"client_secret: {secret}" if secret else "It is public: it has no secret.")

    def _list(self, _options: dict[str, Any]) -> None:
        for client in Client.objects.order_by("name", "pk"):
            people, places = client.programs.count(), " ".join(client.get_redirect_uris())
            self.stdout.write(f"{client.pk}  {client.name} ({client.type}, let in by {people})")
            self.stdout.write(f"    back to: {places}\n    scopes: {' '.join(client.get_scopes())}")

    def _remove(self, options: dict[str, Any]) -> None:
        actions.remove_program(client_id=options["client_id"])
        self.stdout.write("It is off the list, and all its keys have ended.")
