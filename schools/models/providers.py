"""The sign-in services of boards: where a board's staff already have an account."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Shape(models.TextChoices):
    """The kinds of services that Dutch boards use; each has its own manners (schools/oidc/shapes.py)."""

    MICROSOFT = "microsoft", "Microsoft"
    GOOGLE = "google", "Google"
    SURFCONEXT = "surfconext", "SURFconext"
    ENTREE = "entree", "Entree"


class SignInService(models.Model):
    """One OpenID Connect service of a board.

    ``issuer`` and ``client_id`` never change: another service is another row, to which nobody is linked yet.
    ``secret`` is sealed with a key that is not in the database. ``domains`` holds the mail domains by which staff find
    their board, each between blanks. ``pinned`` is what the service said about itself when it was last tried, and all
    that signing in goes by; people see the service from ``opened_at`` on.
    """

    board = models.ForeignKey("schools.Board", on_delete=models.PROTECT, related_name="services")
    shape = models.CharField(max_length=10, choices=Shape)
    issuer = models.CharField(max_length=200)
    client_id = models.CharField(max_length=191)
    secret = models.TextField()
    domains = models.CharField(max_length=400, blank=True)
    pinned = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "shape"], name="one_service_of_a_shape_per_board"),
            models.CheckConstraint(
                condition=~Q(issuer="") & ~Q(client_id="") & ~Q(secret=""), name="service_is_told_whole"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(checked_at__isnull=False), name="service_opens_after_a_try"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shape} of board {self.board_id}"

    @property
    def account_key(self) -> str:
        """Under which accounts at this service are kept (SocialAccount.provider): theirs only, and never used again."""
        return f"service-{self.pk}"

    @property
    def name(self) -> str:
        """What its button says."""
        return Shape(self.shape).label
