"""Signing in by the service of a board (OpenID Connect): leading people there and back, and who comes in."""

from schools.providers.library import Provider
from schools.providers.rules import back_from, come_in, pending

__all__ = ["Provider", "back_from", "come_in", "pending"]
