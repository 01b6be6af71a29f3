"""The manners of each kind of service: where it lives, what it is asked for, and how it says who is staff."""

from __future__ import annotations

from dataclasses import dataclass

from schools.models.providers import Shape


@dataclass(frozen=True)
class Manners:
    """How one kind of service behaves.

    ``issuer`` is its address where all boards share one, else an example. ``hosts`` are those besides the issuer's own
    (and what lies below them) at which its parts may live. ``asks_more``: the token says only who, the rest must be
    asked for. ``says_staff``: it tells who works at a school, and who does not say so is refused. ``by_domain``: it
    serves the whole world, so a token must name one of the board's own domains.
    """

    issuer: str
    scope: tuple[str, ...] = ("openid",)
    hosts: tuple[str, ...] = ()
    asks_more: bool = False
    says_staff: bool = False
    by_domain: bool = False
    is_shared: bool = True


MANNERS = {
    Shape.MICROSOFT: Manners(
        issuer="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        hosts=("microsoftonline.com", "microsoft.com"),
        is_shared=False,
    ),
    Shape.GOOGLE: Manners(
        issuer="https://accounts.google.com", scope=("openid", "email"), hosts=("googleapis.com",), by_domain=True
    ),
    Shape.SURFCONEXT: Manners(
        issuer="https://connect.surfconext.nl", hosts=("surfconext.nl",), asks_more=True, says_staff=True
    ),
    Shape.ENTREE: Manners(
        issuer="https://oidc.entree.kennisnet.nl", hosts=("kennisnet.nl",), asks_more=True, says_staff=True
    ),
}
